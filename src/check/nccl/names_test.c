#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-names";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "nccl.file nccl-file:/etc/nccl.conf read\n"
			   "nccl.version - 2.28.9\n"
			   "nccl.library - /usr/lib/libnccl.so.2\n";

static void names_are_held_against_the_library(void **state)
{
	static const struct verdict_case cases[] = {
		{ "known",
		  "setting setting:nccl:NCCL_IB_HCA x\n"
		  "nccl.name nccl-name:NCCL_IB_HCA known\n",
		  VERDICT_PASS, "1 name that is set" },
		{ "others",
		  "setting setting:env:NCCL_VERSION x\n"
		  "nccl.name nccl-name:NCCL_VERSION elsewhere\n",
		  VERDICT_PASS, NULL },
		{ "misspelt",
		  "setting setting:nccl:NCCL_IB_HAC x\n"
		  "nccl.name nccl-name:NCCL_IB_HAC absent near:NCCL_IB_HCA\n",
		  VERDICT_FAIL, "is NCCL_IB_HCA meant" },
		{ "strange",
		  "setting setting:nccl:NCCL_FOO_BAR x\n"
		  "nccl.name nccl-name:NCCL_FOO_BAR absent\n",
		  VERDICT_WARN, "2.28.9" },
		{ "nothing set", "", VERDICT_PASS, "no setting" },
		{ "no library",
		  "setting setting:nccl:NCCL_IB_HCA x\n"
		  "nccl.library - absent\n",
		  VERDICT_UNKNOWN, "container" },
		{ "not read",
		  "setting setting:nccl:NCCL_IB_HCA x\n"
		  "nccl.version - ? no library of 64 bits\n",
		  VERDICT_UNKNOWN, "could not" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not looked for", "nccl.file nccl-file:/etc/nccl.conf read\n", VERDICT_UNKNOWN,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_held_against_the_library),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
