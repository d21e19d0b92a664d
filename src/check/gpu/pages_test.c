#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

struct scene_case {
	const char *lines;
	enum verdict verdict;
};

static void expect(const char *base, const struct scene_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, base, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-pages") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

#define PAGES "gpu.pages.uncorrected gpu:0000:05:00.0 "
#define LIMIT "gpu.pages.threshold gpu:0000:05:00.0 "

static void amd_is_judged_by_the_drivers_threshold(void **state)
{
	static const char amd[] = "gpu.count.pci vendor:amd 1\n"
				  "gpu.vendor gpu:0000:05:00.0 amd\n";
	static const struct scene_case cases[] = {
		{ PAGES "0\n", VERDICT_PASS },
		{ PAGES "89\n" LIMIT "100\n", VERDICT_PASS },
		{ PAGES "90\n" LIMIT "100\n", VERDICT_WARN },
		{ PAGES "99\n" LIMIT "100\n", VERDICT_WARN },
		{ PAGES "100\n" LIMIT "100\n", VERDICT_FAIL },
		{ PAGES "7\n", VERDICT_UNKNOWN },
		{ PAGES "7\n" LIMIT "? stalled\n", VERDICT_UNKNOWN },
		{ PAGES "7\n" LIMIT "0\n", VERDICT_UNKNOWN },
		{ PAGES "? stalled\n" LIMIT "100\n", VERDICT_UNKNOWN },
		{ LIMIT "100\n", VERDICT_UNKNOWN },
	};

	(void)state;
	expect(amd, cases, sizeof(cases) / sizeof(cases[0]));
}

static void nvidia_before_ampere_is_judged_by_dcgms_figures(void **state)
{
	static const char volta[] = "gpu.count.pci vendor:nvidia 1\n"
				    "gpu.vendor " GPU0 " nvidia\n"
				    "gpu.name " GPU0 " Tesla V100-SXM2-32GB\n"
				    "pci.id pci:0000:19:00.0 10de:1db5\n"
				    "gpu.pages.corrected " GPU0 " 5\n"
				    "gpu.pages.uncorrected " GPU0 " 0\n"
				    "gpu.pages.pending " GPU0 " no\n";
	static const struct scene_case cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("gpu.pages.uncorrected", GPU0, "10"), VERDICT_PASS },
		{ SAY("gpu.pages.uncorrected", GPU0, "11"), VERDICT_WARN },
		{ SAY("gpu.pages.uncorrected", GPU0, "57"), VERDICT_WARN },
		{ SAY("gpu.pages.uncorrected", GPU0, "58"), VERDICT_FAIL },
		{ SAY("gpu.pages.pending", GPU0, "yes"), VERDICT_WARN },
		{ SAY("gpu.pages.pending", GPU0, "-"), VERDICT_UNKNOWN },
		{ SAY("gpu.pages.corrected", GPU0, "? stalled"), VERDICT_UNKNOWN },
		{ SAY("gpu.pages.corrected", GPU0, "-") SAY("gpu.pages.uncorrected", GPU0, "-"),
		  VERDICT_UNKNOWN },
	};

	(void)state;
	expect(volta, cases, sizeof(cases) / sizeof(cases[0]));
}

static void later_gpus_replace_rows(void **state)
{
	static const struct scene_case cases[] = { { "", VERDICT_NOT_APPLICABLE } };

	(void)state;
	expect(scene_h100, cases, 1);
	expect(scene_bare, cases, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amd_is_judged_by_the_drivers_threshold),
		cmocka_unit_test(nvidia_before_ampere_is_judged_by_dcgms_figures),
		cmocka_unit_test(later_gpus_replace_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
