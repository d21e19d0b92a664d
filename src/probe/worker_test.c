#include "probe/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/question.h"
#include "test/watch.h"

#include <cmocka.h>

#define MOUNTS                                                             \
	"26 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n" \
	"27 26 254:1 / /home rw,relatime shared:2 - ext4 /dev/vdb rw,discard\n"

static void make(struct watch *watch, const char *vendor, const char *class)
{
	const char *folder = getenv("ASSAY_VENDOR");

	watch_make(watch, NULL);
	assert_non_null(folder);
	assert_int_equal(setenv("ASSAY_LIBRARY_PATH", folder, 1), 0);
	root_put(&watch->root, "/sys/bus/pci/devices/0000:1b:00.0/vendor", vendor);
	root_put(&watch->root, "/sys/bus/pci/devices/0000:1b:00.0/class", class);
	root_put(&watch->root, "/proc/self/mountinfo", MOUNTS);
}

static void nothing_to_ask_makes_no_worker(void **state)
{
	struct worker worker = { .name = "untouched" };

	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "0x8086\n", "0x030200\n");
	root_drop(&watch.root, "/proc/self/mountinfo");
	for (unsigned i = 0; i < PROBE_WORKER_COUNT; i++)
		assert_null(probe_worker_make(i, &watch.request, &watch.root.arena, &worker));
	assert_string_equal(worker.name, "untouched");
}

static void the_request_names_the_shares(void **state)
{
	static const struct {
		unsigned shares;
		const char *request;
	} cases[] = {
		{ PROBE_QUICK, "sweep quick" },
		{ PROBE_COUNTERS, "sweep counters" },
		{ PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS, "sweep quick+full+counters" },
	};
	struct worker worker;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_WATCH(watch);
		make(&watch, "0x10de\n", "0x030200\n");
		watch.request.shares = cases[i].shares;
		assert_string_equal(probe_worker_make(PROBE_WORKER_NVML, &watch.request,
						      &watch.root.arena, &worker),
				    cases[i].request);
		assert_null(probe_worker_make(PROBE_WORKER_AMD_SMI, &watch.request,
					      &watch.root.arena, &worker));
	}
	SCOPED_WATCH(amd);
	make(&amd, "0x1002\n", "0x120000\n");
	assert_non_null(
		probe_worker_make(PROBE_WORKER_AMD_SMI, &amd.request, &amd.root.arena, &worker));
	assert_string_equal(worker.name, "amd_smi");
}

/* What a look without waiting brings is what a look that waits brings. */
static void asked_without_waiting_is_as_good(void **state)
{
	struct worker_result result = { .end = WORKER_DONE };
	struct worker worker;
	struct error err = { 0 };
	const char *request;
	size_t count;

	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "0x10de\n", "0x030200\n");
	root_put(&watch.root, "/scenario", "machine h100x8\n");
	assert_int_equal(setenv("ASSAY_SCENARIO",
				arena_format(&watch.root.arena, "%s/scenario", watch.root.folder),
				1),
			 0);
	watch_run(&watch, &probe_nvidia);
	count = watch.sightings.count;
	assert_true(count > 1000);
	request = probe_worker_make(PROBE_WORKER_NVML, &watch.request, &watch.root.arena, &worker);
	assert_non_null(request);
	assert_true(worker_ask(&worker, request, &watch.root.arena, &result, &err));
	worker_end(&worker);
	watch.request.answers[PROBE_WORKER_NVML] = &result;
	watch_run(&watch, &probe_nvidia);
	assert_int_equal(watch.sightings.count, count);
}

/* Of a root nothing is asked, so the answers are made up. */
static void given_answers_about_mounts_are_taken(void **state)
{
	static const struct span lines[] = {
		SPAN("0 mount:/gone"), SPAN("ok 1 1"),    SPAN("1 mount:/home"),
		SPAN("ok 1000 400"),   SPAN("2 mount:/"),
	};
	const struct worker_result given = { .end = WORKER_STALLED,
					     .call = "2 mount:/",
					     .answers = lines,
					     .answer_count = sizeof(lines) / sizeof(lines[0]) };

	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "0x8086\n", "0x030200\n");
	watch.request.answers[PROBE_WORKER_MOUNTS] = &given;
	watch_run(&watch, &probe_storage);
	watch_expect(&watch, "mount.answers", "mount:/home", "ok");
	watch_expect(&watch, "mount.size", "mount:/home", "1000");
	watch_expect(&watch, "mount.available", "mount:/home", "400");
	watch_expect(&watch, "mount.answers", "mount:/", "stalled");
	watch_expect(&watch, "mount.size", "mount:/gone", NULL);
}

static void a_mount_that_came_later_was_not_asked(void **state)
{
	static const struct span lines[] = { SPAN("0 mount:/"), SPAN("ok 1000 400") };
	const struct worker_result given = { .end = WORKER_DONE,
					     .answers = lines,
					     .answer_count = 2 };

	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "0x8086\n", "0x030200\n");
	watch.request.answers[PROBE_WORKER_MOUNTS] = &given;
	watch_run(&watch, &probe_storage);
	watch_expect(&watch, "mount.answers", "mount:/", "ok");
	watch_expect(&watch, "mount.answers", "mount:/home", "?it was not asked");
}

/* Answers to questions, on this machine. */
static void echo(struct worker_port *port, const struct host *host, const char *question,
		 struct arena *arena)
{
	(void)host;
	(void)arena;
	if (strcmp(question, "silent") != 0)
		worker_answers(port, "you said %s", question);
}

static void questions_asked_without_waiting_find_their_answers(void **state)
{
	const struct questioning questioning = { .name = "echo",
						 .function = echo,
						 .call_limit_ns = 1000000000,
						 .total_limit_ns = 2000000000 };
	struct question questions[] = { { .text = "a" }, { .text = "silent" }, { .text = "b" } };
	struct worker_result result = { .end = WORKER_DONE };
	struct worker worker;
	struct error err = { 0 };
	const char *request;

	(void)state;
	SCOPED_ARENA(arena);
	request = questions_request(questions, 3, &arena);
	assert_string_equal(request, "a silent b");
	questions_worker(&questioning, &worker);
	assert_true(worker_ask(&worker, request, &arena, &result, &err));
	worker_end(&worker);
	questions_take(&result, questions, 3, &arena);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(questions[i].end, QUESTION_ANSWERED);
	assert_true(span_is(questions[0].words, "you said a"));
	assert_true(span_is(questions[1].words, ""));
	assert_true(span_is(questions[2].words, "you said b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_ask_makes_no_worker),
		cmocka_unit_test(the_request_names_the_shares),
		cmocka_unit_test(asked_without_waiting_is_as_good),
		cmocka_unit_test(given_answers_about_mounts_are_taken),
		cmocka_unit_test(a_mount_that_came_later_was_not_asked),
		cmocka_unit_test(questions_asked_without_waiting_find_their_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
