#include "active/corruption_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "host/affinity.h"
#include <cmocka.h>

static void a_child_runs_rounds_and_tells_each_lane(void **state)
{
	SCOPED_ARENA(arena);
	const struct host host = { 0 };
	struct corruption_thread thread = { .host = &host };
	struct worker worker = {
		.host = &host,
		.function = corruption_answer,
		.context = &thread,
		.call_limit_ns = 60000000000,
		.total_limit_ns = 120000000000,
		.name = "corruption",
	};
	uint64_t digests[CORRUPTION_KERNEL_COUNT * CORRUPTION_LANES], first, again, other;
	struct worker_result result;

	(void)state;
	assert_true(affinity_list(&thread.number, 1) > 0);
	assert_true(worker_ask(&worker, "run 2 1 0", &arena, &result, NULL));
	assert_true(corruption_read_ran(&result, &first));
	assert_true(worker_ask(&worker, "tell", &arena, &result, NULL));
	assert_true(corruption_read_lanes(&result, digests));
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
		if (corruption_has(kernel))
			assert_true(corruption_join(&digests[kernel * CORRUPTION_LANES]) ==
				    corruption_known(kernel, 2));
	assert_true(worker_ask(&worker, "run 2 1 20", &arena, &result, NULL));
	assert_true(corruption_read_ran(&result, &again) && again == first);
	assert_true(worker_ask(&worker, "run 2 2 0", &arena, &result, NULL));
	assert_true(corruption_read_ran(&result, &other) && other != first);
	worker_end(&worker);
}

static void what_is_no_answer_is_not_taken_for_one(void **state)
{
	static const char *const lines[] = {
		"", "ran", "ran x", "ran 1 2", "refused running on hardware thread 3 alone",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct span answer = span_of(lines[i]);
		const struct worker_result result = { .answers = &answer, .answer_count = 1 };
		uint64_t digests[CORRUPTION_KERNEL_COUNT * CORRUPTION_LANES];

		assert_false(corruption_read_ran(&result, digests));
		assert_false(corruption_read_lanes(&result, digests));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_runs_rounds_and_tells_each_lane),
		cmocka_unit_test(what_is_no_answer_is_not_taken_for_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
