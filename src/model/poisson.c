#include "model/poisson.h"

#include <float.h>
#include <math.h>

enum {
	STEPS_MAXIMUM = 100000, /* the series needs about √shape steps where it needs most */
	HALVINGS = 200,
};

static double front(double shape, double x)
{
	return exp(shape * log(x) - x - lgamma(shape));
}

static double lower_series(double shape, double x)
{
	double term = 1 / shape;
	double sum = term;

	for (unsigned step = 1; step < STEPS_MAXIMUM; step++) {
		term *= x / (shape + step);
		sum += term;
		if (term < sum * (DBL_EPSILON / 4))
			break;
	}
	return sum * front(shape, x);
}

static double upper_fraction(double shape, double x)
{
	const double tiny = DBL_MIN / DBL_EPSILON;
	double b = x + 1 - shape;
	double c = 1 / tiny;
	double d = 1 / b;
	double h = d;

	for (unsigned step = 1; step < STEPS_MAXIMUM; step++) {
		double a = -(double)step * (step - shape);

		b += 2;
		d = a * d + b;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = b + a / c;
		c = fabs(c) < tiny ? tiny : c;
		h *= d * c;
		if (fabs(d * c - 1) < DBL_EPSILON)
			break;
	}
	return h * front(shape, x);
}

double gamma_lower(double shape, double x)
{
	if (x <= 0)
		return 0;
	return x < shape + 1 ? lower_series(shape, x) : 1 - upper_fraction(shape, x);
}

double gamma_quantile(double shape, double probability)
{
	double low = 0;
	double high = shape + 1;

	if (probability <= 0)
		return 0;
	while (gamma_lower(shape, high) < probability && high < DBL_MAX / 2) {
		low = high;
		high *= 2;
	}
	for (unsigned step = 0; step < HALVINGS; step++) {
		double middle = low + (high - low) / 2;

		if (middle <= low || middle >= high)
			break;
		if (gamma_lower(shape, middle) < probability)
			low = middle;
		else
			high = middle;
	}
	return high;
}

double chi_square_quantile(double degrees, double probability)
{
	return 2 * gamma_quantile(degrees / 2, probability);
}

double poisson_cumulative(double at_most, double mean)
{
	if (at_most < 0)
		return 0;
	return 1 - gamma_lower(floor(at_most) + 1, mean);
}

double poisson_exactly(double exactly, double mean)
{
	if (mean <= 0)
		return exactly > 0 ? 0 : 1;
	return exp(exactly * log(mean) - mean - lgamma(exactly + 1));
}

struct count_interval poisson_interval(uint64_t counted, double confidence)
{
	double tail = (1 - confidence) / 2;

	return (struct count_interval){
		.low = counted > 0 ? gamma_quantile((double)counted, tail) : 0,
		.high = gamma_quantile((double)counted + 1, 1 - tail),
	};
}
