/*
 * What the GPUs' counters of memory errors rose by between two looks.
 */
#pragma once

#include "active/active.h"

struct gpu_ecc {
	struct sightings *seen;
};

/* Looks at the counters now; waits for the vendor's library as a passive look does. */
void gpu_ecc_look(struct active_run *run, struct gpu_ecc *ret_ecc);

/* Adds how many errors each GPU counted between the two looks; unknown with the reason where one of
 * the looks could not tell. */
void gpu_ecc_say(struct active_run *run, const struct gpu_ecc *before, const struct gpu_ecc *after,
		 const char *const *gpus, size_t count);
