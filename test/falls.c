#include "test/falls.h"

#include "rating/rule.h"

/* Sums in another order differ in the last digits. */
static const double nothing = 1e-12;

struct pair {
	const struct standard *standard;
	const struct unit *before, *after;
	unsigned falls;
	struct arena *arena;
};

static const char *points_fall(const struct pair *pair)
{
	for (uint32_t i = 0; i < pair->standard->criterion_count; i++) {
		const struct settlement *before = &pair->before->settlements[i];
		const struct settlement *after = &pair->after->settlements[i];

		if (!state_applies(before->state) || !state_applies(after->state))
			continue;
		if ((pair->falls & FALL_POINTS && after->point < before->point) ||
		    (pair->falls & FALL_LOWS && after->low < before->low))
			return pair->standard->criteria[i].id;
	}
	return NULL;
}

static const char *scores_fall(const struct pair *pair)
{
	const struct unit *before = pair->before, *after = pair->after;

	for (uint32_t c = 0; c < pair->standard->category_count; c++) {
		const struct category_score *was = &before->categories[c];
		const struct category_score *is = &after->categories[c];

		if (!was->applies || !is->applies)
			continue;
		if ((pair->falls & FALL_POINTS && is->point < was->point - nothing) ||
		    (pair->falls & FALL_LOWS && is->low < was->low - nothing))
			return pair->standard->categories[c].id;
	}
	if (pair->falls & FALL_POINTS && after->overall < before->overall - nothing)
		return "the overall score";
	if (pair->falls & FALL_LOWS && after->low < before->low - nothing)
		return "the low end";
	if (pair->falls & FALL_COVERAGE && after->coverage < before->coverage - nothing)
		return "the coverage";
	return NULL;
}

static bool chances_fall(const double before[GRADE_COUNT], const double after[GRADE_COUNT])
{
	double was = 0.0, is = 0.0;

	for (int g = GRADE_PLATINUM; g >= GRADE_BRONZE; g--) {
		was += before[g];
		is += after[g];
		if (is < was - nothing)
			return true;
	}
	return false;
}

static const char *unit_falls(const struct pair *pair)
{
	const char *what = points_fall(pair);

	if (!what)
		what = scores_fall(pair);
	if (!what && pair->falls & FALL_UNCAPPED && pair->after->uncapped < pair->before->uncapped)
		what = "the grade by thresholds";
	if (!what && pair->falls & FALL_GRADES && pair->after->grade < pair->before->grade)
		what = "the grade";
	if (!what && pair->falls & FALL_CHANCES &&
	    chances_fall(pair->before->probability, pair->after->probability))
		what = "the chance of a grade";
	return what ? arena_format(pair->arena, "%s of %s", what, pair->before->name) : NULL;
}

static bool same_units(const struct rated *a, const struct provider *one,
		       const struct provider *other)
{
	if (one->unit_count != other->unit_count)
		return false;
	for (uint32_t i = 0; i < one->unit_count; i++)
		if (!rating_find_unit(&a->rating, other->units[i].name))
			return false;
	return true;
}

static const char *provider_falls(const struct rated *before, const struct rated *after,
				  const struct provider *was, unsigned falls, struct arena *arena)
{
	const struct provider *is = rating_find(&after->rating, was->name);

	if (!is || !same_units(before, was, is))
		return NULL;
	if (falls & FALL_GRADES && provider_grade(is) < provider_grade(was))
		return arena_format(arena, "the grade of %s", was->name);
	if (falls & FALL_CHANCES && chances_fall(was->probability, is->probability))
		return arena_format(arena, "the chance of a grade of %s", was->name);
	return NULL;
}

const char *what_falls(const struct rated *before, const struct rated *after, unsigned falls,
		       struct arena *arena)
{
	const char *what = NULL;

	for (uint32_t u = 0; u < before->rating.unit_count && !what; u++) {
		const struct pair pair = {
			.standard = before->rating.request.standard,
			.before = &before->rating.units[u],
			.after = rating_find_unit(&after->rating, before->rating.units[u].name),
			.falls = falls,
			.arena = arena,
		};

		if (pair.after)
			what = unit_falls(&pair);
	}
	for (uint32_t p = 0; p < before->rating.provider_count && !what; p++)
		what = provider_falls(before, after, &before->rating.providers[p], falls, arena);
	return what;
}
