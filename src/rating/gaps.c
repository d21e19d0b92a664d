#include <stdlib.h>

#include "rating/rule.h"

struct weighted_gap {
	struct gap gap;
	double weight; /* of the criterion in the whole */
};

static int compare_gaps(const void *a, const void *b)
{
	const struct weighted_gap *left = a, *right = b;

	if (left->gap.lacking != right->gap.lacking)
		return left->gap.lacking > right->gap.lacking ? -1 : 1;
	if (left->weight > right->weight)
		return -1;
	if (left->weight < right->weight)
		return 1;
	return (left->gap.criterion > right->gap.criterion) -
	       (left->gap.criterion < right->gap.criterion);
}

static double weight_of(const struct standard *standard, uint32_t criterion)
{
	const struct category *category =
		&standard->categories[standard->criteria[criterion].category];
	double sum = 0.0;

	for (uint32_t k = 0; k < category->criteria_count; k++)
		sum += standard->criteria[category->criteria_first + k].weight;
	return category->weight * standard->criteria[criterion].weight / sum;
}

void gaps_of(const struct rating *rating, struct arena *arena, struct gap **ret_gaps,
	     uint32_t *ret_count)
{
	const struct standard *standard = rating->request.standard;
	uint32_t count = standard->criterion_count;
	struct weighted_gap *all = ARENA_ARRAY(arena, struct weighted_gap, count);

	for (uint32_t i = 0; i < count; i++) {
		struct gap *gap = &all[i].gap;

		gap->criterion = i;
		all[i].weight = weight_of(standard, i);
		for (uint32_t p = 0; p < rating->provider_count; p++) {
			const struct settlement *one =
				&provider_unit(&rating->providers[p])->settlements[i];

			if (!state_applies(one->state))
				continue;
			if (!state_is_settled(one->state) && one->state != STATE_WITHHELD)
				gap->unknown++;
			else if (one->point < WORTH_ONE / 2)
				gap->lacking++;
			else
				gap->good++;
		}
	}
	qsort(all, count, sizeof(*all), compare_gaps);
	*ret_gaps = ARENA_ARRAY(arena, struct gap, count);
	*ret_count = count;
	for (uint32_t i = 0; i < count; i++)
		(*ret_gaps)[i] = all[i].gap;
}
