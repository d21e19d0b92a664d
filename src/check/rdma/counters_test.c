#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/rails.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = RAILS "rdma.counter rdma:mlx5_3/1/link_downed 1\n"
				 "rdma.counter rdma:mlx5_3/1/link_downed 1 @3600\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/link_downed 1\n"
	  "rdma.counter rdma:mlx5_3/1/link_downed 2 @3600\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/excessive_buffer_overrun_errors 0\n"
	  "rdma.counter rdma:mlx5_3/1/excessive_buffer_overrun_errors 1 @3600\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/local_link_integrity_errors 0\n"
	  "rdma.counter rdma:mlx5_3/1/local_link_integrity_errors 1 @3600\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/rnr_nak_retry_err 0\n"
	  "rdma.counter rdma:mlx5_3/1/rnr_nak_retry_err 1 @3600\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/symbol_error 0\n"
	  "rdma.counter rdma:mlx5_3/1/symbol_error 120 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/symbol_error 0\n"
	  "rdma.counter rdma:mlx5_3/1/symbol_error 121 @3600\n",
	  VERDICT_FAIL },
	{ "rdma.counter rdma:mlx5_3/1/link_error_recovery 0\n"
	  "rdma.counter rdma:mlx5_3/1/link_error_recovery 300 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/link_error_recovery 0\n"
	  "rdma.counter rdma:mlx5_3/1/link_error_recovery 301 @3600\n",
	  VERDICT_WARN },
	{ "rdma.counter rdma:mlx5_3/1/port_rcv_errors 0\n"
	  "rdma.counter rdma:mlx5_3/1/port_rcv_errors 36000 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/port_rcv_errors 0\n"
	  "rdma.counter rdma:mlx5_3/1/port_rcv_errors 36001 @3600\n",
	  VERDICT_WARN },
	{ "rdma.counter rdma:mlx5_3/1/port_xmit_discards 0\n"
	  "rdma.counter rdma:mlx5_3/1/port_xmit_discards 360000 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/port_xmit_discards 0\n"
	  "rdma.counter rdma:mlx5_3/1/port_xmit_discards 360001 @3600\n",
	  VERDICT_WARN },
	{ "rdma.counter rdma:mlx5_3/1/roce_slow_restart 0\n"
	  "rdma.counter rdma:mlx5_3/1/roce_slow_restart 36001 @3600\n",
	  VERDICT_WARN },
	{ "rdma.counter rdma:mlx5_3/1/local_ack_timeout_err 0\n"
	  "rdma.counter rdma:mlx5_3/1/local_ack_timeout_err 3600 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/local_ack_timeout_err 0\n"
	  "rdma.counter rdma:mlx5_3/1/local_ack_timeout_err 3601 @3600\n",
	  VERDICT_WARN },
	{ "rdma.counter rdma:mlx5_3/1/port_rcv_data 0\n"
	  "rdma.counter rdma:mlx5_3/1/port_rcv_data 1000000000 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/symbol_error ? refused\n", VERDICT_UNKNOWN },
	{ "rdma.counter rdma:mlx5_3/1 ? refused\n", VERDICT_UNKNOWN },
	{ "rdma.counter rdma:mlx5_3/1/other ? refused\n", VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/local_link_integrity_errors 3\n"
	  "rdma.counter rdma:mlx5_3/1/local_link_integrity_errors 3 @3600\n",
	  VERDICT_PASS },
	{ "rdma.counter rdma:mlx5_3/1/link_downed 1 @3600\n"
	  "rdma.counter rdma:mlx5_3/1/link_downed -\n",
	  VERDICT_UNKNOWN },
	{ "rdma.counter rdma:mlx5_0/1/local_link_integrity_errors 2\n", VERDICT_WARN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("rdma-counters", scene_h100, well, cases);
}

static void a_short_window_is_told(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RAILS, "rdma.counter rdma:mlx5_3/1/symbol_error 0\n",
		   "rdma.counter rdma:mlx5_3/1/symbol_error 2 @30\n", NULL);
	assert_int_equal(scene_worst(&scene, "rdma-counters"), VERDICT_FAIL);
	assert_non_null(strstr(scene.found.items[0].text, "short window"));
	assert_non_null(strstr(scene.found.items[0].text, "mlx5_3 port 1"));
}

static void one_look_shows_no_rate(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RAILS, "rdma.counter rdma:mlx5_3/1/symbol_error 9\n",
		   "rdma.counter rdma:mlx5_3/1/rnr_nak_retry_err 0\n", NULL);
	assert_int_equal(scene_worst(&scene, "rdma-counters"), VERDICT_UNKNOWN);
	assert_non_null(strstr(scene.found.items[0].text, "second look"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RAILS, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-counters"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "rdma-counters"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(a_short_window_is_told),
		cmocka_unit_test(one_look_shows_no_rate),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
