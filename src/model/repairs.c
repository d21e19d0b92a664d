#include "model/repairs.h"

#include <math.h>
#include <string.h>

void repairs_start(struct repairs *repairs, uint32_t crews, double mean_h, uint64_t key)
{
	repairs->count = 0;
	repairs->queued = 0;
	repairs->crews = crews;
	repairs->mean_h = mean_h;
	repairs->chance = (struct chance){ .key = key };
}

static void grow(struct repairs *repairs)
{
	uint32_t room = repairs->room > 0 ? 2 * repairs->room : 64;
	double *ends = ARENA_ARRAY(repairs->arena, double, room);

	if (repairs->count > 0)
		memcpy(ends, repairs->ends, repairs->count * sizeof(*ends));
	repairs->ends = ends;
	repairs->room = room;
}

static void push(struct repairs *repairs, double end)
{
	if (repairs->count == repairs->room)
		grow(repairs);

	double *ends = repairs->ends;
	uint32_t at = repairs->count++;

	for (; at > 0 && ends[(at - 1) / 2] > end; at = (at - 1) / 2)
		ends[at] = ends[(at - 1) / 2];
	ends[at] = end;
}

void repairs_add(struct repairs *repairs, double now, uint32_t nodes)
{
	for (uint32_t i = 0; i < nodes; i++) {
		if (repairs->crews > 0 && repairs->count == repairs->crews)
			repairs->queued++;
		else
			push(repairs, now + chance_time(&repairs->chance, repairs->mean_h));
	}
}

double repairs_next(const struct repairs *repairs)
{
	return repairs->count > 0 ? repairs->ends[0] : (double)INFINITY;
}

void repairs_end(struct repairs *repairs, double now)
{
	double *ends = repairs->ends;
	uint32_t count = --repairs->count;
	double last = ends[count];
	uint32_t at = 0;

	for (uint32_t child = 1; child < count; child = 2 * at + 1) {
		if (child + 1 < count && ends[child + 1] < ends[child])
			child++;
		if (ends[child] >= last)
			break;
		ends[at] = ends[child];
		at = child;
	}
	ends[at] = last;
	if (repairs->queued > 0) {
		repairs->queued--;
		repairs_add(repairs, now, 1);
	}
}
