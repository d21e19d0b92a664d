#include "active/corruption_plan.h"

uint64_t corruption_plan_rounds(int64_t each_ns, int64_t goal_ns, int64_t left_ns)
{
	const int64_t goal = goal_ns < left_ns ? goal_ns : left_ns;

	return each_ns > 0 && goal > each_ns ? (uint64_t)(goal / each_ns) : 1;
}

struct corruption_group corruption_plan_group(size_t count, size_t at_once, size_t turn)
{
	const size_t groups = (count + at_once - 1) / at_once;
	const size_t which = groups > 0 ? turn % groups : 0;
	const size_t first = groups > 0 ? which * count / groups : 0;

	return (struct corruption_group){
		first,
		groups > 0 ? (which + 1) * count / groups - first : 0,
	};
}

struct corruption_pair corruption_plan_pair(size_t count, size_t number)
{
	const size_t from = number % count;

	return (struct corruption_pair){ from, (from + number / count + 1) % count };
}

int64_t corruption_plan_part(int64_t left, size_t steps, int64_t least)
{
	const int64_t part = steps > 0 ? left / (int64_t)steps : left;

	return part > least ? part : least;
}
