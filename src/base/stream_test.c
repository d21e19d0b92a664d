#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A text that comes in pieces of `piece` bytes. */
struct pieces {
	struct span rest;
	size_t piece;
	bool breaks; /* fails at the end */
};

static bool read_piece(void *context, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	struct pieces *pieces = context;
	size_t length = pieces->piece < room ? pieces->piece : room;

	if (length > pieces->rest.length)
		length = pieces->rest.length;
	if (length == 0 && pieces->breaks)
		return (fail)(err, ERROR_IO, "the pipe broke");
	memcpy(into, pieces->rest.at, length);
	pieces->rest.at += length;
	pieces->rest.length -= length;
	*ret_length = length;
	return true;
}

static void expect_lines(const char *text, const char *const *lines, size_t count)
{
	for (size_t piece = 1; piece < 9; piece++) {
		struct pieces pieces = { .rest = span_of(text), .piece = piece };
		struct line_reader reader;
		struct span line;

		line_reader_init(&reader, (struct byte_source){ read_piece, &pieces }, "f", 8);
		for (size_t i = 0; i < count; i++) {
			enum line_step step = line_next(&reader, &line, NULL);

			assert_int_equal(step, lines[i] ? LINE_READ : LINE_TOO_LONG);
			assert_int_equal(reader.line, i + 1);
			if (lines[i])
				assert_true(span_is(line, lines[i]));
		}
		assert_int_equal(line_next(&reader, &line, NULL), LINE_END);
		line_reader_release(&reader);
	}
}

static void lines_end_in_any_way(void **state)
{
	static const char *const lines[] = { "ab", "", "cd", "e" };

	(void)state;
	expect_lines("ab\n\ncd\r\ne", lines, 4);
	expect_lines("\xef\xbb\xbf"
		     "ab\n\ncd\r\ne\n",
		     lines, 4);
	expect_lines("", lines, 0);
}

static void a_line_too_long_is_skipped_and_said(void **state)
{
	static const char *const lines[] = { "a", NULL, "12345678", NULL };

	(void)state;
	expect_lines("a\n0123456789012345\n12345678\n123456789", lines, 4);
}

static void a_fault_of_the_source_is_told_with_the_file(void **state)
{
	struct pieces pieces = { .rest = span_of("ab\ncd"), .piece = 2, .breaks = true };
	struct error err = { 0 };
	struct line_reader reader;
	struct span line;

	(void)state;
	line_reader_init(&reader, (struct byte_source){ read_piece, &pieces }, "prices.csv", 8);
	assert_int_equal(line_next(&reader, &line, &err), LINE_READ);
	assert_int_equal(line_next(&reader, &line, &err), LINE_FAULT);
	assert_string_equal(err.text, "reading 'prices.csv': the pipe broke");
	line_reader_release(&reader);
}

static void the_whole_is_bounded(void **state)
{
	struct arena arena = { 0 };
	struct pieces pieces = { .rest = span_of("0123456789"), .piece = 3 };
	struct byte_source source = { read_piece, &pieces };
	struct error err = { 0 };
	struct span text;

	(void)state;
	assert_true(source_read_all(source, "f", 10, &arena, &text, &err));
	assert_true(span_is(text, "0123456789"));
	pieces.rest = span_of("0123456789");
	assert_false(source_read_all(source, "f", 9, &arena, &text, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_in_any_way),
		cmocka_unit_test(a_line_too_long_is_skipped_and_said),
		cmocka_unit_test(a_fault_of_the_source_is_told_with_the_file),
		cmocka_unit_test(the_whole_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
