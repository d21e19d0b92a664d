#include <stdlib.h>

#include "report/brief.h"

enum {
	HALF = WORTH_ONE / 2,
};

/* A criterion and the points of the overall score that it moves. */
struct weighed {
	uint32_t criterion;
	double points;
};

static int by_points(const void *left, const void *right)
{
	const struct weighed *a = left;
	const struct weighed *b = right;

	if (a->points > b->points || a->points < b->points)
		return a->points > b->points ? -1 : 1;
	return a->criterion < b->criterion ? -1 : a->criterion > b->criterion;
}

enum side {
	SIDE_STRONG,
	SIDE_WEAK,
	SIDE_UNKNOWN,
};

/* The two-hundredths that the criterion brings to this side; 0 when it is not of it. */
static unsigned worth_on(const struct settlement *settlement, enum side side)
{
	bool settled = settlement->state == STATE_SETTLED || settlement->state == STATE_CONFLICT;
	bool open = settlement->state == STATE_UNSETTLED || settlement->state == STATE_STALE;

	switch (side) {
	case SIDE_STRONG:
		return settled && settlement->point > HALF ? settlement->point : 0;
	case SIDE_WEAK:
		settled = settled || settlement->state == STATE_WITHHELD;
		return settled && settlement->point <= HALF ? WORTH_ONE - settlement->point : 0;
	case SIDE_UNKNOWN:
		break;
	}
	return open ? WORTH_ONE - settlement->point : 0;
}

static void sort_side(const struct standard *standard, const struct unit *unit, enum side side,
		      struct arena *arena, uint32_t **ret_items, uint32_t *ret_count)
{
	struct weighed *weighed = ARENA_ARRAY(arena, struct weighed, standard->criterion_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		unsigned worth = worth_on(&unit->settlements[i], side);

		if (worth > 0)
			weighed[count++] = (struct weighed){
				.criterion = i,
				.points = worth * criterion_leverage(standard, unit, i),
			};
	}
	if (count > 0)
		qsort(weighed, count, sizeof(*weighed), by_points);

	*ret_items = ARENA_ARRAY(arena, uint32_t, count);
	for (uint32_t i = 0; i < count; i++)
		(*ret_items)[i] = weighed[i].criterion;
	*ret_count = count;
}

static bool has_announced(const struct provider *provider)
{
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const struct unit *unit = &provider->units[i];

		for (uint32_t j = 0; j < unit->record_count; j++) {
			if (unit->records[j]->announced)
				return true;
		}
	}
	return false;
}

void explanation_make_brief(const struct rating *rating, const struct provider *provider,
			    struct arena *arena, struct explanation *ret_explanation)
{
	const struct standard *standard = rating->request.standard;
	const struct unit *unit = provider_unit(provider);
	struct explanation made = { .rating = rating, .provider = provider, .unit = unit };

	made.at_top = unit->rated && unit->grade == GRADE_COUNT - 1;
	if (made.at_top)
		made.next = unit->grade;
	else
		made.next = unit->rated ? unit->grade + 1 : GRADE_BRONZE;
	if (!made.at_top) {
		shortfalls_to(standard, unit, made.next, arena, &made.shortfalls,
			      &made.shortfall_count);
		path_to(standard, unit, made.next, arena, &made.path);
	}
	sort_side(standard, unit, SIDE_STRONG, arena, &made.strong, &made.strong_count);
	sort_side(standard, unit, SIDE_WEAK, arena, &made.weak, &made.weak_count);
	sort_side(standard, unit, SIDE_UNKNOWN, arena, &made.unknown, &made.unknown_count);
	if (has_announced(provider))
		outlook_of(rating, provider->name, arena, &made.outlook, &made.outlook_count);
	*ret_explanation = made;
}

void explanation_make(const struct rating *rating, const struct provider *provider,
		      struct arena *arena, struct explanation *ret_explanation)
{
	explanation_make_brief(rating, provider, arena, ret_explanation);
	if (!ret_explanation->outlook)
		outlook_of(rating, provider->name, arena, &ret_explanation->outlook,
			   &ret_explanation->outlook_count);
	trend_of(rating, provider->name, arena, &ret_explanation->trend,
		 &ret_explanation->trend_count);
}
