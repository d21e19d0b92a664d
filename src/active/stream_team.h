/*
 * Threads that drive the traffic of active/stream.h together, each on a core of its own.
 */
#pragma once

#include "active/stream.h"
#include "base/error.h"
#include "base/repeats.h"
#include "host/file.h"

enum {
	STREAM_TEAM_MAXIMUM = 64, /* threads; fewer cores than that saturate a NUMA node */
};

/* Which memory by whom. */
struct stream_team {
	const struct host *host; /* for its clock */
	unsigned cores[STREAM_TEAM_MAXIMUM];
	size_t count;
};

/* Of many cores as many as there is room for, evenly spread. */
struct stream_team stream_team_of(const struct host *host, const unsigned *cores, size_t count);

struct stream_result {
	struct repeats bytes_per_s[STREAM_KERNEL_COUNT];
	uint64_t wrong; /* elements that were not what they should be */
	bool is_pinned; /* every thread could be put on its core */
};

/* How long and how well. */
struct stream_effort {
	size_t array_bytes; /* of each of the three */
	int64_t limit_ns;   /* repetitions end then */
	double width;       /* or when the interval of each kernel's median is as narrow as that */
};

/* Takes memory that `home` touches first, runs the kernels on it by `team` again and again, checks
 * every element at the end and gives the memory back. ERROR_LIMIT when there is no such memory. */
bool stream_measure(const struct stream_team *home, const struct stream_team *team,
		    const struct stream_effort *effort, struct stream_result *ret_result,
		    struct error *err);
