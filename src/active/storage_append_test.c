#include "active/storage_append.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* As a process writes it. */
static void add_record(char *text, unsigned process, unsigned round)
{
	char record[APPEND_RECORD + 1];
	int length = snprintf(record, sizeof(record), "%06u %08u ", process, round);

	memset(record + length, 'a' + (int)(process % 26), APPEND_RECORD - 1 - (size_t)length);
	record[APPEND_RECORD - 1] = '\n';
	record[APPEND_RECORD] = '\0';
	(void)memcpy(text + strlen(text), record, sizeof(record));
}

static void lost_torn_and_doubled_records_do_not_count(void **state)
{
	char text[APPEND_RECORD * 8 + 1] = "";

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
		cmocka_unit_test(lost_torn_and_doubled_records_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
