#include "standard/standard.h"

#include <string.h>

const char *const grade_names[] = {
	[GRADE_UNDERPERFORM] = "UnderPerform",
	[GRADE_BRONZE] = "Bronze",
	[GRADE_SILVER] = "Silver",
	[GRADE_GOLD] = "Gold",
	[GRADE_PLATINUM] = "Platinum",
};

bool grade_parse(struct span text, enum grade *ret_grade)
{
	for (unsigned i = 0; i < GRADE_COUNT; i++) {
		if (span_is(text, grade_names[i])) {
			*ret_grade = (enum grade)i;
			return true;
		}
	}
	return false;
}

int32_t standard_find_criterion(const struct standard *standard, struct span id)
{
	uint32_t low = 0, high = standard->criterion_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		uint32_t index = standard->by_id[middle];
		int order = span_compare(id, span_of(standard->criteria[index].id));

		if (order == 0)
			return (int32_t)index;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

int32_t standard_find_category(const struct standard *standard, struct span id)
{
	for (uint32_t i = 0; i < standard->category_count; i++)
		if (span_is(id, standard->categories[i].id))
			return (int32_t)i;
	return -1;
}

int32_t standard_find_profile(const struct standard *standard, struct span id)
{
	for (uint32_t i = 0; i < standard->profile_count; i++)
		if (span_is(id, standard->profiles[i].id))
			return (int32_t)i;
	return -1;
}

int32_t standard_gate_of(const struct standard *standard, uint32_t criterion)
{
	for (uint32_t i = 0; i < standard->gate_count; i++)
		if (standard->gates[i].criterion == criterion)
			return (int32_t)i;
	return -1;
}

const struct criterion *standard_nearest(const struct standard *standard, struct span id)
{
	const struct criterion *nearest = NULL;
	size_t least = SIZE_MAX;

	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		size_t distance = span_distance(id, span_of(standard->criteria[i].id));

		if (distance < least) {
			least = distance;
			nearest = &standard->criteria[i];
		}
	}
	return nearest;
}
