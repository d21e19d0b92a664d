#include "base/grow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct pair {
	uint32_t number;
	const char *name;
};

static void what_is_in_an_array_stays_while_it_grows(void **state)
{
	struct pair *pairs = NULL;
	uint32_t count = 0, room = 0;
	SCOPED_ARENA(arena);

	(void)state;
	while (count < 1000) {
		ARENA_GROW(&arena, pairs, count, room);
		assert_true(count < room);
		assert_int_equal(pairs[count].number, 0);
		pairs[count] = (struct pair){ .number = count, .name = "one" };
		count++;
	}
	assert_int_equal(room, 1024);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(pairs[i].number, i);
		assert_string_equal(pairs[i].name, "one");
	}
}

static void an_array_with_room_stays_where_it_is(void **state)
{
	const char **words = NULL;
	size_t count = 0, room = 0;
	SCOPED_ARENA(arena);

	(void)state;
	ARENA_GROW(&arena, words, count, room);
	assert_int_equal(room, 64);
	const char **first = words;
	for (; count < 64; count++) {
		ARENA_GROW(&arena, words, count, room);
		assert_ptr_equal(words, first);
	}
	ARENA_GROW(&arena, words, count, room);
	assert_int_equal(room, 128);
	assert_ptr_not_equal(words, first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_an_array_stays_while_it_grows),
		cmocka_unit_test(an_array_with_room_stays_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
