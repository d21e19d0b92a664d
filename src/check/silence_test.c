#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* For each kind of machine what tells its parts, and nothing that a check could praise. */
static const struct {
	const char *name, *lines;
} scenes[] = {
	{ "nothing", "" },
	{ "a node with NVIDIA GPUs, RDMA and NVMe",
	  "architecture - x86_64\nvirtual - none\ncontainer - none\n"
	  "gpu.count.pci vendor:nvidia 8\ngpu.count.pci vendor:amd 0\nrdma.count - 1\n"
	  "rdma.layer rdma:mlx5_0/1 infiniband\nedac.controllers - 2\nnvme.state nvme:nvme0 ? "
	  "denied\n"
	  "gpu.vendor gpu:0000:19:00.0 nvidia\ngpu.name gpu:0000:19:00.0 NVIDIA H100 80GB HBM3\n"
	  "pci.id pci:0000:19:00.0 10de:2330\n" },
	{ "a guest with one GPU",
	  "architecture - x86_64\nvirtual - kvm\ncontainer - none\n"
	  "gpu.count.pci vendor:nvidia 1\ngpu.count.pci vendor:amd 0\nrdma.count - 0\n" },
	{ "a node with AMD GPUs",
	  "architecture - x86_64\nvirtual - none\ncontainer - none\n"
	  "gpu.count.pci vendor:nvidia 0\ngpu.count.pci vendor:amd 8\nrdma.count - 8\n"
	  "rdma.layer rdma:bnxt_re0/1 ethernet\n"
	  "gpu.vendor gpu:0000:05:00.0 amd\ngpu.name gpu:0000:05:00.0 AMD Instinct MI300X\n"
	  "pci.id pci:0000:05:00.0 1002:74a1\n" },
	{ "an Arm node with Slurm and Kubernetes",
	  "architecture - aarch64\nvirtual - none\ncontainer - none\n"
	  "gpu.count.pci vendor:nvidia 4\ngpu.count.pci vendor:amd 0\nrdma.count - 4\n"
	  "service service:slurmd running\nservice service:kubelet running\n" },
	{ "a bare host",
	  "architecture - x86_64\nvirtual - none\ncontainer - none\n"
	  "gpu.count.pci vendor:nvidia 0\ngpu.count.pci vendor:amd 0\nrdma.count - 0\n"
	  "edac.controllers - 0\n" },
};

enum {
	SCENES = sizeof(scenes) / sizeof(scenes[0]),
};

/* Checks of which one of these facts is all that they ask. */
static bool is_answered(const char *check)
{
	return strcmp(check, "host-inventory") == 0;
}

static void look_for_praise(const struct check_entry *entry, struct scene *scene, const char *name)
{
	const struct findings *found = scene_judge(scene, entry->name);

	assert_true(found->count > 0);
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].verdict == VERDICT_PASS)
			fail_msg("%s passes on %s: %s", entry->name, name, found->items[i].text);
}

static void no_check_of_nodes_passes_on_what_tells_its_parts(void **state)
{
	size_t checks = 0;

	(void)state;
	for (size_t k = 0; k < SCENES; k++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scenes[k].lines, NULL);
		for (size_t i = 0; i < check_catalogue_count; i++) {
			const struct check_entry *entry = &check_catalogue[i];

			if (entry->check->scope != SCOPE_NODE ||
			    (k > 0 && is_answered(entry->name)))
				continue;
			look_for_praise(entry, &scene, scenes[k].name);
			checks++;
		}
	}
	assert_true(checks > 0);
}

/* Every measure is there and says that it could not be told. */
static void no_check_passes_when_everything_is_unknown(void **state)
{
	SCOPED_SCENE(scene);
	struct arena *arena = &scene.arena;
	const struct record **records;
	struct check_input input;
	size_t count = 0;

	(void)state;
	scene_make(&scene, "virtual - none\n", NULL);
	records = ARENA_ARRAY(arena, const struct record *, MEASURE_COUNT);
	for (unsigned i = 0; i < MEASURE_COUNT; i++) {
		struct record *one = ARENA_NEW(arena, struct record);

		*one = *scene.input.records[0];
		one->what = measures[i].name;
		one->says = SAYS_UNKNOWN;
		one->text = "Failed to initialize NVML: Driver/library version mismatch";
		records[count++] = one;
	}
	input = scene.input;
	input.records = records;
	input.count = count;
	check_prepare(&input, arena);
	scene.input = input;
	for (size_t i = 0; i < check_catalogue_count; i++)
		if (check_catalogue[i].check->scope == SCOPE_NODE)
			look_for_praise(&check_catalogue[i], &scene, "an unreadable node");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_check_of_nodes_passes_on_what_tells_its_parts),
		cmocka_unit_test(no_check_passes_when_everything_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
