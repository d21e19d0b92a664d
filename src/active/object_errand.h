/*
 * One run of the child that tests an object store, and what its parts share: sending requests,
 * saying how they went, the small objects and their names. The parts stand below.
 */
#pragma once

#include "active/object_answer.h"
#include "active/object_work.h"

struct errand {
	const struct object_task *task;
	struct worker_port *port;
	struct arena *arena;
	const char *what; /* that is being done: the middle of the device */
	uint64_t corrupt; /* objects that came back changed */
};

/* "object:WHAT:HOST/BUCKET". */
const char *errand_device(const struct errand *errand, const char *what);

/* Sends them all; one that could not even be tried has an error. */
void errand_send(const struct errand *errand, struct object_request *requests, size_t count,
		 unsigned connections);

/* "status 503 SlowDown", or what the library says. */
const char *errand_error(const struct errand *errand, const struct object_request *request);

/* How many failed; the first is said. */
unsigned errand_says_errors(const struct errand *errand, const struct object_request *requests,
			    size_t count);

/* Rate and percentiles of those that succeeded; no rate when wall_s is 0. */
void errand_says_times(const struct errand *errand, const struct object_request *requests,
		       size_t count, double wall_s);

/* Sends all of one kind and says how it went; false when none succeeded. */
bool errand_does(struct errand *errand, const char *what, struct object_request *requests,
		 size_t count);

void requests_release(struct object_request *requests, size_t count);

/* Requests about the first `count` small objects, with answers of `most` bytes. */
struct object_request *errand_small(const struct errand *errand, enum object_verb verb,
				    size_t count, size_t most);

/* Bytes of small object `which`, made anew; their seed is which + 1. */
struct span errand_small_body(const struct errand *errand, unsigned which);

/* True when the answer is those bytes of the pattern and no others. */
bool answer_is_pattern(const struct object_request *request, uint64_t seed, uint64_t offset,
		       size_t size);

const char *errand_large_key(const struct errand *errand);

/* Calls `each` with every key under the prefix; returns how many there are, or -1 on an error.
 * ret_last is the last request, to be released. */
long errand_lists(const struct errand *errand, struct object_request *ret_last,
		  void (*each)(const struct errand *errand, const char *key, void *context),
		  void *context);

/* The `each` that does nothing. */
void errand_passes(const struct errand *errand, const char *key, void *context);

/* The parts of a test. The small objects: false when none can be put. */
bool errand_tests_small(struct errand *errand);

/* One object of many parts, written and read back by ranges. */
void errand_tests_large(struct errand *errand);

/* A lasting load in parts, of which the first are compared with the last. */
void errand_lasts(struct errand *errand);

/* Locks an object for a moment and deletes that version of it all the same. */
void errand_tries_lock(struct errand *errand);

/* Removes whatever is under the prefix, and says what is left. */
void errand_cleans(struct errand *errand);
