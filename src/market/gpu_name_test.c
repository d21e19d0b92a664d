#include "market/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/file.h"

#include <cmocka.h>

enum {
	TABLE_MAXIMUM = 1 << 20,
};

/* The tables as they are installed. */
static void read_installed(struct arena *arena, struct catalogue *ret_catalogue)
{
	static const char *const files[3] = { "data/market/gpu.tsv", "data/market/product.tsv",
					      "data/market/provider.tsv" };
	const struct host host = { 0 };
	struct error err = { 0 };
	struct span texts[3];
	bool good = true;

	for (unsigned i = 0; i < 3 && good; i++)
		good = host_read(&host, files[i], TABLE_MAXIMUM, arena, &texts[i], &err);
	good = good && catalogue_read(texts, files, arena, ret_catalogue, &err);
	if (!good)
		print_message("# %s\n", err.text);
	assert_true(good);
}

struct said {
	const char *text, *gpu;
	enum form form;
	unsigned memory_gb, count;
	bool fraction;
};

static void expect_said(const struct catalogue *catalogue, const struct said *expected)
{
	struct gpu_said said;
	const char *gpu;
	bool right;

	gpu_read(catalogue, span_of(expected->text), &said);
	gpu = said.gpu == GPU_NONE ? "" : catalogue->gpus[said.gpu].name;
	right = strcmp(gpu, expected->gpu) == 0 && said.form == expected->form &&
		said.memory_gb == expected->memory_gb && said.count == expected->count &&
		said.fraction == expected->fraction;
	if (!right)
		print_message("# '%s' says %s %s %u GB, %u, %d\n", expected->text, gpu,
			      form_names[said.form], said.memory_gb, said.count, said.fraction);
	assert_true(right);
}

static void each_source_writes_gpus_in_its_own_way(void **state)
{
	static const struct said cases[] = {
		{ "H100", "h100", FORM_UNKNOWN, 0, 0, false },
		{ "H100 SXM", "h100", FORM_SXM, 0, 0, false },
		{ "H100_80GB", "h100", FORM_UNKNOWN, 80, 0, false },
		{ "NVIDIA H100 80GB HBM3", "h100", FORM_UNKNOWN, 80, 0, false },
		{ "NVIDIA H100 80 GB PCIe", "h100", FORM_PCIE, 80, 0, false },
		{ "H100NVL", "h100", FORM_NVL, 0, 0, false },
		{ "h100-nvl", "h100", FORM_NVL, 0, 0, false },
		{ "h100sxm5", "h100", FORM_SXM, 0, 0, false },
		{ "8x H100 SXM5", "h100", FORM_SXM, 0, 8, false },
		{ "H100-MEGA-80GB", "h100", FORM_UNKNOWN, 80, 0, false },
		{ "a100-sxm-80", "a100", FORM_SXM, 80, 0, false },
		{ "a100-pcie-40", "a100", FORM_PCIE, 40, 0, false },
		{ "A100-80GB-PCIe", "a100", FORM_PCIE, 80, 0, false },
		{ "NVIDIA A100-SXM4-80GB", "a100", FORM_SXM, 80, 0, false },
		{ "Tesla V100-SXM2-32GB", "v100", FORM_SXM, 32, 0, false },
		{ "NVIDIA GH200 480GB", "gh200", FORM_UNKNOWN, 0, 0, false },
		{ "GB200 NVL72", "gb200", FORM_NVL72, 0, 0, false },
		{ "B200", "b200", FORM_UNKNOWN, 0, 0, false },
		{ "rtx-6000-ada", "rtx-6000-ada", FORM_UNKNOWN, 0, 0, false },
		{ "RTX 6000Ada", "rtx-6000-ada", FORM_UNKNOWN, 0, 0, false },
		{ "RTX6000-Ada", "rtx-6000-ada", FORM_UNKNOWN, 0, 0, false },
		{ "RTX A6000", "rtx-a6000", FORM_UNKNOWN, 0, 0, false },
		{ "A6000", "rtx-a6000", FORM_UNKNOWN, 0, 0, false },
		{ "Q RTX 6000", "quadro-rtx-6000", FORM_UNKNOWN, 0, 0, false },
		{ "Quadro RTX 5000", "quadro-rtx-5000", FORM_UNKNOWN, 0, 0, false },
		{ "RTX PRO 6000 WS", "rtx-pro-6000", FORM_UNKNOWN, 0, 0, false },
		{ "RTXPRO6000", "rtx-pro-6000", FORM_UNKNOWN, 0, 0, false },
		{ "RTX 3090 Ti", "rtx-3090-ti", FORM_UNKNOWN, 0, 0, false },
		{ "RTX3090", "rtx-3090", FORM_UNKNOWN, 0, 0, false },
		{ "L40S", "l40s", FORM_UNKNOWN, 0, 0, false },
		{ "L40", "l40", FORM_UNKNOWN, 0, 0, false },
		{ "AMD Instinct MI300X OAM", "mi300x", FORM_OAM, 0, 0, false },
		{ "A10G", "a10g", FORM_UNKNOWN, 0, 0, false },
		{ "Standard_ND96isr_H100_v5", "h100", FORM_UNKNOWN, 0, 0, false },
	};
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_installed(&arena, &catalogue);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_said(&catalogue, &cases[i]);
}

static void a_part_of_a_gpu_is_told_from_a_whole_one(void **state)
{
	static const struct said cases[] = {
		{ "1/8 A16", "a16", FORM_UNKNOWN, 0, 0, true },
		{ "NVIDIA A100 MIG 1g.10gb", "a100", FORM_UNKNOWN, 10, 0, true },
		{ "A40-16Q", "a40", FORM_UNKNOWN, 0, 0, true },
		{ "0.5x H100", "h100", FORM_UNKNOWN, 0, 0, true },
		{ "H100 80G", "h100", FORM_UNKNOWN, 80, 0, false },
	};
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_installed(&arena, &catalogue);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_said(&catalogue, &cases[i]);
}

static void what_is_not_one_family_of_ours_is_none(void **state)
{
	static const char *const others[] = {
		"",           "GTX 1080 Ti",      "Radeon VII",     "TPU v5e", "Trainium2",
		"H100, H200", "H100 or A100",     "Xeon Gold 6248", "T4x",     "8x",
		"h1000",      "\xff\xfe\x01\x02", "----",           "80GB",
	};
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_installed(&arena, &catalogue);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct gpu_said said;

		gpu_read(&catalogue, span_of(others[i]), &said);
		if (said.gpu != GPU_NONE)
			print_message("# '%s' is %s\n", others[i], catalogue.gpus[said.gpu].name);
		assert_int_equal(said.gpu, GPU_NONE);
	}
}

static void every_row_is_found_by_its_own_name(void **state)
{
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_installed(&arena, &catalogue);
	for (size_t i = 0; i < catalogue.gpu_count; i++) {
		struct gpu_said said;

		gpu_read(&catalogue, span_of(catalogue.gpus[i].name), &said);
		assert_int_equal(said.gpu, i);
		gpu_read(&catalogue, span_of(catalogue.gpus[i].title), &said);
		if (said.gpu != i)
			print_message("# '%s'\n", catalogue.gpus[i].title);
		assert_int_equal(said.gpu, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_source_writes_gpus_in_its_own_way),
		cmocka_unit_test(a_part_of_a_gpu_is_told_from_a_whole_one),
		cmocka_unit_test(what_is_not_one_family_of_ours_is_none),
		cmocka_unit_test(every_row_is_found_by_its_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
