#include "test/cases.h"

#include <string.h>

void invented_make(uint32_t seed, uint32_t draws, struct invented *into)
{
	into->seed = seed;
	into->dice = dice_of(seed);
	invent_standard(&into->dice, &into->arena, &into->standard);
	into->facts = facts_new(&into->arena);
	invent_facts(&into->dice, &into->standard, &into->facts);
	into->request = plain_request(&into->standard);
	into->request.profile = (int32_t)dice_below(&into->dice, 3) - 1;
	into->request.seed = seed;
	into->request.draws = draws;
	invented_settle(into);
}

void invented_release(struct invented *one)
{
	rated_release(&one->before);
	arena_release(&one->arena);
}

void invented_settle(struct invented *one)
{
	rated_release(&one->before);
	facts_rate(&one->facts, &one->request, &one->before);
}

static const char *seeded(struct invented *one, const char *what, const char *did)
{
	return what ? arena_format(&one->arena, "seed %u: %s %s", one->seed, what, did) : NULL;
}

const char *invented_falls(struct invented *one, unsigned falls)
{
	SCOPED_RATED(after);

	facts_rate(&one->facts, &one->request, &after);
	return seeded(one, what_falls(&one->before, &after, falls, &one->arena), "fell");
}

const char *invented_rises(struct invented *one, unsigned falls)
{
	SCOPED_RATED(after);

	facts_rate(&one->facts, &one->request, &after);
	return seeded(one, what_falls(&after, &one->before, falls, &one->arena), "rose");
}

const struct criterion *invented_criterion(const struct invented *one, const struct record *record)
{
	int32_t found = standard_find_criterion(&one->standard, span_of(record->what));

	return found < 0 ? NULL : &one->standard.criteria[found];
}

/* True when the record decides a criterion of some unit. */
static bool decides(const struct invented *one, const struct record *record)
{
	const struct rating *rating = &one->before.rating;
	int32_t i = standard_find_criterion(&one->standard, span_of(record->what));

	for (uint32_t u = 0; u < rating->unit_count; u++) {
		const struct settlement *settlement = &rating->units[u].settlements[i];

		for (uint32_t k = 0; k < settlement->record_count; k++)
			if (strcmp(settlement->records[k]->id, record->id) == 0)
				return true;
	}
	return false;
}

int32_t invented_result(struct invented *one)
{
	for (int tries = 0; tries < 60 && one->facts.count > 0; tries++) {
		uint32_t i = dice_below(&one->dice, one->facts.count);
		const struct record *record = &one->facts.at[i];

		if (invented_criterion(one, record) &&
		    (record->says == SAYS_ANSWER || record->says == SAYS_VALUE) &&
		    (tries > 30 || dice_chance(&one->dice, 10) || decides(one, record)))
			return (int32_t)i;
	}
	return -1;
}
