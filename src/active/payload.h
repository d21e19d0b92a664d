/*
 * What the ranks of a collective send each other, and what each then has to hold, exactly: whole
 * numbers from 0 to 255, as 32-bit floats, that no two ranks have alike. Their sums over all ranks
 * are below 2^24, so whichever way a library adds them up, each sum is exact.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fabric/collective.h"

enum {
	PAYLOAD_RANKS_MAXIMUM = 65536,
	PAYLOAD_NOBODY = UINT32_MAX, /* for a sum: no one rank is its source */
};

/* Element `index` of what the rank sends. */
float payload_value(unsigned rank, uint64_t index);

/* What one rank holds after one operation. */
struct payload {
	enum collective collective;
	unsigned ranks, rank;
	unsigned of; /* COLLECTIVE_SEND_RECEIVE: whom it hears; COLLECTIVE_BROADCAST: the root */
	uint64_t elements; /* of the whole: a multiple of `ranks` where it is shared out */
};

/* Elements that the rank receives, and that it sends. */
uint64_t payload_received(const struct payload *payload);
uint64_t payload_sent(const struct payload *payload);

/* The element that has to be at `index` of what it received, and whose it is. */
float payload_expected(const struct payload *payload, uint64_t index, unsigned *ret_source);

/* A run of elements that lie together, there and where they come from. */
struct payload_piece {
	uint64_t at, count; /* of what is sent, or received */
	uint64_t first;     /* the number of its first element in what the rank, or each, sends */
	unsigned rank;      /* whose; of a sum: nothing */
	unsigned ranks;     /* of a sum: how many were added up; else 0 */
};

/* One a block that is shared out or gathered, else one of everything. */
unsigned payload_pieces_sent(const struct payload *payload);
unsigned payload_pieces_received(const struct payload *payload);
struct payload_piece payload_piece_sent(const struct payload *payload, unsigned number);
struct payload_piece payload_piece_received(const struct payload *payload, unsigned number);

struct payload_verdict {
	uint64_t compared, wrong;
	uint64_t first_wrong; /* index; when wrong > 0 */
	unsigned source;      /* of the first wrong one; PAYLOAD_NOBODY */
};
