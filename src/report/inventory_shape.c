#include "report/inventory_parts.h"

#include <math.h>
#include <string.h>

/* A driver reports up to 7 % less than is sold: check/handbook.h. */
static const double memory_tolerance = 0.07;
/* A rate is given in whole gigabits. */
static const double rate_tolerance = 0.01;

struct comparing {
	const struct machine *machine;
	struct arena *arena;
	struct shape_difference *items;
	size_t count, room;
};

static struct shape_difference *add(struct comparing *compare, const char *what, const char *device)
{
	struct shape_difference *item;

	if (compare->count == compare->room) {
		size_t room = compare->room ? 2 * compare->room : 32;
		struct shape_difference *grown =
			ARENA_ARRAY(compare->arena, struct shape_difference, room);

		if (compare->count > 0)
			memcpy(grown, compare->items, compare->count * sizeof(*grown));
		compare->items = grown;
		compare->room = room;
	}
	item = &compare->items[compare->count++];
	*item = (struct shape_difference){ .what = what, .device = device };
	return item;
}

/* What is looked up, and what it should be. */
struct demand {
	const char *what;
	enum measure measure;
	double least, most;
	const char *expected;
};

static void compare_value(struct comparing *compare, const struct demand *demand,
			  const char *device)
{
	const struct record *seen = machine_find(compare->machine, demand->measure, device);
	struct shape_difference *item;

	if (seen && seen->says == SAYS_VALUE && seen->value >= demand->least &&
	    seen->value <= demand->most)
		return;
	item = add(compare, demand->what, device);
	item->expected = demand->expected;
	if (seen && seen->says == SAYS_VALUE)
		item->is = fact_text(seen, compare->arena);
	else
		item->why = machine_why_unknown(compare->machine, demand->measure, device);
}

static void compare_links(struct comparing *compare, const char *gpu)
{
	uint32_t expected = compare->machine->shape->links;
	struct shape_difference *item;
	unsigned up, seen;

	inventory_links(compare->machine, gpu, &up, &seen);
	if (expected == 0 || (seen > 0 && up == expected))
		return;
	item = add(compare, "links that are up", gpu);
	item->expected = arena_format(compare->arena, "%u", expected);
	if (seen > 0)
		item->is = arena_format(compare->arena, "%u of %u", up, seen);
	else
		item->why = machine_why_unknown(compare->machine, NODE_GPU_LINK, gpu);
}

static void compare_gpu(struct comparing *compare, const char *gpu)
{
	const struct shape_row *shape = compare->machine->shape;
	struct arena *arena = compare->arena;
	const struct demand demands[] = {
		{ "memory", NODE_GPU_MEMORY_TOTAL, (1 - memory_tolerance) * shape->memory_bytes,
		  INFINITY, bytes_text(shape->memory_bytes, arena) },
		{ "PCIe generation that it can reach", NODE_GPU_PCIE_GENERATION_MAXIMUM,
		  shape->pcie_generation, INFINITY,
		  arena_format(arena, "%u generation", shape->pcie_generation) },
		{ "PCIe width", NODE_GPU_PCIE_WIDTH, shape->pcie_width, INFINITY,
		  arena_format(arena, "%u lanes", shape->pcie_width) },
		{ "power limit", NODE_GPU_POWER_LIMIT, shape->power_limit_w - 0.5,
		  shape->power_limit_w + 0.5, arena_format(arena, "%.0f W", shape->power_limit_w) },
	};
	const bool stated[] = { shape->memory_bytes > 0, shape->pcie_generation > 0,
				shape->pcie_width > 0, shape->power_limit_w > 0 };

	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		if (stated[i])
			compare_value(compare, &demands[i], gpu);
	compare_links(compare, gpu);
}

static void compare_ports(struct comparing *compare)
{
	const struct shape_row *shape = compare->machine->shape;
	double gigabits = shape->rdma_bits_per_s / 1e9;
	const struct record *one;
	struct shape_difference *item;
	unsigned ports = 0;
	size_t at = 0;

	if (shape->rdma_ports == 0)
		return;
	while ((one = machine_next(compare->machine, NODE_RDMA_RATE, &at)))
		ports += one->says == SAYS_VALUE && one->value >= (1 - rate_tolerance) * gigabits;
	if (ports >= shape->rdma_ports)
		return;
	item = add(compare, "RDMA ports of the reference build", NULL);
	item->expected =
		arena_format(compare->arena, "%u of %.0f Gb/s", shape->rdma_ports, gigabits);
	if (machine_find(compare->machine, NODE_RDMA_COUNT, NULL) &&
	    machine_find(compare->machine, NODE_RDMA_COUNT, NULL)->says == SAYS_VALUE)
		item->is = arena_format(compare->arena, "%u", ports);
	else
		item->why = machine_why_unknown(compare->machine, NODE_RDMA_COUNT, NULL);
}

size_t inventory_shape(const struct machine *machine, struct arena *arena,
		       struct shape_difference **ret_differences)
{
	const struct shape_row *shape = machine->shape;
	struct comparing compare = { .machine = machine, .arena = arena };
	const struct demand count = {
		"GPUs",
		NODE_GPU_COUNT_PCI,
		shape->gpus_per_node,
		shape->gpus_per_node,
		arena_format(arena, "%u GPUs", shape->gpus_per_node),
	};
	const struct record *one;
	size_t at = 0;

	if (shape->gpus_per_node > 0)
		compare_value(&compare, &count, arena_format(arena, "vendor:%s", shape->vendor));
	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at)))
		if (one->subject.parts[SUBJECT_DEVICE])
			compare_gpu(&compare, one->subject.parts[SUBJECT_DEVICE]);
	compare_ports(&compare);
	*ret_differences = compare.items;
	return compare.count;
}
