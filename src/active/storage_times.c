#include "active/storage_times.h"

#include <math.h>
#include <stdlib.h>

void times_start(struct storage_times *times, size_t room, struct arena *arena)
{
	*times = (struct storage_times){
		.values = ARENA_ARRAY(arena, double, room),
		.room = room,
	};
}

void times_add(struct storage_times *times, double seconds)
{
	if (times->count < times->room)
		times->values[times->count++] = seconds;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double times_percentile(struct storage_times *times, double share)
{
	size_t rank = (size_t)ceil(share * (double)times->count);

	if (times->count == 0)
		return NAN;
	qsort(times->values, times->count, sizeof(*times->values), compare);
	return times->values[rank > 0 ? rank - 1 : 0];
}

double times_sum(const struct storage_times *times)
{
	double sum = 0;

	for (size_t i = 0; i < times->count; i++)
		sum += times->values[i];
	return sum;
}
