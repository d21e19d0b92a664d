/*
 * Measures pairs of hosts side by side until fabric/locate.h knows which are at fault. Each end of
 * a pair is one program, started on its host by a launcher: the words of ssh, srun or whatever else
 * the user gives, never a shell of ours. Every program has a limit of its own where it runs.
 */
#pragma once

#include "active/locate_hosts.h"
#include "fabric/locate.h"
#include "host/file.h"

enum locate_tool {
	LOCATE_IPERF3,
	LOCATE_WRITE_BANDWIDTH, /* ib_write_bw of perftest */
	LOCATE_NCCL,            /* assay test pair: all GPUs of both hosts send and receive */
	LOCATE_TOOL_COUNT,
};

extern const char *const locate_tool_names[LOCATE_TOOL_COUNT]; /* "iperf3", "ib_write_bw", "nccl" */

enum {
	LOCATE_PORT = 45200, /* the first that is used: one a rail and direction */
	LOCATE_SECONDS_MAXIMUM = 600,
	LOCATE_WORDS_MAXIMUM = 64, /* of a launcher */
	LOCATE_AT_ONCE = 128,      /* programs that are started before the first is waited for */
};

enum locate_stage {
	LOCATE_HOSTS,  /* pairs of hosts, of one leaf where leaves are known */
	LOCATE_LEAVES, /* sound hosts of one leaf with those of another */
	LOCATE_STAGE_COUNT,
};

struct locate_run;

struct locate_plan {
	const struct host *here;
	const struct locate_hosts *hosts;
	struct locate_options options; /* of fabric/locate.h; its rails are set by the hosts */
	enum locate_tool tool;
	const char *const *launcher;    /* NULL-terminated words; "{}" in one is the host's name */
	const char *const *devices;     /* one a rail, NULL-terminated: interfaces of iperf3, RDMA
					 * devices of the others; NULL: not told */
	bool is_rail_by_rail;           /* one rail is loaded after the other; else all at once */
	const char *token;              /* by which two ends of NCCL know each other */
	const char *const *environment; /* what launchers need besides the minimal one */
	unsigned seconds;               /* of one measurement in one direction */
	unsigned port;
	int64_t limit_ns;                  /* of everything */
	bool (*is_stopped)(void *context); /* asked at least every tenth of a second */
	/* What is going on, whenever something has changed. */
	void (*show)(void *context, const struct locate_run *run, const char *what);
	void *context;
};

/* A run as it goes on, and at its end. */
struct locate_run {
	const struct locate_plan *plan;
	struct arena *arena;
	struct locate of[LOCATE_STAGE_COUNT];
	bool has_leaves;   /* the second stage was begun */
	const char **whys; /* of each host that was left out: what its launcher or program said;
			    * NULL for the others */
	uint32_t away;
	int64_t started_ns, took_ns;
	size_t measurements; /* in one direction */
	unsigned batches;
	const char *note; /* how leaves are used otherwise than told; "" */
	const char *cut;  /* why it ended before its end; NULL: it did not */
};

/* Runs it all. False only when nothing could be begun: wrong options, no such launcher. */
bool locate_go(const struct locate_plan *plan, struct arena *arena, struct locate_run *ret_run,
	       struct error *err);
