/*
 * A GPU that did not come back from a call in time is asked nothing more in this run: each later
 * test would wait as long for it again. The record that tells so is where the later ones find it.
 */
#pragma once

#include "active/active.h"

/* As active_blame, and notes a call that did not come back in time. */
void gpu_blame(struct active_run *run, const struct worker_result *result, enum measure measure,
	       const char *gpu);

/* The earlier test of this run in which the GPU did not answer; NULL when there is none. */
const char *gpu_silent_in(const struct active_run *run, const char *gpu);

/* True of such a GPU, about which `measure` is unknown then, naming the test. */
bool gpu_is_left_out(struct active_run *run, enum measure measure, const char *gpu);
