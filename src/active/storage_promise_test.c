#include "active/storage_promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void a_changed_byte_of_a_pattern_is_counted(void **state)
{
	unsigned char bytes[1024];

	(void)state;
	pattern_fill(3, 4096, bytes, sizeof(bytes));
	assert_int_equal(pattern_differs(3, 4096, bytes, sizeof(bytes)), 0);
	bytes[17] ^= 1;
	bytes[1023] ^= 0x80;
	assert_int_equal(pattern_differs(3, 4096, bytes, sizeof(bytes)), 2);
}

static void another_place_or_seed_is_another_pattern(void **state)
{
	unsigned char bytes[512];

	(void)state;
	pattern_fill(3, 0, bytes, sizeof(bytes));
	assert_true(pattern_differs(3, 512, bytes, sizeof(bytes)) > 400);
	assert_true(pattern_differs(4, 0, bytes, sizeof(bytes)) > 400);
}

/* As a process writes it. */
static void add_record(char *text, unsigned process, unsigned round)
{
	char record[PROMISE_RECORD + 1];
	int length = snprintf(record, sizeof(record), "%06u %08u ", process, round);

	memset(record + length, 'a' + (int)(process % 26), PROMISE_RECORD - 1 - (size_t)length);
	record[PROMISE_RECORD - 1] = '\n';
	record[PROMISE_RECORD] = '\0';
	(void)memcpy(text + strlen(text), record, sizeof(record));
}

static void lost_torn_and_doubled_records_do_not_count(void **state)
{
	char text[PROMISE_RECORD * 8 + 1] = "";

	(void)state;
	SCOPED_ARENA(arena);
	add_record(text, 0, 0);
	add_record(text, 1, 1);
	assert_int_equal(append_count(span_of(text), 2, 2, &arena), 2);
	add_record(text, 1, 1);
	add_record(text, 2, 0);
	assert_int_equal(append_count(span_of(text), 2, 2, &arena), 2);
	text[40] = 'z';
	assert_int_equal(append_count(span_of(text), 2, 2, &arena), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_byte_of_a_pattern_is_counted),
		cmocka_unit_test(another_place_or_seed_is_another_pattern),
		cmocka_unit_test(lost_torn_and_doubled_records_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
