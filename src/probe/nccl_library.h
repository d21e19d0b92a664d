/*
 * What a build of NCCL, or a plug-in for one, tells of itself by the texts inside it: the version,
 * the names of the environment variables that it asks for, the versions of the plug-in interfaces
 * that it looks for or offers. Nothing of it is run.
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum nccl_interface {
	NCCL_INTERFACE_NET,
	NCCL_INTERFACE_COLLNET, /* reduction inside the network */
	NCCL_INTERFACE_TUNER,
	NCCL_INTERFACE_PROFILER,
	NCCL_INTERFACE_ENV,
	NCCL_INTERFACE_GIN,
	NCCL_INTERFACE_COUNT,
};

enum {
	NCCL_NAMES_MAXIMUM = 4096,
	NCCL_INTERFACE_VERSIONS = 64, /* bit n of a set is version n */
	NCCL_NEAR = 2,                /* edits within which a name is another's misspelling */
};

extern const char *const nccl_interface_words[NCCL_INTERFACE_COUNT]; /* "net" */

/* Names and versions of one or of several libraries. */
struct nccl_library {
	struct span *names; /* sorted, each once: "NCCL_IB_HCA" */
	size_t name_count;
	struct span version; /* "2.28.9"; empty when it names none */
	uint64_t interfaces[NCCL_INTERFACE_COUNT];
};

/* Adds what stands in the texts. Both stay borrowed from `bytes`. */
void nccl_library_add(struct nccl_library *library, struct span bytes, struct arena *arena);

bool nccl_library_knows(const struct nccl_library *library, struct span name);

/* The name of the library that is the fewest edits away, at most NCCL_NEAR; of equally near ones
 * the first. Empty when there is none. */
struct span nccl_library_nearest(const struct nccl_library *library, struct span name);
