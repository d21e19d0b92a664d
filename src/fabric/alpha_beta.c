#include "fabric/alpha_beta.h"

#include <math.h>

enum {
	POINTS_MINIMUM = 3,
};

/* A fit to measurements of one machine repeats to about 1 to 3 % (docs/training.md). */
static const double straight_share = 0.03;
static const double at_share = 0.93;
static const double above_share = 1.03;
static const double band_width = 0.04;

/* Weighted sums over the points. */
struct sums {
	double w, wx, wxx, wy, wxy;
};

static struct sums add_up(const struct timing *timings, unsigned count)
{
	struct sums sums = { 0 };

	for (unsigned i = 0; i < count; i++) {
		double x = timings[i].bytes;
		double y = timings[i].time_us;
		double w = 1 / (y * y);

		sums.w += w;
		sums.wx += w * x;
		sums.wxx += w * x * x;
		sums.wy += w * y;
		sums.wxy += w * x * y;
	}
	return sums;
}

static bool check_points(const struct timing *timings, unsigned count, struct error *err)
{
	bool differ = false;

	if (count < POINTS_MINIMUM || count > TIMINGS_MAXIMUM)
		return fail(err, ERROR_INVALID, "%u points; a fit takes %d to %d", count,
			    POINTS_MINIMUM, TIMINGS_MAXIMUM);
	for (unsigned i = 0; i < count; i++) {
		if (!(timings[i].bytes > 0) || !(timings[i].time_us > 0))
			return fail(err, ERROR_INVALID,
				    "point %u: bytes and microseconds are above 0", i + 1);
		differ = differ || fabs(timings[i].bytes - timings[0].bytes) > 0;
	}
	if (!differ)
		return fail(err, ERROR_INVALID, "all points have one size; a line needs two");
	return true;
}

bool alpha_beta_fit(const struct timing *timings, unsigned count, double factor,
		    struct alpha_beta *ret_fit, struct error *err)
{
	if (!check_points(timings, count, err))
		return false;

	struct sums sums = add_up(timings, count);
	double scale = sums.w * sums.wxx - sums.wx * sums.wx;
	double slope = (sums.w * sums.wxy - sums.wx * sums.wy) / scale;
	struct alpha_beta fit = { .count = count };

	if (!(slope > 0) || !isfinite(slope))
		return fail(err, ERROR_INVALID, "the time does not grow with the bytes");
	fit.alpha_us = (sums.wy - slope * sums.wx) / sums.w;
	fit.busbw_gb_per_s = factor / slope / 1e3;
	fit.half_bytes = fmax(fit.alpha_us, 0) / slope;
	for (unsigned i = 0; i < count; i++) {
		double fitted = fit.alpha_us + slope * timings[i].bytes;

		fit.residuals[i] = fitted / timings[i].time_us - 1;
		fit.worst = fmax(fit.worst, fabs(fit.residuals[i]));
	}
	if (!isfinite(fit.alpha_us) || !isfinite(fit.worst))
		return fail(err, ERROR_INVALID, "the points are too far apart for a line");
	*ret_fit = fit;
	return true;
}

static bool near(double share, double to)
{
	return fabs(share - to) <= band_width;
}

static enum band band_of(double share, const struct network *network,
			 const struct rank_group *group, unsigned *ret_rails)
{
	unsigned rails = network->rail_count;

	*ret_rails = 0;
	if (share > above_share)
		return BAND_ABOVE;
	if (share >= at_share)
		return BAND_AT;
	if (group->domains <= 1) /* NICs take no part */
		return BAND_BETWEEN;
	for (unsigned alive = rails; alive-- > rails / 2 + 1;) {
		if (near(share, (double)alive / rails)) {
			*ret_rails = alive;
			return BAND_RAILS;
		}
	}
	if (near(share, 0.5))
		return BAND_HALF;
	return near(share, 1.0 / 3) ? BAND_THIRD : BAND_BETWEEN;
}

/* The points by size, as far as their order matters: the mean residual of the smallest and of the
 * largest quarter, and of those between. */
static enum residual_shape shape_of(const struct alpha_beta *fit, const struct timing *timings)
{
	double ends[2] = { 0 };
	double middle = 0;
	unsigned counts[3] = { 0 };

	if (fit->worst <= straight_share)
		return SHAPE_STRAIGHT;
	for (unsigned i = 0; i < fit->count; i++) {
		unsigned smaller = 0;

		for (unsigned k = 0; k < fit->count; k++)
			smaller += timings[k].bytes < timings[i].bytes;
		if (smaller * 4 < fit->count || smaller * 4 >= 3 * fit->count) {
			ends[smaller * 2 >= fit->count] += fit->residuals[i];
			counts[smaller * 2 >= fit->count]++;
		} else {
			middle += fit->residuals[i];
			counts[2]++;
		}
	}
	bool curved = counts[0] > 0 && counts[1] > 0 && counts[2] > 0 && ends[0] * ends[1] > 0 &&
		      ends[0] * middle < 0;
	return curved ? SHAPE_CURVED : SHAPE_ROUGH;
}

void alpha_beta_explain(const struct alpha_beta *fit, const struct timing *timings,
			const struct network *network, const struct rank_group *group,
			enum collective collective, struct alpha_beta_meaning *ret_meaning)
{
	struct alpha_beta_meaning meaning = { 0 };
	struct collective_time many;
	struct collective_time none;
	enum algorithm usual = collective_can(network, group, collective, ALGORITHM_RING)
				       ? ALGORITHM_RING
				       : ALGORITHM_DIRECT;

	collective_time(network, group, collective, 1e15, &many);
	meaning.bound_gb_per_s = many.bound_gb_per_s;
	meaning.reference_gb_per_s = many.bound_gb_per_s;
	if (group->domains > 1 && usual == ALGORITHM_RING)
		meaning.reference_gb_per_s = fmin(
			many.bound_gb_per_s, network_outside_bound(network, group, PATTERN_RING));
	meaning.share = fit->busbw_gb_per_s / meaning.reference_gb_per_s;
	meaning.band = band_of(meaning.share, network, group, &meaning.rails);
	collective_time(network, group, collective, 0, &none);
	meaning.least_us = none.latency_us;
	collective_time_by(network, group, collective, usual, 1e15, &many);
	meaning.most_us = many.latency_us;
	meaning.step_us = fit->alpha_us / many.steps;
	meaning.shape = shape_of(fit, timings);
	*ret_meaning = meaning;
}
