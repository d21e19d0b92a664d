#include "host/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "test/root.h"

#include <cmocka.h>

enum {
	LARGE = 1 << 20,
};

/* The text as one member of gzip. */
static struct span zipped(struct span text, struct arena *arena)
{
	z_stream deflater = { 0 };
	size_t room = text.length + 1024;
	char *into = arena_take(arena, room);
	char *copy = arena_take(arena, text.length + 1);

	memcpy(copy, text.at, text.length);
	assert_int_equal(deflateInit2(&deflater, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	deflater.next_in = (Bytef *)copy;
	deflater.avail_in = (uInt)text.length;
	deflater.next_out = (Bytef *)into;
	deflater.avail_out = (uInt)room;
	assert_int_equal(deflate(&deflater, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&deflater), Z_OK);
	return (struct span){ into, deflater.total_out };
}

static struct span joined(struct span a, struct span b, struct arena *arena)
{
	char *into = arena_take(arena, a.length + b.length + 1);

	memcpy(into, a.at, a.length);
	memcpy(into + a.length, b.at, b.length);
	return (struct span){ into, a.length + b.length };
}

/* All of the file; false when it breaks. */
static bool read_file(struct root *root, const char *path, size_t peek, struct span *ret_text,
		      struct error *err)
{
	struct stream *stream = NULL;
	bool done;

	if (!stream_open(&root->host, path, &stream, err))
		return false;
	if (peek > 0)
		(void)stream_head(stream, peek);
	done = source_read_all(stream_source(stream), path, 64 << 20, &root->arena, ret_text, err);
	stream_close(stream);
	return done;
}

static void expect_text(struct root *root, const char *path, size_t peek, struct span expected)
{
	struct error err = { 0 };
	struct span text = { 0 };

	if (!read_file(root, path, peek, &text, &err))
		print_message("# %s\n", err.text);
	assert_true(span_equal(text, expected));
}

static struct span large_text(struct arena *arena)
{
	char *text = arena_take(arena, LARGE);

	for (size_t i = 0; i < LARGE; i++)
		text[i] = (char)('a' + i * i % 23);
	return (struct span){ text, LARGE };
}

static void plain_and_packed_files_read_the_same(void **state)
{
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	struct span large = large_text(&root.arena);
	struct span packed = zipped(large, &root.arena);
	root_put_bytes(&root, "/plain", large);
	root_put_bytes(&root, "/packed", packed);
	root_put_bytes(&root, "/two",
		       joined(packed, zipped(SPAN("tail"), &root.arena), &root.arena));
	root_put_bytes(&root, "/empty.gz", zipped(SPAN(""), &root.arena));
	root_put(&root, "/empty", "");
	root_put(&root, "/one", "x");
	for (size_t peek = 0; peek <= STREAM_HEAD_MAXIMUM; peek += STREAM_HEAD_MAXIMUM / 2) {
		expect_text(&root, "/plain", peek, large);
		expect_text(&root, "/packed", peek, large);
		expect_text(&root, "/two", peek, joined(large, SPAN("tail"), &root.arena));
		expect_text(&root, "/empty.gz", peek, SPAN(""));
		expect_text(&root, "/empty", peek, SPAN(""));
		expect_text(&root, "/one", peek, SPAN("x"));
	}
}

static void the_head_is_unpacked_and_still_to_be_read(void **state)
{
	struct stream *stream = NULL;
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	root_put_bytes(&root, "/a.gz", zipped(SPAN("provider,price\n"), &root.arena));
	assert_true(stream_open(&root.host, "/a.gz", &stream, NULL));
	assert_true(span_starts(stream_head(stream, 8), "provider"));
	assert_int_equal(stream_head(stream, 8).length, 8);
	assert_true(span_is(stream_head(stream, 4096), "provider,price\n"));
	stream_close(stream);
}

static void half_a_packed_file_is_an_error_wherever_it_ends(void **state)
{
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	struct span packed = zipped(large_text(&root.arena), &root.arena);
	for (size_t length = 3; length < packed.length; length += packed.length / 7) {
		struct error err = { 0 };
		struct span text;

		root_put_bytes(&root, "/half", (struct span){ packed.at, length });
		assert_false(read_file(&root, "/half", 4096, &text, &err));
		assert_int_equal(err.code, ERROR_PARSE);
		assert_non_null(strstr(err.text, "half a gzip file"));
	}
}

static void damage_is_told(void **state)
{
	struct error err = { 0 };
	struct span text;
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	struct span packed = zipped(SPAN("some text that is packed"), &root.arena);
	char *bytes = arena_take(&root.arena, packed.length);
	memcpy(bytes, packed.at, packed.length);
	bytes[packed.length - 5] ^= 0x55;
	root_put_bytes(&root, "/bad", (struct span){ bytes, packed.length });
	assert_false(read_file(&root, "/bad", 0, &text, &err));
	assert_non_null(strstr(err.text, "damaged"));
	root_put_bytes(&root, "/tail", joined(packed, SPAN("rubbish"), &root.arena));
	assert_false(read_file(&root, "/tail", 0, &text, &err));
	assert_non_null(strstr(err.text, "damaged"));
}

static void what_is_no_file_is_refused(void **state)
{
	static const struct root_entry entries[] = { { "/d/", "" }, { 0 } };
	struct stream *stream = NULL;
	struct error err = { 0 };
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	assert_false(stream_open(&root.host, "/d", &stream, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_false(stream_open(&root.host, "/gone", &stream, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	stream_close(NULL);
}

static void standard_input_is_a_file_named_by_a_dash(void **state)
{
	int ends[2], before = dup(STDIN_FILENO);
	struct span text;
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "piped", 5), 5);
	(void)close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	assert_true(read_file(&root, "-", 4096, &text, NULL));
	assert_true(span_is(text, "piped"));
	(void)close(ends[0]);
	(void)dup2(before, STDIN_FILENO);
	(void)close(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_packed_files_read_the_same),
		cmocka_unit_test(the_head_is_unpacked_and_still_to_be_read),
		cmocka_unit_test(half_a_packed_file_is_an_error_wherever_it_ends),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(standard_input_is_a_file_named_by_a_dash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
