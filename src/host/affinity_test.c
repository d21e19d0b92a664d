#include "host/affinity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void a_pinned_thread_stays(void **state)
{
	unsigned threads[AFFINITY_MAXIMUM], now[2];
	size_t count = affinity_list(threads, AFFINITY_MAXIMUM);
	struct error err;

	(void)state;
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		assert_true(affinity_pin(threads[i], &err));
		assert_int_equal(affinity_list(now, 2), 1);
		assert_int_equal(now[0], threads[i]);
		assert_int_equal(affinity_here(), threads[i]);
	}
	assert_true(affinity_set(threads, count, &err));
	assert_int_equal(affinity_list(now, 0), count);
}

static void a_thread_that_is_not_there_is_refused(void **state)
{
	struct error err;

	(void)state;
	assert_false(affinity_pin(AFFINITY_MAXIMUM, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_false(affinity_pin(AFFINITY_MAXIMUM - 1, &err));
	assert_int_equal(err.code, ERROR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pinned_thread_stays),
		cmocka_unit_test(a_thread_that_is_not_there_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
