#include "report/model_goodput.h"

#include <math.h>
#include <string.h>

#include "report/page.h"
#include "report/parameters.h"
#include "report/phrase.h"

/* Four digits or so: "50677", "131.6", "3.09", "0.0123"; whole numbers as such. */
static const char *number_text(double value, struct arena *arena)
{
	double size = fabs(value);

	if (isnan(value))
		return "-";
	if (isinf(value))
		return value > 0 ? "without end" : "-";
	if (size >= 1000 || !(fabs(value - round(value)) > 1e-9))
		return decimal_text(value, 0, arena);
	return decimal_text(value, size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 4 : 8, arena);
}

static bool is_share(const char *unit)
{
	return strcmp(unit, "share") == 0;
}

static const char *figure_text(double value, const char *unit, struct arena *arena)
{
	return is_share(unit) && isfinite(value)
		       ? arena_format(arena, "%s %%", decimal_text(100 * value, 2, arena))
		       : number_text(value, arena);
}

static const char *range_text(const struct quantity *figure, const char *unit, struct arena *arena)
{
	const char *low = figure_text(figure->low, unit, arena);
	const char *high = figure_text(figure->high, unit, arena);

	return strcmp(low, high) == 0 ? "" : arena_format(arena, "%s to %s", low, high);
}

static const char *unit_text(const char *unit)
{
	return is_share(unit) ? "" : unit;
}

static void add_figures(const struct page *page, const struct goodput_study *study)
{
	static const struct column columns[] = {
		{ .title = "figure" },
		{ .title = "likely", .right = true },
		{ .title = "range", .right = true },
		{ .title = "unit" },
		{ .title = "what it is" },
	};
	TABLE(table, columns, page->arena);

	for (unsigned i = 0; i < FIGURE_COUNT; i++) {
		const struct goodput_figure_row *row = &goodput_figures[i];
		const struct quantity *figure = &study->figures[i];

		if (isnan(figure->value))
			continue;
		table_cell(&table, row->name);
		table_tinted(&table, i == FIGURE_EXPENSE ? TINT_STRONG : TINT_NONE,
			     figure_text(figure->value, row->unit, page->arena));
		table_cell(&table, range_text(figure, row->unit, page->arena));
		table_cell(&table, unit_text(row->unit));
		table_cell(&table, row->title);
	}
	page_heading(page, "Closed forms");
	page_table(page, &table);
}

static void add_shares(struct table *table, const char *title, const double *shares)
{
	table_cell(table, title);
	for (unsigned i = 0; i < CASE_COUNT; i++)
		table_cell(table, figure_text(shares[i], "share", table->arena));
}

/* What each case has of one member of its result. */
#define OF_CASES(study, member)                                            \
	((const double[CASE_COUNT]){ (study)->results[CASE_LIKELY].member, \
				     (study)->results[CASE_BEST].member,   \
				     (study)->results[CASE_WORST].member })

static void add_waterfall(const struct page *page, const struct goodput_study *study)
{
	static const struct column columns[] = {
		{ .title = "of the job's hours" },
		{ .title = "likely", .right = true },
		{ .title = "best", .right = true },
		{ .title = "worst", .right = true },
	};
	TABLE(table, columns, page->arena);

	for (unsigned i = 0; i < LOSS_COUNT; i++)
		add_shares(&table, loss_titles[i], OF_CASES(study, lost[i]));
	add_shares(&table, "useful, mean", OF_CASES(study, mean));
	add_shares(&table, "standard error of the mean", OF_CASES(study, error));
	add_shares(&table, "useful, 10 % of the runs are below", OF_CASES(study, low));
	add_shares(&table, "useful, median", OF_CASES(study, median));
	add_shares(&table, "useful, 90 % of the runs are below", OF_CASES(study, high));
	add_shares(&table, "runs that waited for a spare", OF_CASES(study, waited));
	page_table(page, &table);
}

static void add_causes(const struct page *page, const struct goodput_study *study)
{
	static const struct column columns[] = {
		{ .title = "cause" },
		{ .title = "failures in a run", .right = true },
		{ .title = "share", .right = true },
		{ .title = "nodes", .right = true },
	};
	const struct simulation_result *result = &study->results[CASE_LIKELY];
	TABLE(table, columns, page->arena);

	if (study->cause_count < 2 || result->failures <= 0)
		return;
	for (unsigned i = 0; i < study->cause_count; i++) {
		table_cell(&table, study->causes[i].name);
		table_cell(&table, number_text(result->by_cause[i], page->arena));
		table_cell(&table, figure_text(result->by_cause[i] / result->failures, "share",
					       page->arena));
		table_format(&table, "%u", study->causes[i].nodes);
	}
	page_heading(page, "Failures by cause, likely case");
	page_table(page, &table);
}

static void add_optimum(const struct page *page, const struct goodput_study *study)
{
	const struct simulation_optimum *optimum = &study->optimum;
	struct arena *arena = page->arena;

	if (!(optimum->interval_h > 0))
		return;
	page_item(page,
		  "The best interval between checkpoints is %s min in the simulation, %s by Young, "
		  "%s by Daly; in steps of 15 %% what lies from %s to %s min is as good, as far as "
		  "the runs show.",
		  number_text(optimum->interval_h * 60, arena),
		  number_text(study->figures[FIGURE_YOUNG].value, arena),
		  number_text(study->figures[FIGURE_DALY].value, arena),
		  number_text(optimum->low_h * 60, arena),
		  number_text(optimum->high_h * 60, arena));
}

static void add_simulation(const struct page *page, const struct goodput_study *study,
			   const struct goodput_request *request)
{
	const struct simulation_inputs *inputs = &study->inputs[CASE_LIKELY];

	page_heading(page, "Simulation");
	page_paragraph(
		page,
		"%u runs of %s days on %u nodes with %u spares, seed %llu, %llu events. Each "
		"range stands at its likely, its cheap and its dear end.",
		request->runs, number_text(inputs->horizon_h / 24, page->arena), inputs->nodes,
		inputs->spares, (unsigned long long)request->seed,
		(unsigned long long)study->events);
	add_waterfall(page, study);
	add_causes(page, study);
	page_heading(page, "What follows");
	page_item(
		page,
		"With %u spares %s of the runs never wait in the simulation, with %s by the closed "
		"form.",
		study->spares_needed,
		figure_text(study->values[CASE_LIKELY][GOODPUT_NEVER_WAIT], "share", page->arena),
		number_text(study->figures[FIGURE_SPARES].value, page->arena));
	add_optimum(page, study);
	page_end_list(page);
}

/* ", between 1.09 and 1.80", or nothing. */
static const char *between_text(const struct quantity *figure, const char *unit,
				struct arena *arena)
{
	return figure->low < figure->high ? arena_format(arena, ", between %s and %s",
							 figure_text(figure->low, unit, arena),
							 figure_text(figure->high, unit, arena))
					  : "";
}

/* " A useful hour costs 1.19 times the price, ...", where anything useful is left. */
static const char *price_text(const struct quantity *factor, struct arena *arena)
{
	return isfinite(factor->value)
		       ? arena_format(arena, " A useful hour then costs %s times the price%s.",
				      number_text(factor->value, arena),
				      between_text(factor, "", arena))
		       : "";
}

/* What is useful of the job's hours when all that stops it counts: as simulated, else exact. NAN
 * where neither says it: the exact form knows no job that goes on without a failed node. */
static struct quantity useful_share(const struct goodput_study *study)
{
	if (study->simulated)
		return (struct quantity){
			.value = study->results[CASE_LIKELY].mean,
			.low = study->results[CASE_WORST].mean,
			.high = study->results[CASE_BEST].mean,
		};
	if (study->parameters->values[GOODPUT_RECOVERY].high >= RECOVERY_TOLERANT)
		return quantity_of((double)NAN);
	return study->figures[FIGURE_EXACT];
}

/* The formula takes the larger of two losses that both occur, and leaves checkpoints out. */
static void add_happening(const struct page *page, const struct goodput_study *study)
{
	const struct quantity useful = useful_share(study);
	const struct quantity lost = { 1 - useful.value, 1 - useful.high, 1 - useful.low };
	const struct quantity factor = { 1 / useful.value, 1 / useful.high, 1 / useful.low };

	if (isnan(useful.value))
		return;
	page_paragraph(page,
		       "%s %s of the job's hours are lost%s.%s This is nearer to what happens: it "
		       "counts the writing of checkpoints too, and of each failure both the time "
		       "until it is noticed and the work done again, where the formula takes the "
		       "larger of the two unless the parameter rule says sum.",
		       study->simulated ? "In the simulation" : "By the exact form",
		       figure_text(lost.value, "share", page->arena),
		       between_text(&lost, "share", page->arena), price_text(&factor, page->arena));
}

static void add_headline(const struct page *page, const struct goodput_study *study)
{
	const struct quantity *lost = &study->figures[FIGURE_EXPENSE];
	const struct quantity *factor = &study->figures[FIGURE_COST_FACTOR];
	struct arena *arena = page->arena;
	char gpus[100];

	page_title(page, "Goodput of a job on %s GPUs",
		   parameter_format(study->parameters, GOODPUT_GPUS, gpus));
	page_paragraph(page, "By the published formula %s of the hours paid are lost%s.%s",
		       figure_text(lost->value, "share", arena), between_text(lost, "share", arena),
		       price_text(factor, arena));
	add_happening(page, study);
	if (!(lost->high < 1))
		page_paragraph(page, "A share of 100 %% and more means that at that end of the "
				     "range the job does not get on at all.");
}

/* The full precision of the figure; empty when it is not known. */
static void add_number(struct table *table, double value)
{
	char text[32];

	table_cell(table, isfinite(value)
				  ? arena_string(table->arena, span_of(number_format(value, text)))
				  : "");
}

static void add_csv(struct table *table, const char *name, const struct quantity *figure,
		    const char *unit)
{
	table_cell(table, name);
	add_number(table, figure->value);
	add_number(table, figure->low);
	add_number(table, figure->high);
	table_cell(table, unit);
}

/* Of the simulation, in the columns of the closed forms: likely, and the ends of the cases. */
static void add_csv_cases(struct table *table, const char *name, const double *cases)
{
	struct quantity figure = {
		.value = cases[CASE_LIKELY],
		.low = fmin(cases[CASE_LIKELY], fmin(cases[CASE_BEST], cases[CASE_WORST])),
		.high = fmax(cases[CASE_LIKELY], fmax(cases[CASE_BEST], cases[CASE_WORST])),
	};

	add_csv(table, arena_format(table->arena, "simulated-%s", name), &figure, "share");
}

static void write_csv(const struct goodput_study *study, const struct report_style *style,
		      struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "figure" }, { .title = "likely" }, { .title = "low" },
		{ .title = "high" },   { .title = "unit" },
	};
	TABLE(table, columns, arena);

	for (unsigned i = 0; i < FIGURE_COUNT; i++)
		add_csv(&table, goodput_figures[i].name, &study->figures[i],
			goodput_figures[i].unit);
	if (study->simulated) {
		add_csv_cases(&table, "useful", OF_CASES(study, mean));
		add_csv_cases(&table, "useful-p10", OF_CASES(study, low));
		add_csv_cases(&table, "useful-p50", OF_CASES(study, median));
		add_csv_cases(&table, "useful-p90", OF_CASES(study, high));
		for (unsigned i = 0; i < LOSS_COUNT; i++)
			add_csv_cases(&table, loss_names[i], OF_CASES(study, lost[i]));
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void model_goodput_write(const struct goodput_study *study, const struct goodput_request *request,
			 enum report_format format, const struct report_style *style,
			 struct text *into)
{
	SCOPED_ARENA(arena);
	struct page page = { .format = format, .style = style, .arena = &arena, .into = into };

	if (format == FORMAT_JSON) {
		model_goodput_json(study, request, into);
		return;
	}
	if (format == FORMAT_CSV) {
		write_csv(study, style, &arena, into);
		return;
	}
	add_headline(&page, study);
	add_figures(&page, study);
	if (study->simulated)
		add_simulation(&page, study, request);
	page_heading(&page, "Parameters");
	parameters_show(study->parameters, true, format, style, into);
}
