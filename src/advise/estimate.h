/*
 * What the job would take and cost on one offer. Three corners of every range are computed: where
 * the hour is cheap, where it is expected, where it is dear; a result is the range of the three.
 * What nobody told of the offer is charged at its dear end (advise/assumption.h), so that silence
 * never pays. docs/advise.md has the formulas.
 */
#pragma once

#include "advise/assumption.h"
#include "advise/need.h"
#include "advise/offer.h"

enum {
	MONTH_HOURS = 730,
};

/* How fast the work goes; it does not depend on how much there is of it. */
struct pace {
	double performance; /* of the first family: 1 */
	double network; /* share of speed that the network leaves: 1 / (1 + exposed (1/b - 1)) */
	double nodes;
	double failures; /* of the job, in an hour */
	double reclaims; /* of the job, in an hour; 0 unless spot */
	double interval_h, write_h, recovery_h;
	double share;  /* of the job that one interruption stops: 1, or a node's */
	double useful; /* share of the hours that do work: 1 - loss; 0: it does not get on */
};

/* What an estimate rests on. `gpu` is the entry of the need that the offer's family is. */
struct situation {
	const struct need *need;
	const struct need_gpu *gpu;
	const struct offer *offer;
	const struct parameters *assumptions;
};

struct pace pace_of(const struct situation *situation, enum corner corner);

/* Hours from start to end that `useful_h` hours of work take. INFINITY when it does not get on. */
double pace_hours(const struct pace *pace, double useful_h);

/* Probability that `useful_h` hours of work are done within `deadline_h`: a sum over the number of
 * interruptions, each of which costs its recovery and up to an interval of work. */
double pace_in_time(const struct pace *pace, double useful_h, double deadline_h);

/* The eight lines of rental, and what is paid and not used: the rest of a term, GPUs beyond the
 * need. */
enum bill_line {
	BILL_GPU,
	BILL_STORAGE,
	BILL_NETWORK, /* egress */
	BILL_CONTROL,
	BILL_SUPPORT,
	BILL_GOODPUT, /* GPU-hours that do no work */
	BILL_SETUP,
	BILL_DEBUGGING,
	BILL_UNUSED,
	BILL_COUNT,
};

extern const char *const bill_line_names[BILL_COUNT];
extern const char *const bill_line_titles[BILL_COUNT];

struct bill {
	double hours;     /* from start to end */
	double gpu_hours; /* that are paid */
	double usd[BILL_COUNT];
	double total;
};

/* What the work costs at this pace: `price` is of one GPU-hour. */
struct bill bill_of(const struct situation *situation, const struct pace *pace, double price,
		    double useful_h, enum corner corner);

struct estimate {
	struct pace paces[CORNER_COUNT];
	struct quantity price; /* of one GPU-hour */
	double paid_gpus;
	struct quantity hours;
	struct quantity lines[BILL_COUNT]; /* USD */
	struct quantity usd;
	double gpu_hours;        /* that are paid */
	double useful_gpu_hours; /* of the first family */
	double interruptions;    /* expected */
	double survival;         /* probability that no spot node is taken in all the hours; 1 */
	double in_time;          /* probability that the deadline is met; 1 without */
	unsigned unknown;        /* bit n: line n rests on what nobody told */
	bool network_unknown;
};

/* False when the offer does not have so many GPUs. */
bool estimate_make(const struct situation *situation, struct estimate *ret_estimate);

/* Probability that `useful_h` hours are done within `deadline_h`, over the ranges of the paces. */
double estimate_in_time(const struct estimate *estimate, double useful_h, double deadline_h);

/* Hours within which `useful_h` hours are done with this confidence; INFINITY: in no time. */
double estimate_sure_h(const struct estimate *estimate, double useful_h, double confidence);

/* The expected cost of `useful_h` hours of work instead of the need's; INFINITY when it does not
 * get on. */
double estimate_usd(const struct situation *situation, const struct estimate *estimate,
		    double useful_h);
