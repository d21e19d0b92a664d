#include "base/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
	ROUNDS = 2000,
};

struct shared {
	struct lock lock;
	struct bell to, from;
	long sum;
};

static void add(void *context)
{
	struct shared *shared = context;

	for (int i = 0; i < ROUNDS; i++) {
		lock_take(&shared->lock);
		shared->sum++;
		lock_give(&shared->lock);
	}
}

static void what_a_lock_guards_is_changed_by_one_at_a_time(void **state)
{
	struct shared shared = { .lock = LOCK_READY };
	struct thread threads[4] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_true(thread_start(&threads[i], add, &shared));
	for (unsigned i = 0; i < 4; i++)
		thread_join(&threads[i]);
	assert_int_equal(shared.sum, 4 * ROUNDS);
}

static void answer(void *context)
{
	struct shared *shared = context;

	for (int i = 0; i < 100; i++) {
		bell_wait(&shared->to);
		shared->sum++;
		bell_ring(&shared->from);
	}
}

static void a_bell_wakes_the_one_who_waits_once_a_ring(void **state)
{
	struct shared shared = { .to = BELL_READY, .from = BELL_READY };
	struct thread thread = { 0 };

	(void)state;
	assert_true(thread_start(&thread, answer, &shared));
	for (int i = 0; i < 100; i++) {
		bell_ring(&shared.to);
		bell_wait(&shared.from);
		assert_int_equal(shared.sum, i + 1);
	}
	thread_join(&thread);
	thread_join(&thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_lock_guards_is_changed_by_one_at_a_time),
		cmocka_unit_test(a_bell_wakes_the_one_who_waits_once_a_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
