#include "probe/disk.h"

#include <stdio.h>
#include <string.h>

#include "probe/look.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	SECTOR_BYTES = 512, /* of /sys/block/…/size, whatever the drive's own are */
	PARTITIONS_MAXIMUM = 256,
	SWAPS_MAXIMUM = 64 << 10,
	KELVIN_OF_0_C = 273,
};

/* Where the uses of disks are looked up. */
struct uses {
	const struct host *host;
	struct arena *arena;
	const struct mount *mounts;
	size_t mount_count;
	struct span swaps;
	bool has_zfs;
};

static bool is_mounted(const struct uses *uses, const char *name, struct span device)
{
	const char *path = arena_format(uses->arena, "/dev/%s", name);

	/* Some file systems have a number of their own; there the source is the sign. */
	for (size_t i = 0; i < uses->mount_count; i++)
		if (span_equal(uses->mounts[i].device, device) ||
		    strcmp(uses->mounts[i].source, path) == 0)
			return true;
	return false;
}

static bool is_swap(const struct uses *uses, const char *name)
{
	const char *path = arena_format(uses->arena, "/dev/%s", name);
	struct span rest = uses->swaps, line, first;

	while (span_cut(&rest, '\n', &line))
		if (span_cut(&line, ' ', &first) && span_is(first, path))
			return true;
	return false;
}

enum use {
	USE_UNUSED,
	USE_MEMBER,
	USE_SWAP,
	USE_MOUNTED,
};

/* Of a disk or a partition, whose folder is given. */
static enum use find_use(const struct uses *uses, const char *folder, const char *name)
{
	struct span device =
		look_text(uses->host, uses->arena, arena_format(uses->arena, "%s/dev", folder));
	const char *const *holders;

	if (is_mounted(uses, name, device))
		return USE_MOUNTED;
	if (is_swap(uses, name))
		return USE_SWAP;
	return look_names(uses->host, uses->arena, arena_format(uses->arena, "%s/holders", folder),
			  &holders) > 0
		       ? USE_MEMBER
		       : USE_UNUSED;
}

static void see_use(const struct uses *uses, const char *name, const char *device,
		    struct sightings *sightings)
{
	static const char *const words[] = {
		[USE_UNUSED] = "unused",
		[USE_MEMBER] = "member",
		[USE_SWAP] = "swap",
		[USE_MOUNTED] = "mounted",
	};
	const char *folder = arena_format(uses->arena, "/sys/block/%s", name);
	enum use use = find_use(uses, folder, name);
	const char *const *names;
	size_t count = look_names(uses->host, uses->arena, folder, &names), partitions = 0;

	for (size_t i = 0; i < count && partitions < PARTITIONS_MAXIMUM; i++) {
		const char *inner = arena_format(uses->arena, "%s/%s", folder, names[i]);
		enum use own;

		/* Partitions are named after their disk. */
		if (strncmp(names[i], name, strlen(name)) != 0)
			continue;
		partitions++;
		own = find_use(uses, inner, names[i]);
		use = own > use ? own : use;
	}
	if (use == USE_UNUSED && uses->has_zfs)
		(void)saw_unknown(sightings, NODE_DISK_USE, device,
				  "ZFS is loaded, and the kernel does not show which disks it has");
	else
		(void)saw_state(sightings, NODE_DISK_USE, device, words[use]);
}

/* What is no drive, and the single paths of a drive with several. */
static bool is_disk(const struct host *host, const char *name)
{
	static const char *const others[] = { "loop", "ram", "zram", "dm-", "md",
					      "sr",   "fd",  "zd",   "nbd" };
	char path[300];

	for (size_t i = 0; i < COUNT(others); i++)
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return false;
	if (strncmp(name, "nvme", 4) != 0)
		return true;
	(void)snprintf(path, sizeof(path), "/sys/block/%.250s/hidden", name);
	SCOPED_ARENA(arena);
	return !span_is(look_text(host, &arena, path), "1");
}

static void see_disk(const struct uses *uses, const char *name, struct sightings *sightings)
{
	struct look look = { uses->host, sightings, arena_format(uses->arena, "disk:%s", name),
			     MISSING_IS_UNKNOWN };
	const char *firmware = strncmp(name, "nvme", 4) == 0 ? "firmware_rev" : "rev";

	/* A reader without a medium in it has the size 0. */
	if (span_is(look_text(uses->host, uses->arena,
			      look_path(&look, "/sys/block/%s/size", name)),
		    "0"))
		return;
	(void)look_value(&look, look_path(&look, "/sys/block/%s/size", name), NODE_DISK_SIZE,
			 SECTOR_BYTES);
	/* Virtual disks have neither. */
	look.missing = MISSING_IS_SILENT;
	(void)look_state(&look, look_path(&look, "/sys/block/%s/device/model", name),
			 NODE_DISK_MODEL);
	(void)look_state(&look, look_path(&look, "/sys/block/%s/device/%s", name, firmware),
			 NODE_DISK_FIRMWARE);
	see_use(uses, name, look.device, sightings);
}

void disks_look(const struct host *host, const struct mount *mounts, size_t mount_count,
		struct sightings *sightings)
{
	struct uses uses = { host, sightings->arena, mounts, mount_count, SPAN(""), false };
	const char *const *names;
	struct error err = { 0 };
	size_t count = 0, seen = 0;

	(void)host_peek(host, "/proc/swaps", SWAPS_MAXIMUM, sightings->arena, &uses.swaps, NULL);
	uses.has_zfs = host_kind(host, "/proc/spl/kstat/zfs") == HOST_FOLDER;
	if (!host_list(host, "/sys/block", sightings->arena, &names, &count, &err)) {
		(void)saw_unknown(sightings, NODE_DISK_SIZE, NULL, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_disk(host, names[i]))
			continue;
		if (seen++ < DISKS_MAXIMUM)
			see_disk(&uses, names[i], sightings);
	}
	if (seen > DISKS_MAXIMUM)
		(void)saw_unknown(sightings, NODE_DISK_SIZE, NULL,
				  "%zu further disks were not looked at", seen - DISKS_MAXIMUM);
}

size_t nvme_names(const struct host *host, struct arena *arena, const char *const **ret_names)
{
	size_t count = look_names(host, arena, "/sys/class/nvme", ret_names);

	return count < DISKS_MAXIMUM ? count : DISKS_MAXIMUM;
}

void nvme_look(const struct host *host, const char *const *names, size_t count,
	       struct sightings *sightings)
{
	for (size_t i = 0; i < count; i++) {
		const struct look look = { host, sightings,
					   arena_format(sightings->arena, "nvme:%s", names[i]),
					   MISSING_IS_UNKNOWN };

		(void)look_state(&look, look_path(&look, "/sys/class/nvme/%s/state", names[i]),
				 NODE_NVME_STATE);
	}
}

static bool parse_digits(struct span text, uint8_t bytes[static SMART_BYTES])
{
	if (text.length != (size_t)2 * SMART_BYTES)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a') + 10;
		else
			return false;
		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | digit);
	}
	return true;
}

/* Critical Warning, byte 0 of the page, of the NVMe base specification 2.0, figure 207. */
static const char *const warnings[] = { "spare",     "temperature", "reliability",
					"read-only", "backup",      "region" };

static void see_warning(uint8_t bits, const char *device, struct sightings *sightings)
{
	const char *text = "";

	for (unsigned i = 0; i < COUNT(warnings); i++)
		if (bits >> i & 1)
			text = arena_format(sightings->arena, "%s%s%s", text, *text ? "+" : "",
					    warnings[i]);
	/* Bits that the specification keeps for later mean nothing yet. */
	(void)saw_state(sightings, NODE_NVME_WARNING, device, *text ? text : "none");
}

void nvme_smart_take(struct span page, const char *device, struct sightings *sightings)
{
	uint8_t bytes[SMART_BYTES] = { 0 };
	double errors = 0.0;
	int kelvin;

	if (!parse_digits(page, bytes)) {
		nvme_smart_unknown(SPAN("the answer is no page of its health"), device, sightings);
		return;
	}
	see_warning(bytes[0], device, sightings);
	kelvin = bytes[1] | bytes[2] << 8;
	if (kelvin > 0)
		(void)saw_value(sightings, NODE_NVME_TEMPERATURE, device, kelvin - KELVIN_OF_0_C);
	else
		(void)saw_unknown(sightings, NODE_NVME_TEMPERATURE, device,
				  "the drive does not tell it");
	(void)saw_value(sightings, NODE_NVME_SPARE, device, bytes[3]);
	(void)saw_value(sightings, NODE_NVME_SPARE_THRESHOLD, device, bytes[4]);
	(void)saw_value(sightings, NODE_NVME_USED, device, bytes[5]);
	/* Media and Data Integrity Errors: 16 bytes from byte 160, the lowest first. */
	for (unsigned i = 16; i-- > 0;)
		errors = 256.0 * errors + bytes[160 + i];
	(void)saw_value(sightings, NODE_NVME_MEDIA_ERRORS, device, errors);
}

void nvme_smart_unknown(struct span why, const char *device, struct sightings *sightings)
{
	static const enum measure lost[] = { NODE_NVME_WARNING, NODE_NVME_TEMPERATURE,
					     NODE_NVME_SPARE,   NODE_NVME_SPARE_THRESHOLD,
					     NODE_NVME_USED,    NODE_NVME_MEDIA_ERRORS };

	for (size_t i = 0; i < COUNT(lost); i++)
		(void)saw_unknown(sightings, lost[i], device, "%.*s", SPAN_ARGS(why));
}
