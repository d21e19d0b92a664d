#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "dpu-virtio-floor";
static const char base[] = "pci.id pci:0000:1a:00.0 15b3:a2dc\n"
			   "container - none\n"
			   "virtual - none\n";

static void the_line_decides(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor", "software software:virtio-net-controller 25.10.6\n", VERDICT_PASS,
		  NULL },
		{ "long-term or not", "software software:virtio-net-controller 25.10.4\n",
		  VERDICT_WARN, NULL },
		{ "below", "software software:virtio-net-controller 25.10.1\n", VERDICT_FAIL,
		  "25.10.6" },
		{ "another line", "software software:virtio-net-controller 26.1.0\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void on_the_host_it_is_unknown_even_when_stated(void **state)
{
	static const struct verdict_case cases[] = {
		{ "host", "software software:virtio-net-controller absent\n", VERDICT_UNKNOWN,
		  "on the DPU" },
		{ "stated",
		  "software software:virtio-net-controller absent\n"
		  "setting setting:attest:dpu-virtio provider says 25.10.6\n",
		  VERDICT_UNKNOWN, "stated and not measured" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_a_dpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "none", "software software:virtio-net-controller absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_decides),
		cmocka_unit_test(on_the_host_it_is_unknown_even_when_stated),
		cmocka_unit_test(without_a_dpu_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
