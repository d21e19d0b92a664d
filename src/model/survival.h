/*
 * Nodes that the provider may take away: how likely a job keeps them, what of their hours is
 * useful, and when they are worth it. Reclaims come at random with a constant rate for each node;
 * `together` says how much they come in groups. Times are hours, rates per node and hour.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Reclaims that come together take several nodes at once; so n nodes are lost in n / together
 * independent groups, at least one. together 1: each node for itself. */
struct preemption {
	double rate;     /* reclaims of one node in an hour */
	double together; /* nodes that go at once; >= 1 */
};

/* That not one of n nodes is taken in h hours: exp(-rate·max(n/together, 1)·h). */
double survival_probability(const struct preemption *preemption, uint32_t nodes, double hours);

/* Reclaims of the whole job in an hour. */
double survival_job_rate(const struct preemption *preemption, uint32_t nodes);

/* The rate that a share of instances reclaimed within a period means, as clouds publish it ("5 to
 * 10 % in a month"): -ln(1 - share) / hours. */
double survival_rate_of_share(double share, double hours);

struct preemptible {
	double job_rate;   /* reclaims of the job in an hour */
	double interval_h; /* between checkpoints; positive */
	double write_h;    /* the job stands still for one checkpoint */
	double restart_h;  /* from a reclaim until the job computes again on new nodes */
};

/* Useful share: (1 - rate·(interval/2 + restart)) / (1 + write/interval), at least 0. */
double survival_useful_share(const struct preemptible *job);

/* Spot is worth it while price_spot/useful_spot < price_fixed/useful_fixed. The reclaims of the job
 * in an hour at which both cost the same; 0 when spot never pays, INFINITY when it always does. */
double survival_break_even_rate(const struct preemptible *job, double price_spot,
				double price_fixed, double useful_fixed);

/* That a job of `work_h` useful hours is done within `deadline_h`, when each reclaim costs its
 * restart and half an interval and reclaims are a Poisson process: the probability that no more of
 * them come than the time allows. 0 when the work does not fit without any. */
double survival_deadline(const struct preemptible *job, double work_h, double deadline_h);
