/*
 * Where the ranks of a communicator of the stand-in for libnccl.so.2 meet: memory that the one who
 * made the id shares with all processes of the machine that know it.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "active/nccl_abi.h"

enum {
	MEETING_RANKS = 64,
	MEETING_SLOT = 256 << 10, /* bytes that a rank shows at a time */
	MEETING_BOX = 64 << 10,   /* bytes on their way from one rank to another */
};

struct meeting_box {
	_Atomic uint32_t bytes; /* 0: empty */
	unsigned char data[MEETING_BOX];
};

struct meeting_rank {
	_Atomic uint32_t is_here;
	double slow; /* factor */
	int node;
	unsigned char slot[MEETING_SLOT], sum[MEETING_SLOT];
};

struct meeting {
	_Atomic uint32_t waiting, turn;
	struct meeting_rank ranks[MEETING_RANKS];
	struct meeting_box boxes[MEETING_RANKS][MEETING_RANKS]; /* from, to */
};

/* Makes a place, and the id that leads there. False when the system refuses. */
int meeting_make(struct nccl_id *ret_id);

/* NULL when the id leads nowhere. */
struct meeting *meeting_find(const struct nccl_id *id);
void meeting_leave(struct meeting *meeting);

/* Returns once so many are here. */
void meeting_wait(struct meeting *meeting, unsigned ranks);

/* Waits a little: something has not come yet. */
void meeting_pause(void);
