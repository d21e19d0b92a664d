/*
 * The ways by which RDMA adapters may reach GPU memory, as far as names tell: only a registration
 * of memory proves one.
 */
#pragma once

#include "check/check.h"

enum path_state {
	PATH_ABSENT,  /* a part is known to be missing */
	PATH_UNKNOWN, /* a part could not be told, and none is known to be missing */
	PATH_PRESENT,
};

struct gpudirect_path {
	enum path_state legacy; /* the peer-memory module */
	enum path_state dma_buf;
	const char *legacy_why, *dma_buf_why; /* a part that is there, missing or not known */
	const struct record *legacy_record, *dma_buf_record; /* may be NULL */
};

/* Of NVIDIA's peer memory any of its two modules; of dma-buf: an open driver, a kernel from 5.12 on
 * and the RDMA verbs. AMD's driver is open. */
struct gpudirect_path gpudirect_path_of(const struct machine *machine, struct arena *arena);
