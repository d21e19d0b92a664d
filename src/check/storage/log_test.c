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
	{ "log.storage - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.lines - 0\n", VERDICT_UNKNOWN },
	{ "log.lines - ? no permission\n", VERDICT_UNKNOWN },
	{ "log.storage - EXT4-fs (nvme0n1p2): Remounting filesystem read-only\n", VERDICT_FAIL },
	{ "log.storage - blk_update_request: I/O error, dev nvme1n1, sector 8\n", VERDICT_FAIL },
	{ "log.storage - critical medium error, dev sda, sector 9\n", VERDICT_FAIL },
	{ "log.storage - XFS (md0): Corruption of in-memory data detected\n", VERDICT_FAIL },
	{ "log.storage - nvme nvme2: controller is down; will reset: CSTS=0xffffffff\n",
	  VERDICT_FAIL },
	{ "log.storage - nvme nvme2: I/O 12 QID 3 timeout, aborting\n", VERDICT_WARN },
	{ "log.storage - nfs: server 10.0.0.1 not responding, still trying\n", VERDICT_WARN },
	{ "log.storage - Buffer I/O error on dev sr0, logical block 0\n", VERDICT_PASS },
	{ "log.storage - I/O error, dev loop3, sector 0\n", VERDICT_PASS },
	{ "log.storage - XFS (md0): xfs_log_force: filesystem has been shut down\n", VERDICT_FAIL },
	{ "log.storage - Aborting journal on device sda2-8.\n", VERDICT_FAIL },
	{ "log.storage - Lustre: data-MDT0000: Connection to data was lost\n", VERDICT_WARN },
	{ "log.storage - Lustre: client was evicted by data-MDT0000\n", VERDICT_WARN },
	{ "log.storage - LustreError: 11-0: operation failed\n", VERDICT_WARN },
	{ "log.storage - LNetError: 120-3: refusing\n", VERDICT_WARN },
	{ "log.storage - nvme nvme3: Removing after probe failure status: -19\n", VERDICT_FAIL },
	{ "log.storage - nvme nvme3: reset failure\n", VERDICT_FAIL },
	{ "log.storage - sd 0:0:0:0: [sda] Sense Key : Medium Error\n", VERDICT_FAIL },
	{ "log.storage - sd 0:0:0:0: [sda] Sense Key : Hardware Error\n", VERDICT_FAIL },
	{ "log.storage - XFS (md0): Shutting down filesystem\n", VERDICT_FAIL },
	{ "log.storage - md/raid1:md0: Disk failure on sdb, disabling device.\n", VERDICT_FAIL },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("storage-log", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "storage-log"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
