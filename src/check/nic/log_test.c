#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "log.lines - 900\n"
			   "log.from - 0\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "log.nic - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.lines - 0\n", VERDICT_UNKNOWN },
	{ "log.lines - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: mlx5_cmd_exec:1234: ACCESS_REG(0x805) "
	  "timeout. Will cause a leak of a command resource\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: wait_func:1167: ENABLE_HCA(0x104) "
	  "timeout. Will cause a leak of a command resource\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: poll_health:800:(pid 0): device's "
	  "health compromised - reached miss count\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: health poll failed\n", VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: health compromised\n", VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: firmware is not responding\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: heartbeat stalled\n", VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: a timeout of something else\n",
	  VERDICT_WARN },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: tx timed out\n", VERDICT_WARN },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: unrecoverable hardware error\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: assert_var[0] 0x00000001\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: Fatal error 3 detected\n",
	  VERDICT_FAIL },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: non-fatal error 3 detected\n",
	  VERDICT_WARN },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: High temperature on sensors with bit "
	  "set 1\n",
	  VERDICT_WARN },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: Detected insufficient power on the "
	  "PCIe slot (27W).\n",
	  VERDICT_WARN },
	{ "log.nic pci:0000:18:00.0 NETDEV WATCHDOG: eth0 (mlx5_core): transmit queue 3 timed "
	  "out\n",
	  VERDICT_WARN },
	{ "log.nic pci:0000:18:00.0 mlx5_core 0000:18:00.0: Port module event[error]: module 0, "
	  "Cable error, Bus stuck\n",
	  VERDICT_WARN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("nic-log", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "nic-log"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
