#include "active/payload.h"

/* Well mixed, and cheap enough to be computed for each element on both sides. */
float payload_value(unsigned rank, uint64_t index)
{
	uint32_t word = (uint32_t)(index ^ index >> 32) * 2654435761u + rank * 2246822519u;

	word ^= word >> 15;
	word *= 2654435769u;
	return (float)(word >> 24);
}

uint64_t payload_received(const struct payload *payload)
{
	return payload->collective == COLLECTIVE_REDUCE_SCATTER ? payload->elements / payload->ranks
								: payload->elements;
}

uint64_t payload_sent(const struct payload *payload)
{
	return payload->collective == COLLECTIVE_ALL_GATHER ? payload->elements / payload->ranks
							    : payload->elements;
}

static float sum_of(unsigned ranks, uint64_t index)
{
	float sum = 0;

	for (unsigned i = 0; i < ranks; i++)
		sum += payload_value(i, index);
	return sum;
}

float payload_expected(const struct payload *payload, uint64_t index, unsigned *ret_source)
{
	uint64_t block = payload->elements / payload->ranks;
	unsigned source = PAYLOAD_NOBODY;
	float value = 0;

	switch (payload->collective) {
	case COLLECTIVE_ALL_REDUCE:
		value = sum_of(payload->ranks, index);
		break;
	case COLLECTIVE_REDUCE_SCATTER:
		value = sum_of(payload->ranks, payload->rank * block + index);
		break;
	case COLLECTIVE_ALL_GATHER:
		source = (unsigned)(index / block);
		value = payload_value(source, index % block);
		break;
	case COLLECTIVE_ALL_TO_ALL:
		source = (unsigned)(index / block);
		value = payload_value(source, payload->rank * block + index % block);
		break;
	case COLLECTIVE_BROADCAST:
	case COLLECTIVE_SEND_RECEIVE:
		source = payload->of;
		value = payload_value(source, index);
		break;
	case COLLECTIVE_COUNT:
		break;
	}
	if (ret_source)
		*ret_source = source;
	return value;
}

/* Where one block is shared out to each rank. */
static bool is_shared_out(enum collective collective)
{
	return collective == COLLECTIVE_ALL_TO_ALL || collective == COLLECTIVE_REDUCE_SCATTER;
}

unsigned payload_pieces_sent(const struct payload *payload)
{
	return is_shared_out(payload->collective) ? payload->ranks : 1;
}

unsigned payload_pieces_received(const struct payload *payload)
{
	return payload->collective == COLLECTIVE_ALL_TO_ALL ||
			       payload->collective == COLLECTIVE_ALL_GATHER
		       ? payload->ranks
		       : 1;
}

struct payload_piece payload_piece_sent(const struct payload *payload, unsigned number)
{
	uint64_t count = payload_sent(payload) / payload_pieces_sent(payload);

	return (struct payload_piece){
		.at = number * count,
		.count = count,
		.first = number * count,
		.rank = payload->rank,
	};
}

struct payload_piece payload_piece_received(const struct payload *payload, unsigned number)
{
	uint64_t count = payload_received(payload) / payload_pieces_received(payload);
	struct payload_piece piece = { .at = number * count, .count = count };

	switch (payload->collective) {
	case COLLECTIVE_ALL_REDUCE:
		piece.ranks = payload->ranks;
		break;
	case COLLECTIVE_REDUCE_SCATTER:
		piece.ranks = payload->ranks;
		piece.first = payload->rank * count;
		break;
	case COLLECTIVE_ALL_GATHER:
		piece.rank = number;
		break;
	case COLLECTIVE_ALL_TO_ALL:
		piece.rank = number;
		piece.first = payload->rank * count;
		break;
	case COLLECTIVE_BROADCAST:
	case COLLECTIVE_SEND_RECEIVE:
		piece.rank = payload->of;
		break;
	case COLLECTIVE_COUNT:
		break;
	}
	return piece;
}
