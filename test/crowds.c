#include "test/crowds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char letters[] = "nsgf";

static const char *sheet_of(struct dice *dice, struct arena *arena)
{
	char sheet[QUESTION_COUNT + 1] = { 0 };

	for (unsigned i = 0; i < QUESTION_COUNT; i++)
		sheet[i] = dice_chance(dice, 20) ? '-' : letters[dice_below(dice, 4)];
	return arena_string(arena, span_of(sheet));
}

static const char *one_of(struct dice *dice, const char *name, uint32_t count, struct arena *arena)
{
	return arena_format(arena, "%s%u", name, dice_below(dice, count));
}

static void invent_ties(struct customers *all, struct dice *dice, struct submission *one)
{
	static const char *const remarks[] = {
		"They answer within the hour and know what they are doing, day and night, also on "
		"weekends",
		"Two of our nodes fell off the bus in the first week and nobody told us before we "
		"asked",
	};

	if (dice_chance(dice, 30))
		one->origin = one_of(dice, "shared", 3, &all->arena);
	if (dice_chance(dice, 10))
		one->origin = "";
	if (dice_chance(dice, 25))
		one->remark = remarks[dice_below(dice, 2)];
	if (dice_chance(dice, 10))
		one->employer = dice_chance(dice, 50) ? "P" : "Quite Another Ltd";
	one->competes = dice_chance(dice, 5);
	one->paid_for = dice_chance(dice, 5);
}

static void invent_proof(struct customers *all, struct dice *dice, struct submission *one)
{
	one->proof = (enum proof)dice_below(dice, PROOF_COUNT);
	one->is_proven = one->proof != PROOF_NONE && dice_chance(dice, 70);
	if (one->proof == PROOF_NONE)
		one->proof_mark = "";
	else if (dice_chance(dice, 10))
		one->proof_mark = one_of(dice, "proof", 3, &all->arena);
}

void crowd_invent(struct customers *all, struct dice *dice)
{
	static const char *const providers[] = { "p", "p", "q", "r" };
	uint32_t count = dice_between(dice, 1, 50);

	for (uint32_t i = 0; i < count; i++) {
		const char *provider = providers[dice_below(dice, 4)];
		struct submission *one = customers_add(all, provider, sheet_of(dice, &all->arena));

		invent_proof(all, dice, one);
		invent_ties(all, dice, one);
		if (i > 0 && dice_chance(dice, 15))
			one->tenant = all->items[dice_below(dice, i)].tenant;
		one->time = (CUSTOMERS_DAY - 700) * (int64_t)86400 +
			    dice_below(dice, dice_chance(dice, 80) ? 700 : 720) * (int64_t)86400;
		if (dice_chance(dice, 30))
			one->time = (CUSTOMERS_DAY - 3) * (int64_t)86400;
	}
}

void crowd_prove(struct customers *all, struct dice *dice, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		customers_add(all, "p", sheet_of(dice, &all->arena))->time -= 20 * 86400;
	/* All of them answer the first question. */
	for (uint32_t i = 0; i < count; i++) {
		struct submission *one = &all->items[i];
		struct given_answer *answer = ARENA_NEW(&all->arena, struct given_answer);

		*answer = (struct given_answer){ .criterion = 0, .says = SAYS_ANSWER };
		answer->text = all->standard.criteria[0].answers[dice_below(dice, 4)].name;
		one->answers = answer;
		one->answer_count = 1;
	}
}

void crowd_turn(struct customers *all)
{
	for (uint32_t i = 0; i < all->count; i++) {
		struct submission *one = &all->items[i];
		struct given_answer *turned =
			ARENA_ARRAY(&all->arena, struct given_answer, one->answer_count);

		for (uint32_t k = 0; k < one->answer_count; k++) {
			const struct criterion *criterion =
				&all->standard.criteria[one->answers[k].criterion];

			turned[k] = one->answers[k];
			for (uint32_t n = 0; n < 4; n++)
				if (strcmp(criterion->answers[n].name, one->answers[k].text) == 0)
					turned[k].text = criterion->answers[3 - n].name;
		}
		one->answers = turned;
	}
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Flags come by index, which is the order of the input: by their text they do not. */
static void write_flags(struct customers *all, struct text *into)
{
	const char **lines = ARENA_ARRAY(&all->arena, const char *, all->opinions.flag_count);

	for (uint32_t i = 0; i < all->opinions.flag_count; i++) {
		const struct flag *flag = &all->opinions.flags[i];

		lines[i] = arena_format(&all->arena, "%s %s %s", all->items[flag->submission].id,
					suspicion_names[flag->suspicion], flag->reason);
	}
	qsort(lines, all->opinions.flag_count, sizeof(*lines), compare_lines);
	for (uint32_t i = 0; i < all->opinions.flag_count; i++)
		text_format(into, "%s\n", lines[i]);
}

static void write_all(struct customers *all, bool says, struct text *into)
{
	(void)customers_opinion(all, "p", 0);
	for (uint32_t i = 0; i < all->opinions.count; i++) {
		const struct opinion *one = &all->opinions.items[i];

		text_format(into, "%s %u %u %a %d", one->provider, one->criterion, one->voice_count,
			    one->weight, one->settles);
		if (says)
			text_format(into, " %a %a %a %s", one->worth, one->low, one->high,
				    one->text ? one->text : "");
		text_add_char(into, '\n');
		for (uint32_t k = 0; k < one->voice_count; k++)
			text_format(into, "  %s %a\n", all->items[one->voices[k].submission].id,
				    one->voices[k].weight);
	}
	write_flags(all, into);
}

void crowd_write(struct customers *all, struct text *into)
{
	write_all(all, true, into);
}

void crowd_write_weights(struct customers *all, struct text *into)
{
	write_all(all, false, into);
}
