#include "check/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

#define A "gpu:0000:19:00.0"
#define B "gpu:0000:3b:00.0"

static void the_newest_sighting_counts(void **state)
{
	SCOPED_SCENE(scene);
	double value;

	(void)state;
	scene_make(&scene,
		   "gpu.temperature " A " 40\n"
		   "gpu.temperature " A " 45 @60\n"
		   "gpu.temperature " B " 50\n",
		   NULL);
	assert_int_equal(scene.input.machine_count, 1);
	assert_true(machine_value(scene.input.machines, NODE_GPU_TEMPERATURE, A, &value));
	assert_float_equal(value, 45, 0);
	assert_true(machine_value(scene.input.machines, NODE_GPU_TEMPERATURE, B, &value));
	assert_float_equal(value, 50, 0);
	assert_false(machine_value(scene.input.machines, NODE_GPU_TEMPERATURE, NULL, &value));
	assert_false(machine_value(scene.input.machines, NODE_GPU_POWER, A, &value));
}

static void each_device_comes_once_and_each_text(void **state)
{
	SCOPED_SCENE(scene);
	const struct machine *machine;
	size_t at = 0, texts = 0;

	(void)state;
	scene_make(&scene,
		   "gpu.temperature " B " 50\n"
		   "gpu.temperature " A " 40\n"
		   "gpu.temperature " A " 45 @60\n"
		   "log.xid " A " first\nlog.xid " A " second\nlog.xid - third\n",
		   NULL);
	machine = scene.input.machines;
	assert_float_equal(machine_next(machine, NODE_GPU_TEMPERATURE, &at)->value, 45, 0);
	assert_float_equal(machine_next(machine, NODE_GPU_TEMPERATURE, &at)->value, 50, 0);
	assert_null(machine_next(machine, NODE_GPU_TEMPERATURE, &at));
	for (at = 0; machine_next(machine, NODE_LOG_XID, &at);)
		texts++;
	assert_int_equal(texts, 3);
}

static void unknown_is_neither_value_nor_state(void **state)
{
	SCOPED_SCENE(scene);
	double value;

	(void)state;
	scene_make(&scene,
		   "gpu.temperature " A " ? the call stalled\n"
		   "gpu.name " A " ? the call stalled\n",
		   NULL);
	assert_false(machine_value(scene.input.machines, NODE_GPU_TEMPERATURE, A, &value));
	assert_null(machine_state(scene.input.machines, NODE_GPU_NAME, A));
	assert_false(machine_state_is(scene.input.machines, NODE_GPU_NAME, A, "the call stalled"));
	assert_string_equal(machine_why_unknown(scene.input.machines, NODE_GPU_NAME, A),
			    "the call stalled");
	assert_string_equal(machine_why_unknown(scene.input.machines, NODE_GPU_NAME, B),
			    "nothing was recorded of it");
}

static void a_rate_needs_two_sightings_or_the_uptime(void **state)
{
	SCOPED_SCENE(scene);
	struct counter_rate rate;

	(void)state;
	scene_make(&scene, "uptime - 1000\npci.aer.fatal pci:a 5\n", NULL);
	assert_true(machine_rate(scene.input.machines, NODE_PCI_AER_FATAL, "pci:a", &rate));
	assert_true(rate.since_boot);
	assert_float_equal(rate.rise, 5, 0);
	assert_float_equal(rate.window_s, 1000, 0);

	scene_make(&scene, "uptime - 1000\npci.aer.fatal pci:a 5\npci.aer.fatal pci:a 8 @60\n",
		   NULL);
	assert_true(machine_rate(scene.input.machines, NODE_PCI_AER_FATAL, "pci:a", &rate));
	assert_false(rate.since_boot);
	assert_float_equal(rate.rise, 3, 0);
	assert_float_equal(rate.window_s, 60, 0);

	scene_make(&scene, "pci.aer.fatal pci:a 5\n", NULL);
	assert_false(machine_rate(scene.input.machines, NODE_PCI_AER_FATAL, "pci:a", &rate));
	assert_false(machine_rate(scene.input.machines, NODE_PCI_AER_FATAL, "pci:b", &rate));
}

static void a_counter_that_fell_has_started_anew(void **state)
{
	SCOPED_SCENE(scene);
	struct counter_rate rate;

	(void)state;
	scene_make(&scene, "pci.aer.fatal pci:a 500\npci.aer.fatal pci:a 2 @60\n", NULL);
	assert_true(machine_rate(scene.input.machines, NODE_PCI_AER_FATAL, "pci:a", &rate));
	assert_float_equal(rate.rise, 2, 0);
}

static void the_model_is_known_only_when_all_gpus_agree(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_non_null(scene.input.machines->shape);
	assert_string_equal(scene.input.machines->shape->model, "H100-SXM");
	scene_make(&scene, scene_h100,
		   "pci.id pci:0000:db:00.0 10de:2901\ngpu.name gpu:0000:db:00.0 NVIDIA B200\n",
		   NULL);
	assert_null(scene.input.machines->shape);
	scene_make(&scene, scene_h100, "gpu.vendor gpu:0000:db:00.0 ? gone\n", NULL);
	assert_null(scene.input.machines->shape);
}

static struct record make(const char *id, const char *node, date_t day)
{
	return (struct record){
		.id = id,
		.subject.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = node },
		.what = "node.uptime",
		.says = SAYS_VALUE,
		.unit = "s",
		.value = day,
		.kind = KIND_MEASUREMENT,
		.observed = day,
	};
}

static void nodes_are_told_apart_and_only_their_newest_day_counts(void **state)
{
	SCOPED_ARENA(arena);
	const struct record list[] = { make("1", "b", 10), make("2", "a", 11), make("3", "a", 12),
				       make("4", NULL, 12) };
	const struct record *records[] = { &list[0], &list[1], &list[2], &list[3] };
	struct machine *machines;
	size_t count;

	(void)state;
	machines_make(records, 4, NULL, &arena, &machines, &count);
	assert_int_equal(count, 2);
	assert_string_equal(machines[0].name, "a");
	assert_int_equal(machines[0].count, 1);
	assert_int_equal(machines[0].observed, 12);
	assert_string_equal(machines[1].name, "b");
}

static void parts_are_there_absent_or_unknown(void **state)
{
	static const struct {
		const char *text;
		enum machine_part part;
		enum presence presence;
	} cases[] = {
		{ "gpu.count.pci vendor:nvidia 8\n", PART_GPU, PRESENCE_PRESENT },
		{ "gpu.count.pci vendor:nvidia 8\n", PART_NVIDIA, PRESENCE_PRESENT },
		{ "gpu.count.pci vendor:nvidia 8\ngpu.count.pci vendor:amd 0\n", PART_AMD,
		  PRESENCE_ABSENT },
		{ "gpu.count.pci vendor:nvidia 0\n", PART_GPU, PRESENCE_ABSENT },
		{ "gpu.count.pci vendor:nvidia ? no permission\n", PART_GPU, PRESENCE_UNKNOWN },
		{ "uptime - 1\n", PART_GPU, PRESENCE_UNKNOWN },
		{ "rdma.count - 0\n", PART_RDMA, PRESENCE_ABSENT },
		{ "rdma.count - 2\nrdma.layer rdma:a/1 ethernet\n", PART_INFINIBAND,
		  PRESENCE_ABSENT },
		{ "rdma.count - 2\nrdma.layer rdma:a/1 infiniband\n", PART_INFINIBAND,
		  PRESENCE_PRESENT },
		{ "rdma.count - 2\n", PART_INFINIBAND, PRESENCE_UNKNOWN },
		{ "virtual - none\n", PART_BARE_METAL, PRESENCE_PRESENT },
		{ "virtual - kvm\n", PART_BARE_METAL, PRESENCE_ABSENT },
		{ "virtual - kvm\n", PART_GUEST, PRESENCE_PRESENT },
		{ "uptime - 1\n", PART_GUEST, PRESENCE_UNKNOWN },
		{ "architecture - aarch64\n", PART_ARM, PRESENCE_PRESENT },
		{ "architecture - x86_64\n", PART_ARM, PRESENCE_ABSENT },
	};
	SCOPED_SCENE(scene);
	const char *reason;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene_make(&scene, cases[i].text, NULL);
		if (machine_has(scene.input.machines, cases[i].part, &reason) != cases[i].presence)
			fail_msg("case %zu: %s", i, cases[i].text);
	}
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(machine_has(scene.input.machines, PART_LINKS, &reason), PRESENCE_PRESENT);
	assert_int_equal(machine_has(scene.input.machines, PART_SWITCHES, &reason),
			 PRESENCE_PRESENT);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(machine_has(scene.input.machines, PART_LINKS, &reason), PRESENCE_ABSENT);
}

static void a_look_that_is_too_old_is_stale(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	scene.input.not_before = scene.input.today + 1;
	assert_int_equal(scene_worst(&scene, "gpu-count"), VERDICT_STALE);
	scene.input.not_before = scene.input.today;
	assert_int_not_equal(scene_worst(&scene, "gpu-count"), VERDICT_STALE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_sighting_counts),
		cmocka_unit_test(each_device_comes_once_and_each_text),
		cmocka_unit_test(unknown_is_neither_value_nor_state),
		cmocka_unit_test(a_rate_needs_two_sightings_or_the_uptime),
		cmocka_unit_test(a_counter_that_fell_has_started_anew),
		cmocka_unit_test(the_model_is_known_only_when_all_gpus_agree),
		cmocka_unit_test(nodes_are_told_apart_and_only_their_newest_day_counts),
		cmocka_unit_test(a_look_that_is_too_old_is_stale),
		cmocka_unit_test(parts_are_there_absent_or_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
