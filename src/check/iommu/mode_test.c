#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TYPE(pci, type) "pci.iommu.type pci:" pci " " type "\n"
#define GPU "gpu:0000:19:00.0"

static const char check[] = "iommu-mode";
static const char through[] =
	"iommu - intel\n" TYPE("0000:19:00.0", "identity") TYPE("0000:3b:00.0", "identity")
		TYPE("0000:4c:00.0", "identity") TYPE("0000:5d:00.0", "identity")
			TYPE("0000:9b:00.0", "identity") TYPE("0000:bb:00.0", "identity")
				TYPE("0000:cb:00.0", "identity") TYPE("0000:db:00.0", "identity");

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, through, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void passthrough_passes(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
}

static void translation_fails_in_a_guest_and_warns_on_bare_metal(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(TYPE("0000:19:00.0", "DMA"), GPU), VERDICT_WARN);
	assert_int_equal(verdict_of(TYPE("0000:19:00.0", "DMA-FQ"), GPU), VERDICT_WARN);
	assert_int_equal(verdict_of("virtual - kvm\n" TYPE("0000:19:00.0", "DMA-FQ"), GPU),
			 VERDICT_FAIL);
	assert_int_equal(verdict_of("virtual - kvm\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of(TYPE("0000:19:00.0", "blocked"), GPU), VERDICT_WARN);
}

static void an_adapter_counts_as_a_gpu_does(void **state)
{
	(void)state;
	assert_int_equal(
		verdict_of("rdma.pci rdma:mlx5_0 pci:0000:1a:00.0\n" TYPE("0000:1a:00.0", "DMA"),
			   "pci:0000:1a:00.0"),
		VERDICT_WARN);
}

static void what_was_given_away_is_left_out(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(TYPE("0000:19:00.0", "unmanaged"), NULL), VERDICT_PASS);
}

static void no_iommu_passes_with_a_word_of_warning(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "iommu - none\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "nothing keeps"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, "iommu - intel\n", NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of(TYPE("0000:19:00.0", "new"), GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of(TYPE("0000:19:00.0", "? not permitted"), GPU), VERDICT_UNKNOWN);
}

static void without_a_gpu_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, "iommu - none\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passthrough_passes),
		cmocka_unit_test(translation_fails_in_a_guest_and_warns_on_bare_metal),
		cmocka_unit_test(an_adapter_counts_as_a_gpu_does),
		cmocka_unit_test(what_was_given_away_is_left_out),
		cmocka_unit_test(no_iommu_passes_with_a_word_of_warning),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_a_gpu_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
