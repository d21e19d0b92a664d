#define _GNU_SOURCE /* pipe2 */

#include "host/kmsg.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/root.h"
#include <cmocka.h>

static char buffer[4 * KMSG_RECORD_MAXIMUM];

static void assert_log(struct root *root, const char *expected)
{
	struct kmsg kmsg = { .file = 0 };
	struct error err = { 0 };
	size_t length = 0;

	if (!kmsg_open(&root->host, false, &root->arena, &kmsg, &err))
		fail_msg("%s", err.text);
	assert_int_equal(kmsg_descriptor(&kmsg), -1);
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, &err));
	buffer[length] = '\0';
	assert_string_equal(buffer, expected);
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, &err));
	assert_int_equal(length, 0);
	assert_int_equal(kmsg_lost(&kmsg), 0);
	kmsg_close(&kmsg);
}

static void below_a_root_the_log_is_the_first_file_of_three(void **state)
{
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	root_put(&root, "/var/log/kern.log", "host kernel: three\n");
	assert_log(&root, "three\n");
	root_put(&root, "/var/log/dmesg", "two\n");
	assert_log(&root, "two\n");
	root_put(&root, "/dev/kmsg", "6,0,0,-;one\n");
	assert_log(&root, "6,0,0,-;one\n");
	/* Something else in its place is not this root's log. */
	root_drop(&root, "/dev/kmsg");
	root_put(&root, "/dev/kmsg/", NULL);
	assert_log(&root, "two\n");
}

static void what_cannot_be_read_is_told(void **state)
{
	struct kmsg kmsg = { .file = 7 };
	struct error err = { 0 };
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	assert_false(kmsg_open(&root.host, false, &root.arena, &kmsg, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_non_null(strstr(err.text, "/var/log/kern.log"));
	root_put(&root, "/dev/kmsg", NULL);
	root_put(&root, "/var/log/dmesg", "two\n");
	assert_false(kmsg_open(&root.host, false, &root.arena, &kmsg, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_int_equal(kmsg.file, 7);
}

static void of_a_system_log_only_the_last_start_of_the_kernel_counts(void **state)
{
	static const struct {
		const char *log, *expected;
	} cases[] = {
		{ "Nov 25 07:00:00 host kernel: [    0.000000] Linux version 6.1\n"
		  "Nov 25 07:00:12 host kernel: [   12.000000] old\n"
		  "Nov 26 07:00:00 host kernel: [    0.000000] Linux version 6.2\n"
		  "Nov 26 07:00:00 host sshd[1]: somebody\n"
		  "Nov 26 07:00:09 host kernel: [    9.000000] new kernel: text\n",
		  "[    0.000000] Linux version 6.2\n[    9.000000] new kernel: text\n" },
		{ "2026-11-26T07:00:00+00:00 host kernel: Linux version 6.1\n"
		  "2026-11-26T07:00:01+00:00 host kernel: one\n"
		  "2026-11-26T07:00:02+00:00 host kernel: Linux version 6.1\n"
		  "2026-11-26T07:00:03+00:00 host kernel: two",
		  "Linux version 6.1\ntwo\n" },
		{ "Nov 26 host kernel: [  9.0] no start\n", "[  9.0] no start\n" },
		{ "", "" },
		{ "] kernel: ]\n]", "]\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ROOT(root);
		root_make(&root, NULL);
		root_put(&root, "/var/log/kern.log", cases[i].log);
		assert_log(&root, cases[i].expected);
	}
}

static void a_file_comes_in_pieces_and_nothing_of_it_is_new(void **state)
{
	char *large;
	struct kmsg kmsg = { .file = 0 };
	size_t length = 0, total = 0;
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	large = arena_take(&root.arena, sizeof(buffer) * 2 + 11);
	memset(large, 'x', sizeof(buffer) * 2 + 10);
	root_put(&root, "/dev/kmsg", large);
	assert_true(kmsg_open(&root.host, false, &root.arena, &kmsg, NULL));
	while (kmsg_read(&kmsg, buffer, sizeof(buffer), &length, NULL) && length > 0)
		total += length;
	assert_int_equal(total, sizeof(buffer) * 2 + 10);
	kmsg_close(&kmsg);

	assert_true(kmsg_open(&root.host, true, &root.arena, &kmsg, NULL));
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, NULL));
	assert_int_equal(length, 0);
	kmsg_close(&kmsg);
}

/* A pipe in packet mode gives a record a read, as the device does. */
static void records_are_read_until_there_are_no_more(void **state)
{
	static const char *const records[] = { "6,7,1,-;one\n", "6,8,2,-;two\n KEY=x\n",
					       "6,12,3,-;three\n", "6,20,4,-;four\n" };
	struct kmsg kmsg = { .file = -1 };
	size_t length = 99;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC), 0);
	kmsg.file = ends[0];
	assert_int_equal(kmsg_descriptor(&kmsg), ends[0]);
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, NULL));
	assert_int_equal(length, 0);

	for (size_t i = 0; i < 3; i++)
		assert_true(write(ends[1], records[i], strlen(records[i])) > 0);
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, NULL));
	buffer[length] = '\0';
	assert_string_equal(buffer, "6,7,1,-;one\n6,8,2,-;two\n KEY=x\n6,12,3,-;three\n");
	/* A gap that the kernel has not told of is none. */
	assert_int_equal(kmsg_lost(&kmsg), 0);

	/* As after EPIPE. */
	kmsg.overrun = true;
	assert_true(write(ends[1], records[3], strlen(records[3])) > 0);
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, NULL));
	assert_int_equal(kmsg_lost(&kmsg), 7);
	(void)close(ends[1]);
	kmsg_close(&kmsg);
	assert_int_equal(kmsg_descriptor(&kmsg), -1);
	kmsg_close(&kmsg);
}

static void this_machine_gives_records_or_says_why_not(void **state)
{
	static const struct host machine = { .root = NULL };
	struct kmsg kmsg = { .file = -1 };
	struct error err = { 0 };
	struct stat status;
	size_t length = 0;
	SCOPED_ARENA(arena);

	(void)state;
	if (!kmsg_open(&machine, false, &arena, &kmsg, &err)) {
		assert_non_null(strstr(err.text, "/dev/kmsg"));
		return;
	}
	assert_int_equal(fstat(kmsg_descriptor(&kmsg), &status), 0);
	assert_true(S_ISCHR(status.st_mode));
	if (kmsg_read(&kmsg, buffer, sizeof(buffer), &length, &err))
		assert_true(length == 0 || buffer[length - 1] == '\n');
	else
		assert_non_null(strstr(err.text, "/dev/kmsg"));
	kmsg_close(&kmsg);

	assert_true(kmsg_open(&machine, true, &arena, &kmsg, &err));
	assert_true(kmsg_read(&kmsg, buffer, sizeof(buffer), &length, &err));
	assert_true(length < sizeof(buffer) / 2);
	kmsg_close(&kmsg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(below_a_root_the_log_is_the_first_file_of_three),
		cmocka_unit_test(what_cannot_be_read_is_told),
		cmocka_unit_test(of_a_system_log_only_the_last_start_of_the_kernel_counts),
		cmocka_unit_test(a_file_comes_in_pieces_and_nothing_of_it_is_new),
		cmocka_unit_test(records_are_read_until_there_are_no_more),
		cmocka_unit_test(this_machine_gives_records_or_says_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
