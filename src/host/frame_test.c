#include "host/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_head_is_what_was_written(void **state)
{
	const struct frame frame = { .kind = 'q', .length = 70000, .sequence = UINT64_MAX - 1 };
	uint8_t head[FRAME_HEAD_SIZE];
	struct frame back;

	(void)state;
	frame_write(&frame, head);
	assert_memory_equal(head, "ASYM\1q", 6);
	assert_true(frame_read(head, &back, NULL));
	assert_int_equal(back.kind, 'q');
	assert_int_equal(back.length, 70000);
	assert_true(back.sequence == UINT64_MAX - 1);
}

static void what_is_no_head_is_refused(void **state)
{
	static const struct {
		unsigned at;
		uint8_t byte;
		enum error_code code;
	} cases[] = {
		{ 0, 'B', ERROR_PARSE }, { 4, 2, ERROR_UNSUPPORTED }, { 5, 'Q', ERROR_PARSE },
		{ 7, 1, ERROR_PARSE },   { 8, 1, ERROR_LIMIT },
	};
	const struct frame frame = { .kind = 'a', .length = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t head[FRAME_HEAD_SIZE];
		struct frame back;
		struct error err;

		frame_write(&frame, head);
		head[cases[i].at] = cases[i].byte;
		assert_false(frame_read(head, &back, &err));
		assert_int_equal(err.code, cases[i].code);
	}
}

static void only_the_token_of_this_connection_signs(void **state)
{
	uint8_t nonces[2][FRAME_NONCE_SIZE] = { { 1 }, { 2 } };
	uint8_t key[FRAME_KEY_SIZE], other[FRAME_KEY_SIZE], tag[FRAME_TAG_SIZE];
	uint8_t head[FRAME_HEAD_SIZE] = { 7 };

	(void)state;
	frame_key(SPAN("a token"), nonces[0], nonces[1], key);
	frame_sign(head, SPAN("body"), key, tag);
	assert_true(frame_is_signed(head, SPAN("body"), key, tag));
	assert_false(frame_is_signed(head, SPAN("bodY"), key, tag));
	head[0] = 8;
	assert_false(frame_is_signed(head, SPAN("body"), key, tag));
	head[0] = 7;
	frame_key(SPAN("b token"), nonces[0], nonces[1], other);
	assert_false(frame_is_signed(head, SPAN("body"), other, tag));
	frame_key(SPAN("a token"), nonces[1], nonces[0], other);
	assert_false(frame_is_signed(head, SPAN("body"), other, tag));
}

static void who_joins_says_who_he_is(void **state)
{
	static const char *const none[] = {
		"", "join", "join 1 2", "join 1 2 3 4", "join 1 -1 3", "leave 1 2 3"
	};
	struct frame_hello hello;
	struct error err;

	(void)state;
	assert_true(frame_hello_read(SPAN("join 1 3 16"), &hello, &err));
	assert_int_equal(hello.rank, 3);
	assert_int_equal(hello.ranks, 16);
	assert_false(frame_hello_read(SPAN("join 2 3 16"), &hello, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(frame_hello_read(span_of(none[i]), &hello, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_what_was_written),
		cmocka_unit_test(what_is_no_head_is_refused),
		cmocka_unit_test(only_the_token_of_this_connection_signs),
		cmocka_unit_test(who_joins_says_who_he_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
