/*
 * How much a figure of a model hangs on each of its parameters, and how wide it is when the
 * parameters that are ranges vary.
 */
#pragma once

#include "base/arena.h"
#include "model/parameter.h"

/* One figure of a model as a function of its parameters, in the order of the table. A pure
 * function; NAN where there is none. */
typedef double figure_of(const double *values);

/* What a parameter that is no range is moved by, as a share of its value. */
#define SENSITIVITY_STEP 0.1

struct swing {
	unsigned parameter; /* row of the table */
	bool ranged;        /* moved over its own range; else by SENSITIVITY_STEP each way */
	double low, high;   /* values of the parameter */
	double figure_low, figure_high; /* the figure there, all others at their values */
};

/* The parameters that move the figure, that with the widest swing first: a tornado chart. Those
 * that change nothing are left out, and those whose bit is in `fixed`, which say what is counted
 * and not how much it costs. A step stays within the bounds of the parameter. */
void sensitivity_find(const struct parameters *parameters, figure_of *figure, uint64_t fixed,
		      struct arena *arena, struct swing **ret_swings, unsigned *ret_count);

/* The figure at the values, and between what points 80 % of `draws` draws lie, each parameter that
 * is a range drawn from its triangle, independent of the others. Without draws, or when nothing is
 * a range, all three are the same. */
struct quantity figure_spread(const struct parameters *parameters, figure_of *figure, uint64_t seed,
			      uint32_t draws);

/* The values without their ranges. */
void parameters_values(const struct parameters *parameters, double *into);
