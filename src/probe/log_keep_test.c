#include "probe/log_keep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add(struct log_keep *keep, const char *device, uint32_t code, const char *text)
{
	const struct log_message message = {
		.topic = KERNEL_XID,
		.device = device,
		.boot_us = (int64_t)keep->seen,
		.text = span_of(text),
	};

	log_keep_add(keep, &message, code);
}

static size_t list(const struct log_keep *keep, const struct log_message *const **ret_messages)
{
	size_t count = 99;

	log_keep_list(keep, ret_messages, &count);
	return count;
}

static void nothing_gives_nothing(void **state)
{
	SCOPED_ARENA(arena);
	const struct log_keep keep = { .arena = &arena };
	const struct log_message *const *messages;

	(void)state;
	assert_int_equal(list(&keep, &messages), 0);
}

static void messages_come_back_in_their_order(void **state)
{
	SCOPED_ARENA(arena);
	struct log_keep keep = { .arena = &arena };
	const struct log_message *const *messages;
	char device[] = "gpu:0000:19:00.0";

	(void)state;
	add(&keep, device, 79, "one");
	add(&keep, NULL, 79, "two");
	add(&keep, device, 48, "three");
	add(&keep, device, 79, "");
	device[4] = 'x';
	assert_int_equal(list(&keep, &messages), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(messages[i]->order, i);
	assert_string_equal(messages[0]->device, "gpu:0000:19:00.0");
	assert_null(messages[1]->device);
	assert_true(span_is(messages[2]->text, "three"));
	assert_string_equal(messages[3]->device, "gpu:0000:19:00.0");
	assert_int_equal(messages[3]->text.length, 0);
	assert_int_equal(messages[3]->boot_us, 3);
}

/* A storm of one sort takes nothing from another, and no memory. */
static void of_a_sort_the_newest_stay(void **state)
{
	SCOPED_ARENA(arena);
	struct log_keep keep = { .arena = &arena };
	const struct log_message *const *messages;
	char text[3000];
	size_t bytes = 0;

	(void)state;
	add(&keep, "gpu:a", 79, "first");
	for (unsigned i = 0; i < 20000; i++) {
		memset(text, 'x', sizeof(text));
		text[10 + i % 2900] = '\0';
		(void)snprintf(text, 10, "%u", i);
		text[strlen(text)] = ' ';
		add(&keep, "gpu:a", 31, text);
		if (i == 10000)
			bytes = arena.bytes;
	}
	assert_true(arena.bytes < bytes + 1024);
	assert_int_equal(list(&keep, &messages), LOG_KEEP_EACH + 1);
	assert_true(span_is(messages[0]->text, "first"));
	assert_true(span_starts(messages[1]->text, "19936 "));
	assert_true(span_starts(messages[LOG_KEEP_EACH]->text, "19999 "));
	assert_int_equal(keep.seen, 20001);
	for (size_t i = 0; i <= LOG_KEEP_EACH; i++)
		assert_true(messages[i]->text.length <= RECORD_EXCERPT_MAXIMUM);
}

static void of_too_many_sorts_the_newest_stay(void **state)
{
	SCOPED_ARENA(arena);
	struct log_keep keep = { .arena = &arena };
	const struct log_message *const *messages;

	(void)state;
	for (uint32_t i = 0; i < LOG_KEEP_ALL + 100; i++)
		add(&keep, "gpu:a", i, "x");
	add(&keep, "gpu:a", LOG_KEEP_ALL, "again");
	assert_int_equal(list(&keep, &messages), LOG_KEEP_ALL);
	assert_int_equal(messages[0]->order, 101);
	assert_true(span_is(messages[LOG_KEEP_ALL - 1]->text, "again"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_gives_nothing),
		cmocka_unit_test(messages_come_back_in_their_order),
		cmocka_unit_test(of_a_sort_the_newest_stay),
		cmocka_unit_test(of_too_many_sorts_the_newest_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
