#include "evidence/kernel_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WHOLE(array) ((struct span){ (array), sizeof(array) - 1 })
#define XID "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus."

enum {
	FOUND_MAXIMUM = 16,
	TEXT_MAXIMUM = 2 * KERNEL_LINE_MAXIMUM,
};

/* Copies of what was found, because the log may move between two calls. */
struct found {
	size_t count;
	struct kernel_line lines[FOUND_MAXIMUM];
	char text[TEXT_MAXIMUM];
	size_t used;
};

static void keep(void *context, const struct kernel_line *line)
{
	struct found *found = context;

	assert_true(found->count < FOUND_MAXIMUM);
	assert_true(found->used + line->message.length <= TEXT_MAXIMUM);
	found->lines[found->count] = *line;
	found->lines[found->count].message.at = found->text + found->used;
	memcpy(found->text + found->used, line->message.at, line->message.length);
	found->used += line->message.length;
	found->count++;
}

static size_t scan(struct span log, bool is_end, struct found *found)
{
	const struct kernel_scan how = { .is_end = is_end, .found = keep, .context = found };

	memset(found, 0, sizeof(*found));
	return kernel_scan(&how, log);
}

static void each_form_of_a_line_is_read(void **state)
{
	static const struct {
		const char *line;
		uint64_t sequence;
		int64_t boot_us;
		unsigned level;
	} cases[] = {
		{ "4,1234,5678901,-;" XID, 1234, 5678901, 4 },
		{ "3,1,0,c;" XID, 1, 0, 3 },
		{ "6,18000000,123456789012345,-,caller=T1234;" XID, 18000000, 123456789012345, 6 },
		{ "[   12.345678] " XID, 0, 12345678, 7 },
		{ "[1234567.000001] " XID, 0, 1234567000001, 7 },
		{ "[    0.000000][    T0] " XID, 0, 0, 7 },
		{ "[   12.345678][   C12] " XID, 0, 12345678, 7 },
		{ "<4>[   12.345678] " XID, 0, 12345678, 4 },
		{ "<3>" XID, 0, -1, 3 },
		{ "[Mon Apr  6 07:25:23 2026] " XID, 0, -1, 7 },
		{ "kern  :warn  : [   12.345678] " XID, 0, 12345678, 4 },
		{ "kern  :err   : 2024-10-07T10:17:15,145363-04:00 " XID, 0, -1, 3 },
		{ "kern  :notice: [Mon Apr  6 07:25:23 2026] " XID, 0, -1, 5 },
		{ "2024-10-07T10:17:15,145363-04:00 " XID, 0, -1, 7 },
		{ "kern  :emerg : " XID, 0, -1, 0 },
		{ XID, 0, -1, 7 },
	};
	struct found found;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		scan(span_of(cases[i].line), true, &found);
		if (found.count != 1)
			fail_msg("'%s': found %zu", cases[i].line, found.count);
		assert_int_equal(found.lines[0].topic, KERNEL_XID);
		assert_true(span_is(found.lines[0].message, XID));
		assert_int_equal(found.lines[0].sequence, cases[i].sequence);
		assert_int_equal(found.lines[0].boot_us, cases[i].boot_us);
		assert_int_equal(found.lines[0].level, cases[i].level);
		assert_int_equal(found.lines[0].facility, 0);
	}
}

static void what_is_no_header_is_none(void **state)
{
	static const char *const lines[] = {
		"4,1234,x,-;" XID,
		"4,1234;" XID,
		",,,;" XID,
		"4,1234,5678901,-" XID,
		"4,99999999999999999999,5,-;" XID,
		"[   12.34567x] " XID,
		"[ ] " XID,
		"[drm] " XID,
		"[] " XID,
		"<x>" XID,
		"<>" XID,
		"<123456>" XID,
		"none  :warn  : " XID,
		"kern  :none  : " XID,
		"node17 kernel: " XID,
		"x" XID,
	};
	struct found found;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_int_equal(scan(span_of(lines[i]), true, &found), strlen(lines[i]));
		if (found.count != 0)
			fail_msg("'%s' is found", lines[i]);
	}
}

/* Whoever may write to /dev/kmsg could take a node out of service. */
static void user_space_is_believed_only_when_asked_to(void **state)
{
	static const char *const forged[] = {
		"12,1234,5678901,-;" XID,
		"30,1234,5678901,-;" XID,
		"<12>[   12.345678] " XID,
		"<30>" XID,
		"user  :warn  : [   12.345678] " XID,
		"user  :warn  : " XID,
		"authpriv:info  : " XID,
		"daemon:info  : 2024-10-07T10:17:15,145363-04:00 " XID,
		"authpriv:info  : [   12.345678] " XID,
	};
	struct found found = { 0 };
	const struct kernel_scan trusting = {
		.trust_user_space = true,
		.is_end = true,
		.found = keep,
		.context = &found,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(forged); i++) {
		scan(span_of(forged[i]), true, &found);
		assert_int_equal(found.count, 0);
		kernel_scan(&trusting, span_of(forged[i]));
		assert_int_equal(found.count, 1);
		assert_true(found.lines[0].facility > 0);
		assert_true(span_is(found.lines[0].message, XID));
	}
}

static void what_a_record_contains_is_no_line(void **state)
{
	static const char log[] = "6,1,2,-;said\\x0a4,1,2,-;" XID "\n"
				  " SUBSYSTEM=pci\n"
				  " " XID "\n"
				  " DEVICE=+pci:0000:3b:00.0\n"
				  "6,2,3,-;usb 1-1: Product: " XID "\n";
	struct found found;

	(void)state;
	assert_int_equal(scan(WHOLE(log), false, &found), sizeof(log) - 1);
	assert_int_equal(found.count, 0);
}

static void a_cut_line_waits_for_its_end(void **state)
{
	static const char log[] = "4,1,2,-;" XID "\r\n4,2,3,-;mce: [Hardware Error]: x";
	const size_t first = sizeof("4,1,2,-;" XID "\r\n") - 1;
	struct found found;

	(void)state;
	for (size_t length = 0; length < sizeof(log); length++) {
		size_t used = scan((struct span){ log, length }, false, &found);

		assert_int_equal(used, length < first ? 0 : first);
		assert_int_equal(found.count, length < first ? 0 : 1);
	}
	assert_true(span_is(found.lines[0].message, XID));
	assert_int_equal(scan(WHOLE(log), true, &found), sizeof(log) - 1);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.lines[1].sequence, 2);
}

static void only_the_start_of_a_long_line_counts(void **state)
{
	static const char start[] = "4,1,2,-;" XID;
	static const char hidden[] = "4,2,3,-;" XID "\n";
	size_t length = 3 * KERNEL_LINE_MAXIMUM;
	char *log = malloc(length + sizeof(hidden));
	struct found found;

	(void)state;
	assert_non_null(log);
	memset(log, 'x', length);
	memcpy(log, start, sizeof(start) - 1);
	memcpy(log + length, hidden, sizeof(hidden) - 1);

	/* Without its end it waits; cut to what a reader keeps, it is found all the same. */
	assert_int_equal(scan((struct span){ log, length }, false, &found), 0);
	assert_int_equal(found.count, 0);
	assert_int_equal(scan((struct span){ log, length + sizeof(hidden) - 1 }, false, &found),
			 length + sizeof(hidden) - 1);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.lines[0].message.length, KERNEL_LINE_MAXIMUM - strlen("4,1,2,-;"));
	scan((struct span){ log, KERNEL_LINE_MAXIMUM }, true, &found);
	assert_int_equal(found.lines[0].message.length, KERNEL_LINE_MAXIMUM - strlen("4,1,2,-;"));

	/* What stands behind the most that a line has is not seen. */
	memset(log, 'x', sizeof(start) - 1);
	scan((struct span){ log, length + sizeof(hidden) - 1 }, false, &found);
	assert_int_equal(found.count, 0);
	free(log);
}

static void bytes_that_are_no_text_do_no_harm(void **state)
{
	static const char log[] =
		"\0\0\n\xff\xfe[\n4,1,2,-;NVRM: \0Xid (\n[\n<\n<4>\n[  \n4,\n;\n\n\r\n"
		"4,1,2,-;NVRM: Xid (PCI:\0\xff): 79\n"
		"2024-01-01T\nkern  :warn  : \nkern  :warn  : [\n[    1.000000]\n"
		"[    1.000000][\n"
		"4,5,6,-;" XID "\n";
	struct found found;

	(void)state;
	assert_int_equal(scan(WHOLE(log), false, &found), sizeof(log) - 1);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.lines[1].sequence, 5);
	assert_int_equal(scan((struct span){ NULL, 0 }, true, &found), 0);
	assert_int_equal(found.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_a_line_is_read),
		cmocka_unit_test(what_is_no_header_is_none),
		cmocka_unit_test(user_space_is_believed_only_when_asked_to),
		cmocka_unit_test(what_a_record_contains_is_no_line),
		cmocka_unit_test(a_cut_line_waits_for_its_end),
		cmocka_unit_test(only_the_start_of_a_long_line_counts),
		cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
