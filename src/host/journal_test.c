#include "host/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct span none = { 0 };

static void what_was_added_is_found_by_kind_topic_and_key(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	struct journal journal = { .arena = &arena };

	assert_null(journal_find(&journal, JOURNAL_LIST, none, SPAN("/a")));
	for (int i = 0; i < 1000; i++) {
		const char *key = arena_format(&arena, "/%d", i);

		journal_add(&journal, JOURNAL_STATUS, none, span_of(key))->number = i;
		journal_add(&journal, JOURNAL_REFUSAL, SPAN("peek"), span_of(key))->number = -i;
	}
	assert_int_equal(journal.count, 2000);
	for (int i = 0; i < 1000; i++) {
		struct span key = span_of(arena_format(&arena, "/%d", i));

		assert_int_equal(journal_find(&journal, JOURNAL_STATUS, none, key)->number, i);
		assert_int_equal(journal_find(&journal, JOURNAL_REFUSAL, SPAN("peek"), key)->number,
				 -i);
		assert_null(journal_find(&journal, JOURNAL_REFUSAL, SPAN("list"), key));
		assert_null(journal_find(&journal, JOURNAL_LIST, none, key));
	}
}

static void the_order_is_by_kind_topic_and_key(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	struct journal journal = { .arena = &arena };

	journal_sort(&journal);
	(void)journal_add(&journal, JOURNAL_RUN, none, SPAN("a"));
	(void)journal_add(&journal, JOURNAL_REFUSAL, SPAN("peek"), SPAN("/a"));
	(void)journal_add(&journal, JOURNAL_REFUSAL, SPAN("list"), SPAN("/b"));
	(void)journal_add(&journal, JOURNAL_REFUSAL, SPAN("list"), SPAN("/a"));
	journal_sort(&journal);
	assert_string_equal(journal.entries[0]->key.at, "/a");
	assert_string_equal(journal.entries[1]->key.at, "/b");
	assert_string_equal(journal.entries[2]->topic.at, "peek");
	assert_int_equal(journal.entries[3]->kind, JOURNAL_RUN);
}

static void words_make_a_key_that_keeps_them_apart(void **state)
{
	const char *const one[] = { "a", "b c", NULL };
	const char *const two[] = { "a", "b", "c", NULL };
	const char *const three[] = { "a", "", NULL };
	const char *const nothing[] = { NULL };

	(void)state;
	SCOPED_ARENA(arena);
	assert_true(span_equal(journal_words(&arena, one), SPAN("a\0b c\0")));
	assert_true(span_equal(journal_words(&arena, two), SPAN("a\0b\0c\0")));
	assert_true(span_equal(journal_words(&arena, three), SPAN("a\0\0")));
	assert_int_equal(journal_words(&arena, nothing).length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_found_by_kind_topic_and_key),
		cmocka_unit_test(the_order_is_by_kind_topic_and_key),
		cmocka_unit_test(words_make_a_key_that_keeps_them_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
