#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/capture.h"
#include "host/device.h"
#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TREE "/root" /* of a capture */
#define MOUNTS                                           \
	"1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"  \
	"2 1 0:40 / /home rw - nfs4 srv:/home rw,hard\n" \
	"3 1 0:41 / /mnt/a\\040b ro - nfs srv:/b rw\n"   \
	"4 1 0:42 / /dead rw - fuse.x x rw\n"            \
	"5 1 0:43 / /odd rw - xfs /dev/sdb ro\n"         \
	"6 1 0:44 / /stale rw - nfs srv:/s rw\n"

static const struct root_entry live[] = {
	{ "/proc/self/mountinfo", MOUNTS },          { "/sys/block/sda/size", "2048\n" },
	{ "/sys/block/sda/dev", "8:0\n" },           { "/sys/block/sda/sda1/dev", "8:1\n" },
	{ "/sys/class/nvme/nvme0/state", "live\n" }, { NULL, NULL },
};

static void what_only_a_live_machine_tells_is_unknown_of_a_root(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, live);
	watch_run(&watch, &probe_storage);
	watch_expect(&watch, "mount.type", "mount:/", "ext4");
	watch_expect(&watch, "mount.type", "mount:/home", "nfs4");
	watch_expect(&watch, "mount.source", "mount:/mnt/a_b", "srv:/b");
	watch_expect(&watch, "mount.mode", "mount:/mnt/a_b", "ro");
	watch_expect(&watch, "mount.mode", "mount:/odd", "ro");
	watch_expect(&watch, "mount.mode", "mount:/home", "rw");
	watch_expect(&watch, "mount.options", "mount:/home", "rw,rw,hard");
	watch_expect(&watch, "mount.answers", "mount:/", "?only the machine itself");
	watch_expect(&watch, "mount.size", "mount:/home", "?only the machine itself");
	watch_expect(&watch, "mount.available", "mount:/home", "?only the machine itself");
	watch_expect(&watch, "disk.use", "disk:sda", "mounted");
	watch_expect(&watch, "nvme.state", "nvme:nvme0", "live");
	watch_expect(&watch, "nvme.warning", "nvme:nvme0", "?only the machine itself");
	assert_int_equal(watch_count(&watch, "mount.answers"), 6);
}

static void each_share_is_looked_at_alone(void **state)
{
	static const struct {
		unsigned shares, mounts, disks;
	} cases[] = {
		{ PROBE_QUICK, 6, 0 },
		{ PROBE_FULL, 0, 1 },
		{ PROBE_QUICK | PROBE_FULL, 6, 1 },
		{ PROBE_COUNTERS, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, live);
		watch.request.shares = cases[i].shares;
		watch_run(&watch, &probe_storage);
		assert_int_equal(watch_count(&watch, "mount.type"), cases[i].mounts);
		assert_int_equal(watch_count(&watch, "mount.answers"), cases[i].mounts);
		assert_int_equal(watch_count(&watch, "disk.size"), cases[i].disks);
		assert_int_equal(watch_count(&watch, "nvme.state"), cases[i].disks);
		assert_int_equal(watch_count(&watch, "nvme.used"), cases[i].disks);
	}
}

#define QUESTIONS_REST \
	"mount:/mnt/a\\\\040b mount:/dead mount:/odd mount:/stale nvme:nvme0 nvme:nvme1"
#define DIGITS_8 "00000000000000000000000000000000"
#define PAGE                                                                                  \
	"013b01640a03"                                                                        \
	"00000000000000000000" DIGITS_8 DIGITS_8 DIGITS_8 DIGITS_8 DIGITS_8 DIGITS_8 DIGITS_8 \
		DIGITS_8 DIGITS_8 "05000000000000000000000000000000" DIGITS_8

/* A machine on which /home hangs and asking /dead ends the process. */
static const struct root_entry recorded[] = {
	{ "/capture.json",
	  "{\"schema\": \"assay/capture/v1\", \"unix_time\": 1764115200, \"boot_ns\": 1000,"
	  "\"lists\": [{\"path\": \"/sys/block\", \"names\": []},"
	  "{\"path\": \"/sys/class/nvme\", \"names\": [\"nvme0\", \"nvme1\"]}],"
	  "\"answers\": ["
	  "{\"worker\": \"storage\", \"request\": \"mount:/ mount:/home " QUESTIONS_REST "\","
	  " \"end\": \"stalled\", \"signal\": 0, \"call\": \"1 mount:/home\","
	  " \"answers\": [\"0 mount:/\", \"ok 1000 500\", \"1 mount:/home\"]},"
	  "{\"worker\": \"storage\", \"request\": \"" QUESTIONS_REST "\","
	  " \"end\": \"died\", \"signal\": 11, \"call\": \"1 mount:/dead\","
	  " \"answers\": [\"0 mount:/mnt/a\\\\040b\", \"ok 18446744073709551615 0\", \"1 "
	  "mount:/dead\"]},"
	  "{\"worker\": \"storage\","
	  " \"request\": \"mount:/odd mount:/stale nvme:nvme0 nvme:nvme1\","
	  " \"end\": \"done\", \"signal\": 0, \"call\": \"3 nvme:nvme1\","
	  " \"answers\": [\"0 mount:/odd\", \"ok 12 many\", \"1 "
	  "mount:/stale\","
	  " \"refused asking for the space of '/stale': Stale file handle\","
	  " \"2 nvme:nvme0\", \"ok " PAGE
	  "\", \"3 nvme:nvme1\", \"none '/dev/nvme1' has no page of its "
	  "health\"]}]}" },
	{ TREE "/proc/self/mountinfo", MOUNTS },
	{ TREE "/sys/class/nvme/nvme0/state", "live\n" },
	{ TREE "/sys/class/nvme/nvme1/state", "live\n" },
	{ NULL, NULL },
};

static void a_mount_that_hangs_hides_no_other(void **state)
{
	struct host host;
	struct error err = { .text = "" };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, recorded);
	(void)capture_open(watch.root.folder, &watch.root.arena, &host, &err);
	assert_string_equal(err.text, "");
	watch.request.host = &host;
	watch_run(&watch, &probe_storage);
	watch_expect(&watch, "mount.answers", "mount:/", "ok");
	watch_expect(&watch, "mount.size", "mount:/", "1000");
	watch_expect(&watch, "mount.available", "mount:/", "500");
	watch_expect(&watch, "mount.answers", "mount:/home", "stalled");
	watch_expect(&watch, "mount.size", "mount:/home", "?does not answer");
	watch_expect(&watch, "mount.answers", "mount:/mnt/a_b", "ok");
	watch_expect(&watch, "mount.size", "mount:/mnt/a_b", "1.84467440737096e19");
	watch_expect(&watch, "mount.answers", "mount:/dead", "?ended the process, signal 11");
	watch_expect(&watch, "mount.size", "mount:/dead", "?ended the process");
	watch_expect(&watch, "mount.answers", "mount:/odd", "?makes no sense");
	watch_expect(&watch, "mount.answers", "mount:/stale", "Stale file handle");
	watch_expect(&watch, "mount.available", "mount:/stale", "?Stale file handle");
	watch_expect(&watch, "nvme.warning", "nvme:nvme0", "spare");
	watch_expect(&watch, "nvme.temperature", "nvme:nvme0", "42");
	watch_expect(&watch, "nvme.media-errors", "nvme:nvme0", "5");
	/* Without such a page there is nothing that could be unknown. */
	watch_expect(&watch, "nvme.warning", "nvme:nvme1", NULL);
}

static void this_machine_answers_for_its_root(void **state)
{
	const struct host machine = { .root = NULL };
	struct host_space space = { 0 };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch.request.host = &machine;
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_storage);
	if (!watch_find(&watch, "mount.type", "mount:/"))
		skip(); /* in some containers the root is no mount of its own */
	watch_expect(&watch, "mount.answers", "mount:/", "ok");
	assert_true(host_statvfs(&machine, "/", &space, NULL));
	watch_expect(&watch, "mount.size", "mount:/",
		     arena_format(&watch.root.arena, "%.15g", (double)space.size));
}

static void mounts_that_cannot_be_read_are_not_none(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ NULL, "?Too many levels" },
		{ "", "?0 lines that are no mounts, and 0 mounts" },
		{ "garbage\n" MOUNTS, "?1 lines that are no mounts, and 6 mounts" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, live);
		root_put(&watch.root, "/proc/self/mountinfo", cases[i].text);
		watch_run(&watch, &probe_storage);
		watch_expect(&watch, "mount.type", NULL, cases[i].says);
	}
}

static void thousands_of_mounts_are_cut_and_said_so(void **state)
{
	struct text text = { .maximum = 1 << 20 };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, live);
	for (unsigned i = 0; i < 1030; i++)
		text_format(&text, "%u 1 0:%u / /m%u rw - xfs /dev/x%u rw\n", i, i, i, i);
	root_put(&watch.root, "/proc/self/mountinfo", text_string(&text));
	text_release(&text);
	watch_run(&watch, &probe_storage);
	watch_expect(&watch, "mount.type", NULL, "?6 further mounts were not looked at");
	assert_int_equal(watch_count(&watch, "mount.answers"), 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_only_a_live_machine_tells_is_unknown_of_a_root),
		cmocka_unit_test(each_share_is_looked_at_alone),
		cmocka_unit_test(a_mount_that_hangs_hides_no_other),
		cmocka_unit_test(this_machine_answers_for_its_root),
		cmocka_unit_test(mounts_that_cannot_be_read_are_not_none),
		cmocka_unit_test(thousands_of_mounts_are_cut_and_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
