#include <stdlib.h>

#include "feedback/feedback.h"

bool customers_may_answer(const struct criterion *criterion)
{
	for (uint32_t i = 0; i < criterion->way_count; i++)
		if (criterion->ways[i].way == SETTLED_BY_ANSWER)
			return true;
	return false;
}

/* The standard names first what settles a criterion best. */
static bool is_asked(const struct criterion *criterion, enum questionnaire which)
{
	if (which == QUESTIONS_ALL)
		return customers_may_answer(criterion);
	return criterion->way_count > 0 && criterion->ways[0].way == SETTLED_BY_ANSWER;
}

/* The heavier first; of equal ones the one that is written first. */
static int compare(const void *a, const void *b)
{
	const struct criterion *left = *(const struct criterion *const *)a;
	const struct criterion *right = *(const struct criterion *const *)b;

	if (left->category != right->category)
		return left->category < right->category ? -1 : 1;
	if (left->weight != right->weight)
		return left->weight > right->weight ? -1 : 1;
	return (left > right) - (left < right);
}

void questionnaire_of(const struct standard *standard, enum questionnaire which,
		      struct arena *arena, uint32_t **ret_criteria, uint32_t *ret_count)
{
	const struct criterion **asked =
		ARENA_ARRAY(arena, const struct criterion *, standard->criterion_count);
	uint32_t *criteria, count = 0;

	for (uint32_t i = 0; i < standard->criterion_count; i++)
		if (is_asked(&standard->criteria[i], which))
			asked[count++] = &standard->criteria[i];
	qsort(asked, count, sizeof(*asked), compare);
	criteria = ARENA_ARRAY(arena, uint32_t, count);
	for (uint32_t i = 0; i < count; i++)
		criteria[i] = (uint32_t)(asked[i] - standard->criteria);
	*ret_criteria = criteria;
	*ret_count = count;
}
