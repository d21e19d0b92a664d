#include "base/parallel.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	ITEMS_MAXIMUM = 10000,
};

struct visits {
	atomic_uint of_item[ITEMS_MAXIMUM];
	atomic_uint of_worker[64];
	unsigned threads;
	atomic_bool outside; /* a worker with a number that must not be */
};

static void visit(void *context, size_t item, unsigned worker)
{
	struct visits *visits = context;

	if (worker >= (visits->threads > 1 ? visits->threads : 1) ||
	    worker >= COUNT(visits->of_worker)) {
		visits->outside = true;
		return;
	}
	visits->of_item[item]++;
	visits->of_worker[worker]++;
}

static void each_item_is_visited_once(void **state)
{
	static const struct {
		size_t count;
		unsigned threads;
	} cases[] = {
		{ 0, 0 },     { 0, 8 },      { 1, 0 },        { 1, 1 },
		{ 1, 8 },     { 7, 3 },      { 100, 1 },      { 3, 64 },
		{ 10000, 4 }, { 10000, 64 }, { 10000, 1000 }, { 10000, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct visits *visits = calloc(1, sizeof(*visits));

		assert_non_null(visits);
		visits->threads = cases[i].threads;
		parallel_for(cases[i].count, cases[i].threads, visit, visits);
		assert_false(visits->outside);
		for (size_t j = 0; j < ITEMS_MAXIMUM; j++)
			assert_int_equal(visits->of_item[j], j < cases[i].count ? 1 : 0);
		free(visits);
	}
}

struct meeting {
	pthread_barrier_t barrier;
	pthread_t threads[4];
};

/* Returns only when four workers are here at the same time. */
static void meet(void *context, size_t item, unsigned worker)
{
	struct meeting *meeting = context;

	(void)item;
	meeting->threads[worker] = pthread_self();
	(void)pthread_barrier_wait(&meeting->barrier);
}

static void workers_run_at_the_same_time_and_the_caller_is_worker_0(void **state)
{
	struct meeting meeting;

	(void)state;
	assert_int_equal(pthread_barrier_init(&meeting.barrier, NULL, 4), 0);
	parallel_for(4, 4, meet, &meeting);
	assert_true(pthread_equal(meeting.threads[0], pthread_self()));
	for (size_t i = 1; i < 4; i++)
		assert_false(pthread_equal(meeting.threads[i], pthread_self()));
	(void)pthread_barrier_destroy(&meeting.barrier);
}

static void square(void *context, size_t item, unsigned worker)
{
	uint64_t *squares = context;

	(void)worker;
	squares[item] = (uint64_t)item * item;
}

static void the_result_does_not_depend_on_the_split(void **state)
{
	enum { ITEMS = 5000 };
	uint64_t alone[ITEMS] = { 0 };
	uint64_t split[ITEMS] = { 0 };

	(void)state;
	parallel_for(ITEMS, 1, square, alone);
	parallel_for(ITEMS, 7, square, split);
	assert_memory_equal(alone, split, sizeof(alone));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_is_visited_once),
		cmocka_unit_test(workers_run_at_the_same_time_and_the_caller_is_worker_0),
		cmocka_unit_test(the_result_does_not_depend_on_the_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
