#include "check/gpu/spread.h"

#include <math.h>
#include <stdlib.h>

/* 1 / the 0.75 quantile of the normal distribution. */
static const double normal_scale = 1.4826;

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double middle(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct spread spread_of(double *values, size_t count)
{
	struct spread spread = { .count = count };

	if (count == 0)
		return spread;
	spread.median = middle(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = fabs(values[i] - spread.median);
	spread.deviation = normal_scale * middle(values, count);
	return spread;
}
