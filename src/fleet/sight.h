/*
 * A look at the machine by a worker: what hangs or crashes on a sick device is the child, and the
 * agent goes on. What the child saw comes back record by record.
 */
#pragma once

#include "host/worker.h"
#include "probe/probe.h"

/* What the child is to do; it has a copy of the memory in which this lies, made at the request. */
struct sight_order {
	const struct probe_request *request;
	struct sightings *sightings; /* begun, and without records */
	size_t first;                /* of the list of probes */
	uint64_t left_out;           /* a bit for each probe that is not to look */
};

/* A worker that looks as `order`, which must outlive it, says at the time of each request; what the
 * request's text is does not matter. Each probe is announced as a call under its own name. */
void sight_worker(const struct sight_order *order, struct worker *ret_worker);

/* Adds what the worker answered, in its order. Returns how many answers made no sense and were left
 * out: a child that was broken off may have ended within one. */
size_t sight_take(const struct worker_result *result, struct sightings *into);

/* For tests: one record as a line, and back. */
const char *sight_write(const struct record *record, struct arena *arena);
bool sight_read(struct span line, struct sightings *into);
