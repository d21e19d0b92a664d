/*
 * How the programs of perftest are called.
 */
#pragma once

#include "active/perftest.h"
#include "active/rdma_rail.h"

enum rdma_verb {
	RDMA_WRITE,
	RDMA_READ,
};

enum {
	RDMA_MESSAGES_MAXIMUM = 10000, /* of a latency: 100 of them are above the 99th percentile */
	RDMA_SECONDS = 2,              /* of a bandwidth */
};

/* One run: what both sides have to agree on. */
struct rdma_task {
	enum rdma_verb verb;
	bool is_latency;
	bool uses_gpu; /* memory of the GPU next to the port, on both sides */
	uint64_t bytes;
	unsigned messages; /* each queue pair sends so many; 0: it lasts for the seconds */
	unsigned seconds;
};

/* "write:65536", "gpu-read:1048576": the part of a device's name. */
const char *rdma_task_name(const struct rdma_task *task, struct arena *arena);

/* "ib_write_bw". */
const char *rdma_program(const struct rdma_task *task);

/* The run that comes first: a few messages, which even an adapter in software under emulation sends
 * within seconds. */
struct rdma_task rdma_first(const struct rdma_task *task);

/* How long the run may be after which the figure is taken, by what the first one said: in messages
 * of a latency, in seconds of a bandwidth. 0: so slow that a longer one would not end in time, or
 * count nothing; the first one's figure is taken. */
unsigned rdma_length(const struct rdma_task *task, const struct perftest_row *first);

/* The run of that length; false when it is none that rdma_length gives. */
bool rdma_second(const struct rdma_task *task, uint64_t length, struct rdma_task *ret_second);

/* The words, NULL-terminated; `server` NULL makes the side that waits. */
const char *const *rdma_words(const struct rdma_task *task, const struct rdma_rail *rail,
			      unsigned tcp_port, const char *server, struct arena *arena);

/* Whether the text of --help knows memory of NVIDIA's GPUs. */
bool rdma_help_knows_gpus(struct span help);
