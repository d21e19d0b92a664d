#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LINK(pci, width, width_most, speed, speed_most)                                          \
	"pci.link.width pci:" pci " " width "\npci.link.width.maximum pci:" pci " " width_most   \
	"\npci.link.speed pci:" pci " " speed "\npci.link.speed.maximum pci:" pci " " speed_most \
	"\n"
#define PARENT(pci, above) "pci.parent pci:" pci " " above "\n"
#define GOOD(pci) LINK(pci, "16", "16", "32", "32")
#define GPU "gpu:0000:19:00.0"
#define NIC "pci:0000:1a:00.0"
#define DRIVE "pci:0000:81:00.0"
#define LOADED "gpu.utilisation " GPU " 99\ngpu.throttle " GPU " none\n"

static const char check[] = "pcie-link";

/* Eight GPUs at full width, one adapter and one drive; GPU and adapter behind one switch. */
static const char node[] = GOOD("0000:19:00.0") GOOD("0000:3b:00.0") GOOD("0000:4c:00.0") GOOD(
	"0000:5d:00.0") GOOD("0000:9b:00.0") GOOD("0000:bb:00.0") GOOD("0000:cb:00.0") GOOD("0000:"
											    "db:00."
											    "0")
	PARENT("0000:19:00.0", "pci:0000:18:00.0") PARENT("0000:18:00.0", "pci:0000:17:00.0") PARENT(
		"0000:17:00.0",
		"pci:0000:16:00.0") PARENT("0000:16:00.0",
					   "root") GOOD("0000:18:00.0") GOOD("0000:17:00.0")
		GOOD("0000:16:00.0") "rdma.count - 1\nrdma.pci rdma:mlx5_0 pci:0000:1a:00.0\n"
				     "pci.class pci:0000:1a:00.0 020700\n" GOOD(
					     "0000:1a:00.0") PARENT("0000:1a:00.0",
								    "pci:0000:18:01.0") PARENT("000"
											       "0:"
											       "18:"
											       "01."
											       "0",
											       "pci"
											       ":00"
											       "00:"
											       "17:"
											       "00."
											       "0")
					     GOOD("0000:18:01.0") "pci.class pci:0000:81:00.0 "
								  "010802\n" LINK(
									  "0000:81:00.0", "4", "4",
									  "16",
									  "16") PARENT("0000:81:00."
										       "0",
										       "pci:0000:"
										       "80:00.0")
									  PARENT("0000:80:00.0",
										 "root")
										  LINK("0000:80:00."
										       "0",
										       "4", "4",
										       "16", "32");

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, node, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static bool text_has(const char *lines, const char *device, const char *words)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, node, lines, NULL);
	(void)scene_judge(&scene, check);
	assert_non_null(scene_finding(&scene, device));
	return strstr(scene_finding(&scene, device)->text, words) != NULL;
}

static void full_links_pass_and_what_was_not_judged_is_said(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
	assert_true(text_has("", NULL, "8 GPUs, 1 RDMA adapters, 1 NVMe drives"));
	assert_true(text_has("", NULL, "8 GPUs not loaded: current speed not judged"));
	assert_true(text_has(LOADED, NULL, "7 GPUs not loaded"));
}

static void lanes_that_are_missing_fail(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.link.width pci:0000:19:00.0 8\n", GPU), VERDICT_FAIL);
	assert_true(text_has("pci.link.width pci:0000:19:00.0 8\n", GPU, "8 lanes of 16"));
	assert_int_equal(verdict_of("pci.link.width " NIC " 8\n", NIC), VERDICT_FAIL);
	assert_int_equal(verdict_of("pci.link.width " DRIVE " 2\n", DRIVE), VERDICT_FAIL);
}

static void a_port_with_fewer_lanes_is_no_fault_of_an_adapter(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.link.width " NIC " 8\n"
				    "pci.link.width.maximum pci:0000:18:01.0 8\n",
				    NULL),
			 VERDICT_PASS);
	/* The model of a GPU asks for all of them. */
	assert_int_equal(verdict_of("pci.link.width pci:0000:19:00.0 8\n"
				    "pci.link.width.maximum pci:0000:18:00.0 8\n",
				    GPU),
			 VERDICT_FAIL);
}

static void the_speed_of_an_idle_gpu_is_not_judged(void **state)
{
	static const char slow[] = "pci.link.speed pci:0000:19:00.0 2.5\n";

	(void)state;
	assert_int_equal(verdict_of(slow, NULL), VERDICT_PASS);
	{
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, node, slow, LOADED, NULL);
		assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_FAIL);
		scene_make(&scene, scene_h100, node, slow, LOADED,
			   "gpu.throttle " GPU " idle+application\n", NULL);
		assert_int_equal(scene_worst(&scene, check), VERDICT_PASS);
		scene_make(&scene, scene_h100, node, slow, LOADED, "gpu.utilisation " GPU " 0\n",
			   NULL);
		assert_int_equal(scene_worst(&scene, check), VERDICT_PASS);
	}
}

static void a_gpu_that_cannot_reach_the_generation_of_its_model_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.link.speed.maximum pci:0000:19:00.0 16\n", GPU),
			 VERDICT_FAIL);
	assert_true(
		text_has("pci.link.speed.maximum pci:0000:19:00.0 16\n", GPU, "a H100-SXM has"));
}

static void adapters_and_drives_do_not_train_down(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.link.speed " NIC " 16\n", NIC), VERDICT_FAIL);
	assert_int_equal(verdict_of("pci.link.speed " DRIVE " 8\n", DRIVE), VERDICT_FAIL);
}

static void a_slow_bridge_on_the_path_is_named(void **state)
{
	static const char slow[] = "pci.link.speed.maximum pci:0000:16:00.0 16\n";

	(void)state;
	assert_int_equal(verdict_of(slow, GPU), VERDICT_FAIL);
	assert_true(text_has(slow, GPU, "the bridge 0000:16:00.0 reaches 16.0 GT/s"));
	assert_int_equal(verdict_of(slow, NIC), VERDICT_FAIL);
	assert_true(text_has("pci.link.speed pci:0000:17:00.0 8\n", GPU,
			     "the bridge 0000:17:00.0 runs at 8.0 GT/s"));
	assert_true(text_has("pci.link.width pci:0000:17:00.0 8\n", GPU,
			     "the bridge 0000:17:00.0 has 8 lanes"));
	assert_int_equal(verdict_of("pci.link.speed.maximum pci:0000:80:00.0 8\n"
				    "pci.link.speed " DRIVE " 8\n",
				    DRIVE),
			 VERDICT_WARN);
}

static void bridges_of_a_hypervisor_are_not_judged_and_that_is_said(void **state)
{
	static const char guest[] = "virtual - kvm\npci.link.speed.maximum pci:0000:16:00.0 2.5\n";

	(void)state;
	assert_int_equal(verdict_of(guest, NULL), VERDICT_PASS);
	assert_true(text_has(guest, NULL, "hidden by a hypervisor"));
}

#define LIMITED(pci, by)                                                                      \
	"log.pcie - pci " pci ": 63.008 Gb/s available PCIe bandwidth, limited by " by " at " \
	"0000:16:00.0 (capable of 504.112 Gb/s with 32.0 GT/s PCIe x16 link)\n"

static void the_kernel_s_own_word_counts_unless_the_link_is_full_now(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(LIMITED("0000:19:00.0", "8.0 GT/s PCIe x16 link"), GPU),
			 VERDICT_FAIL);
	assert_int_equal(verdict_of(LIMITED("0000:19:00.0", "2.5 GT/s PCIe x16 link"), GPU),
			 VERDICT_WARN);
	assert_int_equal(verdict_of(LIMITED("0000:1a:00.0", "8.0 GT/s PCIe x16 link"), NULL),
			 VERDICT_PASS);
	assert_int_equal(verdict_of(LIMITED("0000:99:00.0", "8.0 GT/s PCIe x16 link"), NULL),
			 VERDICT_PASS);
}

static void a_virtual_function_without_a_link_is_left_out(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, "rdma.count - 1\nrdma.pci rdma:mlx5_0 " NIC "\n",
		   "pci.class " NIC " 020700\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
	/* In a guest it shows a link, of which nothing is true. */
	scene_make(&scene, scene_h100, node, "rdma.function rdma:mlx5_0 virtual\n",
		   "pci.link.width " NIC " ? out of range\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, "virtual - none\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, node, "pci.link.width pci:0000:19:00.0 ? says 63\n",
		   "pci.power pci:0000:19:00.0 D3cold\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_UNKNOWN);
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "D3cold"));
	scene_make(&scene, scene_h100, node, "pci.class - ? more than 2048 functions\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
}

static void an_unknown_model_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, node, "gpu.name " GPU " NVIDIA H900\n",
		   "pci.id pci:0000:19:00.0 10de:ffff\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "no reference"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_links_pass_and_what_was_not_judged_is_said),
		cmocka_unit_test(lanes_that_are_missing_fail),
		cmocka_unit_test(a_port_with_fewer_lanes_is_no_fault_of_an_adapter),
		cmocka_unit_test(the_speed_of_an_idle_gpu_is_not_judged),
		cmocka_unit_test(a_gpu_that_cannot_reach_the_generation_of_its_model_fails),
		cmocka_unit_test(adapters_and_drives_do_not_train_down),
		cmocka_unit_test(a_slow_bridge_on_the_path_is_named),
		cmocka_unit_test(bridges_of_a_hypervisor_are_not_judged_and_that_is_said),
		cmocka_unit_test(the_kernel_s_own_word_counts_unless_the_link_is_full_now),
		cmocka_unit_test(a_virtual_function_without_a_link_is_left_out),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(an_unknown_model_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
