#include "active/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct host here = { .root = NULL };

struct taken {
	struct arena arena;
	struct sightings sightings;
	const struct active_importer *importer;
	struct error err;
	bool good;
};

static void take(struct taken *taken, const char *name)
{
	const struct subject subject = { { "p", NULL, NULL, NULL, "n", NULL } };

	*taken = (struct taken){ .good = false };
	sightings_start(&taken->sightings, &subject, &here, &taken->arena);
	taken->good =
		active_import_file(&here, arena_format(&taken->arena, "test/perftest/%s", name),
				   &taken->arena, &taken->sightings, &taken->importer, &taken->err);
}

static void recorded_outputs_become_records(void **state)
{
	static const struct {
		const char *name, *device, *what;
		size_t count;
	} cases[] = {
		{ "write-bw.txt", "rdma:rxe0/1/write:65536", "node.test.rdma.bandwidth", 1 },
		{ "write-bw.json", "rdma:rxe0/1/write:65536", "node.test.rdma.bandwidth", 1 },
		{ "write-bw-all.txt", "rdma:rxe0/1/write:8388608", "node.test.rdma.bandwidth", 23 },
		{ "read-bw.txt", "rdma:rxe0/1/read:65536", "node.test.rdma.bandwidth", 1 },
		{ "send-bw.txt", "rdma:rxe0/1/send:65536", "node.test.rdma.bandwidth", 1 },
		{ "write-lat.txt", "rdma:rxe0/1/write:2", "node.test.rdma.latency.p99", 2 },
		{ "write-lat.json", "rdma:rxe0/1/write:8", "node.test.rdma.latency.p99", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken taken;
		const struct record *last;

		take(&taken, cases[i].name);
		if (!taken.good)
			fail_msg("%s", taken.err.text);
		assert_string_equal(taken.importer->name, "perftest");
		assert_int_equal(taken.sightings.count, cases[i].count);
		last = &taken.sightings.items[taken.sightings.count - 1];
		assert_string_equal(last->what, cases[i].what);
		assert_string_equal(last->subject.parts[SUBJECT_DEVICE], cases[i].device);
		assert_int_equal(last->says, SAYS_VALUE);
		arena_release(&taken.arena);
	}
}

static void a_percentile_that_is_not_told_is_unknown(void **state)
{
	struct taken taken;

	(void)state;
	take(&taken, "write-lat-dur.txt");
	assert_true(taken.good);
	assert_int_equal(taken.sightings.items[1].says, SAYS_UNKNOWN);
	arena_release(&taken.arena);
}

static void what_cannot_be_judged_is_refused(void **state)
{
	static const char *const names[] = { "write-bw-bi.txt", "write-bw-both.txt",
					     "failed/cross.txt", "overwritten-write-lat.json" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct taken taken;

		take(&taken, names[i]);
		assert_false(taken.good);
		assert_int_equal(taken.sightings.count, 0);
		arena_release(&taken.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_outputs_become_records),
		cmocka_unit_test(a_percentile_that_is_not_told_is_unknown),
		cmocka_unit_test(what_cannot_be_judged_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
