#include "check/reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/cohort.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct search {
	const struct check_input *seen;
	const struct reference_query *query;
	const struct measured *measured;
	enum measure measure;
	const char *device, *unit;
	struct arena *arena;
	struct reference *into;
};

static const struct measured no_figure = { 0 };

struct measured measured_of(const struct record *record, const struct record *spread)
{
	struct measured measured = { .record = record };

	if (!record || record->says != SAYS_VALUE)
		return record ? measured : no_figure;
	measured.value = record->value;
	if (spread && spread->says == SAYS_VALUE && spread->value >= 0 && isfinite(spread->value)) {
		measured.low = record->value * (1 - spread->value / 200);
		measured.high = record->value * (1 + spread->value / 200);
	}
	return measured;
}

/* Which measure tells the width of the interval of others: those that begin so. */
static const struct {
	const char *begins, *spread;
} spreads[] = {
	{ "node.test.collective.", "node.test.collective.spread" },
	{ "node.test.gpu.copy.", "node.test.gpu.spread" },
	{ "node.test.gpu.memory.bandwidth", "node.test.gpu.spread" },
	{ "node.test.processor.memory", "node.test.processor.memory.spread" },
	{ "node.test.start.median", "node.test.start.spread" },
};

struct measured measured_on(const struct machine *machine, const struct record *record)
{
	const char *device = record ? record->subject.parts[SUBJECT_DEVICE] : NULL;
	enum measure measure;

	for (size_t i = 0; device && i < COUNT(spreads); i++) {
		if (strncmp(record->what, spreads[i].begins, strlen(spreads[i].begins)) == 0 &&
		    measure_find(spreads[i].spread, &measure))
			return measured_of(record, machine_find(machine, measure, device));
	}
	return measured_of(record, NULL);
}

double size_bytes(const char *size)
{
	static const struct {
		const char *unit;
		double bytes;
	} units[] = {
		{ "B", 1 },        { "K", 0x1p10 }, { "KiB", 0x1p10 }, { "M", 0x1p20 },
		{ "MiB", 0x1p20 }, { "G", 0x1p30 }, { "GiB", 0x1p30 },
	};
	struct span rest = span_of(size);
	size_t digits = 0;
	uint64_t number;

	while (digits < rest.length && rest.at[digits] >= '0' && rest.at[digits] <= '9')
		digits++;
	if (!span_to_u64((struct span){ rest.at, digits }, &number))
		return 0;
	rest = (struct span){ rest.at + digits, rest.length - digits };
	for (size_t i = 0; i < COUNT(units); i++) {
		if (span_is(rest, units[i].unit))
			return (double)number * units[i].bytes;
	}
	return 0;
}

/* "32KiB" and "32768B" are the same size. */
static bool is_same_size(const char *left, const char *right)
{
	double bytes = size_bytes(left);

	return strcmp(left, right) == 0 || (bytes > 0 && fabs(bytes - size_bytes(right)) < 0.5);
}

/* 0: the row is about something else; more is closer. */
static int fit_row(const struct search *search, const struct figure_row *row, enum figure_kind kind,
		   const char *metric)
{
	const struct reference_query *query = search->query;
	int model;

	if (row->kind != kind || strcmp(row->metric, metric) != 0 || !figure_usable(row) ||
	    (row->gpus != 0 && query->gpus != 0 && row->gpus != query->gpus) ||
	    (row->nodes != 0 && query->nodes != 0 && row->nodes != query->nodes))
		return 0;
	model = figure_fits(row, search->seen->machine->shape);
	if (model == 0)
		return 0;
	return 100 * (query->size && is_same_size(row->size, query->size)) + 10 * model +
	       4 * (row->gpus == query->gpus) + 2 * (row->nodes == query->nodes) +
	       (row->caution[0] == '\0');
}

static const struct figure_row *closest_row(const struct search *search, enum figure_kind kind,
					    const char *metric)
{
	const struct handbook *handbook = search->seen->handbook;
	const struct figure_row *best = NULL;
	int closest = 0;

	if (!handbook || !metric || !search->seen->machine || !search->seen->machine->shape)
		return NULL;
	for (size_t i = 0; i < handbook->figure_count; i++) {
		int fit = fit_row(search, &handbook->figures[i], kind, metric);

		if (fit > closest) {
			closest = fit;
			best = &handbook->figures[i];
		}
	}
	return best;
}

/* PASS when all of the interval is at or above `passes`, FAIL when all of it is below `fails`, else
 * WARN. Shares count, so that more is always better. */
static enum verdict judge_shares(double low, double high, double passes, double fails)
{
	if (low >= passes)
		return VERDICT_PASS;
	return high < fails ? VERDICT_FAIL : VERDICT_WARN;
}

/* The share of a figure that is reached by a value. */
static double share_of(const struct search *search, double value, double of)
{
	if (search->query->less_is_better)
		return value > 0 ? of / value : (double)INFINITY;
	return of > 0 ? value / of : (double)INFINITY;
}

static bool has_interval(const struct measured *measured)
{
	return measured->high > 0 && measured->low <= measured->value &&
	       measured->value <= measured->high;
}

/* Fills in the layer: `passes` and `fails` are shares of the value, 0 when it only bounds. */
static void hold_against(struct search *search, enum reference_layer which, double value,
			 double passes, double fails)
{
	const struct measured *measured = search->measured;
	struct reference_value *layer = &search->into->layers[which];
	double ends[2] = { measured->value, measured->value };
	double low, high;

	layer->is_known = true;
	layer->value = value;
	layer->share = share_of(search, measured->value, value);
	layer->verdict = VERDICT_UNKNOWN;
	if (passes <= 0)
		return;
	if (has_interval(measured)) {
		ends[0] = measured->low;
		ends[1] = measured->high;
	}
	low = share_of(search, ends[search->query->less_is_better], value);
	high = share_of(search, ends[!search->query->less_is_better], value);
	layer->passes = search->query->less_is_better ? value / passes : value * passes;
	layer->fails = search->query->less_is_better ? value / fails : value * fails;
	layer->verdict = judge_shares(low, high, passes, fails);
	if (layer->verdict == VERDICT_WARN && (high >= passes || low < fails))
		search->into->straddles = true;
}

static void name_row(struct search *search, enum reference_layer which,
		     const struct figure_row *row)
{
	struct reference_value *layer = &search->into->layers[which];

	layer->line = row->line;
	layer->row = arena_format(search->arena, "%g %s%s%s: figures.tsv line %u (%s)", row->value,
				  row->unit, row->size[0] ? " at " : "", row->size, row->line,
				  row->source);
}

static void hold_against_row(struct search *search, enum reference_layer which,
			     const struct figure_row *row, double passes, double fails)
{
	const char *size = search->query->size;
	struct reference_value *layer = &search->into->layers[which];

	if (!row || !(row->value > 0))
		return;
	hold_against(search, which, figure_in_base_unit(row), passes, fails);
	name_row(search, which, row);
	layer->is_of_another_size = size && row->size[0] && !is_same_size(row->size, size);
	if (layer->is_of_another_size && layer->verdict == VERDICT_FAIL)
		layer->verdict = VERDICT_WARN;
}

static double or_usual(double share, double usual)
{
	return share > 0 ? share : usual;
}

static void look_at_peak(struct search *search)
{
	const struct reference_query *query = search->query;
	struct reference_value *layer = &search->into->layers[REFERENCE_SPEC];
	double passes = query->peak_pass_share, fails = query->peak_fail_share;

	if (query->bound > 0) {
		hold_against(search, REFERENCE_SPEC, query->bound, passes, or_usual(fails, passes));
		layer->row = query->bound_row;
	} else {
		hold_against_row(search, REFERENCE_SPEC,
				 closest_row(search, FIGURE_SPEC, query->peak), passes,
				 or_usual(fails, passes));
	}
	if (layer->is_known && !query->may_exceed_peak && layer->share > REFERENCE_SUSPECT)
		search->into->is_suspect = true;
}

/* A tight cohort would condemn what nobody would notice, a wide one nothing: a figure is low when
 * it is both outside of what chance does and below the usual bar. */
static void look_at_cohort(struct search *search)
{
	struct cohort_figure figure =
		cohort_find(search->seen, search->measure, search->device, search->arena);
	double passes, fails, width;

	search->into->cohort_nodes = figure.nodes;
	if (figure.nodes < REFERENCE_COHORT_LEAST || !(figure.median > 0))
		return;
	width = cohort_width(figure.nodes) * figure.deviation / figure.median;
	if (search->query->less_is_better)
		passes = 1 / (1 + width);
	else
		passes = width < 1 ? 1 - width : 0;
	fails = fmin(or_usual(search->query->fail_share, REFERENCE_FAILS), passes);
	passes = fmin(or_usual(search->query->pass_share, REFERENCE_PASSES), passes);
	hold_against(search, REFERENCE_COHORT, figure.median, passes, fails);
	search->into->layers[REFERENCE_COHORT].row = arena_format(
		search->arena, "%s: median of %zu nodes of this model and driver, bar %s",
		amount_text(figure.median, search->unit, search->arena), figure.nodes,
		amount_text(search->into->layers[REFERENCE_COHORT].passes, search->unit,
			    search->arena));
}

/* Milder first; UNKNOWN says nothing here. */
static int badness(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return 1;
	case VERDICT_WARN:
		return 2;
	case VERDICT_FAIL:
		return 3;
	case VERDICT_UNKNOWN:
	case VERDICT_NOT_APPLICABLE:
	case VERDICT_STALE:
	case VERDICT_COUNT:
		break;
	}
	return 0;
}

static void decide(struct reference *reference)
{
	reference->verdict = VERDICT_UNKNOWN;
	reference->decided = REFERENCE_LAYER_COUNT;
	for (unsigned i = 0; i < REFERENCE_LAYER_COUNT; i++) {
		enum verdict verdict = reference->layers[i].verdict;

		if (!reference->layers[i].is_known ||
		    badness(verdict) <= badness(reference->verdict))
			continue;
		reference->verdict = verdict;
		reference->decided = (enum reference_layer)i;
	}
	if (reference->is_suspect && badness(reference->verdict) < badness(VERDICT_WARN)) {
		reference->verdict = VERDICT_WARN;
		reference->decided = REFERENCE_SPEC;
	}
}

void reference_find(const struct check_input *seen, const struct reference_query *query,
		    const struct measured *measured, struct arena *arena,
		    struct reference *ret_reference)
{
	struct reference reference = { 0 };
	struct search search = {
		.seen = seen,
		.query = query,
		.measured = measured,
		.measure = MEASURE_COUNT,
		.arena = arena,
		.into = &reference,
	};

	if (measured->record) {
		search.device = measured->record->subject.parts[SUBJECT_DEVICE];
		search.unit = measured->record->unit;
	}
	look_at_peak(&search);
	hold_against_row(&search, REFERENCE_MEASURED,
			 closest_row(&search, FIGURE_MEASURED, query->metric),
			 or_usual(query->pass_share, REFERENCE_PASSES),
			 or_usual(query->fail_share, REFERENCE_FAILS));
	hold_against_row(&search, REFERENCE_THRESHOLD,
			 closest_row(&search, FIGURE_THRESHOLD, query->threshold), 1, 1);
	if (measured->record && measure_find(measured->record->what, &search.measure))
		look_at_cohort(&search);
	decide(&reference);
	*ret_reference = reference;
}
