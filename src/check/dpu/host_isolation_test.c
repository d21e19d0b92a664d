#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "dpu-host-isolation";
static const char base[] = "pci.id pci:0000:1a:00.0 15b3:a2dc\n"
			   "file file:/dev/rshim0 absent\n"
			   "module module:rshim absent\n"
			   "virtual - none\n";

static void a_way_is_open_near_or_closed(void **state)
{
	static const struct verdict_case cases[] = {
		{ "open",
		  "file file:/dev/rshim0 folder 0755 0\n"
		  "module module:rshim loaded\n",
		  VERDICT_FAIL, NULL },
		{ "driver", "module module:rshim loaded\n", VERDICT_WARN, "driver" },
		{ "management function", "pci.id pci:0000:1a:00.2 15b3:c2d5\n", VERDICT_WARN,
		  "on the bus" },
		{ "closed", "", VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_a_dpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "connectx", "pci.id pci:0000:1a:00.0 15b3:1021\n", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "bus not read", "pci.id pci:0000:1a:00.0 ? denied\n", VERDICT_UNKNOWN, NULL },
		{ "card alone", "pci.id pci:0000:1a:00.0 15b3:a2dc\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_way_is_open_near_or_closed),
		cmocka_unit_test(without_a_dpu_it_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
