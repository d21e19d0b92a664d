#include <math.h>

#include "report/cost.h"
#include "report/page.h"
#include "report/parameters.h"
#include "report/phrase.h"
#include "report/quantity.h"

enum {
	HOUR_DECIMALS = 3,
	SWINGS_SHOWN = 12,
	BAR_COLUMNS = 24,
};

void ownership_report_make(const struct parameters *parameters, uint64_t seed, uint32_t draws,
			   struct arena *arena, struct ownership_report *ret_report)
{
	struct ownership_report report = { .parameters = parameters, .seed = seed, .draws = draws };
	const uint64_t fixed = 1ull << OWN_GPUS | 1ull << OWN_HOURS;
	double cooled[OWN_COUNT];

	parameters_values(parameters, report.values);
	parameters_values(parameters, cooled);
	ownership_cost(report.values, &report.cost);
	ownership_outlook(report.values, &report.outlook);
	cooled[OWN_LIQUID] = 0;
	ownership_cost(cooled, &report.air);
	cooled[OWN_LIQUID] = 1;
	ownership_cost(cooled, &report.liquid);
	report.hour = figure_spread(parameters, ownership_hour, seed, draws);
	sensitivity_find(parameters, ownership_hour, fixed, arena, &report.swings,
			 &report.swing_count);
	*ret_report = report;
}

static void add_head(const struct page *page, const struct ownership_report *report)
{
	const double *values = report->values;
	struct arena *arena = page->arena;

	page_title(page, "An hour of one GPU costs its owner %s USD",
		   quantity_text(report->hour, HOUR_DECIMALS, arena));
	page_paragraph(page,
		       "Capital %s and running costs %s USD, at a life of %s months, a cost of "
		       "capital of %s%% a year, and %s of the hours sold%s",
		       decimal_text(report->cost.capital_hour, HOUR_DECIMALS, arena),
		       decimal_text(report->cost.running_hour, HOUR_DECIMALS, arena),
		       decimal_text(values[OWN_LIFE], 0, arena),
		       decimal_text(100 * values[OWN_CAPITAL_COST], 1, arena),
		       percent_text(values[OWN_UTILISATION], arena),
		       quantity_is_range(report->hour)
			       ? "; in brackets what 80% of the draws over all ranges give."
			       : ".");
}

static void add_line(struct table *table, const struct ownership_cost *cost, unsigned line)
{
	if (fabs(cost->month[line]) < 0.005)
		return;
	table_cell(table, ownership_line_names[line]);
	table_cell(table,
		   line < OWN_LINE_RUNNING ? whole_text(cost->once[line], table->arena) : "");
	table_cell(table, whole_text(cost->month[line], table->arena));
	table_cell(table, decimal_text(cost->hour[line], HOUR_DECIMALS, table->arena));
}

static void add_sum(struct table *table, const char *name, const char *once, double month,
		    double hour)
{
	table_tinted(table, TINT_STRONG, name);
	table_cell(table, once);
	table_cell(table, whole_text(month, table->arena));
	table_tinted(table, TINT_STRONG, decimal_text(hour, HOUR_DECIMALS, table->arena));
}

static void add_lines(const struct page *page, const struct ownership_cost *cost)
{
	static const struct column columns[] = {
		{ .title = "line" },
		{ .title = "USD once", .right = true },
		{ .title = "USD a month", .right = true },
		{ .title = "USD a GPU-hour", .right = true },
	};
	TABLE(table, columns, page->arena);

	page_heading(page, "What it is made of, for one server");
	for (unsigned line = 0; line < OWN_LINE_RUNNING; line++)
		add_line(&table, cost, line);
	add_sum(&table, "capital", whole_text(cost->capital, page->arena),
		cost->capital_hour * cost->sold_hours, cost->capital_hour);
	for (unsigned line = OWN_LINE_RUNNING; line < OWN_LINE_COUNT; line++)
		add_line(&table, cost, line);
	add_sum(&table, "running", "", cost->running_month, cost->running_hour);
	add_sum(&table, "total", "", cost->full_hour * cost->sold_hours, cost->full_hour);
	page_table(page, &table);
	page_paragraph(page,
		       "Of it %s USD pay for hours that nobody rents. The server is bought for %s "
		       "USD. Its month with interest is what pays it back over its life.",
		       decimal_text(cost->idle_hour, HOUR_DECIMALS, page->arena),
		       whole_text(cost->server_price, page->arena));
}

static void add_cooling_row(struct table *table, const char *name,
			    const struct ownership_cost *cost)
{
	table_cell(table, name);
	table_cell(table, whole_text(cost->once[OWN_LINE_COOLING], table->arena));
	table_cell(table, decimal_text(cost->it_kw, 2, table->arena));
	table_cell(table, decimal_text(cost->pue, 2, table->arena));
	table_cell(table, decimal_text(cost->building_kw, 2, table->arena));
	table_cell(table, decimal_text(cost->full_hour, HOUR_DECIMALS, table->arena));
}

static void add_cooling(const struct page *page, const struct ownership_report *report)
{
	static const struct column columns[] = {
		{ .title = "cooling" },
		{ .title = "USD once", .right = true },
		{ .title = "kW installed", .right = true },
		{ .title = "PUE", .right = true },
		{ .title = "kW at load", .right = true },
		{ .title = "USD a GPU-hour", .right = true },
	};
	double liquid = report->values[OWN_LIQUID];
	TABLE(table, columns, page->arena);

	page_heading(page, "What cooling changes");
	add_cooling_row(&table, "air", &report->air);
	if (liquid > 0 && liquid < 1)
		add_cooling_row(&table,
				arena_format(page->arena, "%s liquid, as given",
					     percent_text(liquid, page->arena)),
				&report->cost);
	add_cooling_row(&table, "liquid", &report->liquid);
	page_table(page, &table);
}

static const char *payback_text(double months, struct arena *arena)
{
	return isnan(months) ? "not within its life"
			     : arena_format(arena, "in month %s", decimal_text(months, 0, arena));
}

static const char *sold_text(double utilisation, struct arena *arena)
{
	if (isnan(utilisation))
		return "not told, as the price moves or is partly prepaid";
	if (utilisation > 1)
		return "none: not even if every hour is sold";
	return percent_text(utilisation, arena);
}

static void add_outlook(const struct page *page, const struct ownership_report *report)
{
	const struct ownership_outlook *outlook = &report->outlook;
	struct arena *arena = page->arena;

	if (outlook->endurance == ENDURES_UNKNOWN) {
		page_paragraph(page, "Whether a price can last: give it with --set price=USD.");
		return;
	}
	page_heading(page, "Can %s USD last?", decimal_text(outlook->price, HOUR_DECIMALS, arena));
	page_paragraph(page, "%s: %s.", outlook->endurance == ENDURES ? "Yes" : "No",
		       endurance_reasons[outlook->endurance]);
	page_item(page, "cash cost: %s USD must be paid month by month",
		  decimal_text(outlook->cash_hour, HOUR_DECIMALS, arena));
	page_item(page, "break-even price: %s USD earns exactly the cost of capital",
		  decimal_text(outlook->breakeven_price, HOUR_DECIMALS, arena));
	page_item(page, "break-even utilisation at this price: %s",
		  sold_text(outlook->breakeven_utilisation, arena));
	page_item(page, "margin over the full cost: %s%% of the price",
		  decimal_text(100 * outlook->margin, 1, arena));
	page_item(page, "paid back, without interest: %s",
		  payback_text(outlook->payback_months, arena));
	page_item(page, "internal rate of return: %s",
		  isnan(outlook->internal_rate)
			  ? "none"
			  : arena_format(arena, "%s%% a year",
					 decimal_text(100 * outlook->internal_rate, 1, arena)));
	page_end_list(page);
}

/* Where the figure moves to, as a bar on a line whose middle is the figure. */
static const char *bar_text(const struct swing *swing, double middle, double widest,
			    struct arena *arena)
{
	SCOPED_TEXT(bar);
	double low = fmin(swing->figure_low, swing->figure_high) - middle;
	double high = fmax(swing->figure_low, swing->figure_high) - middle;
	long left = lround(-low / widest * BAR_COLUMNS / 2);
	long right = lround(high / widest * BAR_COLUMNS / 2);

	left = left < 0 ? 0 : left > BAR_COLUMNS / 2 ? BAR_COLUMNS / 2 : left;
	right = right < 0 ? 0 : right > BAR_COLUMNS / 2 ? BAR_COLUMNS / 2 : right;
	text_add_repeated(&bar, '.', BAR_COLUMNS / 2 - (size_t)left);
	text_add_repeated(&bar, '-', (size_t)left);
	text_add_char(&bar, '|');
	text_add_repeated(&bar, '-', (size_t)right);
	text_add_repeated(&bar, '.', BAR_COLUMNS / 2 - (size_t)right);
	return arena_string(arena, text_span(&bar));
}

static double widest_side(const struct ownership_report *report)
{
	double widest = 0;

	for (unsigned i = 0; i < report->swing_count; i++) {
		widest = fmax(widest, fabs(report->swings[i].figure_low - report->cost.full_hour));
		widest = fmax(widest, fabs(report->swings[i].figure_high - report->cost.full_hour));
	}
	return widest;
}

static void add_swings(const struct page *page, const struct ownership_report *report)
{
	static const struct column columns[] = {
		{ .title = "parameter" },
		{ .title = "from", .right = true },
		{ .title = "to", .right = true },
		{ .title = "over" },
		{ .title = "USD at from", .right = true },
		{ .title = "USD at to", .right = true },
		{ .title = "swing" },
	};
	const struct parameter_row *rows = report->parameters->table->rows;
	double widest = widest_side(report);
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	page_heading(page, "What moves it most");
	for (unsigned i = 0; i < report->swing_count && i < SWINGS_SHOWN; i++) {
		const struct swing *swing = &report->swings[i];
		char number[32];

		table_cell(&table, rows[swing->parameter].name);
		table_cell(&table, arena_string(arena, span_of(number_format(swing->low, number))));
		table_cell(&table,
			   arena_string(arena, span_of(number_format(swing->high, number))));
		table_cell(&table, swing->ranged ? "its range" : "10% each way");
		table_cell(&table, decimal_text(swing->figure_low, HOUR_DECIMALS, arena));
		table_cell(&table, decimal_text(swing->figure_high, HOUR_DECIMALS, arena));
		table_cell(&table, bar_text(swing, report->cost.full_hour, widest, arena));
	}
	page_table(page, &table);
}

static void write_figures(const struct ownership_report *report, const struct report_style *style,
			  struct arena *arena, struct text *into)
{
	const struct ownership_outlook *outlook = &report->outlook;
	const struct figure figures[] = {
		{ "total", "full cost", "USD/GPU-hour", report->hour },
		{ "total", "capital", "USD/GPU-hour", quantity_of(report->cost.capital_hour) },
		{ "total", "running", "USD/GPU-hour", quantity_of(report->cost.running_hour) },
		{ "total", "idle", "USD/GPU-hour", quantity_of(report->cost.idle_hour) },
		{ "outlook", "price", "USD/GPU-hour", quantity_of(outlook->price) },
		{ "outlook", "breakeven price", "USD/GPU-hour",
		  quantity_of(outlook->breakeven_price) },
		{ "outlook", "breakeven utilisation", "share",
		  quantity_of(outlook->breakeven_utilisation) },
		{ "outlook", "payback", "months", quantity_of(outlook->payback_months) },
		{ "outlook", "internal rate", "share a year", quantity_of(outlook->internal_rate) },
	};
	TABLE(table, figure_columns, arena);

	for (unsigned i = 0; i < OWN_LINE_COUNT; i++)
		figure_add(&table, (struct figure){ "line", ownership_line_names[i], "USD/GPU-hour",
						    quantity_of(report->cost.hour[i]) });
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		figure_add(&table, figures[i]);
	for (unsigned i = 0; i < report->swing_count; i++) {
		const struct swing *swing = &report->swings[i];
		struct quantity value = { report->cost.full_hour,
					  fmin(swing->figure_low, swing->figure_high),
					  fmax(swing->figure_low, swing->figure_high) };

		figure_add(&table,
			   (struct figure){ "swing",
					    report->parameters->table->rows[swing->parameter].name,
					    "USD/GPU-hour", value });
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void ownership_write(const struct ownership_report *report, enum report_format format,
		     const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		ownership_json(report, into);
	} else if (format == FORMAT_CSV) {
		write_figures(report, style, &arena, into);
	} else {
		add_head(&page, report);
		add_lines(&page, &report->cost);
		add_outlook(&page, report);
		add_swings(&page, report);
		add_cooling(&page, report);
		page_heading(&page, "Parameters that were given");
		parameters_show(report->parameters, false, format, style, into);
	}
}
