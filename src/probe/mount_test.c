#include "probe/mount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/root.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void escapes_stand_for_bytes(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "/a\\040b", "/a b" },
		{ "/t\\011n\\012b\\134", "/t\tn\nb\\" },
		{ "\\303\\251", "\xc3\xa9" },
		{ "/a\\04", "/a\\04" },
		{ "/a\\", "/a\\" },
		{ "/a\\400", "/a\\400" }, /* no byte */
		{ "/a\\089", "/a\\089" },
		{ "\\\\040", "\\ " },
		{ "", "" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(mount_unescape(span_of(cases[i].from), &arena), cases[i].to);
}

static void a_line_is_cut_into_its_fields(void **state)
{
	static const char text[] = "26 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"
				   "40 26 0:50 /sub /mnt/a\\040b ro shared:7 master:2 - nfs4 "
				   "srv:/x\\040y rw,vers=4.2\n"
				   "41 26 0:51 / /x rw -  - none rw\n"
				   "42 26 0:52 / /y rw - tmpfs  rw\n"
				   "43 26 0:53 / /z rw - btrfs /dev/sda1";
	SCOPED_ARENA(arena);
	struct mount *mounts;
	size_t bad = 0;

	(void)state;
	assert_int_equal(mounts_parse(span_of(text), &arena, &mounts, &bad), 5);
	assert_int_equal(bad, 0);
	assert_string_equal(mounts[0].path, "/");
	assert_true(span_is(mounts[0].device, "254:0"));
	assert_true(span_is(mounts[0].type, "ext4"));
	assert_true(span_is(mounts[0].super, "rw,discard"));
	assert_string_equal(mounts[1].path, "/mnt/a b");
	assert_true(span_is(mounts[1].escaped, "/mnt/a\\040b"));
	assert_true(span_is(mounts[1].root, "/sub"));
	assert_true(span_is(mounts[1].options, "ro"));
	assert_true(span_is(mounts[1].type, "nfs4"));
	assert_string_equal(mounts[1].source, "srv:/x y");
	assert_true(span_is(mounts[1].super, "rw,vers=4.2"));
	assert_string_equal(mounts[3].source, "");
	assert_true(span_is(mounts[4].super, ""));
}

static void lines_of_another_form_are_counted(void **state)
{
	static const char *const lines[] = {
		"\n",
		"26\n",
		"26 1 254:0 / / rw\n",
		"26 1 254:0 / / rw shared:1 shared:2\n",
		"26 1 254:0 / / rw -\n",
		"26 1 254:0 / / rw - ext4\n",
		"26 1 254:0 / relative rw - ext4 /dev/vda rw\n",
		"26 1 254:0 /  rw - ext4 /dev/vda rw\n",
		"\xff\xfe\xfd\n",
	};
	SCOPED_ARENA(arena);
	struct mount *mounts;
	size_t bad;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		bad = 0;
		assert_int_equal(mounts_parse(span_of(lines[i]), &arena, &mounts, &bad), 0);
		assert_int_equal(bad, 1);
	}
	assert_int_equal(mounts_parse(SPAN(""), &arena, &mounts, &bad), 0);
	assert_int_equal(bad, 0);
}

/* Every prefix of a good line is a mount or not, and never more than that. */
static void truncated_lines_are_harmless(void **state)
{
	static const char line[] = "40 26 0:50 / /a\\040b ro shared:7 - nfs4 srv:/x rw,vers=4.2";
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t length = 1; length < sizeof(line); length++) {
		/* In a block of its own, so that a byte read behind it is noticed. */
		char *copy = arena_take(&arena, length);
		struct mount *mounts;
		size_t bad = 0;

		memcpy(copy, line, length);
		assert_int_equal(
			mounts_parse((struct span){ copy, length }, &arena, &mounts, &bad) + bad,
			1);
	}
}

static void storage_is_told_from_what_the_kernel_mounts(void **state)
{
	static const char text[] = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
				   "2 1 0:1 / /proc rw - proc proc rw\n"
				   "3 1 0:2 / /sys rw - sysfs sysfs rw\n"
				   "4 1 0:3 / /dev/shm rw - tmpfs tmpfs rw\n"
				   "5 1 0:4 / /run rw - tmpfs tmpfs rw\n"
				   "6 1 0:5 / /tmp rw - tmpfs tmpfs rw\n"
				   "7 1 0:6 / /home rw - autofs systemd-1 rw\n"
				   "8 7 0:7 / /home rw - nfs4 srv:/home rw\n"
				   "9 1 0:8 / /var/lib/docker/overlay2/a/merged rw - overlay o rw\n"
				   "10 1 0:9 / /scratch rw - lustre mgs@tcp:/fs rw\n"
				   "11 1 8:1 /x /etc/hosts rw - ext4 /dev/sda1 rw\n"
				   "12 1 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro\n"
				   "13 1 0:10 / /data rw - ext4 /dev/old rw\n"
				   "14 1 0:11 / /data rw - xfs /dev/new rw\n"
				   "15 1 0:12 / /s3 rw - fuse.s3fs s3fs rw\n"
				   "16 1 0:13 / /layers rw - overlay overlay rw\n";
	static const char *const paths[] = { "/",        "/dev/shm", "/tmp", "/home",
					     "/scratch", "/data",    "/s3" };
	SCOPED_ARENA(arena);
	struct mount *mounts;
	size_t bad = 0, count = mounts_parse(span_of(text), &arena, &mounts, &bad);
	const struct mount **selected = ARENA_ARRAY(&arena, const struct mount *, count);

	(void)state;
	assert_int_equal(count, 16);
	assert_int_equal(mounts_select(mounts, count, selected), COUNT(paths));
	for (size_t i = 0; i < COUNT(paths); i++)
		assert_string_equal(selected[i]->path, paths[i]);
	/* The last of several at one place is what is seen there. */
	assert_true(span_is(selected[5]->type, "xfs"));
	assert_true(span_is(selected[3]->type, "nfs4"));
	assert_int_equal(mounts_select(mounts, 0, selected), 0);
}

static void read_only_is_so_by_mount_or_by_file_system(void **state)
{
	static const struct {
		const char *options, *super;
		bool read_only;
	} cases[] = {
		{ "rw,relatime", "rw,errors=remount-ro", false },
		{ "ro,relatime", "rw", true },
		{ "rw,relatime", "ro,data=ordered", true },
		{ "rw,noro", "rw,rootcontext=ro", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct mount mount = { .options = span_of(cases[i].options),
					     .super = span_of(cases[i].super) };

		assert_int_equal(mount_is_read_only(&mount), cases[i].read_only);
	}
}

static void the_nearest_mount_above_a_folder_counts(void **state)
{
	static const struct root_entry entries[] = {
		{ "/proc/self/mountinfo", "26 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
					  "27 26 0:5 / /data rw - nfs4 server:/data rw\n"
					  "28 26 0:6 / /data rw - lustre server:/data rw\n" },
		{ "/data/a/", "" },
		{ "/database/", "" },
		{ NULL, NULL },
	};
	SCOPED_ARENA(arena);
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	assert_string_equal(mount_type(&root.host, "/data/a", &arena), "lustre");
	assert_string_equal(mount_type(&root.host, "/data", &arena), "lustre");
	assert_string_equal(mount_type(&root.host, "/database", &arena), "ext4");
	assert_string_equal(mount_type(&root.host, "/", &arena), "ext4");
	assert_string_equal(mount_type(&root.host, "/nowhere", &arena), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_stand_for_bytes),
		cmocka_unit_test(a_line_is_cut_into_its_fields),
		cmocka_unit_test(lines_of_another_form_are_counted),
		cmocka_unit_test(truncated_lines_are_harmless),
		cmocka_unit_test(storage_is_told_from_what_the_kernel_mounts),
		cmocka_unit_test(read_only_is_so_by_mount_or_by_file_system),
		cmocka_unit_test(the_nearest_mount_above_a_folder_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
