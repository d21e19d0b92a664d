/*
 * How often to write a checkpoint. Times are hours. `write` is the time that the job stands still
 * for one checkpoint, not the time until the file is safe: an asynchronous checkpoint blocks for
 * seconds. `mtbf` is that of the whole job.
 */
#pragma once

/* Young (1974): √(2·write·mtbf). */
double checkpoint_young_h(double write_h, double mtbf_h);

/* Daly (2006), of higher order: √(2wM)·[1 + ⅓√(w/2M) + w/(18M)] - w for w < 2M, else M. */
double checkpoint_daly_h(double write_h, double mtbf_h);

/* What one failure and one checkpoint cost a job. */
struct checkpoint_costs {
	double interval_h; /* work between two checkpoints, without the writing; positive */
	double write_h;
	double recovery_h; /* from a failure until the job computes again: detection, restart */
	double mtbf_h;
};

/* Meta's estimate (HPCA'25, arXiv 2410.21680), of first order:
 * (1 - (recovery + interval/2) / mtbf) / (1 + write/interval). Below 0 it means nothing more than
 * that the job does not get on. */
double checkpoint_ettr(const struct checkpoint_costs *costs);

/* The same without approximation, for failures that come at random at all times, also in the
 * recovery, which then starts anew:
 * interval / (mtbf·e^(recovery/mtbf)·(e^((interval + write)/mtbf) - 1)). */
double checkpoint_exact(const struct checkpoint_costs *costs);

/* The interval that checkpoint_exact is highest at; interval_h of the costs is not looked at. */
double checkpoint_optimum_h(const struct checkpoint_costs *costs);
