#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "dcgm-floor";

static void each_is_held_against_its_floor(void **state)
{
	static const struct verdict_case cases[] = {
		{ "both fit",
		  "software software:dcgm 4.5.3\n"
		  "software software:dcgm-exporter 4.8.2\n",
		  VERDICT_PASS, NULL },
		{ "manager old",
		  "software software:dcgm 4.5.2\n"
		  "software software:dcgm-exporter 4.8.2\n",
		  VERDICT_FAIL, "4.5.3" },
		{ "exporter old",
		  "software software:dcgm 4.5.3\n"
		  "software software:dcgm-exporter 4.8.1\n",
		  VERDICT_FAIL, "4.8.2" },
		{ "only the manager",
		  "software software:dcgm 4.6.0\n"
		  "software software:dcgm-exporter absent\n",
		  VERDICT_PASS, NULL },
		{ "neither",
		  "software software:dcgm absent\n"
		  "software software:dcgm-exporter absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "one is not known", "software software:dcgm 4.5.3\n", VERDICT_UNKNOWN, NULL },
		{ "unreadable",
		  "software software:dcgm ? denied\n"
		  "software software:dcgm-exporter absent\n",
		  VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_held_against_its_floor),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
