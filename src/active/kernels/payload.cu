#include "dialect.h"
#include "payload.h"

union payload_element {
	float number;
	u32 bits;
};

/* As active/payload.h has it. */
DEVICE float payload_number(u64 rank, u64 index)
{
	u32 word = (u32)(index ^ (index >> 32)) * 2654435761u + (u32)rank * 2246822519u;

	word ^= word >> 15;
	word *= 2654435769u;
	return (float)(word >> 24);
}

KERNEL_COST(payload_write, struct payload_work, 4.0 * (double)a.count, a.at)
KERNEL(payload_write, struct payload_work)
{
	float *at = (float *)a.at;

	EACH(i, a.count)
		at[i] = payload_number(a.rank, a.first + i);
}

/* No element that is sent, and no sum of such, is -1. */
KERNEL_COST(payload_wipe, struct payload_work, 4.0 * (double)a.count, a.at)
KERNEL(payload_wipe, struct payload_work)
{
	float *at = (float *)a.at;

	EACH(i, a.count)
		at[i] = -1;
}

/* Sums are below 2^24: each is exact, in whichever order. */
DEVICE float payload_wanted(const struct payload_work *a, u64 index)
{
	float sum = 0;

	if (a->ranks == 0)
		return payload_number(a->rank, index);
	for (u64 rank = 0; rank < a->ranks; rank++)
		sum += payload_number(rank, index);
	return sum;
}

KERNEL_COST(payload_verify, struct payload_work, 4.0 * (double)a.count, a.at)
KERNEL(payload_verify, struct payload_work)
{
	const union payload_element *at = (const union payload_element *)a.at;
	struct payload_faults *faults = (struct payload_faults *)a.result;
	u64 compared = 0;
	union payload_element wanted;

	EACH(i, a.count) {
		wanted.number = payload_wanted(&a, a.first + i);
		compared++;
		if (at[i].bits == wanted.bits)
			continue;
		ADD(&faults->wrong, 1);
		LOWER(&faults->lowest, a.at + 4 * i);
	}
	if (compared > 0)
		ADD(&faults->compared, compared);
}
