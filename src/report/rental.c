#include "report/cost.h"
#include "report/json_parts.h"
#include "report/page.h"
#include "report/parameters.h"
#include "report/phrase.h"
#include "report/quantity.h"

enum {
	HOUR_DECIMALS = 3,
	USD_DECIMALS = 6,
};

void rental_report_make(const struct rental_offers *offers, uint64_t seed, uint32_t draws,
			struct rental_report *ret_report)
{
	struct rental_report report = { .offers = offers, .seed = seed, .draws = draws };

	for (unsigned i = 0; i < offers->count; i++) {
		const struct parameters *parameters = &offers->offers[i].parameters;
		double values[RENT_COUNT];

		parameters_values(parameters, values);
		rental_cost(values, &report.costs[i]);
		report.hours[i] = figure_spread(parameters, rental_hour, seed, draws);
	}
	*ret_report = report;
}

/* Of the first offer's month. */
static double relative(const struct rental_report *report, unsigned offer)
{
	return report->costs[offer].total_month / report->costs[0].total_month;
}

/* One row of a figure for each offer. */
static void add_row(struct table *table, const struct rental_report *report, const char *name,
		    const char *(*text)(const struct rental_report *report, unsigned offer,
					struct arena *arena))
{
	table_tinted(table, TINT_STRONG, name);
	for (unsigned i = 0; i < report->offers->count; i++)
		table_tinted(table, TINT_STRONG, text(report, i, table->arena));
}

static const char *month_text(const struct rental_report *report, unsigned offer,
			      struct arena *arena)
{
	return whole_text(report->costs[offer].total_month, arena);
}

static const char *term_text(const struct rental_report *report, unsigned offer,
			     struct arena *arena)
{
	return whole_text(report->costs[offer].total_term, arena);
}

static const char *relative_text(const struct rental_report *report, unsigned offer,
				 struct arena *arena)
{
	return decimal_text(relative(report, offer), 2, arena);
}

static const char *hour_text(const struct rental_report *report, unsigned offer,
			     struct arena *arena)
{
	return quantity_text(report->hours[offer], HOUR_DECIMALS, arena);
}

static const char *useful_text(const struct rental_report *report, unsigned offer,
			       struct arena *arena)
{
	return decimal_text(report->costs[offer].useful_hour, HOUR_DECIMALS, arena);
}

/* What makes each line, as far as it may be left out: its first parameters, up to RENT_COUNT. */
static const unsigned makers[RENT_LINE_COUNT][3] = {
	[RENT_LINE_GPU] = { RENT_COUNT },
	[RENT_LINE_STORAGE] = { RENT_HOT_TB, RENT_COLD_TB, RENT_COUNT },
	[RENT_LINE_NETWORK] = { RENT_EGRESS_TB, RENT_COUNT },
	[RENT_LINE_CONTROL] = { RENT_CONTROL, RENT_ORCHESTRATION, RENT_COUNT },
	[RENT_LINE_SUPPORT] = { RENT_SUPPORT, RENT_COUNT },
	[RENT_LINE_GOODPUT] = { RENT_COUNT },
	[RENT_LINE_SETUP] = { RENT_SETUP_DAYS, RENT_SETUP_ENGINEERS, RENT_COUNT },
	[RENT_LINE_DEBUG] = { RENT_DEBUG_ENGINEERS, RENT_COUNT },
};

static bool is_given(const struct parameters *parameters, unsigned index)
{
	return parameters->origins[index] != ORIGIN_DEFAULT;
}

/* Nothing was said of this line: it costs nothing only because nobody asked. What leaves the cloud
 * has no price unless one is given. */
static bool is_untold(const struct parameters *parameters, unsigned line)
{
	const unsigned *maker = makers[line];

	if (*maker == RENT_COUNT)
		return false;
	if (line == RENT_LINE_NETWORK && parameters->values[RENT_EGRESS_TB].high > 0)
		return !is_given(parameters, RENT_EGRESS_PRICE);
	for (; *maker != RENT_COUNT; maker++)
		if (is_given(parameters, *maker))
			return false;
	return true;
}

static void add_lines(struct table *table, const struct rental_report *report)
{
	for (unsigned line = 0; line < RENT_LINE_COUNT; line++) {
		table_cell(table, rental_line_names[line]);
		for (unsigned i = 0; i < report->offers->count; i++) {
			const struct parameters *parameters = &report->offers->offers[i].parameters;
			double month = report->costs[i].month[line];

			table_cell(table, is_untold(parameters, line)
						  ? "not told"
						  : whole_text(month, table->arena));
		}
	}
}

static void add_table(const struct page *page, const struct rental_report *report)
{
	struct column columns[RENTAL_OFFERS_MAXIMUM + 1] = { { .title = "USD a month" } };
	struct table table = {
		.columns = columns,
		.column_count = report->offers->count + 1,
		.arena = page->arena,
	};

	for (unsigned i = 0; i < report->offers->count; i++)
		columns[i + 1] =
			(struct column){ .title = report->offers->offers[i].name, .right = true };
	add_lines(&table, report);
	add_row(&table, report, "total", month_text);
	add_row(&table, report, "whole term, USD", term_text);
	add_row(&table, report, "relative", relative_text);
	add_row(&table, report, "USD a paid GPU-hour", hour_text);
	add_row(&table, report, "USD a useful GPU-hour", useful_text);
	page_table(page, &table);
}

/* "storage, control, debug"; NULL when all was said. */
static const char *untold_text(const struct parameters *parameters, struct arena *arena)
{
	const char *names = NULL;

	for (unsigned line = 0; line < RENT_LINE_COUNT; line++)
		if (is_untold(parameters, line))
			names = names ? arena_format(arena, "%s, %s", names,
						     rental_line_names[line])
				      : rental_line_names[line];
	return names;
}

static void add_offer(const struct page *page, const struct rental_offer *offer)
{
	const struct quantity *values = offer->parameters.values;
	const char *untold = untold_text(&offer->parameters, page->arena);
	char gpus[32];
	char term[32];
	char hours[32];

	page_item(page, "%s: %s GPUs for %s months of %s hours%s%s", offer->name,
		  number_format(values[RENT_GPUS].value, gpus),
		  number_format(values[RENT_TERM].value, term),
		  number_format(values[RENT_HOURS].value, hours),
		  untold ? "; not told, and so not in its total: " : "", untold ? untold : "");
}

static void add_foot(const struct page *page, const struct rental_report *report)
{
	const struct rental_offers *offers = report->offers;

	for (unsigned i = 0; i < offers->count; i++)
		add_offer(page, &offers->offers[i]);
	page_end_list(page);
	page_paragraph(page,
		       "Goodput: the lost share of the GPU line, as an expense. A useful hour "
		       "is dearer than a paid one with it, because what is lost is divided "
		       "out: costs / (1 - loss). Set-up is spread over the term.");
	if (offers->source)
		page_paragraph(page, "Source: %s.", offers->source);
	if (offers->note)
		page_paragraph(page, "%s", offers->note);
}

static void write_figures(const struct rental_report *report, const struct report_style *style,
			  struct arena *arena, struct text *into)
{
	TABLE(table, figure_columns, arena);

	for (unsigned i = 0; i < report->offers->count; i++) {
		const struct rental_cost *cost = &report->costs[i];
		const char *name = report->offers->offers[i].name;
		const struct figure figures[] = {
			{ name, "total", "USD/month", quantity_of(cost->total_month) },
			{ name, "term", "USD", quantity_of(cost->total_term) },
			{ name, "relative", "", quantity_of(relative(report, i)) },
			{ name, "paid hour", "USD/GPU-hour", report->hours[i] },
			{ name, "useful hour", "USD/GPU-hour", quantity_of(cost->useful_hour) },
		};

		for (unsigned line = 0; line < RENT_LINE_COUNT; line++)
			figure_add(&table,
				   (struct figure){ name, rental_line_names[line], "USD/month",
						    quantity_of(cost->month[line]) });
		for (size_t row = 0; row < sizeof(figures) / sizeof(figures[0]); row++)
			figure_add(&table, figures[row]);
	}
	table_write(&table, FORMAT_CSV, style, into);
}

static void put_offer(struct json_writer *writer, const struct rental_report *report,
		      unsigned offer)
{
	const struct rental_cost *cost = &report->costs[offer];

	json_open_object(writer);
	json_pair_string(writer, "name", report->offers->offers[offer].name);
	json_key(writer, "month_usd");
	json_open_object(writer);
	for (unsigned line = 0; line < RENT_LINE_COUNT; line++)
		json_pair_decimal(writer, rental_line_names[line], cost->month[line], USD_DECIMALS);
	json_close_object(writer);
	json_pair_decimal(writer, "total_month_usd", cost->total_month, USD_DECIMALS);
	json_pair_decimal(writer, "total_term_usd", cost->total_term, USD_DECIMALS);
	json_pair_decimal(writer, "setup_once_usd", cost->setup_once, USD_DECIMALS);
	json_pair_decimal(writer, "relative", relative(report, offer), USD_DECIMALS);
	json_pair_quantity(writer, "paid_gpu_hour_usd", report->hours[offer], USD_DECIMALS);
	json_pair_decimal(writer, "useful_gpu_hour_usd", cost->useful_hour, USD_DECIMALS);
	parameters_pair(writer, &report->offers->offers[offer].parameters);
	json_close_object(writer);
}

void rental_json(const struct rental_report *report, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/rental-cost/v1");
	json_pair_string(&writer, "title", report->offers->title);
	json_pair_string(&writer, "source", report->offers->source);
	json_pair_integer(&writer, "seed", (int64_t)report->seed);
	json_pair_integer(&writer, "draws", report->draws);
	json_key(&writer, "offers");
	json_open_array(&writer);
	for (unsigned i = 0; i < report->offers->count; i++)
		put_offer(&writer, report, i);
	json_close_array(&writer);
	json_close_document(&writer);
}

void rental_write(const struct rental_report *report, enum report_format format,
		  const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		rental_json(report, into);
	} else if (format == FORMAT_CSV) {
		write_figures(report, style, &arena, into);
	} else {
		page_title(&page, "%s", report->offers->title);
		add_table(&page, report);
		add_foot(&page, report);
	}
}
