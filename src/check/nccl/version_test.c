#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-version";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "nccl.library - /usr/lib/libnccl.so.2\n"
			   "nccl.version - 2.28.9\n";

static void faulty_versions_are_told(void **state)
{
	static const struct verdict_case cases[] = {
		{ "well", "", VERDICT_PASS, "2.28.9" },
		{ "hangs", "nccl.version - 2.19.3\n", VERDICT_WARN, "1134" },
		{ "mended", "nccl.version - 2.20.3\n", VERDICT_PASS, NULL },
		{ "faulty with a profiler",
		  "nccl.version - 2.30.3\n"
		  "nccl.plugin nccl-plugin:profiler:/x.so profiler:5\n",
		  VERDICT_FAIL, "profiler" },
		{ "without one", "nccl.version - 2.30.3\n", VERDICT_PASS, NULL },
		{ "slow with a profiler",
		  "nccl.version - 2.31.2\n"
		  "nccl.plugin nccl-plugin:profiler:/x.so profiler:5\n",
		  VERDICT_WARN, "2355" },
		{ "mended with a profiler",
		  "nccl.version - 2.31.3\n"
		  "nccl.plugin nccl-plugin:profiler:/x.so profiler:5\n",
		  VERDICT_PASS, NULL },
		{ "another copy", "nccl.copy nccl-copy:/a/libnccl.so.2 2.21.5\n", VERDICT_WARN,
		  "/a/libnccl.so.2" },
		{ "the same copy", "nccl.copy nccl-copy:/a/libnccl.so.2 2.28.9\n", VERDICT_PASS,
		  NULL },
		{ "absent", "nccl.library - absent\n", VERDICT_NOT_APPLICABLE, "container" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read",
		  "nccl.library - /usr/lib/libnccl.so.2\n"
		  "nccl.version - ? no library\n",
		  VERDICT_UNKNOWN, "no library" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faulty_versions_are_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
