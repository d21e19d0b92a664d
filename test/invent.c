#include "test/invent.h"

#include "base/random.h"

struct dice dice_of(uint32_t seed)
{
	return (struct dice){ (uint32_t)(random_join(1, seed) >> 32), 0 };
}

uint32_t dice_below(struct dice *dice, uint32_t sides)
{
	return (uint32_t)((uint64_t)random_u32(dice->key, dice->thrown++) * sides >> 32);
}

uint32_t dice_between(struct dice *dice, uint32_t least, uint32_t most)
{
	return least + dice_below(dice, most - least + 1);
}

bool dice_chance(struct dice *dice, uint32_t percent)
{
	return dice_below(dice, 100) < percent;
}

/* ---- standards ---- */

static const struct settlement_source document[] = { { .way = SETTLED_BY_DOCUMENT,
						       .text = "a page" } };
static const struct settlement_source check[] = { { .way = SETTLED_BY_CHECK,
						    .name = "claim-consistent" } };

static void invent_answers(struct dice *dice, struct arena *arena, struct criterion *into)
{
	static const char *const names[] = { "worst", "poor", "fair", "good", "best" };
	uint32_t count = dice_between(dice, 2, 5);
	struct answer *answers = ARENA_ARRAY(arena, struct answer, count);

	for (uint32_t i = 0; i < count; i++) {
		/* Each has a stretch of its own, so that worths rise. */
		uint32_t room = (WORTH_ONE - 1) / (count - 1);

		answers[i].name = i + 1 == count ? "best" : names[i];
		answers[i].means = "it is so";
		if (i + 1 == count)
			answers[i].worth = WORTH_ONE;
		else if (i > 0)
			answers[i].worth = (uint16_t)((i - 1) * room + 1 + dice_below(dice, room));
	}
	into->answers = answers;
	into->answer_count = count;
}

static void invent_measure(struct dice *dice, struct arena *arena, struct criterion *into)
{
	uint32_t count = dice_between(dice, 2, 4);
	struct measure_point *points = ARENA_ARRAY(arena, struct measure_point, count);
	bool rises = dice_chance(dice, 60);
	double at = dice_below(dice, 20);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t share = (i * WORTH_ONE + dice_below(dice, WORTH_ONE / 2)) / (count - 1);
		uint16_t worth = (uint16_t)(i == 0 ? 0 : share < WORTH_ONE ? share : WORTH_ONE);

		if (i + 1 == count)
			worth = WORTH_ONE;
		points[i].at = at;
		points[i].worth = rises ? worth : (uint16_t)(WORTH_ONE - worth);
		at += dice_between(dice, 1, 100);
	}
	into->unit = rises ? "GB/s" : "s";
	into->points = points;
	into->point_count = count;
}

static void invent_criterion(struct dice *dice, struct arena *arena, uint32_t number,
			     struct criterion *into)
{
	static const enum strength strengths[] = { STRENGTH_E0, STRENGTH_E0, STRENGTH_E0,
						   STRENGTH_E0, STRENGTH_E1, STRENGTH_E1,
						   STRENGTH_E2 };

	into->weight = (uint16_t)dice_between(dice, 1, 20);
	into->effort = (uint8_t)dice_between(dice, 1, EFFORT_MAXIMUM);
	into->expiry_days = dice_between(dice, 100, 400);
	into->strength = strengths[dice_below(dice, 7)];
	into->profiles = dice_chance(dice, 80) ? 3 : dice_between(dice, 1, 2);
	into->not_applicable = dice_chance(dice, 30) ? "it has none of these" : NULL;
	into->ways = document;
	into->way_count = 1;
	into->line = number;
	into->parent = -1;
	if (dice_chance(dice, 70))
		invent_answers(dice, arena, into);
	else
		invent_measure(dice, arena, into);
}

static void invent_category(struct dice *dice, struct arena *arena, uint32_t c,
			    struct standard *standard)
{
	struct category *category = &standard->categories[c];
	uint32_t first = standard->criterion_count;

	*category = (struct category){
		.id = arena_format(arena, "c%u", c),
		.title = "A category",
		.weight = (uint16_t)dice_between(dice, 1, 20),
		.criteria_first = first,
		.criteria_count = dice_between(dice, 2, 5),
	};
	for (uint32_t k = 0; k < category->criteria_count; k++) {
		uint32_t i = first + k, parent = first + dice_below(dice, k + 1);
		struct criterion *one = &standard->criteria[i];

		invent_criterion(dice, arena, i, one);
		one->id = arena_format(arena, "c%u.k%u", c, k);
		one->category = (uint16_t)c;
		if (dice_chance(dice, 40) && parent != i && standard->criteria[parent].parent < 0)
			one->parent = (int32_t)parent;
	}
	standard->criterion_count += category->criteria_count;
}

static uint16_t lower(struct dice *dice, uint16_t than)
{
	return (uint16_t)dice_between(dice, than / 3u, than);
}

/* From the best down; each threshold falls or stays. The rise of the overall threshold stays
 * below what settling an unknown as pass brings. */
static void invent_bars(struct dice *dice, struct standard *standard)
{
	uint32_t rise = 999 - standard->presumption * 1000u / WORTH_ONE;
	struct grade_bar bar = {
		.overall_from = (uint16_t)dice_between(dice, 200, 500),
		.coverage_permille = (uint16_t)dice_between(dice, 0, 500),
		.strength = (enum strength)dice_below(dice, STRENGTH_E3),
		.strength_permille =
			(uint16_t)dice_between(dice, 0, dice_chance(dice, 30) ? 900 : 300),
	};

	bar.overall_to = (uint16_t)(bar.overall_from + dice_between(dice, 0, rise / 2));
	for (uint32_t c = 0; c < standard->category_count; c++)
		if (dice_chance(dice, 30))
			bar.category_permille[c] = (uint16_t)dice_between(dice, 100, 700);
	for (int g = GRADE_PLATINUM; g > 0; g--) {
		uint16_t above = (uint16_t)(bar.overall_to - bar.overall_from);

		standard->bars[g] = bar;
		bar.overall_from = lower(dice, bar.overall_from);
		bar.overall_to = (uint16_t)(bar.overall_from + lower(dice, above));
		bar.coverage_permille = lower(dice, bar.coverage_permille);
		bar.strength = (enum strength)dice_below(dice, bar.strength + 1u);
		bar.strength_permille = lower(dice, bar.strength_permille);
		for (uint32_t c = 0; c < standard->category_count; c++)
			bar.category_permille[c] = lower(dice, bar.category_permille[c]);
	}
}

static void invent_gates(struct dice *dice, struct standard *standard)
{
	uint32_t wanted = dice_below(dice, 6);

	for (uint32_t tries = 0; tries < 20 && standard->gate_count < wanted; tries++) {
		uint32_t criterion = dice_below(dice, standard->criterion_count);
		bool caps = dice_chance(dice, 50);

		if (standard_gate_of(standard, criterion) >= 0)
			continue;
		plain_gate(standard, criterion, (uint16_t)dice_between(dice, 1, WORTH_ONE),
			   (enum grade)dice_below(dice, GRADE_PLATINUM),
			   caps ? SILENCE_CAPS : SILENCE_OPEN);
		if (!caps)
			standard->gates[standard->gate_count - 1].rate_permille =
				(uint16_t)dice_below(dice, 200);
	}
}

/* Some criterion with answers is settled by the check. */
static void invent_check(struct dice *dice, struct standard *standard)
{
	struct criterion *one = &standard->criteria[dice_below(dice, standard->criterion_count)];

	if (one->unit)
		return;
	one->ways = check;
	one->way_count = 1;
}

void invent_standard(struct dice *dice, struct arena *arena, struct standard *ret_standard)
{
	uint32_t wrong = dice_between(dice, 100, 400);
	struct standard standard = {
		.name = "invented",
		.version = "1",
		.presumption = (uint16_t)dice_between(dice, 0, 100),
		.weight_spread_permille = (uint16_t)dice_below(dice, SPREAD_MAXIMUM + 1),
		.profiles = { { "large", "Large jobs" }, { "small", "Small jobs" } },
		.profile_count = 2,
		.category_count = dice_between(dice, 3, 4),
		.criteria = ARENA_ARRAY(arena, struct criterion, CATEGORIES_MAXIMUM * 5),
	};

	for (unsigned s = 0; s < STRENGTH_COUNT; s++) {
		standard.strengths[s].error_permille = (uint16_t)wrong;
		wrong = dice_below(dice, wrong + 1);
	}
	for (uint32_t c = 0; c < standard.category_count; c++)
		invent_category(dice, arena, c, &standard);
	sort_ids(&standard, arena);
	(void)standard_index(&standard, arena, NULL);
	invent_bars(dice, &standard);
	invent_gates(dice, &standard);
	invent_check(dice, &standard);
	*ret_standard = standard;
}

/* ---- facts ---- */

static void invent_circumstances(struct dice *dice, struct record *record)
{
	static const char *const sources[] = { "audit", "digest", "survey" };
	static const enum strength strengths[] = { STRENGTH_E0, STRENGTH_E1, STRENGTH_E1,
						   STRENGTH_E2, STRENGTH_E2, STRENGTH_E3,
						   STRENGTH_E4 };

	record->source.name = sources[dice_below(dice, 3)];
	record->strength = strengths[dice_below(dice, 7)];
	record->observed = RATING_DAY - (date_t)dice_below(dice, 10) * 25;
	if (dice_chance(dice, 5))
		record->observed = RATING_DAY + 1;
	if (dice_chance(dice, 10))
		record->expires = record->observed + (date_t)dice_below(dice, 300);
	if (dice_chance(dice, 8)) {
		record->announced = true;
		record->due = dice_chance(dice, 50)
				      ? record->observed + (date_t)dice_below(dice, 400)
				      : DATE_NONE;
	}
}

struct record *invent_result(struct dice *dice, const struct criterion *criterion,
			     const char *subject, struct facts *facts)
{
	struct record *record;
	double span;

	if (criterion->answer_count > 0) {
		uint32_t answer = dice_below(dice, criterion->answer_count);

		record = facts_answer(facts, subject, criterion->id,
				      criterion->answers[answer].name);
	} else {
		span = criterion->points[criterion->point_count - 1].at - criterion->points[0].at;
		record = facts_value(facts, subject, criterion->id,
				     criterion->points[0].at + span * dice_below(dice, 16) / 12,
				     criterion->unit);
	}
	invent_circumstances(dice, record);
	return record;
}

/* The end of the measure's line that is worth most, or least. */
static double end_of(const struct criterion *criterion, bool best)
{
	const struct measure_point *first = &criterion->points[0];
	const struct measure_point *last = &criterion->points[criterion->point_count - 1];

	return (last->worth > first->worth) == best ? last->at : first->at;
}

bool result_improve(struct dice *dice, const struct criterion *criterion, struct record *record)
{
	struct record better = *record;
	uint16_t worth = 0, more = 0;

	if (!criterion_worth(criterion, record, &worth))
		return false;
	if (criterion->unit) {
		better.value +=
			(end_of(criterion, true) - better.value) * dice_between(dice, 1, 4) / 4;
	} else {
		uint32_t answer = dice_below(dice, criterion->answer_count);

		while (answer + 1 < criterion->answer_count &&
		       criterion->answers[answer].worth <= worth)
			answer++;
		better.text = criterion->answers[answer].name;
	}
	if (!criterion_worth(criterion, &better, &more) || more <= worth)
		return false;
	*record = better;
	return true;
}

void result_best(const struct criterion *criterion, struct record *record)
{
	if (criterion->unit)
		record->value = end_of(criterion, true);
	else
		record->text = criterion->answers[criterion->answer_count - 1].name;
}

void result_worst(const struct criterion *criterion, struct record *record)
{
	if (criterion->unit)
		record->value = end_of(criterion, false);
	else
		record->text = criterion->answers[0].name;
}

static void invent_about(struct dice *dice, const struct criterion *criterion,
			 const char *const *subjects, uint32_t subject_count, struct facts *facts)
{
	uint32_t count = dice_chance(dice, 65) ? dice_between(dice, 1, 3) : 0;

	for (uint32_t i = 0; i < count; i++) {
		const char *subject = subjects[dice_below(dice, subject_count)];

		if (dice_chance(dice, 8))
			invent_circumstances(dice, facts_withheld(facts, subject, criterion->id));
		else if (criterion->not_applicable && dice_chance(dice, 20))
			invent_circumstances(dice,
					     facts_not_applicable(facts, subject, criterion->id));
		else
			invent_result(dice, criterion, subject, facts);
	}
}

/* The provider and what it rents out, wide and narrow. */
static uint32_t invent_subjects(struct dice *dice, uint32_t provider, struct arena *arena,
				const char *subjects[static 8])
{
	uint32_t products = dice_below(dice, 4), count = 0;

	subjects[count++] = arena_format(arena, "p%u", provider);
	for (uint32_t i = 0; i < products; i++)
		subjects[count++] = arena_format(arena, "p%u/m%u", provider, i);
	if (dice_chance(dice, 20))
		subjects[count++] = arena_format(arena, "p%u/m0/east", provider);
	if (dice_chance(dice, 20))
		subjects[count++] =
			arena_format(arena, "p%u/*/*/gpu%u", provider, dice_below(dice, 2));
	if (dice_chance(dice, 20))
		subjects[count++] = arena_format(arena, "p%u/m0/*/*/cluster1", provider);
	return count;
}

static void invent_claims(struct dice *dice, const char *subject, struct facts *facts)
{
	uint32_t count = dice_below(dice, 4);

	for (uint32_t i = 0; i < count; i++) {
		const char *what = dice_chance(dice, 60) ? "claim.bandwidth" : "claim.storage";
		double value = dice_chance(dice, 50) ? 400 : 200;

		invent_circumstances(dice, facts_value(facts, subject, what, value, "GB/s"));
	}
	if (count > 0)
		facts_value(facts, subject, "claim.bandwidth", 400, "GB/s")->strength = STRENGTH_E0;
}

static void invent_rest(struct dice *dice, const struct standard *standard, const char *subject,
			struct facts *facts)
{
	const struct category *category =
		&standard->categories[dice_below(dice, standard->category_count)];

	if (dice_chance(dice, 15))
		invent_circumstances(
			dice, facts_withheld(facts, subject,
					     arena_format(facts->arena, "%s.*", category->id)));
	if (dice_chance(dice, 20))
		invent_circumstances(dice,
				     facts_answer(facts, subject, "share",
						  dice_chance(dice, 60) ? "majority" : "minority"));
	if (dice_chance(dice, 20))
		invent_circumstances(dice, facts_value(facts, subject, "volume",
						       dice_below(dice, 9) * 1000, "GPUs"));
	if (dice_chance(dice, 10))
		invent_circumstances(dice, facts_remark(facts, subject));
}

void invent_facts(struct dice *dice, const struct standard *standard, struct facts *facts)
{
	uint32_t providers = dice_between(dice, 1, 6);

	for (uint32_t p = 0; p < providers; p++) {
		const char *subjects[8];
		uint32_t count = invent_subjects(dice, p, facts->arena, subjects);

		for (uint32_t i = 0; i < standard->criterion_count; i++)
			invent_about(dice, &standard->criteria[i], subjects, count, facts);
		for (uint32_t i = 0; i < count; i++)
			invent_rest(dice, standard, subjects[i], facts);
		invent_claims(dice, subjects[dice_below(dice, count)], facts);
	}
}
