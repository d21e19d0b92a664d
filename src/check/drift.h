/*
 * How a machine differs from one that is known to be good.
 */
#pragma once

#include "check/machine.h"

enum drift_kind {
	DRIFT_NONE,     /* varies from look to look, or from node to node: not compared */
	DRIFT_SOFTWARE, /* versions of programs, settings, limits */
	DRIFT_FIRMWARE, /* what is flashed into parts */
	DRIFT_HARDWARE, /* models, counts, sizes, places */
};

/* What kind of fact the measure is; explicit for those that stay, DRIFT_NONE for all others. */
enum drift_kind drift_kind_of(enum measure measure);

/* One difference between a machine and its golden node. */
struct drift {
	enum measure measure;
	const char *device;   /* NULL: the node */
	const char *was, *is; /* NULL: not there */
};

/* Differences in what is the same in every look at a healthy machine: models, firmware, counts,
 * limits, versions; never temperatures, counters, serial numbers or names. Devices are matched by
 * name. What is unknown on either side is no difference; nor is a measure that one of both has not
 * looked at at all. In the order of measures and devices. Returns how many. */
size_t drift_find(const struct machine *machine, const struct machine *golden, struct arena *arena,
		  struct drift **ret_drifts);

/* Measures that both have looked at and that are compared. */
size_t drift_compared(const struct machine *machine, const struct machine *golden);
