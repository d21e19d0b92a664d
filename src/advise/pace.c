#include <math.h>

#include "advise/estimate.h"
#include "model/checkpoint.h"
#include "model/goodput.h"
#include "model/survival.h"
#include "model/training.h"

enum {
	MEAN_SUMMED = 32, /* beyond, the sum of all interruptions is a normal variable */
	SUMMED_MAXIMUM = 128,
};

static const double SECONDS_PER_HOUR = 3600;

/* A job of whose hours less does work is said not to get on at all. */
static const double USEFUL_LEAST = 0.01;

static double assumed(const struct situation *situation, enum assumption index, enum corner corner,
		      bool more_is_dear)
{
	return quantity_at(situation->assumptions->values[index], corner, more_is_dear);
}

/* An unknown network is presumed slow; where the hour is cheap it may be as good as any. */
static double network_share(const struct situation *situation, enum corner corner)
{
	const struct need *need = situation->need;
	double exposed = quantity_at(need->exposed, corner, true);
	double bandwidth;

	if (!need_leaves_node(need))
		return 1;
	if (situation->offer->gbit_per_s > 0)
		bandwidth = situation->offer->gbit_per_s / need->gbit_per_s;
	else
		bandwidth = assumed(situation, ASSUMES_NETWORK, corner, false);
	/* More than the hours were measured with is not counted as a gain: nobody has shown it. */
	bandwidth = fmin(bandwidth, 1);
	return training_law(bandwidth, exposed);
}

static double reclaim_rate(const struct situation *situation, double nodes, enum corner corner)
{
	const struct preemption preemption = {
		.rate = assumed(situation, ASSUMES_RECLAIM, corner, true),
		.together = assumed(situation, ASSUMES_TOGETHER, corner, false),
	};

	if (situation->offer->rental != RENTAL_SPOT)
		return 0;
	return survival_job_rate(&preemption, (uint32_t)nodes);
}

/* Hours until the job computes again, over all kinds of interruption. */
static double mean_recovery_h(const struct situation *situation, const struct pace *pace,
			      enum corner corner)
{
	double restart = quantity_at(situation->need->restart_s, corner, true);
	double failed = assumed(situation, ASSUMES_DETECT, corner, true) + restart;
	double reclaimed = assumed(situation, ASSUMES_WAIT, corner, true) + restart;
	double rate = pace->failures + pace->reclaims;

	if (rate <= 0)
		return failed / SECONDS_PER_HOUR;
	return (pace->failures * failed + pace->reclaims * reclaimed) / rate / SECONDS_PER_HOUR;
}

static double useful_share(const struct pace *pace)
{
	const struct checkpoint_costs costs = {
		.interval_h = pace->interval_h,
		.write_h = pace->write_h,
		.recovery_h = pace->recovery_h,
		.mtbf_h = 1 / ((pace->failures + pace->reclaims) * pace->share),
	};

	double useful = checkpoint_exact(&costs);

	return useful >= USEFUL_LEAST ? fmin(useful, 1) : 0;
}

/* The interval that was said, else the optimum for the rates that are expected: whoever sets it
 * does not know the corner. */
static double interval_h(const struct situation *situation, const struct pace *pace)
{
	const struct checkpoint_costs costs = {
		.write_h = pace->write_h,
		.recovery_h = pace->recovery_h,
		.mtbf_h = 1 / ((pace->failures + pace->reclaims) * pace->share),
	};

	if (situation->need->interval_s > 0)
		return situation->need->interval_s / SECONDS_PER_HOUR;
	return checkpoint_optimum_h(&costs);
}

struct pace pace_of(const struct situation *situation, enum corner corner)
{
	const struct need *need = situation->need;
	const struct offer *offer = situation->offer;
	double node = offer->size_known ? fmin(offer->size, need->node_gpus) : need->node_gpus;
	double nodes = ceil(need->gpus / node);
	struct pace pace = {
		.performance = quantity_at(situation->gpu->performance, corner, false),
		.network = network_share(situation, corner),
		.nodes = nodes,
		.failures =
			1 / job_mtbf_h(assumed(situation, ASSUMES_MTBF, corner, false), need->gpus),
		.reclaims = reclaim_rate(situation, nodes, corner),
		.write_h = quantity_at(need->write_s, corner, true) / SECONDS_PER_HOUR,
		.share = need->tolerance == TOLERATES_ANY ? 1 / nodes : 1,
	};

	pace.recovery_h = mean_recovery_h(situation, &pace, corner);
	pace.interval_h = interval_h(situation, &pace);
	pace.useful = useful_share(&pace);
	return pace;
}

/* Without failures and checkpoints. */
static double bare_hours(const struct pace *pace, double useful_h)
{
	return useful_h / (pace->performance * pace->network);
}

double pace_hours(const struct pace *pace, double useful_h)
{
	return pace->useful > 0 ? bare_hours(pace, useful_h) / pace->useful : (double)INFINITY;
}

static double normal_cumulative(double z)
{
	return erfc(-z / sqrt(2)) / 2;
}

/* That `count` interruptions cost at most `room_h` together, each its recovery and a part of the
 * interval that is uniform. One is exact, the sum of more is taken as normal. */
static double fits(double count, double recovery_h, double interval_h, double room_h)
{
	double left = room_h - count * recovery_h;

	if (count < 1)
		return room_h >= 0 ? 1 : 0;
	if (left <= 0)
		return 0;
	if (left >= count * interval_h)
		return 1;
	if (count < 2)
		return left / interval_h;
	return normal_cumulative((left - count * interval_h / 2) / (interval_h * sqrt(count / 12)));
}

/* The sum as one normal variable, for many interruptions: mean and variance of a compound Poisson
 * variable. */
static double fits_many(double mean, double recovery_h, double interval_h, double room_h)
{
	double one = recovery_h + interval_h / 2;
	double square = one * one + interval_h * interval_h / 12;

	return normal_cumulative((room_h - mean * one) / sqrt(mean * square));
}

double pace_in_time(const struct pace *pace, double useful_h, double deadline_h)
{
	double needed_h = bare_hours(pace, useful_h) * (1 + pace->write_h / pace->interval_h);
	double room_h = deadline_h - needed_h;
	double recovery_h = pace->recovery_h * pace->share;
	double lost_h = pace->interval_h * pace->share;
	/* Interruptions come in the hours that earlier ones cost, too. */
	double rate = pace->failures + pace->reclaims;
	double slowed = 1 - rate * (recovery_h + lost_h / 2);
	double mean, sum = 0;

	if (room_h < 0 || slowed <= 0)
		return 0;
	mean = rate * needed_h / slowed;
	if (mean > MEAN_SUMMED)
		return fits_many(mean, recovery_h, lost_h, room_h);

	double probability = exp(-mean);
	for (unsigned count = 0; count < SUMMED_MAXIMUM; count++) {
		double fit = fits(count, recovery_h, lost_h, room_h);

		if (fit <= 0)
			break;
		sum += probability * fit;
		probability *= mean / (count + 1);
	}
	return fmin(sum, 1);
}
