#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "check/handbook.h"
#include "host/file.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The shipped tables, in copies that a test may spoil. */
struct tables {
	struct handbook handbook;
	struct xid_row *xids;
	struct nvlink5_row *nvlink5;
	struct fault_row *sxids, *afids;
	struct shape_row *shapes;
	struct figure_row *figures;
	struct floor_row *floors;
};

static void *copy(struct arena *arena, const void *rows, size_t count, size_t size)
{
	void *copied = arena_take_array(arena, count, size);

	memcpy(copied, rows, count * size);
	return copied;
}

static struct tables load(struct arena *arena)
{
	const struct host host = { 0 };
	struct span texts[HANDBOOK_TABLE_COUNT];
	struct tables tables;
	struct handbook *handbook = &tables.handbook;
	struct error err;

	for (unsigned i = 0; i < HANDBOOK_TABLE_COUNT; i++)
		assert_true(host_read(&host, arena_format(arena, "data/%s", handbook_files[i]),
				      1 << 20, arena, &texts[i], NULL));
	if (!handbook_read(texts, arena, handbook, &err))
		fail_msg("%s", err.text);
	tables.xids = copy(arena, handbook->xids, handbook->xid_count, sizeof(struct xid_row));
	tables.nvlink5 =
		copy(arena, handbook->nvlink5, handbook->nvlink5_count, sizeof(struct nvlink5_row));
	tables.sxids = copy(arena, handbook->sxids, handbook->sxid_count, sizeof(struct fault_row));
	tables.afids = copy(arena, handbook->afids, handbook->afid_count, sizeof(struct fault_row));
	tables.shapes =
		copy(arena, handbook->shapes, handbook->shape_count, sizeof(struct shape_row));
	tables.figures =
		copy(arena, handbook->figures, handbook->figure_count, sizeof(struct figure_row));
	tables.floors =
		copy(arena, handbook->floors, handbook->floor_count, sizeof(struct floor_row));
	handbook->xids = tables.xids;
	handbook->nvlink5 = tables.nvlink5;
	handbook->sxids = tables.sxids;
	handbook->afids = tables.afids;
	handbook->shapes = tables.shapes;
	handbook->figures = tables.figures;
	handbook->floors = tables.floors;
	return tables;
}

static struct xid_row *xid(struct tables *tables, uint32_t code)
{
	return &tables->xids[handbook_xid(&tables->handbook, code) - tables->xids];
}

static struct figure_row *figure(struct tables *tables, const char *model, const char *metric)
{
	for (size_t i = 0; i < tables->handbook.figure_count; i++) {
		struct figure_row *row = &tables->figures[i];

		if (strcmp(row->model, model) == 0 && strcmp(row->metric, metric) == 0)
			return row;
	}
	fail_msg("no %s of %s", metric, model);
	return NULL;
}

static struct shape_row *shape(struct tables *tables, const char *model)
{
	for (size_t i = 0; i < tables->handbook.shape_count; i++) {
		if (strcmp(tables->shapes[i].model, model) == 0)
			return &tables->shapes[i];
	}
	fail_msg("no %s", model);
	return NULL;
}

static struct floor_row *floor_of(struct tables *tables, const char *component, const char *branch)
{
	for (size_t i = 0; i < tables->handbook.floor_count; i++) {
		struct floor_row *row = &tables->floors[i];

		if (row->floor && strcmp(row->component, component) == 0 &&
		    strcmp(row->branch, branch) == 0)
			return row;
	}
	fail_msg("no %s %s", component, branch);
	return NULL;
}

static void the_shipped_tables_are_sound(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(complaints);
	struct tables tables = load(&arena);
	date_t today;

	(void)state;
	assert_true(date_parse(SPAN("2026-11-23"), &today));
	if (handbook_lint(&tables.handbook, today, &complaints) != 0)
		fail_msg("%s", text_string(&complaints));
	assert_int_equal(complaints.length, 0);
}

/* Each spoils one thing. */

static void spoil_milder_class(struct tables *tables)
{
	xid(tables, 109)->class = FAULT_APPLICATION;
}

static void spoil_harsher_class(struct tables *tables)
{
	xid(tables, 68)->class = FAULT_FATAL;
}

static void spoil_action_and_class(struct tables *tables)
{
	xid(tables, 95)->class = FAULT_APPLICATION;
	xid(tables, 95)->immediate_action = "RESTART_APP";
}

static void spoil_reason(struct tables *tables)
{
	xid(tables, 156)->override = NULL;
}

static void spoil_bucket(struct tables *tables)
{
	xid(tables, 13)->immediate_action = "RESTART_APPS";
}

static void spoil_missing_xid(struct tables *tables)
{
	struct xid_row *row = xid(tables, 79);

	memmove(row, row + 1,
		(size_t)(&tables->xids[tables->handbook.xid_count] - (row + 1)) * sizeof(*row));
	tables->handbook.xid_count--;
}

static void spoil_nvlink5(struct tables *tables)
{
	for (size_t i = 0; i < tables->handbook.nvlink5_count; i++) {
		if (tables->nvlink5[i].class == FAULT_FATAL) {
			tables->nvlink5[i].class = FAULT_DEGRADED;
			return;
		}
	}
}

static void spoil_sxid_10003(struct tables *tables)
{
	struct fault_row *row =
		&tables->sxids[handbook_sxid(&tables->handbook, 10003) - tables->sxids];

	row->severity = "non-fatal";
	row->class = FAULT_WATCH;
}

static void spoil_afid(struct tables *tables)
{
	tables->afids[0].class = FAULT_WATCH;
}

/* A bar in MB/s that was typed in GB/s, as one diagnostic ships it. */
static void spoil_h200(struct tables *tables)
{
	figure(tables, "H200 [pci 2335]", "hbm_bw_min")->caution = "";
}

static void spoil_b100(struct tables *tables)
{
	figure(tables, "B100 [pci 29bc]", "targeted_stress_min")->caution = "";
}

static void spoil_zero(struct tables *tables)
{
	figure(tables, "GB200-v2", "all_reduce_busbw_min")->caution = "";
}

static void spoil_sibling(struct tables *tables)
{
	figure(tables, "PG502-20x [pci 2336]", "hbm_bw_min")->caution = "";
}

static void spoil_unit_up(struct tables *tables)
{
	figure(tables, "H100 80GB HBM3 [pci 2330]", "hbm_bw_min")->unit = "GB/s";
}

static void spoil_unit_bits(struct tables *tables)
{
	figure(tables, "H100 80GB HBM3 [pci 2330]", "hbm_bw_min")->value /= 8;
}

static void spoil_above_peak(struct tables *tables)
{
	figure(tables, "H100 80GB HBM3 [pci 2330]", "hbm_bw_min")->value = 3600000;
}

static void spoil_links(struct tables *tables)
{
	shape(tables, "H100-SXM")->links = 12;
}

static void spoil_link_rate(struct tables *tables)
{
	shape(tables, "B200-SXM")->link_bytes_per_s = 0;
}

static void spoil_expired(struct tables *tables)
{
	floor_of(tables, "docker", "29")->expires -= 121;
}

static void spoil_days(struct tables *tables)
{
	struct floor_row *row = floor_of(tables, "docker", "29");

	row->published = row->expires;
}

static void spoil_two_floors(struct tables *tables)
{
	floor_of(tables, "dcgm", "*")->component = "dcgm-exporter";
}

static void spoil_range(struct tables *tables)
{
	for (size_t i = 0; i < tables->handbook.floor_count; i++) {
		if (tables->floors[i].from) {
			tables->floors[i].from = "99";
			return;
		}
	}
}

static const struct {
	void (*spoil)(struct tables *tables);
	const char *complaint;
} defects[] = {
	{ spoil_milder_class,
	  "Xid 109 is 'application', where NVIDIA's RESET_GPU asks for 'fatal'" },
	{ spoil_harsher_class, "Xid 68 is 'fatal', where NVIDIA's RESTART_APP asks for" },
	{ spoil_action_and_class, "Xid 95 asks for a reset or a reboot and is 'application'" },
	{ spoil_reason, "Xid 156 is 'degraded', where NVIDIA's RESET_GPU" },
	{ spoil_bucket, "Xid 13: the action 'RESTART_APPS' is in no bucket" },
	{ spoil_missing_xid, "the live Xid 79 has no row" },
	{ spoil_nvlink5, "is 'degraded', where NVIDIA's RESET_GPU asks for 'fatal'" },
	{ spoil_sxid_10003, "SXid 10003 is fatal and classed 'watch'" },
	{ spoil_afid, "AFID 1 is 'fail-to-init' and classed 'watch'" },
	{ spoil_h200,
	  "hbm_bw_min of H200 [pci 2335], 2333 MB/s, is 0.000486 of its peak: the unit" },
	{ spoil_b100,
	  "targeted_stress_min of B100 [pci 29bc], 3.41625e+06 GFLOPS, differs twofold" },
	{ spoil_zero, "all_reduce_busbw_min of GB200-v2 is 0" },
	{ spoil_sibling, "hbm_bw_min of PG502-20x [pci 2336], 127500 MB/s, differs twofold" },
	{ spoil_unit_up, "1.905e+06 GB/s, is 569 of its peak: the unit looks wrong" },
	{ spoil_unit_bits, "238125 MB/s, is 0.0711 of its peak: the unit looks wrong" },
	{ spoil_above_peak, "3.6e+06 MB/s, is 1.07 of its peak\n" },
	{ spoil_links, "H100-SXM: the links make 300 GB/s together, and the peak is 450" },
	{ spoil_link_rate, "B200-SXM: links without a rate" },
	{ spoil_expired, "docker 29 is too old since 2026-11-22" },
	{ spoil_days, "docker 29 expires before it was published" },
	{ spoil_two_floors, "dcgm-exporter * has two floors" },
	{ spoil_range, "the range ends before it begins" },
};

static void each_known_defect_is_found(void **state)
{
	date_t today;

	(void)state;
	assert_true(date_parse(SPAN("2026-11-23"), &today));
	for (size_t i = 0; i < COUNT(defects); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(complaints);
		struct tables tables = load(&arena);

		defects[i].spoil(&tables);
		assert_true(handbook_lint(&tables.handbook, today, &complaints) > 0);
		if (!strstr(text_string(&complaints), defects[i].complaint))
			fail_msg("case %zu: '%s' lacks '%s'", i, text_string(&complaints),
				 defects[i].complaint);
	}
}

/* Floors do not expire for who has no clock. */
static void without_a_day_nothing_is_too_old(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(complaints);
	struct tables tables = load(&arena);

	(void)state;
	spoil_expired(&tables);
	assert_int_equal(handbook_lint(&tables.handbook, DATE_NONE, &complaints), 0);
}

/* A caution hides a row from the lint, so each row that has one for a defect has to be caught once
 * the caution is gone: the words are not simply believed. */
static void rows_marked_by_caution_are_marked_for_a_reason(void **state)
{
	static const char *const models[] = {
		"H200 [pci 2335]",
		"GA100 20b0 [pci 20b0]",
		"B100 [pci 29bc]",
		"Scout H100 64GB HBM2e [pci 2337]",
		"B200 DevId 10DE [pci 2941]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(models); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(complaints);
		struct tables tables = load(&arena);
		struct figure_row *row = figure(&tables, models[i], "hbm_bw_min");

		assert_false(figure_usable(row));
		row->caution = "";
		assert_true(handbook_lint(&tables.handbook, DATE_NONE, &complaints) > 0);
		assert_non_null(strstr(text_string(&complaints), models[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_tables_are_sound),
		cmocka_unit_test(each_known_defect_is_found),
		cmocka_unit_test(without_a_day_nothing_is_too_old),
		cmocka_unit_test(rows_marked_by_caution_are_marked_for_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
