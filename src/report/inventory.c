#include "report/inventory_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "report/phrase.h"

#define SECTION(in_name, ...)                                                                  \
	{                                                                                      \
		.name = (in_name), .measures = (const enum measure[]){ __VA_ARGS__ },          \
		.count = sizeof((const enum measure[]){ __VA_ARGS__ }) / sizeof(enum measure), \
	}

const struct inventory_section inventory_sections[] = {
	SECTION("machine", NODE_BOARD, NODE_FIRMWARE, NODE_ARCHITECTURE, NODE_VIRTUAL,
		NODE_CONTAINER, NODE_SYSTEM, NODE_KERNEL, NODE_KERNEL_BUILD, NODE_COMMAND_LINE,
		NODE_IOMMU, NODE_CLOCK_SOURCE, NODE_BOOTED),
	SECTION("processors", NODE_CPU_MODEL, NODE_CPU_PACKAGES, NODE_CPU_CORES, NODE_CPU_THREADS,
		NODE_CPU_ONLINE, NODE_CPU_THREADING, NODE_CPU_MICROCODE, NODE_CPU_FREQUENCY_LIMIT,
		NODE_CPU_FREQUENCY_MAXIMUM, NODE_CPU_GOVERNOR, NODE_CPU_CACHE, NODE_CPU_CACHES),
	SECTION("numa", NODE_NUMA_NODES, NODE_NUMA_MEMORY, NODE_NUMA_THREADS, NODE_NUMA_DISTANCE),
	SECTION("memory", NODE_MEMORY_TOTAL, NODE_EDAC_CONTROLLERS),
	SECTION("gpus", NODE_GPU_COUNT_PCI, NODE_GPU_COUNT_DRIVER, NODE_GPU_COUNT_LIBRARY,
		NODE_GPU_VENDOR, NODE_GPU_INDEX, NODE_GPU_NAME, NODE_GPU_MEMORY_TOTAL,
		NODE_GPU_VBIOS, NODE_GPU_INFOROM, NODE_GPU_SERIAL, NODE_GPU_UUID,
		NODE_GPU_PARTITION, NODE_GPU_ECC_MODE, NODE_GPU_PERSISTENCE, NODE_GPU_POWER_LIMIT,
		NODE_GPU_POWER_LIMIT_DEFAULT, NODE_GPU_CLOCK_MAXIMUM, NODE_GPU_PCIE_GENERATION,
		NODE_GPU_PCIE_GENERATION_MAXIMUM, NODE_GPU_PCIE_WIDTH, NODE_GPU_PCIE_WIDTH_MAXIMUM,
		NODE_GPU_NUMA, NODE_GPU_NIC, NODE_GPU_NIC_PATH),
	SECTION("links", NODE_GPU_LINK, NODE_GPU_LINK_SPEED, NODE_GPU_LINK_PEER),
	SECTION("pci", NODE_PCI_ID, NODE_PCI_CLASS, NODE_PCI_SUBSYSTEM, NODE_PCI_PARENT,
		NODE_PCI_NUMA, NODE_PCI_DRIVER, NODE_PCI_SPEED, NODE_PCI_SPEED_MAXIMUM,
		NODE_PCI_WIDTH, NODE_PCI_WIDTH_MAXIMUM),
	SECTION("rdma", NODE_RDMA_COUNT, NODE_RDMA_MODEL, NODE_RDMA_BOARD, NODE_RDMA_FIRMWARE,
		NODE_RDMA_DRIVER, NODE_RDMA_FUNCTION, NODE_RDMA_PCI, NODE_RDMA_NET, NODE_RDMA_LAYER,
		NODE_RDMA_RATE, NODE_RDMA_STATE, NODE_RDMA_PHYSICAL),
	SECTION("network", NODE_NET_KIND, NODE_NET_DRIVER, NODE_NET_FIRMWARE, NODE_NET_PCI,
		NODE_NET_MTU, NODE_NET_SPEED, NODE_NET_STATE),
	SECTION("disks", NODE_DISK_MODEL, NODE_DISK_FIRMWARE, NODE_DISK_SIZE, NODE_DISK_USE),
	SECTION("mounts", NODE_MOUNT_TYPE, NODE_MOUNT_SOURCE, NODE_MOUNT_MODE, NODE_MOUNT_SIZE,
		NODE_MOUNT_AVAILABLE, NODE_MOUNT_ANSWERS),
	SECTION("drivers", NODE_NVIDIA_DRIVER, NODE_NVIDIA_DRIVER_KIND, NODE_AMD_DRIVER,
		NODE_CUDA_DRIVER, NODE_GPU_LIBRARY, NODE_GPU_LIBRARY_VERSION, NODE_MODULE),
	SECTION("software", NODE_SOFTWARE, NODE_SOFTWARE_PACKAGE, NODE_SERVICE),
};

const size_t inventory_section_count = sizeof(inventory_sections) / sizeof(inventory_sections[0]);

const char *bytes_text(double bytes, struct arena *arena)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned unit = 0;
	double rounded;

	while (bytes >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1024;
		unit++;
	}
	rounded = round(bytes * 10) / 10;
	return arena_format(
		arena, "%s %s",
		decimal_text(rounded, fabs(rounded - round(rounded)) < 0.05 ? 0 : 1, arena),
		units[unit]);
}

const char *fact_text(const struct record *record, struct arena *arena)
{
	if (!record)
		return "-";
	if (record->says == SAYS_UNKNOWN)
		return "unknown";
	if (record->says != SAYS_VALUE || !record->unit)
		return record_text(record, arena);
	if (strcmp(record->unit, "B") == 0)
		return bytes_text(record->value, arena);
	if (strcmp(record->unit, "B/s") == 0)
		return arena_format(arena, "%s GB/s", decimal_text(record->value / 1e9, 1, arena));
	return record_text(record, arena);
}

void inventory_links(const struct machine *machine, const char *gpu, unsigned *ret_up,
		     unsigned *ret_seen)
{
	const struct record *one;
	unsigned up = 0, seen = 0;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_GPU_LINK, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || one->says != SAYS_STATE ||
		    !span_equal(device_whole(device), span_of(gpu)))
			continue;
		seen++;
		up += strcmp(one->text, "up") == 0;
	}
	*ret_up = up;
	*ret_seen = seen;
}

/* A golden node in the form that --golden reads. */
static void write_lines(const struct inventory *inventory, struct text *into)
{
	SCOPED_TEXT(scratch);

	for (size_t i = 0; i < inventory->count; i++) {
		struct record *record = &inventory->records[i];
		enum measure measure;

		if (record->says == SAYS_UNKNOWN || !measure_find(record->what, &measure) ||
		    drift_kind_of(measure) == DRIFT_NONE)
			continue;
		record_seal(record, &scratch);
		record_write(record, true, into);
		text_add_char(into, '\n');
	}
}

void inventory_write(const struct inventory *inventory, enum report_format format,
		     const struct report_style *style, struct text *into)
{
	switch (format) {
	case FORMAT_JSON:
		inventory_write_json(inventory, into);
		return;
	case FORMAT_LINES:
		write_lines(inventory, into);
		return;
	case FORMAT_TABLE:
		inventory_write_table(inventory, style, into);
		return;
	case FORMAT_CSV:
	case FORMAT_MARKDOWN:
	case FORMAT_JUNIT:
	case FORMAT_PROMETHEUS:
	case FORMAT_NAGIOS:
	case FORMAT_HTML:
	case FORMAT_YAML:
	case FORMAT_SVG:
	case FORMAT_TEXT:
	case FORMAT_COUNT:
		assert(false); /* the command offers none of these */
		break;
	}
}
