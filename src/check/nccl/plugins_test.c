#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "nccl-plugins";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "nccl.version - 2.28.9\n"
			   "nccl.library - /usr/lib/libnccl.so.2\n"
			   "nccl.interface nccl-interface:net 6+7+8+9+10+11\n"
			   "nccl.interface nccl-interface:tuner 2+3+4+5\n";

static void a_common_version_is_needed(void **state)
{
	static const struct verdict_case cases[] = {
		{ "common",
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9+10 collnet:9\n",
		  VERDICT_PASS, "version 10" },
		{ "newer", "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:12+13\n",
		  VERDICT_FAIL, "up to v11" },
		{ "none", "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so none\n", VERDICT_FAIL,
		  NULL },
		{ "missing", "nccl.plugin nccl-plugin:tuner:mine missing\n", VERDICT_WARN,
		  "'mine'" },
		{ "no plug-in", "", VERDICT_NOT_APPLICABLE, NULL },
		{ "not read", "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so ? denied\n",
		  VERDICT_UNKNOWN, "denied" },
		{ "library not read",
		  "nccl.interface nccl-interface:net -\n"
		  "nccl.plugin nccl-plugin:net:/opt/x/libnccl-net.so net:9\n",
		  VERDICT_UNKNOWN, "not known" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "version alone", "nccl.version - 2.28.9\n", VERDICT_UNKNOWN, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_common_version_is_needed),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
