/*
 * The links of each GPU, NVLink or xGMI, one after the other.
 */
#pragma once

#include "check/check.h"

struct gpu_links {
	const char *gpu;    /* "gpu:0000:19:00.0" */
	const char **links; /* "gpu:0000:19:00.0/link:0" …, in the order of their names */
	size_t count;
};

/* The GPUs that the machine has, with the links that any measure of links speaks of: none, when
 * nothing was recorded. */
size_t gpu_links_find(const struct machine *machine, struct arena *arena,
		      struct gpu_links **ret_gpus);
