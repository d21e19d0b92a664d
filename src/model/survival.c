#include "model/survival.h"

#include <math.h>

#include "model/poisson.h"

double survival_job_rate(const struct preemption *preemption, uint32_t nodes)
{
	return preemption->rate * fmax(nodes / preemption->together, nodes > 0 ? 1 : 0);
}

double survival_probability(const struct preemption *preemption, uint32_t nodes, double hours)
{
	return exp(-survival_job_rate(preemption, nodes) * hours);
}

double survival_rate_of_share(double share, double hours)
{
	return -log1p(-share) / hours;
}

/* Hours that one reclaim costs. */
static double reclaim_h(const struct preemptible *job)
{
	return job->interval_h / 2 + job->restart_h;
}

static double writing(const struct preemptible *job)
{
	return 1 + job->write_h / job->interval_h;
}

double survival_useful_share(const struct preemptible *job)
{
	return fmax((1 - job->job_rate * reclaim_h(job)) / writing(job), 0);
}

double survival_break_even_rate(const struct preemptible *job, double price_spot,
				double price_fixed, double useful_fixed)
{
	/* The share at which both cost the same. */
	double share = price_spot * useful_fixed / price_fixed;
	double room = 1 - share * writing(job);

	if (room <= 0)
		return 0;
	return reclaim_h(job) > 0 ? room / reclaim_h(job) : (double)INFINITY;
}

double survival_deadline(const struct preemptible *job, double work_h, double deadline_h)
{
	double needed_h = work_h * writing(job);
	double room_h = deadline_h - needed_h;

	if (room_h < 0)
		return 0;
	if (reclaim_h(job) <= 0)
		return 1;
	return poisson_cumulative(floor(room_h / reclaim_h(job)), job->job_rate * deadline_h);
}
