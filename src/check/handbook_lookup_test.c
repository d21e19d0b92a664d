#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "check/handbook.h"
#include "host/file.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct handbook load(struct arena *arena)
{
	const struct host host = { 0 };
	struct span texts[HANDBOOK_TABLE_COUNT];
	struct handbook handbook;
	struct error err;

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++)
		assert_true(host_read(&host, arena_format(arena, "data/%s", handbook_files[i]),
				      1 << 20, arena, &texts[i], NULL));
	if (!handbook_read(texts, arena, &handbook, &err))
		fail_msg("%s", err.text);
	return handbook;
}

static void codes_are_found_and_strangers_are_not(void **state)
{
	static const uint32_t strangers[] = { 0, 174, 1000, UINT32_MAX };
	SCOPED_ARENA(arena);
	struct handbook handbook = load(&arena);

	(void)state;
	for (uint32_t code = 1; code <= 173; code++)
		assert_int_equal(handbook_xid(&handbook, code)->code, code);
	for (uint32_t code = 1; code <= 34; code++)
		assert_int_equal(handbook_afid(&handbook, code)->code, code);
	assert_int_equal(handbook_xid(&handbook, 79)->class, FAULT_FATAL);
	assert_int_equal(handbook_xid(&handbook, 94)->class, FAULT_APPLICATION);
	assert_int_equal(handbook_sxid(&handbook, 10003)->class, FAULT_FATAL);
	assert_string_equal(handbook_sxid(&handbook, 12020)->severity, "always-fatal");
	for (size_t i = 0; i < COUNT(strangers); i++) {
		assert_null(handbook_xid(&handbook, strangers[i]));
		assert_null(handbook_sxid(&handbook, strangers[i]));
		assert_null(handbook_afid(&handbook, strangers[i]));
	}
}

static void an_empty_handbook_knows_nothing(void **state)
{
	static const struct handbook empty = { 0 };
	static const struct shape_row shape = { .model = "M", .vendor = "v", .pci_ids = "1234" };
	const struct figure_query query = { .shape = &shape, .metric = "hbm_bw" };
	const uint32_t registers[] = { 0, 0 };
	enum fault_class class = FAULT_FATAL;

	(void)state;
	assert_null(handbook_xid(&empty, 79));
	assert_null(handbook_sxid(&empty, 79));
	assert_null(handbook_afid(&empty, 79));
	assert_null(handbook_nvlink5(&empty, 149, registers, 2, 0, &class));
	assert_int_equal(class, FAULT_FATAL);
	assert_null(handbook_shape(&empty, "nvidia", 0x2330, "NVIDIA H100 80GB HBM3"));
	assert_null(handbook_figure(&empty, &query));
}

/* IntrInfo by hand from the layout: sub-unit in bits 9:5 with the unit below before R575, in bits
 * 6:0 from R575; of 149 the reason in bits 25:20. */
static const struct {
	uint32_t code, intr_info, status;
	unsigned registers;
	const char *unit; /* NULL: no row */
	uint32_t driver;
	enum fault_class class;
} events[] = {
	{ 144, 0x021, 0x1, 2, "SAW_MVB", 570, FAULT_INFO },
	{ 144, 0x021, 0x2, 2, "SAW_MVB", 570, FAULT_FATAL },
	{ 144, 0x001, 0x2, 2, "SAW_MVB", 580, FAULT_FATAL },
	{ 144, 0x001, 0x2, 2, "SAW_MVB", 0, FAULT_FATAL },
	/* The mask of the other driver does not fit. */
	{ 144, 0x001, 0x2, 2, NULL, 570, FAULT_INFO },
	{ 144, 0x021, 0x2, 2, NULL, 580, FAULT_INFO },
	/* A bit that has to be 0, and those that nobody looks at. */
	{ 144, 0x00100021, 0x2, 2, NULL, 570, FAULT_INFO },
	{ 144, 0xfc0ffc21, 0x2, 2, "SAW_MVB", 570, FAULT_FATAL },
	/* A status that is in no row, and none at all. */
	{ 144, 0x021, 0x400, 2, NULL, 570, FAULT_INFO },
	{ 144, 0x021, 0, 1, NULL, 570, FAULT_INFO },
	{ 144, 0x021, 0, 0, NULL, 570, FAULT_INFO },
	/* The second mask raises the class. */
	{ 145, 0x0c2, 0x1, 2, "RLW_RXPIPE", 570, FAULT_INFO },
	{ 145, 0x4c2, 0x1, 2, "RLW_RXPIPE", 570, FAULT_FATAL },
	{ 145, 0x006, 0x1, 2, "RLW_RXPIPE", 575, FAULT_INFO },
	{ 145, 0x086, 0x1, 2, "RLW_RXPIPE", 575, FAULT_FATAL },
	/* Link down for reason 18, whatever the status. */
	{ 149, 18U << 20 | 0x1c6, 0x1234, 2, "NETIR_LINK_EVT/NETIR_LINK_DOWN", 570,
	  FAULT_DEGRADED },
	{ 149, 18U << 20 | 0x11, 0x1234, 1, "NETIR_LINK_EVT/NETIR_LINK_DOWN", 580, FAULT_DEGRADED },
	{ 149, 0x13, 0x3, 2, "NETIR_BER_EVENT", 580, FAULT_WATCH },
	{ 150, 0, UINT32_MAX, 2, "MSE Degraded", 580, FAULT_FATAL },
	{ 151, 0, 0, 2, NULL, 580, FAULT_INFO },
};

static void check_event(const struct handbook *handbook, size_t i)
{
	const uint32_t registers[] = { events[i].intr_info, events[i].status };
	enum fault_class class = FAULT_CLASS_COUNT;
	const struct nvlink5_row *row = handbook_nvlink5(
		handbook, events[i].code, registers, events[i].registers, events[i].driver, &class);
	const char *unit = row ? row->unit : "no row";

	if (strcmp(unit, events[i].unit ? events[i].unit : "no row") != 0 ||
	    (row && class != events[i].class))
		fail_msg("case %zu: %s of class %d", i, unit, (int)class);
	/* Only what the second mask raised has another class than its row. */
	if (row && class != row->class)
		assert_true(row->promote_action && class == FAULT_FATAL);
}

static void events_of_nvlink_5_are_decoded(void **state)
{
	SCOPED_ARENA(arena);
	struct handbook handbook = load(&arena);

	(void)state;
	for (size_t i = 0; i < COUNT(events); i++)
		check_event(&handbook, i);
}

static const struct {
	const char *vendor, *name, *model;
	unsigned device;
} machines[] = {
	{ "nvidia", "NVIDIA H100 80GB HBM3", "H100-SXM", 0x2330 },
	{ "nvidia", NULL, "H100-SXM", 0x2330 },
	{ "nvidia", "NVIDIA H100 80GB HBM3", "H100-SXM", 0 },
	{ "nvidia", "NVIDIA H100 80GB HBM3 MIG 1g.10gb", "H100-SXM", 0 },
	{ "nvidia", "NVIDIA H100 PCIe", "H100-PCIe", 0 },
	{ "nvidia", "NVIDIA H100 NVL", "H100-NVL", 0 },
	{ "nvidia", "NVIDIA H200", "H200-SXM", 0 },
	{ "nvidia", "NVIDIA H200 NVL", "H200-NVL", 0 },
	{ "nvidia", "NVIDIA GH200 480GB", "GH200", 0 },
	{ "nvidia", "NVIDIA B200", "B200-SXM", 0 },
	{ "nvidia", "NVIDIA GB200", "GB200", 0 },
	{ "nvidia", "NVIDIA H20", "H20", 0 },
	{ "nvidia", "NVIDIA H20-3e", "H20-3e", 0 },
	{ "nvidia", "NVIDIA A100-SXM4-80GB", "A100-SXM-80G", 0 },
	{ "nvidia", "NVIDIA A100-SXM4-40GB", "A100-SXM-40G", 0 },
	{ "nvidia", "NVIDIA B200", "B200-SXM", 0x9999 },
	{ "nvidia", "NVIDIA Q7000", NULL, 0x9999 },
	{ "nvidia", NULL, NULL, 0 },
	{ "nvidia", "", NULL, 0 },
	{ "amd", "AMD Instinct MI300X", "MI300X", 0x74a1 },
	{ "amd", NULL, "MI325X", 0x74a5 },
	{ "amd", "AMD Instinct MI300X OAM", "MI300X", 0 },
	{ "amd", NULL, "MI250X", 0x740c },
	{ "amd", NULL, NULL, 0x2330 },
	{ "amd", "NVIDIA H200", NULL, 0 },
};

static void a_model_is_known_by_device_or_name(void **state)
{
	SCOPED_ARENA(arena);
	struct handbook handbook = load(&arena);

	(void)state;
	for (size_t i = 0; i < COUNT(machines); i++) {
		const struct shape_row *row = handbook_shape(&handbook, machines[i].vendor,
							     machines[i].device, machines[i].name);

		if (!row != !machines[i].model ||
		    (row && strcmp(row->model, machines[i].model) != 0))
			fail_msg("case %zu: %s", i, row ? row->model : "no row");
	}
}

static void a_name_decides_between_models_of_one_device(void **state)
{
	static const struct shape_row shapes[] = {
		{ .model = "X", .vendor = "v", .pci_ids = "1111 2222", .names = "X" },
		{ .model = "X-PRO", .vendor = "v", .pci_ids = "2222", .names = "X Pro|XPro" },
	};
	static const struct handbook handbook = { .shapes = shapes, .shape_count = COUNT(shapes) };

	(void)state;
	assert_string_equal(handbook_shape(&handbook, "v", 0x2222, "V X Pro")->model, "X-PRO");
	assert_string_equal(handbook_shape(&handbook, "v", 0x2222, "XPro")->model, "X-PRO");
	assert_string_equal(handbook_shape(&handbook, "v", 0x2222, "V X")->model, "X");
	assert_string_equal(handbook_shape(&handbook, "v", 0x2222, NULL)->model, "X");
	assert_string_equal(handbook_shape(&handbook, "v", 0x2222, "strange")->model, "X");
	assert_string_equal(handbook_shape(&handbook, "v", 0x1111, "XPro")->model, "X");
	assert_string_equal(handbook_shape(&handbook, "v", 0, "XPro")->model, "X-PRO");
}

static void shapes_have_the_links_that_makers_state(void **state)
{
	SCOPED_ARENA(arena);
	struct handbook handbook = load(&arena);
	const struct shape_row *row = handbook_shape(&handbook, "nvidia", 0x2901, NULL);

	(void)state;
	assert_int_equal(row->links, 18);
	assert_true(row->link_bytes_per_s > 49.9e9 && row->link_bytes_per_s < 50.1e9);
	assert_int_equal(row->gpus_per_node, 8);
	assert_true(row->has_switch && !row->multi_node_links);
	assert_int_equal(row->generation, GENERATION_B100);
	assert_int_equal(handbook_shape(&handbook, "nvidia", 0x2331, NULL)->links, 12);
	assert_true(handbook_shape(&handbook, "nvidia", 0x2941, NULL)->multi_node_links);
	assert_int_equal(handbook_shape(&handbook, "amd", 0x74a1, NULL)->generation,
			 GENERATION_COUNT);
}

static const struct {
	const char *metric, *size;
	unsigned device;
	uint32_t gpus;
	enum figure_kind kind;
	double value; /* negative: no row */
} wanted[] = {
	{ "hbm_bw", NULL, 0x2330, 1, FIGURE_SPEC, 3350 },
	{ "gemm_bf16", NULL, 0x20b2, 1, FIGURE_SPEC, 312 }, /* of the family A100-SXM */
	{ "hbm_bw", NULL, 0x20b0, 1, FIGURE_SPEC, -1 },     /* the 80 GB part's is not its own */
	{ "hbm_bw_min", NULL, 0x2330, 1, FIGURE_THRESHOLD, 1905000 }, /* by the device id */
	{ "hbm_bw_min", NULL, 0x2335, 1, FIGURE_THRESHOLD, -1 },      /* DEFECT: 2333 */
	{ "hbm_bw", NULL, 0x2330, 1, FIGURE_MEASURED, -1 },
	{ "hbm_bw", NULL, 0x2330, 2, FIGURE_SPEC, -1 },
	{ "hbm_bw", "4G", 0x2330, 1, FIGURE_SPEC, -1 },
	{ "nvlink_count_x_rate", "18x25", 0x2330, 1, FIGURE_SPEC, 450 },
};

static void figures_are_found_unless_they_are_unfit(void **state)
{
	SCOPED_ARENA(arena);
	struct handbook handbook = load(&arena);

	(void)state;
	for (size_t i = 0; i < COUNT(wanted); i++) {
		const struct figure_query query = {
			.shape = handbook_shape(&handbook, "nvidia", wanted[i].device, NULL),
			.metric = wanted[i].metric,
			.size = wanted[i].size,
			.gpus = wanted[i].gpus,
			.nodes = 1,
			.kind = wanted[i].kind,
		};
		const struct figure_row *row = handbook_figure(&handbook, &query);
		double value = row ? row->value : -1;

		if (value < wanted[i].value - 0.5 || value > wanted[i].value + 0.5)
			fail_msg("case %zu: %g", i, value);
		if (row)
			assert_true(figure_usable(row) && row->line > 2 && row->source[0]);
	}
}

static void a_figure_without_caution_comes_first(void **state)
{
	static const struct shape_row shape = { .model = "M-80G",
						.vendor = "v",
						.pci_ids = "12ab" };
	static const struct figure_query query = {
		.shape = &shape, .metric = "m", .gpus = 1, .nodes = 1, .kind = FIGURE_MEASURED
	};
#define ROW(of, number, why)                                                                    \
	{                                                                                       \
		.vendor = "v", .model = (of), .gpus = 1, .nodes = 1, .metric = "m", .size = "", \
		.value = (number), .unit = "GB/s", .kind = FIGURE_MEASURED, .caution = (why)    \
	}
	static const struct figure_row rows[] = {
		ROW("M-8", 1, ""),
		ROW("other [pci 12ab7777]", 2, ""),
		ROW("M", 3, ""),
		ROW("x [pci 12ab]", 4, "so so"),
		ROW("M-80G", 5, "SUSPECT: no"),
		ROW("M-80G", 6, "so so"),
		ROW("M-80G", 7, ""),
		ROW("M-80G", 8, ""),
	};
	static const double best[] = { -1, -1, -1, 3, 4, 4, 6, 7, 7 };

	(void)state;
	for (size_t count = 0; count <= COUNT(rows); count++) {
		const struct handbook handbook = { .figures = rows, .figure_count = count };
		const struct figure_row *row = handbook_figure(&handbook, &query);

		assert_true((row ? row->value : -1) - best[count] < 0.1);
		assert_true((row ? row->value : -1) - best[count] > -0.1);
	}
	assert_true(figure_in_base_unit(&rows[0]) > 0.9e9 && figure_in_base_unit(&rows[0]) < 1.1e9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_found_and_strangers_are_not),
		cmocka_unit_test(an_empty_handbook_knows_nothing),
		cmocka_unit_test(events_of_nvlink_5_are_decoded),
		cmocka_unit_test(a_model_is_known_by_device_or_name),
		cmocka_unit_test(a_name_decides_between_models_of_one_device),
		cmocka_unit_test(shapes_have_the_links_that_makers_state),
		cmocka_unit_test(figures_are_found_unless_they_are_unfit),
		cmocka_unit_test(a_figure_without_caution_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
