#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "boost-slider";
static const char base[] = "gpu.count.pci vendor:nvidia 1\n"
			   "gpu.vendor gpu:0000:05:00.0 nvidia\n"
			   "gpu.name gpu:0000:05:00.0 NVIDIA B300 SXM6 AC\n"
			   "pci.id pci:0000:05:00.0 10de:3182\n";

static void it_is_never_moved(void **state)
{
	static const struct verdict_case cases[] = {
		{ "plain", "", VERDICT_UNKNOWN, "not done here" },
		{ "stated", "setting setting:attest:boost-slider provider says allowed\n",
		  VERDICT_UNKNOWN, "stated and not measured" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void a_b300_has_none(void **state)
{
	static const struct verdict_case cases[] = {
		{ "b300", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, "", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_never_moved),
		cmocka_unit_test(a_b300_has_none),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
