/*
 * The sensors of the GPUs while a test loads them: sampled once a second from a process of its own,
 * and the reason to stop when one gets too hot. NVIDIA and AMD alike, by the probes' own words
 * (probe/vendor_say.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "active/heat_read.h"
#include "probe/sighting.h"

enum {
	HEAT_STRIKES = 3, /* samples of one GPU, one after the other, that stop the load */
};

struct heat;

/* Called with each sample as it comes. */
typedef void heat_sink(void *context, const struct heat_sample *sample);

/* Starts watching; `limit_c` 0 takes each GPU's own slowdown threshold, another one is besides
 * that. A machine without a GPU, or without a library to ask, has nothing to watch: NULL. What it
 * returns lives in `arena` and is ended by heat_end. */
struct heat *heat_start(const struct host *host, double limit_c, struct arena *arena);

/* To be called often; asks once a second, takes what has come, and never waits. A library that
 * stalls is killed, noted and asked again, without the GPU that it stalled at. */
void heat_turn(struct heat *heat);

/* Who gets the samples from now on; NULL: nobody. */
void heat_listen(struct heat *heat, heat_sink *sink, void *context);

/* Why the load has to stop, as "gpu:0000:19:00.0 is at 92 degrees, 90 is its limit"; NULL: it need
 * not. Three samples one after the other have to say so. */
const char *heat_alarm(const struct heat *heat);

/* Adds what has been the matter with the sensors since the last time: a record of
 * NODE_TEST_SENSORS for each library, and for each GPU that stalled or is gone. NULL is fine. */
void heat_tell(struct heat *heat, struct sightings *sightings);

/* Keeps all samples from here on, for heat_write; up to 64 MiB of text. */
void heat_keep(struct heat *heat);

/* The samples that were kept as a table with tabs, one line a GPU and second, '-' for what is not
 * known; the file is there whole or not at all. NULL writes the head alone. */
bool heat_write(const struct heat *heat, const struct host *here, const char *path,
		struct error *err);

/* Whether samples came that were not kept, for want of room. NULL is fine. */
bool heat_is_full(const struct heat *heat);

/* NULL is fine. */
void heat_end(struct heat *heat);
