#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static const char host[] = "cpu.model - AMD EPYC 9654 96-Core Processor\n"
			   "cpu.packages - 2\n"
			   "memory.total - 1000000000\n"
			   "kernel - 6.8.0-60-generic\n"
			   "firmware - 2.1 2025-03-01\n" EIGHT("gpu.vbios", "96.00.74.00.01");

static enum verdict against_good(const char *lines)
{
	SCOPED_SCENE(good);
	SCOPED_SCENE(scene);

	scene_make(&good, scene_h100, host, NULL);
	scene_make(&scene, scene_h100, host, lines, NULL);
	scene.input.golden = &good.input.machines[0];
	return scene_worst(&scene, "host-inventory");
}

static void verdicts_follow_the_good_node(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ "kernel - 6.8.0-40-generic\n", VERDICT_WARN },
		{ "firmware - 1.9 2024-03-01\n", VERDICT_WARN },
		{ "cpu.packages - 1\n", VERDICT_FAIL },
		{ "cpu.model - AMD EPYC 9554 64-Core Processor\n", VERDICT_FAIL },
		{ "memory.total - 990000000\n", VERDICT_PASS },
		{ "memory.total - 989000000\n", VERDICT_FAIL },
		{ EIGHT("gpu.vbios", "96.00.61.00.01"), VERDICT_WARN },
		/* the odd one among them is another check's */
		{ SAY("gpu.vbios", GPU0, "96.00.61.00.01"), VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (against_good(cases[i].lines) != cases[i].verdict)
			fail_msg("%s is not '%s'", cases[i].lines, verdict_names[cases[i].verdict]);
}

static void one_node_without_a_reference_is_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, host, NULL);
	assert_int_equal(scene_verdict(&scene, "host-inventory", NULL), VERDICT_NOT_APPLICABLE);
}

static void three_nodes_are_their_own_reference(void **state)
{
	SCOPED_SCENE(first);
	SCOPED_SCENE(second);
	SCOPED_SCENE(odd);
	struct machine all[3];

	(void)state;
	scene_make(&first, scene_h100, host, NULL);
	scene_make(&second, scene_h100, host, "memory.total - 1001000000\n", NULL);
	scene_make(&odd, scene_h100, host, "kernel - 5.15.0\nmemory.total - 900000000\n", NULL);
	all[0] = first.input.machines[0];
	all[1] = second.input.machines[0];
	all[2] = odd.input.machines[0];
	for (size_t i = 0; i < 3; i++) {
		struct check_input input = odd.input;
		struct findings found = { .arena = &odd.arena };

		input.machines = all;
		input.machine_count = 3;
		input.machine = &all[i];
		check_run(check_find("host-inventory"), &input, &found);
		assert_int_equal(found.count, i == 2 ? 2 : 1);
		assert_int_equal(found.items[0].verdict, i == 2 ? VERDICT_FAIL : VERDICT_PASS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_the_good_node),
		cmocka_unit_test(one_node_without_a_reference_is_not_a_pass),
		cmocka_unit_test(three_nodes_are_their_own_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
