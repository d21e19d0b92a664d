/*
 * What failures cost a job that needs all its GPUs at once, in closed forms. Times are hours, rates
 * are per hour, shares are of the GPU hours that are paid. A share of 1 and more means that no
 * useful work is left; it is returned as it comes out, so that callers can say so.
 */
#pragma once

#include <stdbool.h>

enum recovery {
	RECOVERY_COLD,     /* the job waits for the repair and starts from a checkpoint */
	RECOVERY_HOT,      /* a spare takes over, the job starts from a checkpoint */
	RECOVERY_TOLERANT, /* the job goes on without the failed part and loses no work */
	RECOVERY_COUNT,
};

extern const char *const recovery_names[RECOVERY_COUNT];

/* The goodput expense of "Rental TCO" as SemiAnalysis published it in 2026:
 *   cold      [max(detect, checkpoint/2) + initialise + replace]·gpus / mtbf
 *   hot       {[max(detect, checkpoint/2) + initialise]·gpus + replace·blast} / mtbf
 *   tolerant  [(detect + failover)·gpus + replace·blast] / mtbf
 * and on top the share of idle spares and what memory or network give to fault tolerance. The text
 * prints detect + checkpoint/2; only the maximum gives its figures (6.14, 10.53, 20.91 %). */
struct expense_inputs {
	enum recovery recovery;
	bool sum; /* detect + checkpoint/2, as printed, in place of the larger of the two */
	double gpus, blast;
	double mtbf; /* GPU hours between failures */
	double detect_h, checkpoint_h /* the interval */, initialise_h, replace_h, failover_h;
	double idle, overhead; /* shares */
};

struct expense {
	double standing; /* the whole job stands, or does its work again */
	double blast;    /* the failed part alone is out; part of `standing` when cold */
	double idle, overhead;
	double total;
};

struct expense goodput_expense(const struct expense_inputs *inputs);

/* What one useful hour costs: price / (1 - lost), which is more than price·(1 + lost).
 * INFINITY when lost >= 1. */
double goodput_cost(double price, double lost);

/* GPU hours between failures to failures of 1,000 nodes in a day, and back. */
double failures_per_1000_node_days(double mtbf_gpu_hours, double gpus_per_node);
double mtbf_of_node_days(double failures_per_1000_node_days, double gpus_per_node);

/* Hours between two failures of a job: mtbf / gpus. */
double job_mtbf_h(double mtbf_gpu_hours, double gpus);

/* A = 1 / (1 + rate·repair): the share of time that a node is there. */
double goodput_availability(double failures_per_hour, double repair_h);

/* The hours that each failure of a job may cost at most when `useful` of its time is useful. */
double goodput_allowance_h(double useful, double job_mtbf_h);

/* Google's three levels (ML Productivity Goodput, 2023; Fleet-wide 2025): what of the nodes' hours
 * is lost because nodes are away, because what is there is not allocated, and because what is
 * allocated does not make progress. */
struct fleet_goodput {
	double scheduling, allocation, production; /* shares of all hours that are lost */
	double total;                              /* the share that is useful: A·E·P */
};

struct fleet_goodput goodput_of_fleet(double available, double allocated, double productive);
