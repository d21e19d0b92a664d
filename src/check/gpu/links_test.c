#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"
#define LINK3 GPU "/link:3"

static const char check[] = "gpu-links";
static const char *const pcis[] = {
	"0000:19:00.0", "0000:3b:00.0", "0000:4c:00.0", "0000:5d:00.0",
	"0000:9b:00.0", "0000:bb:00.0", "0000:cb:00.0", "0000:db:00.0",
};

/* `count` links of each GPU that are up, at the speed that the driver reports for an H100. */
static void write_links(struct text *text, unsigned count)
{
	for (size_t i = 0; i < sizeof(pcis) / sizeof(pcis[0]); i++)
		for (unsigned k = 0; k < count; k++)
			text_format(text,
				    "gpu.link gpu:%s/link:%u up\n"
				    "gpu.link.speed gpu:%s/link:%u 26562000000\n"
				    "gpu.link.peer gpu:%s/link:%u switch\n",
				    pcis[i], k, pcis[i], k, pcis[i], k);
}

static enum verdict verdict_of(unsigned count, const char *lines, const char *device)
{
	SCOPED_SCENE(scene);
	SCOPED_TEXT(links);

	write_links(&links, count);
	scene_make(&scene, scene_h100, text_string(&links), lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void all_links_up_pass(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_TEXT(links);

	(void)state;
	write_links(&links, 18);
	scene_make(&scene, scene_h100, text_string(&links), NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "144 links of 8 GPUs"));
}

static void one_link_less_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(18, "gpu.link " LINK3 " down\n", GPU), VERDICT_FAIL);
	assert_int_equal(verdict_of(17, "", GPU), VERDICT_FAIL);
}

static void a_link_that_did_not_answer_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(18, "gpu.link " LINK3 " ? stalled\n", GPU), VERDICT_UNKNOWN);
	/* Two are missing, and only one could be there. */
	assert_int_equal(
		verdict_of(18, "gpu.link " LINK3 " ? stalled\ngpu.link " GPU "/link:4 down\n", GPU),
		VERDICT_FAIL);
	/* All that the model has are up; the library named one more. */
	assert_int_equal(verdict_of(18, "gpu.link " GPU "/link:18 ? invalid argument\n", NULL),
			 VERDICT_PASS);
}

static void a_slow_link_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(18, "gpu.link.speed " LINK3 " 24750000000\n", NULL),
			 VERDICT_PASS);
	assert_int_equal(verdict_of(18, "gpu.link.speed " LINK3 " 24700000000\n", GPU),
			 VERDICT_FAIL);
}

static void links_to_different_kinds_of_peers_warn(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(18, "gpu.link.peer " LINK3 " gpu:0000:3b:00.0\n", GPU),
			 VERDICT_WARN);
}

static const char nvl[] = "gpu.vendor " GPU " nvidia\ngpu.name " GPU
			  " NVIDIA H100 NVL\npci.id pci:0000:19:00.0 10de:2321\n"
			  "gpu.count.pci vendor:nvidia 1\n";

static void a_card_without_a_bridge_warns_and_with_one_needs_twelve(void **state)
{
	SCOPED_SCENE(scene);
	SCOPED_TEXT(links);

	(void)state;
	scene_make(&scene, nvl, "gpu.link " GPU "/link:0 down\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_WARN);
	for (unsigned k = 0; k < 12; k++)
		text_format(&links, "gpu.link " GPU "/link:%u up\n", k);
	for (unsigned k = 12; k < 18; k++)
		text_format(&links, "gpu.link " GPU "/link:%u down\n", k);
	scene_make(&scene, nvl, text_string(&links), NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	scene_make(&scene, nvl, text_string(&links), "gpu.link " GPU "/link:11 down\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_FAIL);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_UNKNOWN);
	assert_int_equal(
		verdict_of(18, "gpu.name " GPU " NVIDIA H900\npci.id pci:0000:19:00.0 10de:ffff\n",
			   NULL),
		VERDICT_UNKNOWN);
}

static void without_links_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_links_up_pass),
		cmocka_unit_test(one_link_less_fails),
		cmocka_unit_test(a_link_that_did_not_answer_does_not_count),
		cmocka_unit_test(a_slow_link_fails),
		cmocka_unit_test(links_to_different_kinds_of_peers_warn),
		cmocka_unit_test(a_card_without_a_bridge_warns_and_with_one_needs_twelve),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_links_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
