/*
 * What a log of NCCL (NCCL_DEBUG=INFO) tells of a job that ran: what it really used, where settings
 * and libraries only tell what it could. Lines of all ranks may stand in it, in any order and among
 * other output; what no line tells stays empty.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

enum {
	NCCL_LOG_MAXIMUM = 256 << 20, /* bytes */
	NCCL_LOG_WORDS = 32,          /* of one kind that are kept apart */
	NCCL_LOG_WORD = 64,           /* bytes of a word */
};

/* Words, each with the lines that say it, in the order in which they come. */
struct nccl_log_words {
	struct {
		struct span word, value; /* `value` of settings: the last */
		uint64_t lines;
	} items[NCCL_LOG_WORDS];
	unsigned count;
};

enum nccl_log_way {
	NCCL_WAY_P2P, /* GPU to GPU, NVLink or PCIe */
	NCCL_WAY_SHM, /* through memory of the host */
	NCCL_WAY_NET,
	NCCL_WAY_NET_DIRECT,  /* of these, by GPUDirect RDMA */
	NCCL_WAY_NET_RELAYED, /* of these, by another GPU's adapter (PXN) */
	NCCL_WAY_COLLNET,     /* to a tree of the network's switches */
	NCCL_WAY_COUNT,
};

extern const char *const nccl_way_words[NCCL_WAY_COUNT]; /* "net/direct" */

struct nccl_log {
	uint64_t lines;        /* that are NCCL's */
	uint64_t warnings;     /* NCCL WARN */
	struct span warning;   /* the first of them; borrowed, as all spans here */
	struct span version;   /* "2.28.9"; empty: no line tells */
	uint32_t ranks, nodes; /* of the largest communicator; 0: no line tells */
	uint64_t ways[NCCL_WAY_COUNT];
	uint64_t failed_reductions; /* lines that say that SHARP or CollNet could not be set up */
	struct nccl_log_words networks;
	struct nccl_log_words algorithms; /* "ring/simple" */
	struct nccl_log_words settings;   /* that were taken from the environment */
	struct nccl_log_words net_plugins, collnet_plugins, tuner_plugins;
};

/* Fails with ERROR_PARSE when no line is NCCL's. Words are copied to `arena` in small letters where
 * they are words of NCCL's own. */
bool nccl_log_read(struct span text, const char *file, struct arena *arena,
		   struct nccl_log *ret_log, struct error *err);
