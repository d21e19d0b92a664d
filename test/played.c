#include "test/played.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct played_kind played_kinds[PLAYED_COUNT] = {
	[PLAYED_H100] = { .name = "h100x8",
			  .addresses = { "0000:1b:00.0", "0000:43:00.0", "0000:52:00.0",
					 "0000:61:00.0", "0000:9d:00.0", "0000:c3:00.0",
					 "0000:d1:00.0", "0000:df:00.0" },
			  .links = 18,
			  .is_old_link = true,
			  .peer = "switch",
			  .fabric = "completed",
			  .partition = "whole",
			  .margin = "53" },
	[PLAYED_H100_PCIE] = { .name = "h100pcie8",
			       .addresses = { "0000:1b:00.0", "0000:43:00.0", "0000:52:00.0",
					      "0000:61:00.0", "0000:9d:00.0", "0000:c3:00.0",
					      "0000:d1:00.0", "0000:df:00.0" },
			       .links = 18,
			       .is_old_link = true,
			       .peer = "gpu:0000:43:00.0",
			       .fabric = "not-supported",
			       .partition = "whole",
			       .margin = "53" },
	[PLAYED_A100] = { .name = "a100x8",
			  .addresses = { "0000:07:00.0", "0000:0f:00.0", "0000:47:00.0",
					 "0000:4e:00.0", "0000:87:00.0", "0000:90:00.0",
					 "0000:b7:00.0", "0000:bd:00.0" },
			  .links = 12,
			  .is_old_link = true,
			  .peer = "switch",
			  .partition = "whole" },
	[PLAYED_B200] = { .name = "b200x8",
			  .addresses = { "0000:1b:00.0", "0000:43:00.0", "0000:52:00.0",
					 "0000:61:00.0", "0000:9d:00.0", "0000:c3:00.0",
					 "0000:d1:00.0", "0000:df:00.0" },
			  .links = 18,
			  .peer = "switch",
			  .fabric = "completed",
			  .partition = "whole",
			  .margin = "52" },
	[PLAYED_GB200] = { .name = "gb200x4",
			   .addresses = { "0008:01:00.0", "0009:01:00.0", "0018:01:00.0",
					  "0019:01:00.0" },
			   .links = 18,
			   .fabric = "completed",
			   .partition = "whole",
			   .margin = "52" },
};

/* What each GPU says in a full look, and in a quick one. */
static const struct {
	const char *measure;
	bool is_quick;
} usual[] = {
	{ "gpu.answers", true },
	{ "gpu.vendor", true },
	{ "gpu.index", true },
	{ "gpu.name", true },
	{ "gpu.ecc.mode", true },
	{ "gpu.ecc.uncorrected", true },
	{ "gpu.ecc.corrected", true },
	{ "gpu.ecc.uncorrected.lifetime", true },
	{ "gpu.ecc.corrected.lifetime", true },
	{ "gpu.ecc.sram.uncorrected", true },
	{ "gpu.rows.uncorrected", true },
	{ "gpu.rows.corrected", true },
	{ "gpu.rows.pending", true },
	{ "gpu.rows.failure", true },
	{ "gpu.partition", true },
	{ "gpu.temperature", true },
	{ "gpu.temperature.memory", true },
	{ "gpu.throttle", true },
	{ "gpu.power", true },
	{ "gpu.utilisation", true },
	{ "gpu.processes", true },
	{ "gpu.uuid", false },
	{ "gpu.serial", false },
	{ "gpu.vbios", false },
	{ "gpu.inforom", false },
	{ "gpu.numa", false },
	{ "gpu.confidential", false },
	{ "gpu.persistence", false },
	{ "gpu.compute-mode", false },
	{ "gpu.rows.banks.full", false },
	{ "gpu.memory.total", true },
	{ "gpu.memory.used", true },
	{ "gpu.temperature.slowdown", true },
	{ "gpu.power.limit", false },
	{ "gpu.power.limit.default", false },
	{ "gpu.clock", false },
	{ "gpu.clock.maximum", false },
	{ "gpu.pcie.generation", false },
	{ "gpu.pcie.generation.maximum", false },
	{ "gpu.pcie.width", false },
	{ "gpu.pcie.width.maximum", false },
	{ "gpu.pcie.replays", false },
	{ "gpu.throttle.power", false },
	{ "gpu.throttle.thermal", false },
	{ "gpu.throttle.board", false },
};

void played_function(struct watch *watch, const char *address, const char *vendor)
{
	struct arena *arena = &watch->root.arena;
	const char *folder = arena_format(arena, "/sys/bus/pci/devices/%s", address);

	root_put(&watch->root, arena_format(arena, "%s/class", folder), "0x030200\n");
	root_put(&watch->root, arena_format(arena, "%s/vendor", folder), vendor);
}

void played_library(struct watch *watch, const char *below)
{
	const char *folder = getenv("ASSAY_VENDOR");

	assert_non_null(folder);
	folder = arena_format(&watch->root.arena, "%s%s", folder, below);
	assert_int_equal(setenv("ASSAY_LIBRARY_PATH", folder, 1), 0);
}

void played_make(struct watch *watch, const struct played_kind *kind, const char *faults)
{
	struct arena *arena;

	watch_make(watch, NULL);
	arena = &watch->root.arena;
	played_library(watch, "");
	for (size_t i = 0; i < PLAYED_GPUS_MAXIMUM && kind->addresses[i]; i++)
		played_function(watch, kind->addresses[i], "0x10de\n");
	root_put(&watch->root, "/scenario",
		 arena_format(arena, "machine %s\n%s", kind->name, faults));
	assert_int_equal(
		setenv("ASSAY_SCENARIO", arena_format(arena, "%s/scenario", watch->root.folder), 1),
		0);
}

unsigned played_count(const struct played_kind *kind)
{
	unsigned count = 0;

	while (count < PLAYED_GPUS_MAXIMUM && kind->addresses[count])
		count++;
	return count;
}

const char *played_name(struct watch *watch, const struct played_kind *kind, unsigned gpu)
{
	return arena_format(&watch->root.arena, "gpu:%s", kind->addresses[gpu]);
}

void played_expect_usual(const struct watch *watch, const char *gpu, bool is_full)
{
	for (size_t i = 0; i < COUNT(usual); i++) {
		const struct record *record = watch_find(watch, usual[i].measure, gpu);

		if ((is_full || usual[i].is_quick) != (record != NULL))
			fail_msg("%s of %s", usual[i].measure, gpu);
		if (record && record->says == SAYS_UNKNOWN)
			fail_msg("%s of %s: %s", usual[i].measure, gpu, record->text);
	}
}
