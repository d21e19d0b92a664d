#include "base/repeats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void repeats_add(struct repeats *repeats, double value)
{
	if (isfinite(value) && repeats->count < REPEATS_MAXIMUM)
		repeats->values[repeats->count++] = value;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double middle(const double *sorted, unsigned count)
{
	return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* The largest k for which fewer than k of `count` fair coins show heads with at most 2.5 %: the
 * k-th value from either end bounds the median then. 0 when there is none. */
static unsigned order_of_bound(unsigned count)
{
	double each = exp2(-(double)count), sum = 0;
	unsigned k = 0;

	while (k < count / 2) {
		sum += each;
		if (sum > 0.025)
			break;
		each *= (double)(count - k) / (k + 1);
		k++;
	}
	return k;
}

struct repeats_summary repeats_summary(const struct repeats *repeats)
{
	struct repeats_summary summary = { .count = repeats->count };
	double sorted[REPEATS_MAXIMUM];
	unsigned count = repeats->count, order;

	if (count == 0)
		return summary;
	memcpy(sorted, repeats->values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	order = order_of_bound(count);
	summary.median = middle(sorted, count);
	summary.minimum = sorted[0];
	summary.maximum = sorted[count - 1];
	summary.low = sorted[order > 0 ? order - 1 : 0];
	summary.high = sorted[order > 0 ? count - order : count - 1];
	if (summary.median > 0 || summary.median < 0)
		summary.spread = (summary.high - summary.low) / fabs(summary.median);
	for (unsigned i = 0; i < count; i++)
		sorted[i] = fabs(repeats->values[i] - summary.median);
	qsort(sorted, count, sizeof(*sorted), compare);
	summary.deviation = 1.4826 * middle(sorted, count);
	return summary;
}

bool repeats_are_enough(const struct repeats *repeats, double width)
{
	return repeats->count == REPEATS_MAXIMUM ||
	       (repeats->count >= REPEATS_LEAST && repeats_summary(repeats).spread <= width);
}
