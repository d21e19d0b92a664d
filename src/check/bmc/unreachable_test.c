#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "bmc-unreachable";
static const char base[] = "virtual - none\n"
			   "container - none\n"
			   "file file:/dev/ipmi0 absent\n"
			   "file file:/dev/ipmi/0 absent\n"
			   "file file:/dev/ipmidev/0 absent\n"
			   "module module:ipmi_si absent\n"
			   "module module:ipmi_devintf absent\n"
			   "module module:ipmi_ssif absent\n";

static void a_device_is_judged_by_who_may_open_it(void **state)
{
	static const struct verdict_case cases[] = {
		{ "for everybody", "file file:/dev/ipmi0 device 0666 0\n", VERDICT_FAIL, "0666" },
		{ "for a group", "file file:/dev/ipmi0 device 0660 0\n", VERDICT_FAIL, "0660" },
		{ "for root on bare metal", "file file:/dev/ipmi0 device 0600 0\n", VERDICT_WARN,
		  "rents" },
		{ "in a guest",
		  "virtual - kvm\n"
		  "file file:/dev/ipmi0 device 0600 0\n",
		  VERDICT_FAIL, "virtual machine" },
		{ "an older name", "file file:/dev/ipmidev/0 device 0666 0\n", VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void absence_passes_only_where_it_can_be_told(void **state)
{
	static const struct verdict_case cases[] = {
		{ "in a guest", "virtual - kvm\n", VERDICT_PASS, NULL },
		{ "on bare metal", "", VERDICT_UNKNOWN, "modprobe" },
		{ "in a container",
		  "virtual - kvm\n"
		  "container - docker\n",
		  VERDICT_UNKNOWN, "outside" },
		{ "driver loaded",
		  "virtual - kvm\n"
		  "module module:ipmi_si loaded\n",
		  VERDICT_WARN, "ipmi_si" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "devices only",
		  "virtual - kvm\n"
		  "file file:/dev/ipmi0 absent\n"
		  "file file:/dev/ipmi/0 absent\n"
		  "file file:/dev/ipmidev/0 absent\n",
		  VERDICT_UNKNOWN, NULL },
		{ "not read",
		  "virtual - kvm\n"
		  "file file:/dev/ipmi0 ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
		{ "no mode", "file file:/dev/ipmi0 device\n", VERDICT_UNKNOWN, "no mode" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_judged_by_who_may_open_it),
		cmocka_unit_test(absence_passes_only_where_it_can_be_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
