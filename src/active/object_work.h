/*
 * What is done to an object store, in a worker's child: objects under a prefix of this run are
 * written, read back, listed and removed.
 */
#pragma once

#include "active/object_request.h"
#include "host/worker.h"

struct object_task {
	struct object_store store;
	const char *prefix; /* of all keys: "assay-…", no slash at its end */
	unsigned small;     /* objects */
	size_t small_bytes;
	unsigned parts;    /* of the large object */
	size_t part_bytes; /* at least 5 MiB, which S3 asks for */
	unsigned connections;
	unsigned windows;       /* parts of a lasting load, a multiple of LASTING_ENDS */
	int64_t window_ns;      /* of each of them, at most */
	int64_t lasts_until_ns; /* host_boot_ns at which it has to be over */
	bool may_lock;
	const char *lock_until; /* "2026-11-26T09:30:00Z" */
};

/* As worker_function; context is a struct object_task. Requests: "test" says facts; "clean" removes
 * all objects and uploads under the prefix and says what is left. */
void object_work(struct worker_port *port, const char *request, void **state, const void *context);
