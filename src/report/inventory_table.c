#include "report/inventory_parts.h"

#include <string.h>

#include "report/phrase.h"
#include "report/table.h"

enum {
	COLUMNS_MAXIMUM = 8,
	UNKNOWN_SHOWN = 30,
	LABEL_COLUMNS = 12,
};

static void add_title(const struct inventory_writing *write, const char *title)
{
	text_add(write->into, "\n");
	tinted_add(write->into, write->style, TINT_STRONG, span_of(title));
	text_add(write->into, "\n");
}

static const char *fact(const struct inventory_writing *write, enum measure measure,
			const char *device)
{
	return fact_text(machine_find(write->inventory->machine, measure, device), write->arena);
}

static void add_line(const struct inventory_writing *write, const char *label, const char *text)
{
	wrapped_add(write->into, write->style, TINT_NONE, 2, 2 + LABEL_COLUMNS,
		    span_of(arena_format(write->arena, "%-*s%s", LABEL_COLUMNS, label, text)));
}

/* ---- the whole node ---- */

static void add_machine(const struct inventory_writing *write)
{
	struct arena *arena = write->arena;
	const struct inventory *inventory = write->inventory;
	const char *virtual = machine_state(inventory->machine, NODE_VIRTUAL, NULL);
	const char *container = fact(write, NODE_CONTAINER, NULL);
	char time[TIME_TEXT_SIZE];

	tinted_add(write->into, write->style, TINT_STRONG, span_of(inventory->machine->name));
	text_format(write->into, ", %s\n", time_format(inventory->time, time));
	add_line(write, "board", fact(write, NODE_BOARD, NULL));
	add_line(write, "firmware", fact(write, NODE_FIRMWARE, NULL));
	add_line(write, "system",
		 arena_format(arena, "%s, kernel %s, %s", fact(write, NODE_SYSTEM, NULL),
			      fact(write, NODE_KERNEL, NULL),
			      fact(write, NODE_ARCHITECTURE, NULL)));
	if (!virtual)
		virtual = "unknown whether a virtual machine";
	else if (strcmp(virtual, "none") == 0)
		virtual = "bare metal";
	else
		virtual = arena_format(arena, "a virtual machine (%s)", virtual);
	add_line(write, "runs on",
		 arena_format(arena, "%s; container: %s; IOMMU: %s", virtual, container,
			      fact(write, NODE_IOMMU, NULL)));
}

/* "L1d 48 KiB x96, L3 300 MiB x2" */
static const char *caches_text(const struct inventory_writing *write)
{
	const struct machine *machine = write->inventory->machine;
	const struct record *one;
	size_t at = 0;
	SCOPED_TEXT(text);

	while ((one = machine_next(machine, NODE_CPU_CACHE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		double count;

		if (!device || strncmp(device, "cache:", 6) != 0)
			continue;
		text_format(&text, "%s%s %s", text.length > 0 ? ", " : "", device + 6,
			    fact_text(one, write->arena));
		if (machine_value(machine, NODE_CPU_CACHES, device, &count))
			text_format(&text, " x%.0f", count);
	}
	if (text.length == 0)
		return "unknown";
	return arena_string(write->arena, text_span(&text));
}

/* "numa 0 to 1: 21" and so on, without those from a node to itself. */
static const char *distances_text(const struct inventory_writing *write)
{
	const struct record *one;
	size_t at = 0;
	SCOPED_TEXT(text);

	while ((one = machine_next(write->inventory->machine, NODE_NUMA_DISTANCE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *slash = device ? strchr(device, '/') : NULL;
		char number[32];

		if (!slash || one->says != SAYS_VALUE || span_is(device_whole(device), slash + 1))
			continue;
		text_format(&text, "%s%s %s", text.length > 0 ? ", " : "", device,
			    number_format(one->value, number));
	}
	return arena_string(write->arena, text_span(&text));
}

/* "2 packages", "unknown packages". */
static const char *count_of(const struct inventory_writing *write, enum measure measure,
			    const char *noun)
{
	double count;

	if (machine_value(write->inventory->machine, measure, NULL, &count) && count >= 0 &&
	    count < UINT32_MAX)
		return count_text((uint64_t)count, noun, write->arena);
	return arena_format(write->arena, "%ss unknown", noun);
}

static void add_processors(const struct inventory_writing *write)
{
	struct arena *arena = write->arena;
	const struct machine *machine = write->inventory->machine;
	const char *distances = distances_text(write);
	const struct record *one;
	size_t at = 0;

	add_title(write, "Processors and memory");
	add_line(write, "processors",
		 arena_format(arena, "%s: %s, %s, %s; microcode %s",
			      fact(write, NODE_CPU_MODEL, NULL),
			      count_of(write, NODE_CPU_PACKAGES, "package"),
			      count_of(write, NODE_CPU_CORES, "core"),
			      count_of(write, NODE_CPU_THREADS, "thread"),
			      fact(write, NODE_CPU_MICROCODE, NULL)));
	add_line(write, "caches", caches_text(write));
	add_line(write, "memory", fact(write, NODE_MEMORY_TOTAL, NULL));
	while ((one = machine_next(machine, NODE_NUMA_MEMORY, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (device)
			add_line(write, device,
				 arena_format(arena, "%s, %s", fact_text(one, arena),
					      fact(write, NODE_NUMA_THREADS, device)));
	}
	if (*distances)
		add_line(write, "distances", distances);
}

/* ---- what there are many of ---- */

/* A column of a table of devices: a measure, or what a function makes of several. */
struct view_column {
	struct column column;
	enum measure measure;
	/* NULL: the measure. */
	const char *(*cell)(const struct inventory_writing *write, const char *device);
};

struct view {
	const char *title;
	const struct view_column *columns;
	unsigned count;
	enum measure each; /* each device of this measure is a row */
};

static const char *gpu_link(const struct inventory_writing *write, const char *device)
{
	const struct machine *machine = write->inventory->machine;
	const char *pci = device_pci(device, write->arena);
	double generation, width;

	if (machine_value(machine, NODE_GPU_PCIE_GENERATION, device, &generation) &&
	    machine_value(machine, NODE_GPU_PCIE_WIDTH, device, &width))
		return arena_format(write->arena, "gen %.0f x%.0f", generation, width);
	if (!pci)
		return "-";
	return arena_format(write->arena, "%s, %s", fact(write, NODE_PCI_SPEED, pci),
			    fact(write, NODE_PCI_WIDTH, pci));
}

static const char *gpu_links(const struct inventory_writing *write, const char *device)
{
	unsigned up, seen;

	inventory_links(write->inventory->machine, device, &up, &seen);
	return seen > 0 ? arena_format(write->arena, "%u of %u up", up, seen) : "-";
}

static const char *gpu_adapter(const struct inventory_writing *write, const char *device)
{
	const struct machine *machine = write->inventory->machine;
	const char *path = machine_state(machine, NODE_GPU_NIC_PATH, device);

	if (!path)
		return fact(write, NODE_GPU_NIC, device);
	return arena_format(write->arena, "%s by %s", fact(write, NODE_GPU_NIC, device), path);
}

/* A measure of the adapter, of a row that is a port. */
static const char *adapter_fact(const struct inventory_writing *write, enum measure measure,
				const char *port)
{
	return fact(write, measure, arena_string(write->arena, device_whole(port)));
}

/* As people write it, who compare it with 9000. */
static const char *net_packet(const struct inventory_writing *write, const char *device)
{
	double bytes;

	if (!machine_value(write->inventory->machine, NODE_NET_MTU, device, &bytes))
		return fact(write, NODE_NET_MTU, device);
	return decimal_text(bytes, 0, write->arena);
}

static const char *adapter_model(const struct inventory_writing *write, const char *device)
{
	return adapter_fact(write, NODE_RDMA_MODEL, device);
}

static const char *adapter_firmware(const struct inventory_writing *write, const char *device)
{
	return adapter_fact(write, NODE_RDMA_FIRMWARE, device);
}

static const char *port_state(const struct inventory_writing *write, const char *device)
{
	return arena_format(write->arena, "%s, %s", fact(write, NODE_RDMA_STATE, device),
			    fact(write, NODE_RDMA_PHYSICAL, device));
}

#define FACT(title, measure)                             \
	{                                                \
		{ (title), false }, NODE_##measure, NULL \
	}
#define MADE(title, function)                   \
	{                                       \
		{ (title), false }, 0, function \
	}
#define VIEW(title, each, columns)                                                      \
	{                                                                               \
		(title), (columns), sizeof(columns) / sizeof((columns)[0]), NODE_##each \
	}

static const struct view_column gpu_columns[] = {
	FACT("model", GPU_NAME),
	FACT("memory", GPU_MEMORY_TOTAL),
	FACT("firmware", GPU_VBIOS),
	MADE("PCIe", gpu_link),
	FACT("limit", GPU_POWER_LIMIT),
	MADE("links", gpu_links),
	MADE("nearest adapter", gpu_adapter),
};
static const struct view_column rdma_columns[] = {
	MADE("model", adapter_model), MADE("firmware", adapter_firmware), FACT("layer", RDMA_LAYER),
	FACT("rate", RDMA_RATE),      FACT("network", RDMA_NET),          MADE("state", port_state),
};
static const struct view_column net_columns[] = {
	FACT("kind", NET_KIND),   FACT("driver", NET_DRIVER), FACT("firmware", NET_FIRMWARE),
	FACT("speed", NET_SPEED), MADE("MTU", net_packet),    FACT("state", NET_STATE),
};
static const struct view_column disk_columns[] = {
	FACT("model", DISK_MODEL),
	FACT("size", DISK_SIZE),
	FACT("firmware", DISK_FIRMWARE),
	FACT("use", DISK_USE),
};
static const struct view_column mount_columns[] = {
	FACT("type", MOUNT_TYPE), FACT("size", MOUNT_SIZE),     FACT("free", MOUNT_AVAILABLE),
	FACT("mode", MOUNT_MODE), FACT("source", MOUNT_SOURCE),
};

static const struct view gpu_view = VIEW("GPUs", GPU_VENDOR, gpu_columns);
static const struct view network_views[] = {
	VIEW("RDMA ports", RDMA_STATE, rdma_columns),
	VIEW("Network", NET_KIND, net_columns),
	VIEW("Disks", DISK_SIZE, disk_columns),
	VIEW("Mounts", MOUNT_TYPE, mount_columns),
};

static void add_view(const struct inventory_writing *write, const struct view *view)
{
	const struct machine *machine = write->inventory->machine;
	struct column columns[COLUMNS_MAXIMUM] = { { "", false } };
	const struct record *one;
	size_t at = 0;
	struct table table = { .columns = columns,
			       .column_count = view->count + 1,
			       .indent = 2,
			       .arena = write->arena };

	for (unsigned i = 0; i < view->count; i++)
		columns[i + 1] = view->columns[i].column;
	while ((one = machine_next(machine, view->each, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device)
			continue;
		table_cell(&table, device_label(machine, device, write->arena));
		for (unsigned i = 0; i < view->count; i++)
			table_cell(&table, view->columns[i].cell
						   ? view->columns[i].cell(write, device)
						   : fact(write, view->columns[i].measure, device));
	}
	if (table.count == 0)
		return;
	add_title(write, view->title);
	table_write(&table, FORMAT_TABLE, write->style, write->into);
}

/* ---- software ---- */

/* "nccl 2.28.9, slurm 24.05": what is there, of a measure whose device is its name. */
static void add_present(const struct inventory_writing *write, const char *label,
			enum measure measure)
{
	const struct record *one;
	size_t at = 0;
	SCOPED_TEXT(text);

	while ((one = machine_next(write->inventory->machine, measure, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *colon = device ? strchr(device, ':') : NULL;

		if (!colon || one->says != SAYS_STATE || strcmp(one->text, "absent") == 0)
			continue;
		text_format(&text, "%s%s %s", text.length > 0 ? ", " : "", colon + 1, one->text);
	}
	if (text.length > 0)
		add_line(write, label, text_string(&text));
}

static void add_software(const struct inventory_writing *write)
{
	static const struct {
		const char *label;
		enum measure measure;
	} drivers[] = {
		{ "NVIDIA", NODE_NVIDIA_DRIVER },
		{ "AMD", NODE_AMD_DRIVER },
		{ "CUDA up to", NODE_CUDA_DRIVER },
	};
	size_t before;

	add_title(write, "Drivers and software");
	before = write->into->length;
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (machine_find(write->inventory->machine, drivers[i].measure, NULL))
			add_line(write, drivers[i].label, fact(write, drivers[i].measure, NULL));
	add_present(write, "libraries", NODE_GPU_LIBRARY_VERSION);
	add_present(write, "modules", NODE_MODULE);
	add_present(write, "software", NODE_SOFTWARE);
	add_present(write, "services", NODE_SERVICE);
	if (write->into->length == before)
		text_add(write->into, "  none was seen\n");
}

/* ---- what differs, and what is not known ---- */

static const char *about(const struct inventory_writing *write, const char *device)
{
	if (!device)
		return "";
	return arena_format(write->arena,
			    "%s: ", device_label(write->inventory->machine, device, write->arena));
}

/* What is not known of several parts is told once, at the first of them. */
static void add_difference(const struct inventory_writing *write,
			   const struct shape_difference *differences, size_t count, size_t at)
{
	const struct shape_difference *one = &differences[at];
	struct arena *arena = write->arena;
	const char *parts = about(write, one->device);
	const char *is = one->is;
	unsigned same = 0;

	for (size_t i = 0; i < count && !is; i++) {
		if (differences[i].is || strcmp(differences[i].what, one->what) != 0)
			continue;
		if (i < at)
			return;
		same++;
	}
	if (same > 1)
		parts = arena_format(arena, "%u parts: ", same);
	if (!is)
		is = arena_format(arena, "not known (%s)", one->why);
	wrapped_add(write->into, write->style, TINT_WARN, 2, 4,
		    span_of(arena_format(arena, "%s%s: %s expected, is %s", parts, one->what,
					 one->expected, is)));
}

static void add_shape(const struct inventory_writing *write)
{
	const struct machine *machine = write->inventory->machine;
	struct shape_difference *differences;
	size_t count;

	if (!machine->shape) {
		if (machine->by[NODE_GPU_VENDOR].count > 0) {
			add_title(write, "Expected shape");
			text_add(write->into,
				 "  not known: there is no reference for these GPUs\n");
		}
		return;
	}
	count = inventory_shape(machine, write->arena, &differences);
	add_title(write, arena_format(write->arena, "Expected of %s", machine->shape->model));
	if (count == 0)
		text_add(write->into, "  nothing differs\n");
	for (size_t i = 0; i < count; i++)
		add_difference(write, differences, count, i);
}

static void add_drifts(const struct inventory_writing *write)
{
	const struct inventory *inventory = write->inventory;

	if (!inventory->golden)
		return;
	add_title(write, arena_format(write->arena, "Differs from %s, the golden node",
				      inventory->golden->name));
	if (inventory->drift_count == 0)
		text_add(write->into, "  nothing\n");
	for (size_t i = 0; i < inventory->drift_count; i++) {
		const struct drift *one = &inventory->drifts[i];

		wrapped_add(write->into, write->style, TINT_BAD, 2, 4,
			    span_of(arena_format(write->arena, "%s%s: was %s, is %s",
						 about(write, one->device),
						 measures[one->measure].name + strlen("node."),
						 one->was ? one->was : "not there",
						 one->is ? one->is : "not there")));
	}
}

/* One line a measure: how many parts, and the first one's reason. */
static unsigned add_unknown(const struct inventory_writing *write, enum measure measure, bool shown)
{
	const struct record *one, *first = NULL;
	const char *device;
	unsigned count = 0;
	size_t at = 0;

	while ((one = machine_next(write->inventory->machine, measure, &at))) {
		if (one->says != SAYS_UNKNOWN)
			continue;
		first = first ? first : one;
		count++;
	}
	if (count == 0 || !shown)
		return count > 0;
	device = first->subject.parts[SUBJECT_DEVICE];
	wrapped_add(write->into, write->style, TINT_WARN, 2, 4,
		    span_of(arena_format(
			    write->arena, "%s%s%s: %s", measures[measure].name + strlen("node."),
			    device ? " of " : "",
			    count > 1 ? arena_format(write->arena, "%u parts, the first", count)
			    : device ? device_label(write->inventory->machine, device, write->arena)
				     : "",
			    first->text)));
	return 1;
}

static void add_all_unknown(const struct inventory_writing *write)
{
	unsigned count = 0;

	for (unsigned i = 0; i < MEASURE_COUNT; i++)
		count += add_unknown(write, (enum measure)i, false);
	if (count == 0)
		return;
	add_title(write, "Not known, and why");
	count = 0;
	for (unsigned i = 0; i < MEASURE_COUNT; i++)
		count += add_unknown(write, (enum measure)i, count < UNKNOWN_SHOWN);
	if (count > UNKNOWN_SHOWN)
		text_format(write->into, "  and %u more; --format json has them all\n",
			    count - UNKNOWN_SHOWN);
}

void inventory_write_table(const struct inventory *inventory, const struct report_style *style,
			   struct text *into)
{
	SCOPED_ARENA(arena);
	const struct inventory_writing write = { inventory, style, &arena, into };

	add_machine(&write);
	add_processors(&write);
	add_view(&write, &gpu_view);
	if (inventory->machine->by[NODE_PCI_ID].count > 0) {
		add_title(&write, "PCI");
		inventory_add_tree(&write);
	}
	for (size_t i = 0; i < sizeof(network_views) / sizeof(network_views[0]); i++)
		add_view(&write, &network_views[i]);
	add_software(&write);
	add_shape(&write);
	add_drifts(&write);
	add_all_unknown(&write);
}
