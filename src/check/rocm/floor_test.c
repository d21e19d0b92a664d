#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "rocm-floor";
static const char base[] = "gpu.count.pci vendor:amd 1\n"
			   "gpu.count.pci vendor:nvidia 0\n"
			   "gpu.vendor gpu:0000:05:00.0 amd\n"
			   "gpu.name gpu:0000:05:00.0 AMD Instinct MI300X\n"
			   "pci.id pci:0000:05:00.0 1002:74a1\n"
			   "virtual - none\n"
			   "container - none\n";

static void the_model_decides(void **state)
{
	static const struct verdict_case cases[] = {
		{ "floor of the MI300X", "software software:rocm 6.4.2\n", VERDICT_PASS, NULL },
		{ "below", "software software:rocm 6.4.1\n", VERDICT_FAIL, "6.4.2" },
		{ "another model",
		  "gpu.name gpu:0000:05:00.0 AMD Instinct MI210\n"
		  "pci.id pci:0000:05:00.0 1002:740f\n"
		  "software software:rocm 6.4.2\n",
		  VERDICT_FAIL, "7.0.1" },
		{ "a model without a row",
		  "gpu.name gpu:0000:05:00.0 AMD Instinct MI355X\n"
		  "pci.id pci:0000:05:00.0 1002:75a3\n"
		  "software software:rocm 7.0.2\n",
		  VERDICT_UNKNOWN, NULL },
		{ "bad for all",
		  "gpu.name gpu:0000:05:00.0 AMD Instinct MI355X\n"
		  "pci.id pci:0000:05:00.0 1002:75a3\n"
		  "software software:rocm 6.2.0\n",
		  VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:rocm ? denied\n", VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_rocm_or_gpus_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "no GPU", "software software:rocm 5.0\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void not_installed_is_not_judged(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "software software:rocm absent\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_model_decides),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_rocm_or_gpus_it_does_not_apply),
		cmocka_unit_test(not_installed_is_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
