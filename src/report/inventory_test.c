#include "base/json.h"
#include "evidence/set.h"

#include "report/inventory_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct report_style plain = { .color = false, .columns = 200 };

/* A switch with a GPU and an adapter below it; one link trained low. */
static const char tree[] = "pci.id pci:0000:16:01.0 8086:352a\n"
			   "pci.class pci:0000:16:01.0 060400\n"
			   "pci.parent pci:0000:16:01.0 root\n"
			   "pci.driver pci:0000:16:01.0 pcieport\n"
			   "pci.id pci:0000:17:00.0 1000:c030\n"
			   "pci.class pci:0000:17:00.0 060400\n"
			   "pci.parent pci:0000:17:00.0 pci:0000:16:01.0\n"
			   "pci.parent pci:0000:19:00.0 pci:0000:17:00.0\n"
			   "pci.link.speed pci:0000:19:00.0 16\n"
			   "pci.link.width pci:0000:19:00.0 8\n"
			   "pci.link.speed.maximum pci:0000:19:00.0 32\n"
			   "pci.link.width.maximum pci:0000:19:00.0 16\n"
			   "pci.id pci:0000:1a:00.0 15b3:1021\n"
			   "pci.class pci:0000:1a:00.0 020700\n"
			   "pci.parent pci:0000:1a:00.0 pci:0000:17:00.0\n"
			   "pci.link.speed pci:0000:1a:00.0 32\n"
			   "pci.link.width pci:0000:1a:00.0 16\n"
			   "pci.link.speed.maximum pci:0000:1a:00.0 32\n"
			   "pci.link.width.maximum pci:0000:1a:00.0 16\n"
			   "rdma.pci rdma:mlx5_0 pci:0000:1a:00.0\n";

static struct inventory inventory_of(const struct scene *scene)
{
	return (struct inventory){ .machine = scene->input.machines, .time = 1764115200 };
}

static const char *table_of(struct scene *scene, const struct inventory *inventory)
{
	SCOPED_TEXT(text);

	inventory_write(inventory, FORMAT_TABLE, &plain, &text);
	return arena_string(&scene->arena, text_span(&text));
}

static void expect_line(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("'%s' is not in:\n%s", line, text);
}

static void functions_hang_below_their_bridges(void **state)
{
	SCOPED_SCENE(scene);
	const char *text;

	(void)state;
	scene_make(&scene, scene_h100, tree, NULL);
	const struct inventory inventory = inventory_of(&scene);
	text = table_of(&scene, &inventory);
	expect_line(text,
		    "\n  0000:16:01.0  bridge, 8086:352a, pcieport\n"
		    "    0000:17:00.0  bridge, 1000:c030\n"
		    "      0000:19:00.0  GPU 0 (0000:19:00.0) NVIDIA H100 80GB HBM3, 10de:2330,"
		    " 16 GT/s x8 of 32 GT/s x16\n"
		    "      0000:1a:00.0  mlx5_0, 15b3:1021, 32 GT/s x16\n");
}

/* Firmware that says nonsense must not hide a function, nor hang. */
static void a_tree_without_a_top_is_shown_all_the_same(void **state)
{
	SCOPED_SCENE(scene);
	const char *text;

	(void)state;
	scene_make(&scene, scene_bare,
		   "pci.id pci:0000:01:00.0 1:1\n"
		   "pci.parent pci:0000:01:00.0 pci:0000:02:00.0\n"
		   "pci.id pci:0000:02:00.0 2:2\n"
		   "pci.parent pci:0000:02:00.0 pci:0000:01:00.0\n"
		   "pci.id pci:0000:03:00.0 3:3\n"
		   "pci.parent pci:0000:03:00.0 pci:0000:03:00.0\n"
		   "pci.id pci:0000:04:00.0 4:4\n"
		   "pci.parent pci:0000:04:00.0 ? no such file\n",
		   NULL);
	const struct inventory inventory = inventory_of(&scene);
	text = table_of(&scene, &inventory);
	expect_line(text, "\n  0000:01:00.0  device, 1:1\n    0000:02:00.0  device, 2:2\n");
	expect_line(text, "\n  0000:03:00.0  device, 3:3\n");
	expect_line(text, "\n  0000:04:00.0  device, 4:4\n");
	expect_line(text, "pci.parent of PCI 0000:04:00.0: no such file\n");
}

/* Deeper than any bus can be: each function once, whatever its depth. */
static void a_tree_has_a_greatest_depth(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_TEXT(deep);
	const char *text;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		text_format(&deep, "pci.id pci:0000:%02x:00.0 1:%u\n", i, i);
		text_format(&deep, "pci.parent pci:0000:%02x:00.0 pci:0000:%02x:00.0\n", i + 1, i);
	}
	scene_make(&scene, scene_bare, text_string(&deep), NULL);
	const struct inventory inventory = inventory_of(&scene);
	text = table_of(&scene, &inventory);
	for (unsigned i = 0; i < 100; i++) {
		const char *line = arena_format(&scene.arena, "  0000:%02x:00.0  device", i);
		const char *at = strstr(text, line);

		assert_non_null(at);
		assert_null(strstr(at + 1, line));
	}
}

static void unknown_is_said_and_never_a_number(void **state)
{
	SCOPED_SCENE(scene);
	const char *text;

	(void)state;
	scene_make(&scene, scene_h100,
		   "gpu.memory.total gpu:0000:19:00.0 ? nvmlDeviceGetMemoryInfo stalled\n"
		   "memory.total - ? reading '/proc/meminfo': Permission denied\n"
		   "gpu.vbios gpu:0000:19:00.0 ? lost\n"
		   "gpu.vbios gpu:0000:3b:00.0 ? lost too\n",
		   NULL);
	const struct inventory inventory = inventory_of(&scene);
	text = table_of(&scene, &inventory);
	expect_line(text, "\n  memory      unknown\n");
	expect_line(text, "\nNot known, and why\n");
	expect_line(text, "\n  gpu.memory.total of GPU 0 (0000:19:00.0): nvmlDeviceGetMemoryInfo "
			  "stalled\n");
	expect_line(text, "\n  gpu.vbios of 2 parts, the first: lost\n");
	expect_line(text, "\n  memory.total: reading '/proc/meminfo': Permission denied\n");
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
	SCOPED_SCENE(scene);
	const char *text;

	(void)state;
	scene_make(&scene, scene_bare, "board - evil\x1b[2J\x07 board\ndisk.size disk:sda 5\n",
		   "disk.model disk:sda \x1b]0;title\x07\n", NULL);
	const struct inventory inventory = inventory_of(&scene);
	text = table_of(&scene, &inventory);
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\x07'));
	expect_line(text, "evil?[2J? board");
}

static const char gpu_as_sold[] = "gpu.memory.total gpu:0000:19:00.0 85520809984\n"
				  "gpu.pcie.generation.maximum gpu:0000:19:00.0 5\n"
				  "gpu.pcie.width gpu:0000:19:00.0 16\n"
				  "gpu.power.limit gpu:0000:19:00.0 700\n";

static void add_links(struct text *into, unsigned up, unsigned all)
{
	for (unsigned i = 0; i < all; i++)
		text_format(into, "gpu.link gpu:0000:19:00.0/link:%u %s\n", i,
			    i < up ? "up" : "down");
}

/* The difference about the device, NULL when there is none. */
static const struct shape_difference *find(const struct shape_difference *all, size_t count,
					   const char *what, const char *device)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].what, what) == 0 &&
		    (device ? all[i].device && strcmp(all[i].device, device) == 0 : !all[i].device))
			return &all[i];
	return NULL;
}

static void what_differs_from_the_model_is_listed(void **state)
{
	static const struct {
		const char *change;
		unsigned up, all;
		const char *what, *is;
	} cases[] = {
		{ "", 18, 18, NULL, NULL },
		{ "gpu.memory.total gpu:0000:19:00.0 79000000000\n", 18, 18, "memory", "73.6 GiB" },
		{ "gpu.power.limit gpu:0000:19:00.0 350\n", 18, 18, "power limit", "350 W" },
		{ "gpu.pcie.width gpu:0000:19:00.0 8\n", 18, 18, "PCIe width", "8 lanes" },
		{ "gpu.pcie.generation.maximum gpu:0000:19:00.0 4\n", 18, 18,
		  "PCIe generation that it can reach", "4 generation" },
		{ "", 17, 18, "links that are up", "17 of 18" },
		{ "", 16, 16, "links that are up", "16 of 16" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_SCENE(scene);
		SCOPED_TEXT(links);
		struct shape_difference *all;
		const struct shape_difference *one;
		size_t count, about_it = 0;

		add_links(&links, cases[i].up, cases[i].all);
		scene_make(&scene, scene_h100, gpu_as_sold, text_string(&links), cases[i].change,
			   NULL);
		count = inventory_shape(scene.input.machines, &scene.arena, &all);
		for (size_t k = 0; k < count; k++)
			about_it += all[k].device && strcmp(all[k].device, "gpu:0000:19:00.0") == 0;
		assert_int_equal(about_it, cases[i].what != NULL);
		if (!cases[i].what)
			continue;
		one = find(all, count, cases[i].what, "gpu:0000:19:00.0");
		assert_non_null(one);
		assert_string_equal(one->is, cases[i].is);
		assert_null(one->why);
	}
}

static void what_is_not_known_is_no_match(void **state)
{
	SCOPED_SCENE(scene);
	struct shape_difference *all;
	const struct shape_difference *one;
	size_t count;

	(void)state;
	scene_make(&scene, scene_h100, gpu_as_sold,
		   "gpu.power.limit gpu:0000:19:00.0 ? no permission\n", NULL);
	count = inventory_shape(scene.input.machines, &scene.arena, &all);
	one = find(all, count, "power limit", "gpu:0000:19:00.0");
	assert_non_null(one);
	assert_null(one->is);
	assert_string_equal(one->why, "no permission");
	one = find(all, count, "links that are up", "gpu:0000:19:00.0");
	assert_non_null(one);
	assert_null(one->is);
	assert_non_null(one->why);
}

static void a_missing_gpu_and_missing_ports_are_listed(void **state)
{
	SCOPED_SCENE(scene);
	struct shape_difference *all;
	const struct shape_difference *one;
	size_t count;

	(void)state;
	scene_make(&scene, scene_h100,
		   "gpu.count.pci vendor:nvidia 7\n"
		   "rdma.count - 2\n"
		   "rdma.rate rdma:mlx5_0/1 400\n"
		   "rdma.rate rdma:mlx5_1/1 100\n",
		   NULL);
	count = inventory_shape(scene.input.machines, &scene.arena, &all);
	one = find(all, count, "GPUs", "vendor:nvidia");
	assert_non_null(one);
	assert_string_equal(one->expected, "8 GPUs");
	assert_string_equal(one->is, "7 GPUs");
	one = find(all, count, "RDMA ports of the reference build", NULL);
	assert_non_null(one);
	assert_string_equal(one->expected, "8 of 400 Gb/s");
	assert_string_equal(one->is, "1");
}

static void gpus_without_a_reference_have_no_shape(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare,
		   "gpu.vendor gpu:0000:01:00.0 nvidia\n"
		   "pci.id pci:0000:01:00.0 10de:ffff\n"
		   "gpu.name gpu:0000:01:00.0 NVIDIA Unheard Of\n",
		   NULL);
	const struct inventory inventory = inventory_of(&scene);
	expect_line(table_of(&scene, &inventory), "there is no reference for these GPUs");
}

static void differences_from_a_golden_node_are_told(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_SCENE(golden);
	struct drift *drifts;
	const char *text;

	(void)state;
	scene_make(&scene, scene_bare, "kernel - 6.8.0-90-generic\n", NULL);
	scene_make(&golden, scene_bare, "kernel - 6.8.0-85-generic\n", NULL);
	struct inventory inventory = inventory_of(&scene);
	inventory.golden = golden.input.machines;
	inventory.drift_count =
		drift_find(inventory.machine, inventory.golden, &scene.arena, &drifts);
	inventory.drifts = drifts;
	text = table_of(&scene, &inventory);
	expect_line(text, "\n  kernel: was 6.8.0-85-generic, is 6.8.0-90-generic\n");

	inventory.drift_count = 0;
	text = table_of(&scene, &inventory);
	expect_line(text, "the golden node\n  nothing\n");
}

static void caches_and_pairs_are_told(void **state)
{
	SCOPED_SCENE(scene);
	const char *text;

	(void)state;
	scene_make(&scene, scene_h100,
		   "cpu.cache cache:L1d 49152\n"
		   "cpu.caches cache:L1d 96\n"
		   "cpu.cache cache:L3 314572800\n"
		   "numa.distance numa:0/numa:0 10\n"
		   "numa.distance numa:0/numa:1 21\n"
		   "gpu.nic gpu:0000:19:00.0 rdma:mlx5_0\n"
		   "gpu.nic.path gpu:0000:19:00.0 switch\n",
		   NULL);
	const struct inventory inventory = inventory_of(&scene);
	text = table_of(&scene, &inventory);
	expect_line(text, "\n  caches      L1d 48 KiB x96, L3 300 MiB\n");
	expect_line(text, "\n  distances   numa:0/numa:1 21\n");
	expect_line(text, "rdma:mlx5_0 by switch");
}

/* What is written can be read, has its hash, and nothing in it varies from look to look. */
static void lines_are_a_golden_node(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_TEXT(text);
	struct evidence_set set = { 0 };
	struct error err = { 0 };
	struct record records[6];
	const char *const lines = "kernel - 6.8.0\n"
				  "gpu.temperature gpu:0000:19:00.0 40\n"
				  "gpu.pcie.replays gpu:0000:19:00.0 4\n"
				  "gpu.vbios gpu:0000:19:00.0 96.00\n"
				  "gpu.serial gpu:0000:19:00.0 1234\n"
				  "firmware - ? Permission denied\n";

	(void)state;
	scene_make(&scene, lines, NULL);
	assert_int_equal(scene.input.count, COUNT(records));
	for (size_t i = 0; i < COUNT(records); i++)
		records[i] = *scene.input.records[i];
	struct inventory inventory = inventory_of(&scene);
	inventory.records = records;
	inventory.count = COUNT(records);
	inventory_write(&inventory, FORMAT_LINES, &plain, &text);
	assert_true(evidence_set_add_lines(&set, text_span(&text), "golden.jsonl", &err));
	assert_int_equal(set.count, 2);
	assert_string_equal(set.records[0].what, "node.kernel");
	assert_string_equal(set.records[1].what, "node.gpu.vbios");
	evidence_set_release(&set);
}

/* The facts of the only device of the section with that name; fails the test when there is none. */
static const struct node *facts_of(const struct node *root, const char *section, const char *device)
{
	const struct node *things = node_find(node_find(root, "sections"), section);

	for (uint32_t i = 0; things && i < things->count; i++)
		if (span_is(node_find(&things->items[i], "device")->text, device))
			return node_find(&things->items[i], "facts");
	fail_msg("%s has nothing of %s", section, device);
	return NULL;
}

static void json_groups_facts_by_device(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_TEXT(text);
	const struct node *root = NULL, *facts;
	struct error err = { 0 };

	(void)state;
	scene_make(&scene, scene_h100, tree, "board - a \"quoted\" <board>\n",
		   "gpu.vbios gpu:0000:19:00.0 ? lost\n", NULL);
	const struct inventory inventory = inventory_of(&scene);
	inventory_write(&inventory, FORMAT_JSON, &plain, &text);
	assert_true(json_read(text_span(&text), "out", 1, &scene.arena, &root, &err));
	assert_true(span_is(node_find(root, "schema")->text, "assay/inventory/v1"));
	assert_true(span_is(node_find(node_find(root, "shape"), "model")->text, "H100-SXM"));
	facts = facts_of(root, "machine", "null");
	assert_true(span_is(node_find(&facts->items[0], "what")->text, "node.board"));
	assert_true(span_is(node_find(&facts->items[0], "state")->text, "a \"quoted\" <board>"));
	facts = facts_of(root, "gpus", "gpu:0000:19:00.0");
	assert_int_equal(facts->count, 4);
	assert_true(span_is(node_find(&facts->items[3], "what")->text, "node.gpu.vbios"));
	assert_true(span_is(node_find(&facts->items[3], "unknown")->text, "lost"));
	assert_int_equal(node_find(root, "unknown")->count, 1);
}

static void bytes_have_the_unit_that_suits(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1 KiB" },
		{ 1536, "1.5 KiB" },
		{ 85899345920, "80 GiB" },
		{ 85520809984, "79.6 GiB" },
		{ 1e30, "867361737988.4 EiB" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(bytes_text(cases[i].bytes, &arena), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_hang_below_their_bridges),
		cmocka_unit_test(a_tree_without_a_top_is_shown_all_the_same),
		cmocka_unit_test(a_tree_has_a_greatest_depth),
		cmocka_unit_test(unknown_is_said_and_never_a_number),
		cmocka_unit_test(control_characters_do_not_reach_a_terminal),
		cmocka_unit_test(what_differs_from_the_model_is_listed),
		cmocka_unit_test(what_is_not_known_is_no_match),
		cmocka_unit_test(a_missing_gpu_and_missing_ports_are_listed),
		cmocka_unit_test(gpus_without_a_reference_have_no_shape),
		cmocka_unit_test(differences_from_a_golden_node_are_told),
		cmocka_unit_test(caches_and_pairs_are_told),
		cmocka_unit_test(lines_are_a_golden_node),
		cmocka_unit_test(json_groups_facts_by_device),
		cmocka_unit_test(bytes_have_the_unit_that_suits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
