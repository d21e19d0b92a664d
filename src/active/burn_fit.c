#include "active/burn_fit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double degrees_of_loss = 10;
static const double normal_975 = 1.959963984540054;

/* Two are spent on the line itself. Where fewer are left, the residuals have a course of their own
 * beside the line, and only one that is this flat, in percent for ten degrees, does not matter. */
static const double free_least = 4, course_most = 0.5;

/* The standard deviation of a normal distribution over its median absolute deviation. */
static const double deviation_of_mad = 1.482602218505602;

double burn_student(double degrees)
{
	const double z = normal_975, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
	const double v = degrees;

	return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) +
	       (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v);
}

struct sums {
	double n, x, y; /* the means */
	double xx, xy;  /* about the means */
	double lowest, highest;
};

static bool is_point(const struct burn_point *point)
{
	return isfinite(point->temperature_c) && isfinite(point->speed) && point->speed > 0;
}

static struct sums sum(const struct burn_point *points, size_t count)
{
	struct sums sums = { .lowest = (double)INFINITY, .highest = -(double)INFINITY };

	for (size_t i = 0; i < count; i++) {
		if (!is_point(&points[i]))
			continue;
		double dx = points[i].temperature_c - sums.x, dy = points[i].speed - sums.y;

		sums.n += 1;
		sums.x += dx / sums.n;
		sums.y += dy / sums.n;
		sums.xx += dx * (points[i].temperature_c - sums.x);
		sums.xy += dx * (points[i].speed - sums.y);
		sums.lowest = fmin(sums.lowest, points[i].temperature_c);
		sums.highest = fmax(sums.highest, points[i].temperature_c);
	}
	return sums;
}

/* Sum of the squares of the residuals, and of each with the one before. */
static double residuals(const struct burn_point *points, size_t count, const struct sums *sums,
			double slope, double *ret_lagged)
{
	double squares = 0, lagged = 0, before = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_point(&points[i]))
			continue;
		double residual =
			points[i].speed - sums->y - slope * (points[i].temperature_c - sums->x);

		squares += residual * residual;
		lagged += residual * before;
		before = residual;
	}
	*ret_lagged = lagged;
	return squares;
}

static bool refuse(const char **ret_reason, const char *reason)
{
	*ret_reason = reason;
	return false;
}

bool burn_fit(const struct burn_point *points, size_t count, struct burn_loss *ret_loss,
	      const char **ret_reason)
{
	struct sums sums = sum(points, count);

	if (sums.n < BURN_POINTS_LEAST)
		return refuse(ret_reason, "fewer than six windows of full load with a temperature");
	if (sums.highest - sums.lowest < BURN_RANGE_LEAST_C)
		return refuse(ret_reason, "its temperatures lay within five degrees");

	double slope = sums.xy / sums.xx, lagged;
	double squares = residuals(points, count, &sums, slope, &lagged);
	double alike = squares > 0 && lagged > 0 ? fmin(lagged / squares, 0.99) : 0;
	double free = sums.n * (1 - alike) / (1 + alike);

	bool has_course = free < free_least;
	double variance = squares / (sums.n - 2);

	free = fmax(free, free_least);
	double half = burn_student(free - 2) * sqrt(variance / sums.xx * sums.n / free);
	double percent = 100 * degrees_of_loss / sums.y;

	if (has_course && half * percent > course_most)
		return refuse(ret_reason, "its windows do not tell heat from the passing of time");

	*ret_loss = (struct burn_loss){
		.percent = -slope * percent,
		.low = (-slope - half) * percent,
		.high = (-slope + half) * percent,
		.lowest_c = sums.lowest,
		.highest_c = sums.highest,
		.count = (size_t)sums.n,
		.free = free,
	};
	return true;
}

static int compare(const void *a, const void *b)
{
	const double *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

static double median_of(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct burn_middle burn_middle(const double *values, size_t count)
{
	double kept[BURN_POINTS_MAXIMUM];
	struct burn_middle middle = { .count = 0 };

	assert(count <= BURN_POINTS_MAXIMUM);
	for (size_t i = 0; i < count; i++)
		if (isfinite(values[i]) && values[i] > 0)
			kept[middle.count++] = values[i];
	if (middle.count == 0)
		return middle;
	middle.median = median_of(kept, middle.count);
	for (size_t i = 0; i < middle.count; i++)
		kept[i] = fabs(kept[i] - middle.median);
	middle.deviation = deviation_of_mad * median_of(kept, middle.count);
	return middle;
}
