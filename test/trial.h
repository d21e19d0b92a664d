/*
 * An active test's surroundings, for unit tests: a request about this machine whose user wants an
 * end after so many questions, and what was seen.
 */
#pragma once

#include "active/active.h"

struct trial_run {
	struct arena arena;
	struct host host;
	struct sightings seen;      /* of the passive look: filled in by the test */
	struct sightings sightings; /* what the test adds */
	struct active_targets targets;
	struct active_request request;
	unsigned asked;      /* how often somebody asked whether the user wants an end */
	unsigned stop_after; /* so many times he does not; 0: never */
	unsigned shown;
};

/* Under the consent to load, with a limit of an hour. */
void trial_run_start(struct trial_run *trial);
void trial_run_release(struct trial_run *trial);

#define SCOPED_TRIAL(name)                                                         \
	struct trial_run name __attribute__((cleanup(trial_run_release))) = { 0 }; \
	trial_run_start(&(name))

/* A run of the trial that has `limit_ns` left; its step is about the test. */
struct active_run trial_run_make(struct trial_run *trial, const struct active_step *step,
				 int64_t limit_ns);

/* The newest record of the measure about the device; fails the test when there is none. */
const struct record *trial_run_find(const struct trial_run *trial, enum measure measure,
				    const char *device);
