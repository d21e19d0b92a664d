#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "kernel-nested-guest";
static const char base[] = "cpu.flag flag:svm present\n"
			   "file file:/dev/kvm device 0660 0\n"
			   "module module:kvm_amd loaded\n"
			   "module module:kvm_intel absent\n"
			   "setting setting:kvm:amd.nested 1\n";

static void facts_decide(void **state)
{
	static const struct verdict_case cases[] = {
		{ "no kvm",
		  "cpu.flag flag:svm present\n"
		  "file file:/dev/kvm absent\n"
		  "module module:kvm_intel absent\n"
		  "module module:kvm_amd absent\n",
		  VERDICT_PASS, NULL },
		{ "nested off",
		  "cpu.flag flag:svm present\n"
		  "file file:/dev/kvm device 0660 0\n"
		  "module module:kvm_amd loaded\n"
		  "module module:kvm_intel absent\n"
		  "setting setting:kvm:amd.nested 0\n",
		  VERDICT_WARN, "nested is off" },
		{ "nested on",
		  "cpu.flag flag:svm present\n"
		  "file file:/dev/kvm device 0660 0\n"
		  "module module:kvm_amd loaded\n"
		  "module module:kvm_intel absent\n"
		  "setting setting:kvm:amd.nested 1\n",
		  VERDICT_UNKNOWN, "nested is on" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void a_container_in_a_guest_is_both(void **state)
{
	static const struct verdict_case cases[] = {
		{ "docker in kvm",
		  "virtual - kvm\n"
		  "container - docker\n",
		  VERDICT_UNKNOWN, "nested is on" },
		{ "kvm alone", "virtual - kvm\n", VERDICT_UNKNOWN, "nested is on" },
		{ "a name that is not known",
		  "virtual - other\n"
		  "container - kubernetes\n",
		  VERDICT_UNKNOWN, "nested is on" },
		{ "bare metal", "virtual - none\n", VERDICT_UNKNOWN, "nested is on" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "one module only",
		  "file file:/dev/kvm absent\n"
		  "module module:kvm_amd absent\n",
		  VERDICT_UNKNOWN, NULL },
		{ "device not read",
		  "file file:/dev/kvm ? denied\n"
		  "module module:kvm_intel absent\n"
		  "module module:kvm_amd absent\n",
		  VERDICT_UNKNOWN, NULL },
		{ "a parameter that is no word",
		  "file file:/dev/kvm device 0660 0\n"
		  "module module:kvm_amd loaded\n"
		  "setting setting:kvm:amd.nested maybe\n",
		  VERDICT_UNKNOWN, "not known" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_decide),
		cmocka_unit_test(a_container_in_a_guest_is_both),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
