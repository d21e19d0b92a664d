#include "web/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Too large for a stack that a sanitizer fills. */
static struct buckets *new_buckets(void **state)
{
	memset(*state, 0, sizeof(struct buckets));
	return *state;
}

static void ten_seconds_worth_come_at_once_and_then_the_rate(void **state)
{
	struct buckets *buckets = new_buckets(state);
	unsigned wait = 0, given = 0;

	for (unsigned i = 0; i < 100; i++)
		given += bucket_take(buckets, SPAN("a"), 2, 1000, &wait);
	assert_int_equal(given, 20);
	assert_int_equal(wait, 1);
	assert_false(bucket_take(buckets, SPAN("a"), 2, 1400, &wait));
	assert_true(bucket_take(buckets, SPAN("a"), 2, 1500, &wait));
	assert_false(bucket_take(buckets, SPAN("a"), 2, 1500, &wait));
	assert_true(bucket_take(buckets, SPAN("a"), 2, 500000, &wait));
}

static void one_does_not_take_from_another(void **state)
{
	struct buckets *buckets = new_buckets(state);
	unsigned wait = 0;

	while (bucket_take(buckets, SPAN("a"), 1, 1000, &wait))
		;
	assert_true(bucket_take(buckets, SPAN("b"), 1, 1000, &wait));
}

static void more_may_come_at_once_than_the_rate_gives(void **state)
{
	static const struct bucket_rate rate = { .per_s = 0.1, .at_once = 20 };
	struct buckets *buckets = new_buckets(state);
	unsigned wait = 0, given = 0;

	for (unsigned i = 0; i < 100; i++)
		given += bucket_take_rate(buckets, SPAN("a"), &rate, 1000, &wait);
	assert_int_equal(given, 20);
	assert_int_equal(wait, 10);
	assert_false(bucket_take_rate(buckets, SPAN("a"), &rate, 10000, &wait));
	assert_true(bucket_take_rate(buckets, SPAN("a"), &rate, 11000, &wait));
}

static void a_slow_rate_gives_one_and_says_how_long_to_wait(void **state)
{
	struct buckets *buckets = new_buckets(state);
	unsigned wait = 0;

	assert_true(bucket_take(buckets, SPAN("a"), 0.01, 1000, &wait));
	assert_false(bucket_take(buckets, SPAN("a"), 0.01, 1000, &wait));
	assert_int_equal(wait, 100);
	assert_true(bucket_take(buckets, SPAN("a"), 0, 1000, &wait));
}

static void a_clock_that_steps_back_gives_nothing(void **state)
{
	struct buckets *buckets = new_buckets(state);
	unsigned wait = 0;

	while (bucket_take(buckets, SPAN("a"), 1, 100000, &wait))
		;
	assert_false(bucket_take(buckets, SPAN("a"), 1, 1000, &wait));
}

static void many_names_take_the_places_of_the_longest_unused(void **state)
{
	struct buckets *buckets = new_buckets(state);
	unsigned wait = 0;
	char name[16];

	for (unsigned i = 0; i < 4 * BUCKETS_COUNT; i++) {
		size_t length = (size_t)snprintf(name, sizeof(name), "%u", i);

		assert_true(
			bucket_take(buckets, (struct span){ name, length }, 1, 1000 + i, &wait));
	}
}

static int begin(void **state)
{
	*state = calloc(1, sizeof(struct buckets));
	return *state ? 0 : -1;
}

static int end(void **state)
{
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_seconds_worth_come_at_once_and_then_the_rate),
		cmocka_unit_test(one_does_not_take_from_another),
		cmocka_unit_test(more_may_come_at_once_than_the_rate_gives),
		cmocka_unit_test(a_slow_rate_gives_one_and_says_how_long_to_wait),
		cmocka_unit_test(a_clock_that_steps_back_gives_nothing),
		cmocka_unit_test(many_names_take_the_places_of_the_longest_unused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
