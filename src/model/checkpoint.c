#include "model/checkpoint.h"

#include <math.h>

double checkpoint_young_h(double write_h, double mtbf_h)
{
	return sqrt(2 * write_h * mtbf_h);
}

double checkpoint_daly_h(double write_h, double mtbf_h)
{
	if (write_h >= 2 * mtbf_h)
		return mtbf_h;
	return checkpoint_young_h(write_h, mtbf_h) *
		       (1 + sqrt(write_h / (2 * mtbf_h)) / 3 + write_h / (18 * mtbf_h)) -
	       write_h;
}

double checkpoint_ettr(const struct checkpoint_costs *costs)
{
	double lost = (costs->recovery_h + costs->interval_h / 2) / costs->mtbf_h;

	return (1 - lost) / (1 + costs->write_h / costs->interval_h);
}

double checkpoint_exact(const struct checkpoint_costs *costs)
{
	double mtbf_h = costs->mtbf_h;
	double segment = expm1((costs->interval_h + costs->write_h) / mtbf_h);

	return costs->interval_h / (mtbf_h * exp(costs->recovery_h / mtbf_h) * segment);
}

/* Where the derivative of checkpoint_exact is 0: 1 - x = e^-(x + w/M) with x = interval/M. The left
 * side falls from 1 to 0 and the right one starts below it, so they meet once; halving finds it to
 * the last bit. */
double checkpoint_optimum_h(const struct checkpoint_costs *costs)
{
	double share = costs->write_h / costs->mtbf_h;
	double low = 0;
	double high = 1;

	for (unsigned step = 0; step < 60; step++) {
		double middle = (low + high) / 2;

		if (-expm1(-(middle + share)) > middle)
			low = middle;
		else
			high = middle;
	}
	return high * costs->mtbf_h;
}
