#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIMITS                                                                             \
	"Limit                     Soft Limit           Hard Limit           Units     \n" \
	"Max processes             385382               385382               processes \n" \
	"Max open files            1024                 524288               files     \n" \
	"Max locked memory         unlimited            unlimited            bytes     \n"

static const struct root_entry busy[] = {
	{ "/proc/loadavg", "0.32 0.21 0.18 3/1523 40815\n" },
	{ "/proc/sys/kernel/pid_max", "4194304\n" },
	{ "/proc/sys/kernel/threads-max", "100000\n" },
	{ "/proc/sys/fs/file-nr", "1216\t16\t9223372036854775807\n" },
	{ "/proc/self/limits", LIMITS },
	{ "/proc/1/stat", "1 (systemd) S 0 1\n" },
	{ "/proc/20/stat", "20 (a ) D b) Z 1 1\n" },
	{ "/proc/30/stat", "30 (nv (x) \xff) D 1 1\n" },
	{ "/proc/31/stat", "31 () D 1 1\n" },
	{ "/proc/40/other", "ended while it was looked at\n" },
	{ "/proc/4x/stat", "4 (odd) R 1\n" },
	{ "/proc/sys/x", "" },
	{ NULL, NULL },
};

static void processes_and_limits_are_counted(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, busy);
	watch_run(&watch, &probe_process);
	watch_expect(&watch, "process.count", NULL, "1523");
	watch_expect(&watch, "process.limit", NULL, "100000");
	watch_expect(&watch, "process.zombies", NULL, "1");
	watch_expect(&watch, "process.blocked", "pid:30", "nv (x) ?");
	watch_expect(&watch, "process.blocked.time", "pid:30", "0");
	watch_expect(&watch, "process.blocked", "pid:31", "(no name)");
	assert_int_equal(watch_count(&watch, "process.blocked"), 2);
	watch_expect(&watch, "files.open", NULL, "1200");
	watch_expect(&watch, "files.limit", NULL, "9.22337203685478e18");
	watch_expect(&watch, "limit", "limit:nproc", "385382");
	watch_expect(&watch, "limit", "limit:nofile", "1024");
	watch_expect(&watch, "limit", "limit:memlock", "unlimited");
}

static void what_cannot_be_read_is_unknown_with_its_cause(void **state)
{
	static const struct {
		const char *path, *text, *measure, *device, *says;
	} cases[] = {
		{ "/proc/loadavg", NULL, "process.count", NULL, "?Too many levels" },
		{ "/proc/loadavg", "0.32 0.21 0.18\n", "process.count", NULL, "?no number" },
		{ "/proc/loadavg", "0.32 0.21 0.18 3/ 9\n", "process.count", NULL, "?no number" },
		{ "/proc/loadavg", "", "process.count", NULL, "?no number" },
		{ "/proc/sys/kernel/pid_max", "x", "process.limit", NULL, "?is no number" },
		{ "/proc/sys/kernel/threads-max", NULL, "process.limit", NULL, "?Too many levels" },
		{ "/proc/sys/fs/file-nr", "1 2 3", "files.open", NULL, "?three numbers" },
		{ "/proc/sys/fs/file-nr", "1\t2\t3", "files.open", NULL, "?three numbers" },
		{ "/proc/sys/fs/file-nr", NULL, "files.limit", NULL, "?Too many levels" },
		{ "/proc/self/limits", NULL, "limit", "limit:nofile", "?Too many levels" },
		{ "/proc/self/limits", "Max open files", "limit", "limit:nofile", "?no such line" },
		{ "/proc/self/limits", "", "limit", "limit:memlock", "?no such line" },
		{ "/proc/30/stat", "30 (cut", "process.blocked", NULL, "?1 processes" },
		{ "/proc/30/stat", "30 (cut)", "process.blocked", NULL, "?1 processes" },
		{ "/proc/30/stat", "30 (cut) ", "process.blocked", NULL, "?1 processes" },
		{ "/proc/30/stat", "", "process.blocked", NULL, "?1 processes" },
		{ "/proc/30/stat", ")(", "process.blocked", NULL, "?1 processes" },
		{ "/proc/30/stat", NULL, "process.blocked", NULL, "?1 processes" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, busy);
		root_put(&watch.root, cases[i].path, cases[i].text);
		watch_run(&watch, &probe_process);
		watch_expect(&watch, cases[i].measure, cases[i].device, cases[i].says);
	}
}

static void no_process_at_all_is_unknown_and_not_none(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_process);
	watch_expect(&watch, "process.zombies", NULL, "?No such file");
	root_put(&watch.root, "/proc/x", "");
	watch_run(&watch, &probe_process);
	watch_expect(&watch, "process.zombies", NULL, "?no process of /proc can be read");
	root_put(&watch.root, "/proc/7/stat", NULL);
	watch_run(&watch, &probe_process);
	watch_expect(&watch, "process.zombies", NULL, "?no process of /proc can be read");
}

static void many_blocked_processes_are_counted_and_not_all_named(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	for (unsigned i = 1; i <= 300; i++)
		root_put(&watch.root, arena_format(&watch.root.arena, "/proc/%u/stat", i),
			 "1 (nfs) D 1 1\n");
	watch_run(&watch, &probe_process);
	assert_int_equal(watch_count(&watch, "process.blocked.time"), 256);
	watch_expect(&watch, "process.blocked", NULL, "?44 further processes");
}

static const struct record *last_time(const struct watch *watch, const char *device)
{
	const struct record *found = NULL;

	for (size_t i = 0; i < watch->sightings.count; i++) {
		const struct record *record = &watch->sightings.items[i];

		if (strcmp(record->what, "node.process.blocked.time") == 0 &&
		    strcmp(record->subject.parts[SUBJECT_DEVICE], device) == 0)
			found = record;
	}
	return found;
}

static void the_time_blocked_adds_up_over_looks(void **state)
{
	static const struct {
		const char *stat;
		int later_s;
		int blocked_s; /* -1: not blocked */
	} looks[] = {
		{ "5 (a) D 1 1", 0, 0 },   { "5 (a) D 1 1", 60, 60 }, { "5 (a) D 1 1", 30, 90 },
		{ "5 (a) S 1 1", 10, -1 }, { "5 (a) D 1 1", 10, 0 },  { "5 (a) D 1 1", 10, 10 },
		{ "5 (b) D 1 1", 10, 0 }, /* another that got its number */
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/proc/5/stat", looks[0].stat);
	watch_run(&watch, &probe_process);
	for (size_t i = 0; i < COUNT(looks); i++) {
		size_t before = watch.sightings.count;

		if (i > 0) {
			watch.sightings.time += looks[i].later_s;
			root_put(&watch.root, "/proc/5/stat", looks[i].stat);
			probe_process.look(&watch.request, &watch.sightings);
		}
		if (looks[i].blocked_s < 0) {
			for (size_t j = before; j < watch.sightings.count; j++)
				assert_string_not_equal(watch.sightings.items[j].what,
							"node.process.blocked");
			continue;
		}
		assert_int_equal((int)last_time(&watch, "pid:5")->value, looks[i].blocked_s);
	}
}

static void the_time_blocked_goes_on_from_another_run(void **state)
{
	struct sightings before;
	SCOPED_WATCH(watch);
	SCOPED_WATCH(later);

	(void)state;
	watch_make(&watch, busy);
	root_put(&watch.root, "/proc/5/stat", "5 (a) D 1 1");
	root_put(&watch.root, "/proc/6/stat", "6 (b) D 1 1");
	watch_run(&watch, &probe_process);
	before = watch.sightings;
	watch_make(&later, NULL);
	sightings_start(&later.sightings, &before.subject, &watch.root.host, &later.root.arena);
	later.sightings.time = before.time + 30;
	root_put(&watch.root, "/proc/6/stat", "6 (b) S 1 1");
	watch.request.shares = PROBE_COUNTERS;
	watch.request.before = &before;
	probe_process.look(&watch.request, &later.sightings);
	assert_int_equal((int)last_time(&later, "pid:5")->value, 30);
	/* One that is free again is told, and followed no longer. */
	assert_int_equal((int)last_time(&later, "pid:6")->value, 0);
	assert_int_equal(watch_count(&later, "process.blocked"), 3); /* two more of `busy` */
}

static void a_quick_look_leaves_processes_alone(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, busy);
	watch.request.shares = PROBE_QUICK | PROBE_COUNTERS;
	watch_run(&watch, &probe_process);
	assert_int_equal(watch.sightings.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_and_limits_are_counted),
		cmocka_unit_test(what_cannot_be_read_is_unknown_with_its_cause),
		cmocka_unit_test(no_process_at_all_is_unknown_and_not_none),
		cmocka_unit_test(many_blocked_processes_are_counted_and_not_all_named),
		cmocka_unit_test(the_time_blocked_adds_up_over_looks),
		cmocka_unit_test(the_time_blocked_goes_on_from_another_run),
		cmocka_unit_test(a_quick_look_leaves_processes_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
