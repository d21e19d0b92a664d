#include "store/history.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	EVENTS_MANY = 20000,
	USER_VERSION_AT = 60, /* in the head of a file of SQLite, big-endian */
};

struct fixture {
	char folder[64], path[128], aside[160];
	struct arena arena;
	struct history *history;
};

static int make(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	/* Memory where there is some: each event is an fsync. */
	(void)snprintf(fixture->folder, sizeof(fixture->folder), "%s/assay-history-XXXXXX",
		       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(fixture->folder))
		return -1;
	(void)snprintf(fixture->path, sizeof(fixture->path), "%s/history.db", fixture->folder);
	(void)snprintf(fixture->aside, sizeof(fixture->aside), "%s.broken", fixture->path);
	*state = fixture;
	return 0;
}

static int unmake(void **state)
{
	struct fixture *fixture = *state;

	history_close(fixture->history);
	(void)unlink(fixture->path);
	(void)unlink(fixture->aside);
	if (rmdir(fixture->folder) != 0)
		return -1; /* something of it was left behind */
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

/* The note of the opening, "" for none. */
static const char *reopen(struct fixture *fixture)
{
	struct error err = { 0 };
	const char *note = NULL;

	history_close(fixture->history);
	fixture->history = NULL;
	if (!history_open(fixture->path, HISTORY_BYTES_MINIMUM, &fixture->arena, &fixture->history,
			  &note, &err))
		fail_msg("%s", err.text);
	return note ? note : "";
}

static struct history_event event_of(int64_t time, const char *about, enum verdict after)
{
	return (struct history_event){
		.time = time,
		.boot = "b1",
		.check = "gpu-error-log",
		.about = about,
		.before = VERDICT_PASS,
		.after = after,
		.is_sticky = after == VERDICT_FAIL,
		.text = "Xid 79",
		.action = "reset the GPU",
	};
}

static void add(struct fixture *fixture, int64_t time, const char *about, enum verdict after)
{
	const struct history_event event = event_of(time, about, after);
	struct error err = { 0 };

	if (!history_add(fixture->history, &event, &err))
		fail_msg("%s", err.text);
}

static size_t count_events(struct fixture *fixture, int64_t since, size_t limit,
			   struct history_event **ret_events)
{
	struct history_list list = { 0 };
	struct error err = { 0 };

	assert_true(history_events(fixture->history, since, limit, &fixture->arena, &list, &err));
	*ret_events = list.items;
	return list.count;
}

static size_t count_standings(struct fixture *fixture, struct history_event **ret_standings)
{
	struct history_list list = { 0 };
	struct error err = { 0 };

	assert_true(history_standings(fixture->history, &fixture->arena, &list, &err));
	*ret_standings = list.items;
	return list.count;
}

static off_t size_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

static void write_at(const char *path, long at, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "r+b");

	assert_non_null(file);
	assert_int_equal(fseek(file, at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void what_is_kept_is_there_after_a_restart(void **state)
{
	struct fixture *fixture = *state;
	struct history_event *events, *standings;

	assert_string_equal(reopen(fixture), "");
	add(fixture, 100, "gpu:1", VERDICT_FAIL);
	add(fixture, 200, "", VERDICT_WARN);
	add(fixture, 300, "gpu:2", VERDICT_UNKNOWN);
	assert_string_equal(reopen(fixture), "");
	assert_int_equal(count_events(fixture, 0, 10, &events), 3);
	assert_int_equal(events[0].time, 100);
	assert_string_equal(events[0].boot, "b1");
	assert_string_equal(events[0].check, "gpu-error-log");
	assert_string_equal(events[0].about, "gpu:1");
	assert_string_equal(events[0].text, "Xid 79");
	assert_string_equal(events[0].action, "reset the GPU");
	assert_int_equal(events[0].before, VERDICT_PASS);
	assert_int_equal(events[0].after, VERDICT_FAIL);
	assert_true(events[0].is_sticky);
	assert_false(events[1].is_sticky);
	assert_int_equal(count_events(fixture, 200, 10, &events), 2);
	/* Of many the newest, and those in the order of their time. */
	assert_int_equal(count_events(fixture, 0, 2, &events), 2);
	assert_int_equal(events[0].time, 200);
	assert_int_equal(events[1].time, 300);
	assert_int_equal(count_standings(fixture, &standings), 3);
	assert_string_equal(standings[0].about, "");
	assert_string_equal(standings[1].about, "gpu:1");
	assert_true(standings[1].is_sticky);
}

static void the_last_event_of_a_device_stands_and_a_pass_ends_it(void **state)
{
	struct fixture *fixture = *state;
	struct history_event *events, *standings;

	(void)reopen(fixture);
	add(fixture, 1, "gpu:1", VERDICT_WARN);
	add(fixture, 2, "gpu:1", VERDICT_FAIL);
	assert_int_equal(count_standings(fixture, &standings), 1);
	assert_int_equal(standings[0].after, VERDICT_FAIL);
	assert_int_equal(standings[0].time, 2);
	add(fixture, 3, "gpu:1", VERDICT_PASS);
	add(fixture, 4, "gpu:2", VERDICT_NOT_APPLICABLE);
	assert_int_equal(count_standings(fixture, &standings), 0);
	assert_int_equal(count_events(fixture, 0, 10, &events), 4);
}

static void long_texts_are_cut_between_characters(void **state)
{
	struct fixture *fixture = *state;
	struct history_event event = event_of(1, "gpu:1", VERDICT_FAIL), *events;
	char text[HISTORY_TEXT_MAXIMUM + 100];

	(void)reopen(fixture);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text + HISTORY_TEXT_MAXIMUM - 1, "\xc3\xb6", 2);
	event.text = text;
	assert_true(history_add(fixture->history, &event, NULL));
	assert_int_equal(count_events(fixture, 0, 10, &events), 1);
	assert_int_equal(strlen(events[0].text), HISTORY_TEXT_MAXIMUM - 1);
}

static void a_damaged_file_is_moved_aside(void **state)
{
	struct fixture *fixture = *state;
	struct history_event *events;
	char garbage[3000];

	(void)reopen(fixture);
	for (int i = 0; i < 100; i++)
		add(fixture, i, "gpu:1", VERDICT_FAIL);
	history_close(fixture->history);
	fixture->history = NULL;
	memset(garbage, 0x5a, sizeof(garbage));
	write_at(fixture->path, 4096, garbage, sizeof(garbage));
	assert_non_null(strstr(reopen(fixture), ".broken"));
	assert_int_equal(count_events(fixture, 0, 10, &events), 0);
	assert_true(size_of(fixture->aside) >= 3 * 4096);
	add(fixture, 1, "gpu:1", VERDICT_FAIL);
	assert_string_equal(reopen(fixture), "");
	assert_int_equal(count_events(fixture, 0, 10, &events), 1);
}

static void what_is_no_history_is_moved_aside(void **state)
{
	struct fixture *fixture = *state;
	FILE *file = fopen(fixture->path, "w");

	assert_non_null(file);
	for (unsigned i = 0; i < 1000; i++)
		assert_true(fputs("this is no database\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_non_null(strstr(reopen(fixture), ".broken"));
	assert_int_equal(size_of(fixture->aside), 20 * 1000);
}

static void a_later_version_is_refused_and_left_alone(void **state)
{
	struct fixture *fixture = *state;
	const unsigned char later[] = { 0, 0, 0, 2 };
	struct error err = { 0 };
	const char *note = NULL;
	struct history *history = NULL;

	(void)reopen(fixture);
	add(fixture, 1, "gpu:1", VERDICT_FAIL);
	history_close(fixture->history);
	fixture->history = NULL;
	write_at(fixture->path, USER_VERSION_AT, later, sizeof(later));
	assert_false(history_open(fixture->path, 0, &fixture->arena, &history, &note, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "later version"));
	assert_int_equal(access(fixture->aside, F_OK), -1);
	assert_int_equal(access(fixture->path, F_OK), 0);
}

static void a_place_that_is_no_place_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct error err = { 0 };
	const char *note = NULL;
	struct history *history = NULL;

	assert_false(
		history_open("/dev/null/x/history.db", 0, &fixture->arena, &history, &note, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_false(history_open(fixture->folder, 0, &fixture->arena, &history, &note, &err));
	assert_int_equal(access(fixture->aside, F_OK), -1);
}

static void the_bound_holds_and_standings_outlive_events(void **state)
{
	struct fixture *fixture = *state;
	struct history_event *events, *standings;
	size_t count;

	(void)reopen(fixture);
	add(fixture, 1, "gpu:first", VERDICT_FAIL);
	for (int i = 2; i <= EVENTS_MANY; i++)
		add(fixture, i, i % 2 ? "gpu:1" : "gpu:2", i % 3 ? VERDICT_FAIL : VERDICT_WARN);
	assert_true(size_of(fixture->path) <= HISTORY_BYTES_MINIMUM);
	assert_true(size_of(fixture->path) > HISTORY_BYTES_MINIMUM / 2);
	count = count_events(fixture, 0, EVENTS_MANY, &events);
	assert_true(count > 500);
	/* The newest are there without a gap. */
	for (size_t i = 0; i < count; i++)
		assert_int_equal(events[i].time, EVENTS_MANY - (int64_t)(count - 1 - i));
	assert_int_equal(count_standings(fixture, &standings), 3);
	assert_string_equal(standings[2].about, "gpu:first");
	assert_string_equal(reopen(fixture), "");
}

static void a_write_that_fails_changes_nothing_and_may_be_tried_again(void **state)
{
	struct fixture *fixture = *state;
	const struct history_event event = event_of(2, "gpu:2", VERDICT_FAIL);
	struct history_event *events, *standings;
	struct rlimit before, none;
	struct error err = { 0 };

	(void)reopen(fixture);
	add(fixture, 1, "gpu:1", VERDICT_FAIL);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 1000;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	for (unsigned i = 0; i < 3; i++) {
		err = (struct error){ 0 };
		assert_false(history_add(fixture->history, &event, &err));
		assert_non_null(strstr(err.text, "history: "));
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(count_events(fixture, 0, 10, &events), 1);
	assert_int_equal(count_standings(fixture, &standings), 1);
	assert_true(history_add(fixture->history, &event, &err));
	assert_string_equal(reopen(fixture), "");
	assert_int_equal(count_events(fixture, 0, 10, &events), 2);
}

static void reading_writes_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct history_event *events;
	struct stat before, after;

	(void)reopen(fixture);
	add(fixture, 1, "gpu:1", VERDICT_FAIL);
	history_close(fixture->history);
	fixture->history = NULL;
	assert_int_equal(stat(fixture->path, &before), 0);
	(void)reopen(fixture);
	assert_int_equal(count_events(fixture, 0, 10, &events), 1);
	assert_int_equal(count_standings(fixture, &events), 1);
	history_close(fixture->history);
	fixture->history = NULL;
	assert_int_equal(stat(fixture->path, &after), 0);
	assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

#define HISTORY_TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HISTORY_TEST(what_is_kept_is_there_after_a_restart),
		HISTORY_TEST(the_last_event_of_a_device_stands_and_a_pass_ends_it),
		HISTORY_TEST(long_texts_are_cut_between_characters),
		HISTORY_TEST(a_damaged_file_is_moved_aside),
		HISTORY_TEST(what_is_no_history_is_moved_aside),
		HISTORY_TEST(a_later_version_is_refused_and_left_alone),
		HISTORY_TEST(a_place_that_is_no_place_is_an_error),
		HISTORY_TEST(the_bound_holds_and_standings_outlive_events),
		HISTORY_TEST(a_write_that_fails_changes_nothing_and_may_be_tried_again),
		HISTORY_TEST(reading_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
