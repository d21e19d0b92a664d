#include <stdlib.h>

#include "rating/rule.h"

static void add(struct shortfall *items, uint32_t *count, struct shortfall one)
{
	if (one.has < one.needs)
		items[(*count)++] = one;
}

/* Gates before all, then the largest gap first; of equal gaps in the order of kind and index. */
static int compare_shortfalls(const void *a, const void *b)
{
	const struct shortfall *left = a, *right = b;
	bool gate = left->kind == SHORT_GATE, other = right->kind == SHORT_GATE;
	double gap = left->needs - left->has, other_gap = right->needs - right->has;

	if (gate != other)
		return gate ? -1 : 1;
	if (!gate && gap > other_gap)
		return -1;
	if (!gate && gap < other_gap)
		return 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

void shortfalls_to(const struct standard *standard, const struct unit *unit, enum grade grade,
		   struct arena *arena, struct shortfall **ret_items, uint32_t *ret_count)
{
	const struct grade_bar *bar = &standard->bars[grade];
	struct shortfall *items = ARENA_ARRAY(arena, struct shortfall,
					      3 + standard->category_count + standard->gate_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < standard->gate_count; i++) {
		const struct gate *gate = &standard->gates[i];
		const struct settlement *one = &unit->settlements[gate->criterion];

		if ((unit->gates[i] == GATE_FAILED || unit->gates[i] == GATE_SILENT) &&
		    gate->cap < grade)
			items[count++] = (struct shortfall){
				SHORT_GATE, i,
				state_is_settled(one->state) ? one->point / (double)WORTH_ONE : 0.0,
				gate->below / (double)WORTH_ONE
			};
	}
	add(items, &count,
	    (struct shortfall){ SHORT_OVERALL, 0, unit->overall, grade_overall(bar, unit->depth) });
	for (uint32_t c = 0; c < standard->category_count; c++)
		if (unit->categories[c].applies)
			add(items, &count,
			    (struct shortfall){ SHORT_CATEGORY, c, unit->categories[c].point,
						bar->category_permille[c] / 1000.0 });
	add(items, &count,
	    (struct shortfall){ SHORT_COVERAGE, 0, unit->coverage,
				bar->coverage_permille / 1000.0 });
	add(items, &count,
	    (struct shortfall){ SHORT_STRENGTH, 0, unit->strength_share[bar->strength],
				bar->strength_permille / 1000.0 });
	qsort(items, count, sizeof(*items), compare_shortfalls);
	*ret_items = items;
	*ret_count = count;
}
