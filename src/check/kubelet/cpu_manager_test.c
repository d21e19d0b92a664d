#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "kubelet-cpu-manager";
static const char base[] = "service service:kubelet running\n"
			   "software software:kubelet 1.33.1\n"
			   "gpu.count.pci vendor:nvidia 8\n";

static void static_or_not(void **state)
{
	static const struct verdict_case cases[] = {
		{ "static", "setting setting:kubelet:cpuManagerPolicy static\n", VERDICT_PASS,
		  NULL },
		{ "none", "setting setting:kubelet:cpuManagerPolicy none\n", VERDICT_FAIL, NULL },
		{ "unset", "setting setting:kubelet:cpuManagerPolicy unset\n", VERDICT_FAIL, NULL },
		{ "something else", "setting setting:kubelet:cpuManagerPolicy Static\n",
		  VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void elsewhere_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "no kubelet",
		  "software software:kubelet absent\n"
		  "service service:kubelet absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare",
		  "service service:kubelet running\n"
		  "setting setting:kubelet:cpuManagerPolicy none\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "kubelet alone", "service service:kubelet running\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(static_or_not),
		cmocka_unit_test(elsewhere_it_does_not_apply),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
