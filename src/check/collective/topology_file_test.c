#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "collective-topology-file";
static const char base[] = "virtual - kvm\n"
			   "container - none\n"
			   "gpu.count.pci vendor:nvidia 8\n";

static void missing_is_a_fault_of_guests(void **state)
{
	static const struct verdict_case cases[] = {
		{ "guest without", "setting setting:topology:nccl-file unset\n", VERDICT_FAIL,
		  NULL },
		{ "bare metal without",
		  "virtual - none\n"
		  "setting setting:topology:nccl-file unset\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void only_a_container_shows_what_containers_see(void **state)
{
	static const struct verdict_case cases[] = {
		{ "outside", "setting setting:topology:nccl-file /etc/nccl/topo.xml\n",
		  VERDICT_UNKNOWN, "not shown" },
		{ "inside",
		  "container - docker\n"
		  "setting setting:topology:nccl-file /etc/nccl/topo.xml\n",
		  VERDICT_PASS, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "not read", "setting setting:topology:nccl-file ? denied\n", VERDICT_UNKNOWN,
		  "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare", "", VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_is_a_fault_of_guests),
		cmocka_unit_test(only_a_container_shows_what_containers_see),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
