#include "fleet/sight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/root.h"

static const struct subject subject = { .parts = {
						[SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n1" } };

static const struct root_entry entries[] = {
	{ "/proc/loadavg", "0.32 0.21 0.18 3/1523 40815\n" },
	{ "/proc/sys/kernel/pid_max", "4194304\n" },
	{ "/proc/sys/kernel/threads-max", "nonsense\n" },
	{ "/proc/5/stat", "5 (a name) D 1 1" },
	{ NULL, NULL },
};

static void assert_same(const struct record *a, const struct record *b)
{
	const char *device = a->subject.parts[SUBJECT_DEVICE];

	assert_string_equal(a->id, b->id);
	assert_string_equal(a->what, b->what);
	assert_int_equal(a->says, b->says);
	assert_int_equal(a->time, b->time);
	assert_int_equal(a->observed, b->observed);
	assert_memory_equal(&a->value, &b->value, sizeof(a->value));
	assert_int_equal(a->text != NULL, b->text != NULL);
	if (a->text)
		assert_string_equal(a->text, b->text);
	assert_int_equal(device != NULL, b->subject.parts[SUBJECT_DEVICE] != NULL);
	if (device)
		assert_string_equal(device, b->subject.parts[SUBJECT_DEVICE]);
}

static void a_record_comes_back_as_it_was(void **state)
{
	const struct host live = { 0 };
	struct sightings from, into;
	SCOPED_ARENA(arena);

	(void)state;
	sightings_start(&from, &subject, &live, &arena);
	into = from;
	(void)saw_value(&from, NODE_GPU_POWER, "gpu:0000:19:00.0", 0.1);
	(void)saw_value(&from, NODE_PROCESS_ZOMBIES, NULL, 1e300);
	(void)saw_state(&from, NODE_PROCESS_BLOCKED, "pid:5", "a  name ) x");
	(void)saw_text(&from, NODE_LOG_XID, "gpu:0000:19:00.0", SPAN("Xid \xc3\xb6, pid=1"));
	(void)saw_unknown(&from, NODE_PROCESS_ZOMBIES, "-x", "%s", "why not");
	from.items[3].time -= 60;
	for (size_t i = 0; i < from.count; i++)
		assert_true(sight_read(span_of(sight_write(&from.items[i], &arena)), &into));
	assert_int_equal(into.count, from.count);
	for (size_t i = 0; i < from.count; i++)
		assert_same(&from.items[i], &into.items[i]);
}

static void what_is_no_record_is_left_out(void **state)
{
	static const char *const lines[] = {
		"",
		"1",
		"99999 1 1 1 - x",
		"0 1 99999999999999 1 - x",
		"0 77 1 1 - x",
		"0 x 1 1 - x",
		"0 6 1 1  x",
		"0 6 1 1 -",
		"-1 6 1 1 - x",
		"0 6 1 1.5 - x",
	};
	const struct host live = { 0 };
	struct sightings into;
	SCOPED_ARENA(arena);

	(void)state;
	sightings_start(&into, &subject, &live, &arena);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(sight_read(span_of(lines[i]), &into));
	assert_int_equal(into.count, 0);
	/* A kind that the measure is not of. */
	for (unsigned says = 0; says < SAYS_COUNT; says++) {
		const char *line = arena_format(&arena, "%u %u 1 1 - x", NODE_LOG_XID, says);

		assert_int_equal(sight_read(span_of(line), &into),
				 says == SAYS_TEXT || says == SAYS_UNKNOWN);
	}
}

static void a_child_sees_what_its_parent_would_see(void **state)
{
	struct root root;
	struct sightings own, from_child;
	struct worker worker;
	struct worker_result result;
	struct error err = { 0 };
	struct probe_request request = {
		.host = &root.host,
		.shares = PROBE_FULL,
		.call_limit_ns = 2000000000,
		.total_limit_ns = 4000000000,
	};
	struct sight_order order = { .request = &request, .sightings = &from_child };
	SCOPED_ARENA(arena);

	(void)state;
	root_make(&root, entries);
	sightings_start(&from_child, &subject, &root.host, &arena);
	own = from_child;
	for (size_t i = 0; i < probe_count; i++)
		if (probes[i] != &probe_kernel_log && (probes[i]->shares & request.shares))
			probes[i]->look(&request, &own);
	sight_worker(&order, &worker);
	assert_true(worker_ask(&worker, "look", &arena, &result, &err));
	assert_int_equal(result.end, WORKER_DONE);
	assert_int_equal(sight_take(&result, &from_child), 0);
	assert_true(own.count > 10);
	assert_int_equal(own.count, from_child.count);
	for (size_t i = 0; i < own.count; i++)
		assert_same(&own.items[i], &from_child.items[i]);
	/* A child for once knows what its parent knows by now: nothing more is to be done. */
	order.first = probe_count;
	assert_true(worker_ask(&worker, "look", &arena, &result, &err));
	assert_int_equal(result.answer_count, 0);
	worker_end(&worker);
	root_release(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_comes_back_as_it_was),
		cmocka_unit_test(what_is_no_record_is_left_out),
		cmocka_unit_test(a_child_sees_what_its_parent_would_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
