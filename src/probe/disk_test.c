#include "probe/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BLOCK "/sys/block/"

static const struct root_entry drives[] = {
	{ BLOCK "nvme0n1/size", "7501476528\n" },
	{ BLOCK "nvme0n1/dev", "259:0\n" },
	{ BLOCK "nvme0n1/device/model", "SAMSUNG MZQL23T8HCLS-00A07              \n" },
	{ BLOCK "nvme0n1/device/firmware_rev", "GDC5902Q\n" },
	{ BLOCK "nvme0n1/nvme0n1p1/dev", "259:1\n" },
	{ BLOCK "nvme0n1/nvme0n1p2/dev", "259:2\n" },
	{ BLOCK "nvme0n1/queue/x", "" },
	{ BLOCK "nvme1n1/size", "100\n" },
	{ BLOCK "nvme1n1/dev", "259:3\n" },
	{ BLOCK "nvme1n1/holders/md0", "" },
	{ BLOCK "nvme2n1/size", "100\n" },
	{ BLOCK "nvme2n1/dev", "259:4\n" },
	{ BLOCK "nvme2n1/holders/", NULL },
	{ BLOCK "nvme2c0n1/size", "100\n" },
	{ BLOCK "nvme2c0n1/hidden", "1\n" },
	{ BLOCK "sda/size", "2048\n" },
	{ BLOCK "sda/dev", "8:0\n" },
	{ BLOCK "sda/device/model", "DISK\n" },
	{ BLOCK "sda/device/rev", "1.0\n" },
	{ BLOCK "sda/sda1/dev", "8:1\n" },
	{ BLOCK "sdb/size", "0\n" }, /* a reader without a card */
	{ BLOCK "sdc/size", "2048\n" },
	{ BLOCK "sdc/dev", "8:32\n" },
	{ BLOCK "loop0/size", "1\n" },
	{ BLOCK "dm-0/size", "1\n" },
	{ BLOCK "md0/size", "1\n" },
	{ "/proc/swaps", "Filename Type Size\n/dev/sda1               partition\t8\t0\t-2\n" },
	{ NULL, NULL },
};

static void look_at_disks(const struct probe_request *request, struct sightings *sightings)
{
	struct mount *mounts;
	size_t bad, count = mounts_parse(SPAN("1 0 259:2 / / rw - ext4 /dev/root rw\n"
					      "2 0 0:40 / /b rw - btrfs /dev/sdc rw\n"),
					 sightings->arena, &mounts, &bad);

	disks_look(request->host, mounts, count, sightings);
}

static const struct probe disks = { .shares = PROBE_FULL, .look = look_at_disks };

static void disks_and_their_use_are_seen(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, drives);
	watch_run(&watch, &disks);
	watch_expect(&watch, "disk.size", "disk:nvme0n1", "3840755982336");
	watch_expect(&watch, "disk.model", "disk:nvme0n1", "SAMSUNG MZQL23T8HCLS-00A07");
	watch_expect(&watch, "disk.firmware", "disk:nvme0n1", "GDC5902Q");
	watch_expect(&watch, "disk.use", "disk:nvme0n1", "mounted");
	watch_expect(&watch, "disk.use", "disk:nvme1n1", "member");
	watch_expect(&watch, "disk.use", "disk:nvme2n1", "unused");
	watch_expect(&watch, "disk.use", "disk:sda", "swap");
	watch_expect(&watch, "disk.firmware", "disk:sda", "1.0");
	watch_expect(&watch, "disk.use", "disk:sdc", "mounted"); /* by its source alone */
	watch_expect(&watch, "disk.model", "disk:sdc", NULL);
	assert_int_equal(watch_count(&watch, "disk.size"), 5);
}

static void what_has_a_disk_unseen_makes_unused_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, drives);
	root_put(&watch.root, "/proc/spl/kstat/zfs/", NULL);
	watch_run(&watch, &disks);
	watch_expect(&watch, "disk.use", "disk:nvme2n1", "?ZFS");
	watch_expect(&watch, "disk.use", "disk:nvme1n1", "member");
}

static void what_cannot_be_read_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, drives);
	root_put(&watch.root, BLOCK "sda/size", NULL);
	root_put(&watch.root, BLOCK "nvme0n1/size", "huge\n");
	root_put(&watch.root, BLOCK "nvme0n1/device/model", NULL);
	watch_run(&watch, &disks);
	watch_expect(&watch, "disk.size", "disk:sda", "?Too many levels");
	watch_expect(&watch, "disk.size", "disk:nvme0n1", "?is no number: 'huge'");
	watch_expect(&watch, "disk.model", "disk:nvme0n1", "?Too many levels");
	root_drop(&watch.root, "/sys/block");
	watch_run(&watch, &disks);
	watch_expect(&watch, "disk.size", NULL, "?No such file");
	assert_int_equal(watch.sightings.count, 1);
}

static void a_drive_that_is_not_live_says_so(void **state)
{
	static const struct root_entry entries[] = {
		{ "/sys/class/nvme/nvme0/state", "live\n" },
		{ "/sys/class/nvme/nvme1/state", "dead\n" },
		{ "/sys/class/nvme/nvme2/", NULL },
		{ NULL, NULL },
	};
	static const struct probe nothing = { .shares = 0 };
	const char *const *names;
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch_run(&watch, &nothing);
	assert_int_equal(nvme_names(&watch.root.host, &watch.root.arena, &names), 3);
	nvme_look(&watch.root.host, names, 3, &watch.sightings);
	watch_expect(&watch, "nvme.state", "nvme:nvme0", "live");
	watch_expect(&watch, "nvme.state", "nvme:nvme1", "dead");
	watch_expect(&watch, "nvme.state", "nvme:nvme2", "?No such file");
}

/* The digits of a page of these first bytes, and of one byte at another place. */
static struct span make_page(struct arena *arena, const uint8_t first[static 6], size_t at,
			     uint8_t value)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_take(arena, 2 * SMART_BYTES + 1);

	for (size_t i = 0; i < SMART_BYTES; i++) {
		uint8_t byte = i < 6 ? first[i] : 0;

		if (i == at)
			byte = value;
		text[2 * i] = digits[byte >> 4];
		text[2 * i + 1] = digits[byte & 15];
	}
	return (struct span){ text, (size_t)2 * SMART_BYTES };
}

static void the_page_of_health_is_read(void **state)
{
	static const struct {
		const char *warning, *temperature, *spare, *threshold, *used, *errors;
		size_t at;
		uint8_t value, first[6];
	} cases[] = {
		{ "none", "42", "100", "10", "3", "0", 160, 0, { 0, 0x3b, 0x01, 100, 10, 3 } },
		{ "spare+reliability+read-only",
		  "0",
		  "5",
		  "10",
		  "255",
		  "256",
		  161,
		  1,
		  { 0x0d, 0x11, 0x01, 5, 10, 255 } },
		{ "temperature+backup+region",
		  "-17",
		  "0",
		  "0",
		  "0",
		  "1.70141183460469e38",
		  175,
		  0x80,
		  { 0x32, 0, 1, 0, 0, 0 } },
		{ "none", "?does not tell", "0", "0", "0", "0", 159, 255, { 0xc0, 0, 0, 0, 0, 0 } },
		{ "none", "-16", "0", "0", "0", "0", 176, 255, { 0, 1, 1, 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		static const struct probe nothing = { .shares = 0 };
		const char *device = "nvme:nvme0";
		SCOPED_WATCH(watch);

		watch_make(&watch, NULL);
		watch_run(&watch, &nothing);
		nvme_smart_take(
			make_page(&watch.root.arena, cases[i].first, cases[i].at, cases[i].value),
			device, &watch.sightings);
		watch_expect(&watch, "nvme.warning", device, cases[i].warning);
		watch_expect(&watch, "nvme.temperature", device, cases[i].temperature);
		watch_expect(&watch, "nvme.spare", device, cases[i].spare);
		watch_expect(&watch, "nvme.spare.threshold", device, cases[i].threshold);
		watch_expect(&watch, "nvme.used", device, cases[i].used);
		watch_expect(&watch, "nvme.media-errors", device, cases[i].errors);
	}
}

static void what_is_no_page_is_unknown(void **state)
{
	static const uint8_t zero[6] = { 0 };
	static const struct probe nothing = { .shares = 0 };
	SCOPED_WATCH(watch);
	struct span page, cases[5];

	(void)state;
	watch_make(&watch, NULL);
	page = make_page(&watch.root.arena, zero, 0, 0);
	cases[0] = SPAN("");
	cases[1] = SPAN("no page");
	cases[2] = (struct span){ page.at, page.length - 1 };
	cases[3] = span_of(arena_format(&watch.root.arena, "%.*s0", SPAN_ARGS(page)));
	cases[4] = span_of(arena_format(&watch.root.arena, "g%.*s", SPAN_ARGS(page)));
	cases[4].length = page.length;
	for (size_t i = 0; i < COUNT(cases); i++) {
		watch_run(&watch, &nothing);
		nvme_smart_take(cases[i], "nvme:nvme0", &watch.sightings);
		assert_int_equal(watch.sightings.count, 6);
		for (size_t j = 0; j < watch.sightings.count; j++)
			assert_int_equal(watch.sightings.items[j].says, SAYS_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disks_and_their_use_are_seen),
		cmocka_unit_test(what_has_a_disk_unseen_makes_unused_unknown),
		cmocka_unit_test(what_cannot_be_read_is_unknown),
		cmocka_unit_test(a_drive_that_is_not_live_says_so),
		cmocka_unit_test(the_page_of_health_is_read),
		cmocka_unit_test(what_is_no_page_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
