#include "active/stream_team.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "host/affinity.h"
#include <cmocka.h>

static const struct host here = { .root = NULL };

static void a_large_team_is_spread_over_the_cores(void **state)
{
	unsigned cores[192];
	struct stream_team team;

	(void)state;
	for (unsigned i = 0; i < 192; i++)
		cores[i] = 2 * i;
	team = stream_team_of(&here, cores, 192);
	assert_int_equal(team.count, STREAM_TEAM_MAXIMUM);
	assert_int_equal(team.cores[0], 0);
	assert_int_equal(team.cores[1], 6);
	assert_int_equal(team.cores[63], 378);
	assert_int_equal(stream_team_of(&here, cores, 3).count, 3);
}

static void every_kernel_is_measured_and_checked(void **state)
{
	const struct stream_effort effort = { 4 << 20, 200000000, 0.5 };
	struct stream_result result;
	struct stream_team team;
	unsigned cores[2] = { 0 };
	struct error err;

	(void)state;
	team = stream_team_of(&here, cores, 0);
	team.count = affinity_list(cores, 2) > 1 ? 2 : 1;
	team.cores[0] = cores[0];
	team.cores[1] = cores[1];
	assert_true(stream_measure(&team, &team, &effort, &result, &err));
	assert_true(result.is_pinned);
	assert_int_equal(result.wrong, 0);
	for (unsigned i = 0; i < STREAM_KERNEL_COUNT; i++) {
		assert_true(result.bytes_per_s[i].count > 0);
		assert_true(result.bytes_per_s[i].values[0] > 0);
	}
}

static void memory_that_is_not_there_is_an_error(void **state)
{
	const struct stream_effort effort = { (size_t)1 << 60, 1, 0.5 };
	const struct stream_team team = { .host = &here, .count = 1 };
	struct stream_result result;
	struct error err;

	(void)state;
	assert_false(stream_measure(&team, &team, &effort, &result, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_team_is_spread_over_the_cores),
		cmocka_unit_test(every_kernel_is_measured_and_checked),
		cmocka_unit_test(memory_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
