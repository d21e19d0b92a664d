#include "active/pair_report.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "evidence/measure.h"

static const char device_prefix[] = "collective:send-receive:pair/";

struct reader {
	struct arena *arena;
	struct pair_report *report;
	double slowest_rail,
		of_rails; /* bytes_per_s of the slowest GPU, and of all that are told */
	double time_s;    /* of the GPU that was told last, whose slowest block follows */
};

static struct span text_of(const struct node *map, const char *key)
{
	const struct node *node = node_find(map, key);

	return node && node->kind == NODE_SCALAR ? node->text : (struct span){ 0 };
}

/* NAN when there is none, or it is no number that can be. */
static double value_of(const struct node *record)
{
	double value;

	return span_to_double(text_of(record, "value"), &value) && isfinite(value) && value > 0
		       ? value
		       : (double)NAN;
}

static bool is_measure(struct span what, enum measure measure)
{
	return span_is(what, measures[measure].name);
}

static void take_time(struct reader *reader, struct span device, double value)
{
	struct pair_report *report = reader->report;
	double part = fmin(reader->time_s / value, 1);

	if (!span_contains(device, "/slowest"))
		reader->time_s = value;
	else if (part > 0)
		report->worst_part = report->worst_part < 0 ? part : fmin(report->worst_part, part);
}

static void take_value(struct reader *reader, struct span what, struct span device, double value)
{
	if (is_measure(what, NODE_TEST_COLLECTIVE_ALGBW)) {
		if (span_contains(device, "/rail:"))
			reader->of_rails += value;
		else
			reader->slowest_rail = value;
	} else if (is_measure(what, NODE_TEST_COLLECTIVE_TIME)) {
		take_time(reader, device, value);
	}
}

/* Why there is no figure: the first record that says so counts, and the end of the test. */
static void take_reason(struct reader *reader, const struct node *record, struct span what)
{
	struct span why = text_of(record, "unknown");

	if (is_measure(what, NODE_TEST_REASON))
		why = text_of(record, "text");
	if (why.length > 0 && reader->report->why[0] == '\0')
		reader->report->why = arena_string(reader->arena, why);
}

static void take(struct reader *reader, const struct node *record)
{
	struct span what = text_of(record, "what");
	struct span device = text_of(record, "device");
	double value = value_of(record);

	take_reason(reader, record, what);
	if (span_starts(device, "collective:")) {
		reader->report->has_met = true;
		if (is_measure(what, NODE_TEST_COLLECTIVE_LIBRARY))
			reader->report->has_opened = true;
	}
	if (isfinite(value) && span_starts(device, device_prefix))
		take_value(reader, what, device, value);
}

/* Why the test did not begin. */
static const char *cannot(const struct node *root, struct arena *arena)
{
	const struct node *tests = node_find(root, "tests");

	if (!tests || tests->kind != NODE_LIST || tests->count == 0)
		return "";
	return arena_string(arena, text_of(&tests->items[0], "cannot"));
}

bool pair_report_read(struct span text, const char *file, struct arena *arena,
		      struct pair_report *ret_report, struct error *err)
{
	struct pair_report report = { .worst_part = -1, .why = "" };
	struct reader reader = { .arena = arena, .report = &report };
	const struct node *root, *records;

	if (!json_read(text, file, 0, arena, &root, err))
		return false;
	records = node_find(root, "measurements");
	if (!span_is(text_of(root, "schema"), "assay/test/v1") || !records ||
	    records->kind != NODE_LIST)
		return fail(err, ERROR_INVALID, "%s: that is no result of assay test", file);
	report.node = arena_string(arena, text_of(root, "node"));
	report.why = cannot(root, arena);
	report.is_absent = report.why[0] != '\0';
	for (uint32_t i = 0; i < records->count; i++)
		take(&reader, &records->items[i]);
	report.bytes_per_s = reader.of_rails > 0 ? reader.of_rails : reader.slowest_rail;
	if (report.bytes_per_s > 0)
		report.why = "";
	*ret_report = report;
	return true;
}
