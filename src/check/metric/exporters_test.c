#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "metric-exporters";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "service service:dcgm-exporter absent\n"
			   "service service:amd-metrics-exporter absent\n"
			   "service service:node-exporter absent\n"
			   "service service:telegraf absent\n"
			   "service service:otel-collector absent\n"
			   "service service:vector absent\n";

static void none_some_and_all(void **state)
{
	static const struct verdict_case cases[] = {
		{ "both",
		  "service service:dcgm-exporter running\n"
		  "service service:node-exporter running\n",
		  VERDICT_PASS, NULL },
		{ "GPU only", "service service:dcgm-exporter running\n", VERDICT_WARN,
		  "node metrics" },
		{ "node only", "service service:telegraf running\n", VERDICT_WARN, "GPU metrics" },
		{ "stopped", "service service:dcgm-exporter stopped\n", VERDICT_FAIL, NULL },
		{ "none", "", VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "one", "service service:dcgm-exporter running\n", VERDICT_UNKNOWN, NULL },
		{ "processes hidden",
		  "service service:dcgm-exporter ? the processes cannot be seen\n", VERDICT_UNKNOWN,
		  "cannot be seen" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_some_and_all),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
