/*
 * What `assay test pair --format json` says of two hosts that send to each other by NCCL.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

struct pair_report {
	const char *node;   /* who says it */
	double bytes_per_s; /* of all GPUs of one host together, in each direction; 0: not measured
			     */
	double worst_part;  /* rate of the slowest block over that of the middle one, of the GPU
			     * where it is least; negative: not known */
	bool is_absent;     /* this host cannot be tested: `why` is no fault of the network */
	bool has_met;       /* the two hosts found each other */
	bool has_opened;    /* and every GPU opened its library */
	const char *why;    /* of what was not measured; "" otherwise */
};

/* ERROR_INVALID, or json_read's, for what is no such report. */
bool pair_report_read(struct span text, const char *file, struct arena *arena,
		      struct pair_report *ret_report, struct error *err);
