#include "base/arena.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void memory_is_zeroed_and_aligned_for_any_type(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 15, 16, 17, 1000, 4095, 4096, 70000, 3 << 20 };

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t round = 0; round < 50; round++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			unsigned char *at = arena_take(&arena, sizes[i]);

			assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
			for (size_t j = 0; j < sizes[i]; j++)
				assert_true(at[j] == 0);
			memset(at, 0xaa, sizes[i]);
		}
	}
}

static void pieces_do_not_overlap(void **state)
{
	enum { PIECES = 3000 };
	unsigned char *pieces[PIECES];

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < PIECES; i++) {
		pieces[i] = arena_take(&arena, i);
		memset(pieces[i], (int)(i & 0xff), i);
	}
	for (size_t i = 0; i < PIECES; i++) {
		for (size_t j = 0; j < i; j++)
			assert_true(pieces[i][j] == (i & 0xff));
	}
}

static void empty_pieces_have_addresses_of_their_own(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	const void *first = arena_take(&arena, 0);
	const void *second = arena_take(&arena, 0);

	assert_non_null(first);
	assert_ptr_not_equal(first, second);
}

static void bytes_count_what_was_asked_for(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	(void)arena_take(&arena, 5);
	(void)arena_take_array(&arena, 3, 7);
	assert_int_equal(arena.bytes, 26);
	arena_release(&arena);
	assert_int_equal(arena.bytes, 0);
}

static void a_released_arena_is_ready_again(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	arena_release(&arena);
	assert_string_equal(arena_string(&arena, SPAN("once")), "once");
	arena_release(&arena);
	assert_string_equal(arena_string(&arena, SPAN("again")), "again");
	arena_release(&arena);
}

static void strings_end_with_nul(void **state)
{
	static const char *const cases[] = { "", "a", "exactly fifteen", "sixteen bytes ok" };

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(arena_string(&arena, span_of(cases[i])), cases[i]);
	assert_string_equal(arena_string(&arena, (struct span){ .at = "abcdef", .length = 3 }),
			    "abc");
	assert_string_equal(arena_string(&arena, (struct span){ 0 }), "");
}

static void format_takes_any_length(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	assert_string_equal(arena_format(&arena, "%s-%d", "a", 7), "a-7");
	assert_string_equal(arena_format(&arena, "%s", ""), "");
	assert_int_equal(strlen(arena_format(&arena, "%*d", 100000, 1)), 100000);
}

/* Every typed piece is as large as its type. */
static void typed_pieces(void **state)
{
	struct pair {
		uint64_t a, b;
	};

	(void)state;
	SCOPED_ARENA(arena);
	struct pair *one = ARENA_NEW(&arena, struct pair);
	struct pair *many = ARENA_ARRAY(&arena, struct pair, 10);

	*one = (struct pair){ .a = 1, .b = 2 };
	many[9] = *one;
	assert_int_equal(arena.bytes, 11 * sizeof(struct pair));
	assert_int_equal(many[9].b, 2);
	assert_int_equal(many[8].b, 0);
}

/* Runs a take of count × size in a child; returns its exit status and line. */
static int take_in_child(size_t count, size_t size, char *said, size_t said_size)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct arena arena = { 0 };

		(void)dup2(ends[1], STDERR_FILENO);
		(void)arena_take_array(&arena, count, size);
		_exit(0);
	}
	(void)close(ends[1]);

	int status = 0;
	ssize_t length = read(ends[0], said, said_size - 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	(void)close(ends[0]);
	said[length > 0 ? length : 0] = '\0';
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void what_cannot_be_had_ends_the_process_with_a_line(void **state)
{
	static const struct {
		size_t count;
		size_t size;
	} cases[] = {
		{ SIZE_MAX, 2 },
		{ SIZE_MAX / 2, 3 },
		{ 1, SIZE_MAX },
		{ 1, SIZE_MAX - 20 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char said[200];

		assert_int_equal(take_in_child(cases[i].count, cases[i].size, said, sizeof(said)),
				 71);
		assert_memory_equal(said, "assay: out of memory", strlen("assay: out of memory"));
	}
}

static void a_cleared_arena_is_empty_and_zeroed(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	arena_clear(&arena); /* nothing to clear is fine */
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 50; i++) {
			unsigned char *piece = arena_take(&arena, 1000);

			for (int k = 0; k < 1000; k++)
				assert_int_equal(piece[k], 0);
			memset(piece, 0xAA, 1000);
		}
		assert_int_equal(arena.bytes, 50 * 1000);
		arena_clear(&arena);
		assert_int_equal(arena.bytes, 0);
	}
	arena_release(&arena);
}

static void a_joined_arena_keeps_what_it_held(void **state)
{
	struct arena into = { 0 }, from = { 0 };
	const char *mine, *theirs;

	(void)state;
	arena_join(&into, &from); /* two empty ones */
	theirs = arena_string(&from, SPAN("theirs"));
	arena_join(&into, &from);
	assert_null(from.newest);
	mine = arena_string(&into, SPAN("mine"));
	(void)arena_string(&from, SPAN("more"));
	(void)arena_take(&from, 100000);
	arena_join(&into, &from);
	assert_string_equal(theirs, "theirs");
	assert_string_equal(mine, "mine");
	assert_int_equal(into.bytes, sizeof("theirs") + sizeof("mine") + sizeof("more") + 100000);
	arena_release(&into);
}

static void a_reserved_block_takes_the_next_pieces(void **state)
{
	struct arena arena = { 0 };
	char *first, *last;

	(void)state;
	arena_reserve(&arena, 100 * 1024);
	first = arena_take(&arena, 16);
	for (int i = 0; i < 90; i++)
		last = arena_take(&arena, 1000);
	assert_true(last > first && last - first < 100 * 1024);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned_for_any_type),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(empty_pieces_have_addresses_of_their_own),
		cmocka_unit_test(bytes_count_what_was_asked_for),
		cmocka_unit_test(a_released_arena_is_ready_again),
		cmocka_unit_test(strings_end_with_nul),
		cmocka_unit_test(format_takes_any_length),
		cmocka_unit_test(typed_pieces),
		cmocka_unit_test(what_cannot_be_had_ends_the_process_with_a_line),
		cmocka_unit_test(a_cleared_arena_is_empty_and_zeroed),
		cmocka_unit_test(a_joined_arena_keeps_what_it_held),
		cmocka_unit_test(a_reserved_block_takes_the_next_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
