/*
 * Records that several processes append to one file at once.
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum {
	APPEND_RECORD = 64, /* bytes of one */
};

/* Records of processes and rounds that stand in the text, each whole and once. */
uint64_t append_count(struct span text, unsigned processes, unsigned rounds, struct arena *arena);
