#include "active/payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
	RANKS = 4,
	ELEMENTS = 64,
};

static void sums_are_whole_numbers_of_all_ranks(void **state)
{
	const struct payload payload = {
		.collective = COLLECTIVE_ALL_REDUCE, .ranks = RANKS, .rank = 1, .elements = ELEMENTS
	};
	unsigned differ = 0;

	(void)state;
	for (uint64_t i = 0; i < ELEMENTS; i++) {
		unsigned source, sum = 0;

		for (unsigned rank = 0; rank < RANKS; rank++)
			sum += (unsigned)payload_value(rank, i);
		assert_true(payload_expected(&payload, i, &source) == (float)sum);
		assert_int_equal(source, PAYLOAD_NOBODY);
		differ += payload_value(0, i) != payload_value(1, i);
	}
	assert_true(differ > ELEMENTS * 9 / 10);
}

static void shared_blocks_are_of_their_source(void **state)
{
	struct payload payload = {
		.collective = COLLECTIVE_ALL_GATHER, .ranks = RANKS, .rank = 2, .elements = ELEMENTS
	};
	unsigned source;

	(void)state;
	assert_int_equal(payload_sent(&payload), ELEMENTS / RANKS);
	assert_true(payload_expected(&payload, 17, &source) == payload_value(1, 1));
	assert_int_equal(source, 1);
	payload.collective = COLLECTIVE_ALL_TO_ALL;
	assert_true(payload_expected(&payload, 17, &source) == payload_value(1, 33));
	payload.collective = COLLECTIVE_REDUCE_SCATTER;
	assert_int_equal(payload_received(&payload), ELEMENTS / RANKS);
	payload.collective = COLLECTIVE_SEND_RECEIVE;
	payload.of = 3;
	assert_true(payload_expected(&payload, 5, &source) == payload_value(3, 5));
	assert_int_equal(source, 3);
}

static void check_element(const struct payload *payload, const struct payload_piece *piece,
			  uint64_t i)
{
	unsigned source;
	float wanted = payload_expected(payload, piece->at + i, &source);
	float sum = piece->ranks > 0 ? 0 : payload_value(piece->rank, piece->first + i);

	for (unsigned rank = 0; rank < piece->ranks; rank++)
		sum += payload_value(rank, piece->first + i);
	assert_true(sum == wanted);
	assert_int_equal(source, piece->ranks > 0 ? PAYLOAD_NOBODY : piece->rank);
}

static void check_received(const struct payload *payload)
{
	uint64_t seen = 0;

	for (unsigned i = 0; i < payload_pieces_received(payload); i++) {
		const struct payload_piece piece = payload_piece_received(payload, i);

		assert_int_equal(piece.at, seen);
		seen += piece.count;
		for (uint64_t j = 0; j < piece.count; j++)
			check_element(payload, &piece, j);
	}
	assert_int_equal(seen, payload_received(payload));
}

static void check_sent(const struct payload *payload)
{
	uint64_t sent = 0;

	for (unsigned i = 0; i < payload_pieces_sent(payload); i++) {
		const struct payload_piece piece = payload_piece_sent(payload, i);

		assert_int_equal(piece.first, sent);
		sent += piece.count;
		assert_true(sent <= payload_sent(payload));
	}
}

static void pieces_are_what_is_expected_element_by_element(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < COLLECTIVE_COUNT; kind++) {
		const struct payload payload = {
			.collective = (enum collective)kind,
			.ranks = RANKS,
			.rank = 2,
			.of = 3,
			.elements = ELEMENTS,
		};

		check_received(&payload);
		check_sent(&payload);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_whole_numbers_of_all_ranks),
		cmocka_unit_test(shared_blocks_are_of_their_source),
		cmocka_unit_test(pieces_are_what_is_expected_element_by_element),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
