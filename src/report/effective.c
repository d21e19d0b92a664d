#include <math.h>

#include "report/cost.h"
#include "report/page.h"
#include "report/phrase.h"
#include "report/quantity.h"

enum {
	HOUR_DECIMALS = 3,
};

void effective_report_make(const struct effective_offers *offers,
			   const struct effective_draws *draws, struct arena *arena,
			   struct effective_report *ret_report)
{
	struct effective_report report = {
		.offers = offers,
		.draws = *draws,
		.prices = ARENA_ARRAY(arena, struct effective_price, offers->count),
		.pairs = ARENA_ARRAY(arena, struct effective_pair,
				     (size_t)offers->count * offers->count),
	};

	for (unsigned i = 0; i < offers->count; i++)
		effective_price(&offers->offers[i], &offers->need, draws, arena, &report.prices[i]);
	for (unsigned i = 0; i < offers->count; i++) {
		for (unsigned j = 0; j < offers->count; j++) {
			if (i != j)
				effective_compare(&report.prices[i], &report.prices[j],
						  &offers->need, draws,
						  &report.pairs[report.pair_count++]);
		}
	}
	*ret_report = report;
}

static const char *unknown_text(const struct effective_price *price, struct arena *arena)
{
	SCOPED_TEXT(names);

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		if (price->unknown & 1u << i)
			text_format(&names, "%s%s", names.length > 0 ? ", " : "",
				    effective_factor_names[i]);
	}
	return arena_string(arena, text_span(&names));
}

static void add_summary(const struct page *page, const struct effective_report *report)
{
	static const struct column columns[] = {
		{ .title = "offer" },
		{ .title = "quote", .right = true },
		{ .title = "effective USD", .right = true },
		{ .title = "more than asked", .right = true },
		{ .title = "not known" },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (unsigned i = 0; i < report->offers->count; i++) {
		const struct effective_price *price = &report->prices[i];
		double quote = price->offer->quote.value;

		table_tinted(&table, TINT_STRONG, price->offer->name);
		table_cell(&table, decimal_text(quote, HOUR_DECIMALS, arena));
		table_tinted(&table, TINT_STRONG, quantity_text(price->usd, HOUR_DECIMALS, arena));
		table_format(&table, "%+.1f%%", 100 * (price->usd.value / quote - 1));
		table_tinted(&table, TINT_WARN, unknown_text(price, arena));
	}
	page_table(page, &table);
}

/* With four digits behind the point at most. */
static const char *short_text(double value, struct arena *arena)
{
	char number[32];

	return arena_string(arena, span_of(number_format(round(value * 1e4) / 1e4, number)));
}

static const char *factor_text(const struct effective_step *step, unsigned factor,
			       struct arena *arena)
{
	struct quantity value = step->factor;
	const char *unit = effective_unknowns[factor].unit;

	if (!quantity_is_range(value))
		return arena_format(arena, "%s %s", short_text(value.value, arena), unit);
	return arena_format(arena, "%s [%s-%s] %s", short_text(value.value, arena),
			    short_text(value.low, arena), short_text(value.high, arena), unit);
}

static const char *basis_text(const struct effective_price *price, unsigned factor,
			      struct arena *arena)
{
	const struct effective_value *value = &price->offer->factors[factor];

	if (!value->known)
		return arena_format(arena, "NOT KNOWN: %s", effective_unknowns[factor].source);
	if (value->software)
		return arena_format(arena, "with %s%s%s", value->software,
				    value->source ? ": " : "", value->source ? value->source : "");
	return value->source ? value->source : "as given";
}

/* From the quote, step by step, to the effective price. */
static void add_steps(const struct page *page, const struct effective_price *price)
{
	static const struct column columns[] = {
		{ .title = "step" },
		{ .title = "factor" },
		{ .title = "adds USD", .right = true },
		{ .title = "USD", .right = true },
		{ .title = "why" },
	};
	const struct effective_offer *offer = price->offer;
	struct arena *arena = page->arena;
	char day[DATE_TEXT_SIZE];
	char amount[MONEY_TEXT_SIZE];
	TABLE(table, columns, arena);

	page_heading(page, "%s", offer->name);
	table_cell(&table, "quote");
	table_format(&table, "%s %s", nano_format(offer->price.nano, amount),
		     currency_code(offer->price.currency));
	table_cell(&table, "");
	table_cell(&table, decimal_text(offer->quote.value, HOUR_DECIMALS, arena));
	table_format(&table, "%s%s%s", offer->source ? offer->source : "as given",
		     offer->observed != DATE_NONE ? ", " : "",
		     offer->observed != DATE_NONE ? date_format(offer->observed, day) : "");
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		const struct effective_step *step = &price->steps[i];

		table_cell(&table, effective_factor_names[i]);
		table_tinted(&table, step->known ? TINT_NONE : TINT_WARN,
			     factor_text(step, i, arena));
		table_cell(&table, quantity_text(step->adds, HOUR_DECIMALS, arena));
		table_cell(&table, decimal_text(step->total, HOUR_DECIMALS, arena));
		table_tinted(&table, step->known ? TINT_NONE : TINT_WARN,
			     basis_text(price, i, arena));
	}
	page_table(page, &table);
}

static void add_pairs(const struct page *page, const struct effective_report *report)
{
	static const struct column columns[] = {
		{ .title = "offer" },
		{ .title = "against" },
		{ .title = "costs of it", .right = true },
		{ .title = "pay at most, of its quote", .right = true },
		{ .title = "in USD", .right = true },
		{ .title = "cheaper in draws", .right = true },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	if (report->pair_count == 0)
		return;
	page_heading(page, "What one is worth against another");
	for (unsigned i = 0; i < report->pair_count; i++) {
		const struct effective_pair *pair = &report->pairs[i];
		double quote = pair->other->offer->quote.value;

		table_cell(&table, pair->offer->offer->name);
		table_cell(&table, pair->other->offer->name);
		table_cell(&table, quantity_percent_text(pair->ratio, arena));
		table_tinted(&table, TINT_STRONG, quantity_percent_text(pair->pay_at_most, arena));
		table_cell(&table,
			   decimal_text(pair->pay_at_most.value * quote, HOUR_DECIMALS, arena));
		table_cell(&table, isnan(pair->cheaper) ? "-" : percent_text(pair->cheaper, arena));
	}
	page_table(page, &table);
}

static void add_foot(const struct page *page, const struct effective_report *report)
{
	const struct effective_need *need = &report->offers->need;
	char gpus[32];
	char months[32];
	char hours[32];

	page_paragraph(page,
		       "For %s GPUs and %s months of %s hours. In brackets %s. What nobody told is "
		       "a range, never 1 and never 0.",
		       number_format(need->gpus, gpus), number_format(need->months, months),
		       number_format(need->month_hours, hours),
		       report->draws.count > 0
			       ? arena_format(page->arena, "what 80%% of %u draws give, seed %llu",
					      report->draws.count,
					      (unsigned long long)report->draws.seed)
			       : "all factors at their best, and all at their worst");
	if (report->offers->note)
		page_paragraph(page, "%s", report->offers->note);
}

static void write_figures(const struct effective_report *report, const struct report_style *style,
			  struct arena *arena, struct text *into)
{
	TABLE(table, figure_columns, arena);

	for (unsigned i = 0; i < report->offers->count; i++) {
		const struct effective_price *price = &report->prices[i];
		const char *name = price->offer->name;

		figure_add(&table,
			   (struct figure){ name, "quote", "USD/GPU-hour", price->offer->quote });
		for (unsigned j = 0; j < EFFECTIVE_COUNT; j++)
			figure_add(&table, (struct figure){ name, effective_factor_names[j],
							    price->steps[j].known
								    ? "USD/GPU-hour"
								    : "USD/GPU-hour, not known",
							    price->steps[j].adds });
		figure_add(&table,
			   (struct figure){ name, "effective", "USD/GPU-hour", price->usd });
	}
	for (unsigned i = 0; i < report->pair_count; i++) {
		const struct effective_pair *pair = &report->pairs[i];

		figure_add(&table,
			   (struct figure){ pair->offer->offer->name, pair->other->offer->name,
					    "pay at most, share of its quote", pair->pay_at_most });
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void effective_write(const struct effective_report *report, enum report_format format,
		     const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		effective_json(report, into);
	} else if (format == FORMAT_CSV) {
		write_figures(report, style, &arena, into);
	} else {
		page_title(&page, "%s", report->offers->title);
		add_summary(&page, report);
		add_pairs(&page, report);
		for (unsigned i = 0; i < report->offers->count; i++)
			add_steps(&page, &report->prices[i]);
		add_foot(&page, report);
	}
}
