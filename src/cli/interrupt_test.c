#include "cli/interrupt.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void who_hung_up_is_not_missed_under_nohup(void **state)
{
	(void)state;
	assert_true(signal(SIGHUP, SIG_IGN) != SIG_ERR);
	interrupts_catch();
	assert_int_equal(raise(SIGHUP), 0);
	assert_false(interrupted(NULL));
	assert_true(signal(SIGHUP, SIG_DFL) != SIG_ERR);
}

static void a_signal_is_noted_and_ends_nothing(void **state)
{
	(void)state;
	assert_false(interrupted(NULL));
	interrupts_catch();
	assert_false(interrupted(NULL));
	assert_int_equal(raise(SIGINT), 0);
	assert_true(interrupted(NULL));
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(raise(SIGHUP), 0);
	assert_true(interrupted(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_hung_up_is_not_missed_under_nohup),
		cmocka_unit_test(a_signal_is_noted_and_ends_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
