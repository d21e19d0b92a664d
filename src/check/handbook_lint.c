#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/handbook.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct lint {
	const struct handbook *handbook;
	struct text *complaints;
	size_t count;
};

/* One line. */
static void complain(struct lint *lint, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void complain(struct lint *lint, const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	text_format(lint->complaints, "%s\n", line);
	lint->count++;
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* What the class has to be at least for each of NVIDIA's immediate actions; the workflows and 154
 * need a second look at something, so that decode fits them. */
static const struct {
	const char *action;
	enum fault_class class;
} actions[] = {
	{ "IGNORE", FAULT_INFO },
	{ "RESTART_APP", FAULT_APPLICATION },
	{ "CONTACT_SUPPORT", FAULT_WATCH },
	{ "UPDATE_SWFW", FAULT_WATCH },
	{ "RESTART_VM", FAULT_DEGRADED },
	{ "CHECK_UVM", FAULT_DEGRADED },
	{ "RESET_GPU", FAULT_FATAL },
	{ "RESTART_BM", FAULT_FATAL },
	{ "CHECK_MECHANICALS", FAULT_FATAL },
	{ "WORKFLOW_XID_45", FAULT_DECODE },
	{ "WORKFLOW_XID_48", FAULT_DECODE },
	{ "WORKFLOW_NVLINK_ERR", FAULT_DECODE },
	{ "WORKFLOW_NVLINK5_ERR", FAULT_DECODE },
	{ "XID_154", FAULT_DECODE },
	{ "XID_154_EVAL", FAULT_DECODE },
};

/* FAULT_CLASS_COUNT when the action is in no bucket. */
static enum fault_class class_of_action(const char *action)
{
	for (size_t i = 0; i < COUNT(actions); i++) {
		if (is(action, actions[i].action))
			return actions[i].class;
	}
	return FAULT_CLASS_COUNT;
}

/* First and last of the codes that occur on A100 or later, by the catalogue and, of 173, by
 * drivers. */
static const struct {
	uint32_t first, last;
} live[] = {
	{ 8, 8 },   { 11, 11 },  { 13, 14 },   { 25, 25 },   { 31, 32 },   { 37, 41 },   { 43, 46 },
	{ 48, 48 }, { 54, 54 },  { 60, 60 },   { 62, 64 },   { 66, 72 },   { 74, 80 },   { 82, 86 },
	{ 88, 89 }, { 92, 110 }, { 119, 121 }, { 126, 137 }, { 139, 151 }, { 154, 173 },
};

static void check_live_codes(struct lint *lint)
{
	for (size_t i = 0; i < COUNT(live); i++) {
		for (uint32_t code = live[i].first; code <= live[i].last; code++) {
			if (!handbook_xid(lint->handbook, code))
				complain(lint, "advisory/xid.tsv: the live Xid %u has no row",
					 code);
		}
	}
}

/* Codes that NVIDIA's catalogue answers with a reset or a reboot: a slip in the column of its
 * actions must not hide one. */
static bool takes_out(uint32_t code)
{
	static const uint32_t codes[] = { 46,  48,  62,  64,  79,  95,  109, 110,
					  119, 120, 136, 140, 143, 155, 156, 158 };

	for (size_t i = 0; i < COUNT(codes); i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

static void check_xid(struct lint *lint, const struct xid_row *row)
{
	enum fault_class wanted = class_of_action(row->immediate_action);

	if (wanted == FAULT_CLASS_COUNT && row->immediate_action[0] != '\0')
		complain(lint, "advisory/xid.tsv: Xid %u: the action '%s' is in no bucket",
			 row->code, row->immediate_action);
	if (row->generations != 0 && !row->override && wanted != FAULT_CLASS_COUNT &&
	    row->class != wanted)
		complain(lint,
			 "advisory/xid.tsv: Xid %u is '%s', where NVIDIA's %s asks for '%s', "
			 "without a reason",
			 row->code, fault_class_names[row->class], row->immediate_action,
			 fault_class_names[wanted]);
	if (takes_out(row->code) && row->class != FAULT_FATAL && !row->override)
		complain(lint,
			 "advisory/xid.tsv: Xid %u asks for a reset or a reboot and is '%s' "
			 "without a reason",
			 row->code, fault_class_names[row->class]);
}

/* Of NVLink 5 the link alone is lost in "Link Fatal": the jobs may end before the reset. */
static void check_nvlink5(struct lint *lint, const struct nvlink5_row *row)
{
	enum fault_class wanted = class_of_action(row->immediate_action);

	if (wanted == FAULT_FATAL && strncmp(row->severity, "Link Fatal", 10) == 0)
		wanted = FAULT_DEGRADED;
	if (wanted == FAULT_CLASS_COUNT)
		complain(lint, "advisory/nvlink5.tsv: %u %s: the action '%s' is in no bucket",
			 row->code, row->unit, row->immediate_action);
	else if (row->class < wanted || (wanted == FAULT_DECODE && row->class != FAULT_DECODE) ||
		 row->class == FAULT_UNKNOWN)
		complain(lint,
			 "advisory/nvlink5.tsv: %u %s is '%s', where NVIDIA's %s asks for '%s'",
			 row->code, row->unit, fault_class_names[row->class], row->immediate_action,
			 fault_class_names[wanted]);
}

/* 10003 needs a reset of the whole fabric, though it is often taken for a warning. */
static void check_sxid(struct lint *lint, const struct fault_row *row)
{
	bool fatal = is(row->severity, "fatal") || is(row->severity, "always-fatal");

	if (!fatal && !is(row->severity, "non-fatal"))
		complain(lint, "advisory/sxid.tsv: SXid %u: the severity '%s' is in no group",
			 row->code, row->severity);
	if ((fatal || row->code == 10003) && row->class != FAULT_FATAL)
		complain(lint, "advisory/sxid.tsv: SXid %u is fatal and classed '%s'", row->code,
			 fault_class_names[row->class]);
}

static void check_afid(struct lint *lint, const struct fault_row *row)
{
	bool fatal = is(row->severity, "fatal") || is(row->severity, "fail-to-init");

	if (fatal && row->class != FAULT_FATAL)
		complain(lint, "advisory/afid.tsv: AFID %u is '%s' and classed '%s'", row->code,
			 row->severity, fault_class_names[row->class]);
}

/* A bar and the peak that it is held against. */
static const struct {
	const char *bar, *peak;
} peaks[] = {
	{ "hbm_bw_min", "hbm_bw" },         { "gemm_bf16_min", "gemm_bf16" },
	{ "gemm_fp16_min", "gemm_bf16" },   { "gemm_fp8_min", "gemm_fp8" },
	{ "gpu_p2p_min", "nvlink_unidir" }, { "all_reduce_busbw_min", "nvlink_unidir" },
};

static const struct shape_row *shape_of(const struct lint *lint, const struct figure_row *row)
{
	const struct handbook *handbook = lint->handbook;
	const char *device = strstr(row->model, "[pci ");

	for (size_t i = 0; i < handbook->shape_count; i++) {
		const struct shape_row *shape = &handbook->shapes[i];
		size_t length = strlen(row->model);
		struct span rest = span_of(shape->pci_ids), id;

		if (!is(shape->vendor, row->vendor))
			continue;
		if (strncmp(shape->model, row->model, length) == 0 &&
		    (shape->model[length] == '\0' || shape->model[length] == '-'))
			return shape;
		while (device && span_cut(&rest, ' ', &id)) {
			if (strncmp(device + 5, id.at, id.length) == 0)
				return shape;
		}
	}
	return NULL;
}

static const struct figure_row *peak_of(const struct lint *lint, const struct figure_row *row)
{
	const struct shape_row *shape = shape_of(lint, row);

	if (!shape || row->nodes != 1)
		return NULL;
	for (size_t i = 0; i < COUNT(peaks); i++) {
		struct figure_query query = {
			.shape = shape,
			.metric = peaks[i].peak,
			.gpus = 1,
			.nodes = 1,
			.kind = FIGURE_SPEC,
		};

		if (is(row->metric, peaks[i].bar))
			return handbook_figure(lint->handbook, &query);
	}
	return NULL;
}

/* Is the ratio, give or take a half, a power of a thousand or a factor of eight off? */
static bool is_unit_slip(double ratio)
{
	static const double slips[] = { 1e-6, 1e-3, 1.0 / 8, 8, 1e3, 1e6 };

	for (size_t i = 0; i < COUNT(slips); i++) {
		double rest = ratio / slips[i];

		if (rest >= 0.45 && rest <= 1.05)
			return true;
	}
	return false;
}

static void check_against_peak(struct lint *lint, const struct figure_row *row)
{
	const struct figure_row *peak = peak_of(lint, row);
	double ratio;

	if (!peak)
		return;
	ratio = figure_in_base_unit(row) / figure_in_base_unit(peak);
	if (ratio >= 0.5 && ratio <= 1.05)
		return;
	complain(lint, "baseline/figures.tsv: line %u: %s of %s, %g %s, is %.3g of its peak%s",
		 row->line, row->metric, row->model, row->value, row->unit, ratio,
		 is_unit_slip(ratio) ? ": the unit looks wrong" : "");
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "H100" of "Scout H100 94GB HBM2e [pci 2339]": the first capital letters with two digits or more
 * behind them; all of the text when there are none. */
static struct span chip_in(const char *model)
{
	for (const char *at = model; *at; at++) {
		const char *end = at;

		while (is_upper(*end))
			end++;
		if (end > at && is_digit(end[0]) && is_digit(end[1])) {
			while (is_digit(*end))
				end++;
			return (struct span){ .at = at, .length = (size_t)(end - at) };
		}
		while (is_upper(at[0]) && is_upper(at[1]))
			at++;
	}
	return span_of(model);
}

static struct span family_of(const struct lint *lint, const struct figure_row *row)
{
	const struct shape_row *shape = shape_of(lint, row);

	return chip_in(shape ? shape->model : row->model);
}

/* Between nodes it is the network that makes the difference. */
static bool is_bar(const struct figure_row *row)
{
	return row->kind == FIGURE_THRESHOLD && row->nodes == 1 && row->value > 0 &&
	       row->caution[0] == '\0' &&
	       (is(row->unit, "MB/s") || is(row->unit, "GB/s") || is(row->unit, "GFLOPS"));
}

static bool is_same_test(const struct figure_row *a, const struct figure_row *b)
{
	return is(a->metric, b->metric) && is(a->size, b->size) && is(a->tool, b->tool) &&
	       is(a->conditions, b->conditions) && a->gpus == b->gpus && a->nodes == b->nodes;
}

/* The bars of the same test on the same chip differ less than twofold. The odd one is who differs
 * from at least half of the others. */
static void check_siblings(struct lint *lint, const struct figure_row *row)
{
	struct span family = family_of(lint, row);
	size_t others = 0, far = 0;

	for (size_t i = 0; i < lint->handbook->figure_count; i++) {
		const struct figure_row *other = &lint->handbook->figures[i];
		double ratio;

		if (other == row || !is_bar(other) || !is_same_test(row, other) ||
		    !span_equal(family, family_of(lint, other)))
			continue;
		ratio = figure_in_base_unit(row) / figure_in_base_unit(other);
		others++;
		far += ratio > 2 || ratio < 0.5;
	}
	if (far > 0 && 2 * far >= others)
		complain(lint,
			 "baseline/figures.tsv: line %u: %s of %s, %g %s, differs twofold from %zu "
			 "of %zu "
			 "siblings",
			 row->line, row->metric, row->model, row->value, row->unit, far, others);
}

/* Who wrote a caution has seen what is the matter. */
static void check_figure(struct lint *lint, const struct figure_row *row)
{
	if (row->caution[0] != '\0')
		return;
	if (!(row->value > 0)) {
		complain(lint, "baseline/figures.tsv: line %u: %s of %s is 0: it cannot fail",
			 row->line, row->metric, row->model);
		return;
	}
	if (row->kind != FIGURE_THRESHOLD)
		return;
	check_against_peak(lint, row);
	if (is_bar(row))
		check_siblings(lint, row);
}

static void check_shape(struct lint *lint, const struct shape_row *row)
{
	const struct figure_query query = {
		.shape = row,
		.metric = "nvlink_unidir",
		.gpus = 1,
		.nodes = 1,
		.kind = FIGURE_SPEC,
	};
	const struct figure_row *peak = handbook_figure(lint->handbook, &query);
	double together = row->links * row->link_bytes_per_s;

	if ((row->links == 0) != (row->link_bytes_per_s <= 0))
		complain(lint,
			 "baseline/shape.tsv: %s: links without a rate, or a rate without links",
			 row->model);
	if (peak && row->links > 0 && fabs(together / figure_in_base_unit(peak) - 1) > 0.01)
		complain(lint,
			 "baseline/shape.tsv: %s: the links make %g GB/s together, and the peak is "
			 "%g",
			 row->model, together / 1e9, figure_in_base_unit(peak) / 1e9);
}

static void check_range(struct lint *lint, const struct floor_row *row)
{
	int order;

	/* Candidates of one release are equal here, which is fine. */
	if (row->from && row->before &&
	    version_compare(span_of(row->from), span_of(row->before), &order) && order > 0)
		complain(lint, "advisory/floors.tsv: %s %s: the range ends before it begins",
			 row->component, row->branch);
}

static void check_floor(struct lint *lint, size_t index, date_t today)
{
	const struct floor_row *rows = lint->handbook->floors, *row = &rows[index];

	check_range(lint, row);
	if (row->expires <= row->published)
		complain(lint, "advisory/floors.tsv: %s %s expires before it was published",
			 row->component, row->branch);
	if (today != DATE_NONE && row->expires < today) {
		char day[DATE_TEXT_SIZE];

		complain(lint, "advisory/floors.tsv: %s %s is too old since %s", row->component,
			 row->branch, date_format(row->expires, day));
	}
	for (size_t i = 0; i < index; i++) {
		bool both = !rows[i].from && !rows[i].before && !row->from && !row->before;

		if (both && is(rows[i].component, row->component) &&
		    is(rows[i].branch, row->branch))
			complain(lint, "advisory/floors.tsv: %s %s has two floors", row->component,
				 row->branch);
	}
}

size_t handbook_lint(const struct handbook *handbook, date_t today, struct text *complaints)
{
	struct lint lint = { .handbook = handbook, .complaints = complaints };

	check_live_codes(&lint);
	for (size_t i = 0; i < handbook->xid_count; i++)
		check_xid(&lint, &handbook->xids[i]);
	for (size_t i = 0; i < handbook->nvlink5_count; i++)
		check_nvlink5(&lint, &handbook->nvlink5[i]);
	for (size_t i = 0; i < handbook->sxid_count; i++)
		check_sxid(&lint, &handbook->sxids[i]);
	for (size_t i = 0; i < handbook->afid_count; i++)
		check_afid(&lint, &handbook->afids[i]);
	for (size_t i = 0; i < handbook->shape_count; i++)
		check_shape(&lint, &handbook->shapes[i]);
	for (size_t i = 0; i < handbook->figure_count; i++)
		check_figure(&lint, &handbook->figures[i]);
	for (size_t i = 0; i < handbook->floor_count; i++)
		check_floor(&lint, i, today);
	return lint.count;
}
