#include "check/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

static void a_device_is_named_for_people(void **state)
{
	static const struct {
		const char *device, *label;
	} cases[] = {
		{ "gpu:0000:3b:00.0", "GPU 1 (0000:3b:00.0)" },
		{ "gpu:0000:3b:00.0/link:3", "GPU 1 (0000:3b:00.0), link 3" },
		{ "gpu:0000:77:00.0", "GPU 0000:77:00.0" },
		{ "pci:0000:18:00.0", "PCI 0000:18:00.0" },
		{ "rdma:mlx5_0", "mlx5_0" },
		{ "rdma:mlx5_0/1", "mlx5_0 port 1" },
		{ "mount:/data/a", "/data/a" },
		{ "disk:nvme0n1", "nvme0n1" },
		{ "odd", "odd" },
		{ NULL, "node" },
	};
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			device_label(scene.input.machines, cases[i].device, &scene.arena),
			cases[i].label);
}

static void the_whole_of_a_part_is_found(void **state)
{
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(span_is(device_whole("gpu:0000:3b:00.0/link:3"), "gpu:0000:3b:00.0"));
	assert_true(span_is(device_whole("mount:/data/a"), "mount:/data/a"));
	assert_true(span_is(device_whole("file:/dev/ipmi0"), "file:/dev/ipmi0"));
	assert_true(span_is(device_whole("nccl-line:3:/etc/a"), "nccl-line:3:/etc/a"));
	assert_true(span_is(device_whole("mpi:/opt/libmpi.so"), "mpi:/opt/libmpi.so"));
	assert_string_equal(device_pci("gpu:0000:3b:00.0/link:3", &arena), "pci:0000:3b:00.0");
	assert_null(device_pci("rdma:mlx5_0/1", &arena));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_named_for_people),
		cmocka_unit_test(the_whole_of_a_part_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
