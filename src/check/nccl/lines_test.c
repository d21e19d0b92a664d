#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-lines";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "nccl.file nccl-file:/etc/nccl.conf read\n";

static void each_fault_is_told(void **state)
{
	static const struct verdict_case cases[] = {
		{ "clean", "", VERDICT_PASS, "1 file" },
		{ "export", "nccl.line nccl-line:3:/etc/nccl.conf export NCCL_X\n", VERDICT_FAIL,
		  "/etc/nccl.conf:3" },
		{ "blank",
		  "nccl.line nccl-line:3:/etc/nccl.conf blank-in-name,blank-around NCCL_X\n",
		  VERDICT_FAIL, "nothing reads it" },
		{ "quoted number", "nccl.line nccl-line:3:/etc/nccl.conf quoted,number NCCL_X\n",
		  VERDICT_FAIL, "quotes" },
		{ "blank beside a number",
		  "nccl.line nccl-line:3:/etc/nccl.conf blank-around,number NCCL_X\n", VERDICT_WARN,
		  NULL },
		{ "blank beside a word",
		  "nccl.line nccl-line:3:/etc/nccl.conf blank-around NCCL_X\n", VERDICT_FAIL,
		  NULL },
		{ "comment", "nccl.line nccl-line:3:/etc/nccl.conf comment-behind NCCL_X\n",
		  VERDICT_FAIL, "line of its own" },
		{ "carriage return and a number",
		  "nccl.line nccl-line:3:/etc/nccl.conf carriage-return,number NCCL_X\n",
		  VERDICT_WARN, "Windows" },
		{ "foreign", "nccl.line nccl-line:3:/etc/nccl.conf foreign UCX_TLS\n", VERDICT_WARN,
		  NULL },
		{ "nearly", "nccl.line nccl-line:3:/etc/nccl.conf foreign CCL_X near:NCCL_X\n",
		  VERDICT_FAIL, "is meant: NCCL_X" },
		{ "repeated", "nccl.line nccl-line:3:/etc/nccl.conf repeated NCCL_X\n",
		  VERDICT_WARN, "first" },
		{ "no value", "nccl.line nccl-line:3:/etc/nccl.conf no-value -\n", VERDICT_WARN,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void no_file_is_no_fault(void **state)
{
	static const struct verdict_case cases[] = {
		{ "absent", "nccl.file nccl-file:/etc/nccl.conf absent\n", VERDICT_PASS,
		  "no file" },
		{ "named and absent",
		  "setting setting:env:NCCL_CONF_FILE /x\n"
		  "nccl.file nccl-file:/x absent\n",
		  VERDICT_FAIL, "neither it nor ~/.nccl.conf" },
		{ "named and there",
		  "setting setting:env:NCCL_CONF_FILE /x\n"
		  "nccl.file nccl-file:/x read\n",
		  VERDICT_PASS, "2 files" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "nccl.file nccl-file:/etc/nccl.conf ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_told),
		cmocka_unit_test(no_file_is_no_fault),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
