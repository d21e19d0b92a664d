/*
 * GPUs that are left out. One that did not come back from a call in time is asked nothing more in
 * this run: each later test would wait as long for it again; the record that tells so is where the
 * later ones find it. One that others compute on is not loaded without the consent `destructive`:
 * they would feel it, and what is measured beside them says nothing of the GPU.
 */
#pragma once

#include "active/active.h"

/* As active_blame, and notes a call that did not come back in time. */
void gpu_blame(struct active_run *run, const struct worker_result *result, enum measure measure,
	       const char *gpu);

/* The earlier test of this run in which the GPU did not answer; NULL when there is none. */
const char *gpu_silent_in(const struct active_run *run, const char *gpu);

/* Who computes on the GPU, by the passive look, and what to do: "in use: 1 process (4711) …"; NULL
 * when nobody does, when it is not known, and under the consent `destructive`. */
const char *gpu_users(const struct active_request *request, const char *gpu, struct arena *arena);

/* For a plan: "; left out: gpu:0000:19:00.0, which others use", "" when there is none. */
const char *gpu_users_words(const struct active_request *request, struct arena *arena);

/* True of a GPU that is left out, about which `measure` is unknown then, with the reason. */
bool gpu_is_left_out(struct active_run *run, enum measure measure, const char *gpu);
