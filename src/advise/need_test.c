#include "advise/need.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "host/file.h"

#include <cmocka.h>

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.10g is not %.10g to %g", value, expected, within);
}

static const char good[] = "schema: assay/need/v1\n"
			   "title: Pre-training\n"
			   "gpus: 64\n"
			   "gpu:\n"
			   "  - h100\n"
			   "  - { name: h200, performance: 1.1..1.3, source: our runs }\n"
			   "form: [sxm]\n"
			   "hours: 500\n"
			   "start: 2026-12-01\n"
			   "deadline: 2027-01-10\n"
			   "interruption: checkpointed\n"
			   "checkpoint: { write_s: 20..60, restart_s: 300, interval_s: optimal }\n"
			   "communication: { kind: moe }\n"
			   "data: { stored_tb: 50, out_gb: 2000 }\n"
			   "compliance: [soc2, iso27001]\n"
			   "regions: [us, europe]\n"
			   "minimum_grade: Silver\n"
			   "budget_usd: 250000\n"
			   "team_usd_per_h: 120\n";

/* The catalogue of the house, read once. */
struct shelf {
	struct arena arena;
	struct catalogue catalogue;
};

static void read_shelf(struct shelf *shelf)
{
	static const char *const files[] = { "data/market/gpu.tsv", "data/market/product.tsv",
					     "data/market/provider.tsv" };
	const struct host host = { 0 };
	struct error err = { 0 };
	struct span texts[3];

	*shelf = (struct shelf){ .arena = { 0 } };
	for (unsigned i = 0; i < 3; i++)
		assert_true(host_read(&host, files[i], 4 << 20, &shelf->arena, &texts[i], &err));
	if (!catalogue_read(texts, files, &shelf->arena, &shelf->catalogue, &err))
		fail_msg("%s", err.text);
}

static void a_whole_need_is_read(void **state)
{
	struct shelf shelf;
	struct error err = { 0 };
	struct need need;

	(void)state;
	read_shelf(&shelf);
	need_init(&need);
	if (!need_read(&need, span_of(good), "f", &shelf.arena, &err) ||
	    !need_complete(&need, &shelf.catalogue, DATE_NONE, &err))
		fail_msg("%s", err.text);
	assert_string_equal(need.title, "Pre-training");
	close_to(need.gpus, 64, 0);
	assert_int_equal(need.accept_count, 2);
	assert_string_equal(shelf.catalogue.gpus[need.accepts[1].gpu].name, "h200");
	close_to(need.accepts[0].performance.value, 1, 0);
	close_to(need.accepts[1].performance.high, 1.3, 0);
	assert_string_equal(need.accepts[1].source, "our runs");
	assert_int_equal(need.forms, 1u << FORM_SXM);
	close_to(need.deadline_h, 40 * 24, 0);
	assert_int_equal(need.tolerance, TOLERATES_CHECKPOINTED);
	close_to(need.write_s.low, 20, 0);
	close_to(need.interval_s, 0, 0);
	assert_int_equal(need.traffic, TRAFFIC_EXPERTS);
	close_to(need.exposed.high, 0.25, 0);
	assert_int_equal(need.compliance, 1u << COMPLIES_SOC2 | 1u << COMPLIES_ISO27001);
	assert_int_equal(need.region_count, 2);
	assert_int_equal(need.minimum_grade, GRADE_SILVER);
	assert_true(need_said(&need, "checkpoint.write_s"));
	assert_false(need_said(&need, "confidence"));
	arena_release(&shelf.arena);
}

static void what_is_wrong_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "gpus: 8\n", "schema: assay/need/v1" },
		{ "schema: assay/need/v2\n", "f: line 1" },
		{ "schema: assay/need/v1\ngpsu: 8\n", "line 2, column 1: unknown field 'gpsu'" },
		{ "schema: assay/need/v1\ngpsu: 8\n", "'gpus'" },
		{ "schema: assay/need/v1\ngpus: 0\n", "line 2" },
		{ "schema: assay/need/v1\ngpus: 8.5\n", "whole number" },
		{ "schema: assay/need/v1\nhours: many\n", "hours from" },
		{ "schema: assay/need/v1\ndeadline: 2026-02-30\n", "a day" },
		{ "schema: assay/need/v1\ncheckpoint: 60\n", "checkpoint is a map" },
		{ "schema: assay/need/v1\ncheckpoint: { wirte_s: 60 }\n", "checkpoint.write_s" },
		{ "schema: assay/need/v1\ncompliance: [soc3]\n", "soc2-type1" },
		{ "schema: assay/need/v1\nregions: { us: 1 }\n", "line 2" },
		{ "schema: assay/need/v1\ngpus: [8]\n", "not a list" },
		{ "schema: assay/need/v1\ngpu: [{ name: h200, performance: 0 }]\n", "ratio" },
		{ "schema: assay/need/v1\ngpu: [{ nmae: h200 }]\n", "nmae" },
		{ "schema: assay/need/v1\nminimum_grade: silverish\n", "Platinum" },
		{ "- 1\n", "schema" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = { 0 };
		struct error err = { 0 };
		struct need need;

		need_init(&need);
		assert_false(need_read(&need, span_of(cases[i].text), "f", &arena, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		arena_release(&arena);
	}
}

static void what_is_missing_or_does_not_fit_together_is_said(void **state)
{
	static const struct {
		const char *fields[6][2];
		const char *says;
	} cases[] = {
		{ { { "gpu", "h100" }, { "hours", "1" } }, "--gpus" },
		{ { { "gpus", "8" }, { "hours", "1" } }, "--gpu h100" },
		{ { { "gpus", "8" }, { "gpu", "h100" } }, "--hours" },
		{ { { "gpus", "8" }, { "gpu", "h1000" }, { "hours", "1" } }, "nearest is 'h100'" },
		{ { { "gpus", "8" }, { "gpu", "h100,H100" }, { "hours", "1" } }, "named twice" },
		{ { { "gpus", "8" }, { "gpu", "h100" }, { "hours", "1" }, { "gpu_hours", "8" } },
		  "twice" },
		{ { { "gpus", "8" },
		    { "gpu", "h100" },
		    { "hours", "1" },
		    { "start", "2026-12-02" },
		    { "deadline", "2026-12-01" } },
		  "not after the start" },
		{ { { "gpus", "64" },
		    { "gpu", "h100" },
		    { "hours", "1" },
		    { "communication.kind", "single-node" } },
		  "nodes of 8" },
	};
	struct shelf shelf;

	(void)state;
	read_shelf(&shelf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };
		struct need need;

		need_init(&need);
		for (unsigned j = 0; j < 6 && cases[i].fields[j][0]; j++)
			assert_true(need_set(&need, span_of(cases[i].fields[j][0]),
					     span_of(cases[i].fields[j][1]), &shelf.arena, &err));
		assert_false(need_complete(&need, &shelf.catalogue, 20000, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
	}
	arena_release(&shelf.arena);
}

static void communication_follows_from_the_size_unless_it_is_said(void **state)
{
	static const struct {
		const char *gpus;
		enum traffic traffic;
	} cases[] = { { "1", TRAFFIC_NONE }, { "8", TRAFFIC_NODE }, { "9", TRAFFIC_DENSE } };
	struct shelf shelf;

	(void)state;
	read_shelf(&shelf);
	for (unsigned i = 0; i < 3; i++) {
		struct error err = { 0 };
		struct need need;

		need_init(&need);
		assert_true(
			need_set(&need, SPAN("gpus"), span_of(cases[i].gpus), &shelf.arena, &err));
		assert_true(need_set(&need, SPAN("gpu"), SPAN("h100"), &shelf.arena, &err));
		assert_true(need_set(&need, SPAN("gpu_hours"), SPAN("18"), &shelf.arena, &err));
		assert_true(need_complete(&need, &shelf.catalogue, 20000, &err));
		assert_int_equal(need.traffic, cases[i].traffic);
		assert_int_equal(need_leaves_node(&need), i == 2);
		close_to(need.hours, 18 / need.gpus, 1e-12);
	}
	arena_release(&shelf.arena);
}

static void ratios_come_from_the_table_where_the_need_gives_none(void **state)
{
	static const struct {
		const char *gpu, *work;
		double value, low;
	} cases[] = {
		{ "h100,gb200", "training", 2.245, 2.24 },
		{ "h100,gb200", "inference", 4, 3.9 },
		{ "gb200,h100", "training", 1 / 2.245, 1 / 2.28 },
		{ "h100,mi300x", "training", (double)NAN, (double)NAN },
	};
	static struct generation_row rows[] = {
		{ .work = "training", .low = 2.24, .value = 2.245, .high = 2.28, .source = "s" },
		{ .work = "inference", .low = 3.9, .value = 4, .high = 4.1, .source = "s" },
	};
	static const struct generations generations = { .rows = rows, .count = 2 };
	struct shelf shelf;

	(void)state;
	read_shelf(&shelf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };
		struct gpu_said said;
		struct need need;

		for (unsigned j = 0; j < 2; j++) {
			gpu_read(&shelf.catalogue, SPAN("h100"), &said);
			rows[j].gpu = said.gpu;
			gpu_read(&shelf.catalogue, SPAN("gb200"), &said);
			rows[j].against = said.gpu;
		}
		need_init(&need);
		assert_true(need_set(&need, SPAN("gpus"), SPAN("8"), &shelf.arena, &err));
		assert_true(
			need_set(&need, SPAN("gpu"), span_of(cases[i].gpu), &shelf.arena, &err));
		assert_true(
			need_set(&need, SPAN("work"), span_of(cases[i].work), &shelf.arena, &err));
		assert_true(need_set(&need, SPAN("hours"), SPAN("10"), &shelf.arena, &err));
		assert_true(need_complete(&need, &shelf.catalogue, 20000, &err));
		need_compare(&need, &generations);
		if (isnan(cases[i].value)) {
			assert_true(isnan(need.accepts[1].performance.value));
			continue;
		}
		close_to(need.accepts[1].performance.value, cases[i].value, 1e-12);
		close_to(need.accepts[1].performance.low, cases[i].low, 1e-12);
		assert_string_equal(need.accepts[1].source, "s");
	}
	arena_release(&shelf.arena);
}

static void a_list_that_is_set_again_begins_anew(void **state)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct need need;

	(void)state;
	need_init(&need);
	assert_true(need_set(&need, SPAN("gpu"), SPAN("h100, h200"), &arena, &err));
	assert_int_equal(need.accept_count, 2);
	assert_true(need_set(&need, SPAN("gpu"), SPAN("b200"), &arena, &err));
	assert_int_equal(need.accept_count, 1);
	assert_false(need_set(&need, SPAN("gppu"), SPAN("b200"), &arena, &err));
	assert_non_null(strstr(err.text, "nearest is 'gpu'"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_need_is_read),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
		cmocka_unit_test(what_is_missing_or_does_not_fit_together_is_said),
		cmocka_unit_test(communication_follows_from_the_size_unless_it_is_said),
		cmocka_unit_test(ratios_come_from_the_table_where_the_need_gives_none),
		cmocka_unit_test(a_list_that_is_set_again_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
