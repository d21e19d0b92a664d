#include "check/collective/curve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROW(in_model, in_gpus, in_metric, in_size, in_value, in_caution)                       \
	{                                                                                      \
		.vendor = "nvidia", .model = (in_model), .gpus = (in_gpus), .nodes = 1,        \
		.metric = (in_metric), .size = (in_size), .value = (in_value), .unit = "GB/s", \
		.kind = FIGURE_MEASURED, .line = __LINE__, .tool = "", .conditions = "",       \
		.source = "somebody", .caution = (in_caution)                                  \
	}

static struct figure_row rows[] = {
	ROW("A100-SXM", 8, "all_reduce_busbw", "1MiB", 18, ""),
	ROW("A100-SXM", 8, "all_reduce_busbw", "1048576B", 20, ""),
	ROW("A100-SXM", 8, "all_reduce_busbw", "2MiB", 30, "DEFECT in the source"),
	ROW("A100-SXM", 16, "all_reduce_busbw", "4MiB", 40, ""),
	ROW("A100-SXM", 8, "all_gather_busbw", "4MiB", 40, ""),
	ROW("H100-SXM", 8, "all_reduce_busbw", "4MiB", 40, ""),
};

static const struct shape_row a100 = { .model = "A100-SXM", .vendor = "nvidia", .pci_ids = "" };

static bool find(const char *way, unsigned ranks, double bytes, struct curve_band *ret_band)
{
	const struct handbook handbook = { .figures = rows,
					   .figure_count = sizeof(rows) / sizeof(rows[0]) };
	const struct curve curve = {
		.way = way, .collective = COLLECTIVE_ALL_REDUCE, .ranks = ranks, .nodes = 1
	};

	return curve_band(&handbook, &a100, &curve, bytes, ret_band);
}

static void a_size_has_the_band_of_all_rows_of_the_model(void **state)
{
	struct curve_band band;

	(void)state;
	assert_true(find("nvlink", 8, 1 << 20, &band));
	assert_true(fabs(band.low - 0.90 * 18e9) < 1);
	assert_true(fabs(band.high - 20e9) < 1);
	assert_string_equal(band.source, "somebody");
}

static void what_no_row_tells_is_not_known(void **state)
{
	struct curve_band band;

	(void)state;
	assert_false(find("nvlink", 8, 2 << 20, &band));
	assert_false(find("nvlink", 8, 4 << 20, &band));
	assert_false(find("nvlink", 4, 1 << 20, &band));
	assert_false(find("pcie", 8, 1 << 20, &band));
	assert_false(curve_band(NULL, &a100, &(struct curve){ .way = "nvlink" }, 1, &band));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_size_has_the_band_of_all_rows_of_the_model),
		cmocka_unit_test(what_no_row_tells_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
