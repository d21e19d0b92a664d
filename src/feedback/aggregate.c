#include "feedback/aggregate.h"

#include <math.h>

#include "feedback/rule.h"

enum {
	HALVINGS = 60, /* beyond what a double tells apart in 0 to 1 */
};

static double pull(double distance)
{
	if (distance > PULL_WIDTH)
		return PULL_WIDTH;
	return distance < -PULL_WIDTH ? -PULL_WIDTH : distance;
}

static double pulls_at(double place, const struct said *said, uint32_t count, double presumption,
		       double prior)
{
	double sum = prior * pull(presumption - place);

	for (uint32_t i = 0; i < count; i++)
		sum += said[i].weight * pull(said[i].worth - place);
	return sum;
}

double aggregate_mean(const struct said *said, uint32_t count, double presumption, double prior)
{
	double low = 0, high = 1;

	if (count == 0)
		return presumption;
	for (unsigned i = 0; i < HALVINGS; i++) {
		double middle = low + (high - low) / 2;

		if (pulls_at(middle, said, count, presumption, prior) > 0)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

struct interval aggregate_interval(const struct said *said, uint32_t count, double presumption)
{
	double alone = aggregate_mean(said, count, presumption, 0);
	double shrunk = aggregate_mean(said, count, presumption, PRIOR_WEIGHT);
	double weight = 0, spread = SPREAD_PRIOR_WEIGHT * shrunk * (1 - shrunk);
	double half, plain = 0;

	for (uint32_t i = 0; i < count; i++) {
		double off = said[i].worth - shrunk;

		weight += said[i].weight;
		plain += said[i].weight * said[i].worth;
		spread += said[i].weight * off * off;
	}
	if (!(weight > 0))
		return (struct interval){ .low = 0, .high = 1 };
	plain /= weight;
	half = Z_90 * sqrt(spread / (SPREAD_PRIOR_WEIGHT + weight) / weight);
	return (struct interval){ .low = fmax(0, fmin(plain, fmin(alone, shrunk)) - half),
				  .high = fmin(1, fmax(plain, fmax(alone, shrunk)) + half) };
}

uint32_t aggregate_median(const struct said *said, uint32_t count)
{
	double weight = 0, sum = 0;

	for (uint32_t i = 0; i < count; i++)
		weight += said[i].weight;
	for (uint32_t i = 0; i < count; i++) {
		sum += said[i].weight;
		if (sum * 2 >= weight)
			return i;
	}
	return count > 0 ? count - 1 : 0;
}

double aggregate_thinned(double before, double own, double whole)
{
	double after = before + own;

	if (after <= whole)
		return own;
	if (before <= whole)
		return whole - before + whole * (after - whole) / after;
	return whole * whole * own / (before * after);
}
