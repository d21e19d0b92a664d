/*
 * The counters of errors of the GPUs, before a load and after it, and what came in between. They
 * are asked as a health check asks them (probe/probe.h), but heard without waiting.
 */
#pragma once

#include "active/active.h"

/* What is counted, joined over the parts of a GPU; the name stands in the record's device. */
enum burn_error {
	BURN_ECC_CORRECTED,
	BURN_ECC_UNCORRECTED,
	BURN_SRAM_UNCORRECTED,
	BURN_ROWS,
	BURN_LINK_CRC,
	BURN_LINK_REPLAYS,
	BURN_LINK_RECOVERIES,
	BURN_PCIE_REPLAYS,
	BURN_XID,
	BURN_LOST,
	BURN_ERROR_COUNT,
};

extern const char *const burn_error_names[BURN_ERROR_COUNT]; /* "ecc-corrected", … */

/* Looks at GPUs and kernel log now. False when the run has to end: what was seen until then is in
 * *ret_seen all the same. */
bool burn_look(struct active_run *run, struct sightings *ret_seen);

/* How many of the errors the GPU has counted; false: not told. Those of an Xid are messages, that
 * of a lost GPU is 1 when it is. Pure. */
bool burn_count(const struct sightings *seen, const char *gpu, enum burn_error error,
		double *ret_count);

/* Adds node.test.burn.count of each kind and GPU: how much it rose, never below 0; unknown with the
 * reason when one of the two looks did not tell. What neither of them has is left out: this GPU
 * does not count it. `why` is the reason that there is no second look, NULL: there is one. */
void burn_say_errors(struct active_run *run, const char *gpu, const struct sightings *before,
		     const struct sightings *after, const char *why);
