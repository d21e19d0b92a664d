#include "report/market_index.h"

#include <math.h>

#include "report/page.h"
#include "report/phrase.h"

enum {
	USD_DECIMALS = 4,
	VOTES_SHOWN = 40,
};

static const char *usd_text(double usd, struct arena *arena)
{
	return isnan(usd) ? "-" : decimal_text(usd, USD_DECIMALS, arena);
}

static const char *change_text(const struct change *change, struct arena *arena)
{
	double percent = 100 * (change->ratio - 1);

	if (isnan(percent))
		return "-";
	return arena_format(arena, "%s%s%% (%u)", percent > 0 ? "+" : "",
			    decimal_text(percent, 2, arena), change->matched);
}

static const char *flags_text(unsigned flags, struct arena *arena)
{
	const char *line = "";

	for (unsigned i = 0; i < INDEX_FLAG_COUNT; i++)
		if (flags & (1u << i))
			line = arena_format(arena, "%s%s%s", line, *line ? "; " : "",
					    index_flag_reasons[i]);
	return line;
}

static const char *key_text(const struct key *key, const struct book *book, struct arena *arena)
{
	SCOPED_TEXT(text);

	key_format(key, book->catalogue, &text);
	return arena_string(arena, text_span(&text));
}

static const char *day_text(date_t day, struct arena *arena)
{
	char text[DATE_TEXT_SIZE];

	return arena_string(arena, span_of(date_format(day, text)));
}

static const char *interval_of(const struct index_value *value, struct arena *arena)
{
	if (isnan(value->interval.low))
		return "-";
	return arena_format(arena, "%s-%s", decimal_text(value->interval.low, 2, arena),
			    decimal_text(value->interval.high, 2, arena));
}

static void add_value(struct table *table, const struct index_report *report,
		      const struct index_value *value)
{
	struct arena *arena = table->arena;

	table_tinted(table, TINT_STRONG, key_text(&value->key, report->book, arena));
	table_cell(table, day_text(value->day, arena));
	table_tinted(table, value->flags ? TINT_WARN : TINT_GOOD, usd_text(value->usd, arena));
	table_cell(table, interval_of(value, arena));
	table_format(table, "%zu", value->votes.count);
	table_format(table, "%u", value->votes.machines);
	table_format(table, "%llu", (unsigned long long)value->votes.rows);
	table_cell(table, change_text(&value->week, arena));
	table_cell(table, change_text(&value->month, arena));
	table_cell(table, flags_text(value->flags, arena));
}

static void add_values(const struct page *page, const struct index_report *report)
{
	static const struct column columns[] = {
		{ .title = "key" },
		{ .title = "day" },
		{ .title = "USD/GPU-h", .right = true },
		{ .title = "90%", .right = true },
		{ .title = "providers", .right = true },
		{ .title = "machines", .right = true },
		{ .title = "rows", .right = true },
		{ .title = "7 days", .right = true },
		{ .title = "28 days", .right = true },
		{ .title = "low confidence" },
	};
	TABLE(table, columns, page->arena);

	for (size_t i = 0; i < report->value_count; i++)
		add_value(&table, report, &report->values[i]);
	page_table(page, &table);
}

static void add_vote(struct table *table, const struct book *book, const struct vote *vote)
{
	struct span name = names_text(&book->names, vote->provider);

	table_format(table, "%.*s", SPAN_ARGS(name));
	table_cell(table, tier_names[vote->tier]);
	table_cell(table, usd_text(vote->usd, table->arena));
	table_cell(table, vote->dropped      ? "too far"
			  : vote->weight > 0 ? percent_text(vote->weight, table->arena)
					     : "-");
	table_format(table, "%u", vote->offers);
	table_format(table, "%u", vote->hosts);
	table_format(table, "%u", vote->machines);
	table_format(table, "%llu", (unsigned long long)vote->rows);
}

static void add_votes(const struct page *page, const struct index_report *report,
		      const struct index_value *value)
{
	static const struct column columns[] = {
		{ .title = "provider" },
		{ .title = "tier" },
		{ .title = "USD/GPU-h", .right = true },
		{ .title = "weight", .right = true },
		{ .title = "offers", .right = true },
		{ .title = "hosts", .right = true },
		{ .title = "machines", .right = true },
		{ .title = "rows", .right = true },
	};
	TABLE(table, columns, page->arena);

	for (size_t i = 0; i < value->votes.count && i < VOTES_SHOWN; i++)
		add_vote(&table, report->book, &value->votes.items[i]);
	page_heading(page, "What each provider asks");
	page_table(page, &table);
	if (value->votes.count > VOTES_SHOWN)
		page_paragraph(page, "And %zu more; --format json has all.",
			       value->votes.count - VOTES_SHOWN);
}

static void add_ccir(const struct page *page, const struct ccir *ccir)
{
	static const struct column columns[] = {
		{ .title = "day" },
		{ .title = "quotes", .right = true },
		{ .title = "removed", .right = true },
		{ .title = "used", .right = true },
		{ .title = "median", .right = true },
		{ .title = "mean", .right = true },
	};
	TABLE(table, columns, page->arena);

	for (unsigned d = 0; d < CCIR_WINDOW_DAYS; d++) {
		const struct ccir_day *day = &ccir->days[d];

		table_cell(&table, day_text(day->day, page->arena));
		table_format(&table, "%u", day->raw);
		table_format(&table, "%u", day->removed);
		table_format(&table, "%u", day->used);
		table_cell(&table, usd_text(day->median, page->arena));
		table_cell(&table, usd_text(day->mean, page->arena));
	}
	page_heading(page, "The days");
	page_table(page, &table);
}

/* What became of the quotes: all are accounted for. */
static void add_counts(const struct page *page, const struct index_value *value)
{
	page_heading(page, "What counted, and what did not");
	page_item(page, "%llu counted", (unsigned long long)value->counts[REFUSAL_NONE]);
	for (unsigned i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++)
		if (value->counts[i] > 0)
			page_item(page, "%llu %s: %s", (unsigned long long)value->counts[i],
				  refusal_names[i], refusal_reasons[i]);
	page_end_list(page);
}

static void add_one(const struct page *page, const struct index_report *report)
{
	const struct index_value *value = &report->values[0];
	char hash[RECORD_HASH_TEXT];

	if (value->usd > 0) {
		add_votes(page, report, value);
		if (value->method == INDEX_CCIR_1_1_0 || value->method == INDEX_CCIR_1_1_1)
			add_ccir(page, &value->ccir);
	}
	add_counts(page, value);
	page_paragraph(page, "Concentration of rows (Herfindahl) %s; input %s.",
		       decimal_text(value->votes.concentration, 3, page->arena),
		       hash_format(value->input, hash));
}

static void add_chain(struct table *table, const struct index_report *report,
		      const struct index_chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		const struct chained *point = &chain->points[i];

		table_tinted(table, TINT_STRONG, key_text(&chain->key, report->book, table->arena));
		table_cell(table, day_text(point->day, table->arena));
		table_cell(table, usd_text(point->index, table->arena));
		table_format(table, "%u", point->offers);
		table_format(table, "%u", point->matched);
		table_format(table, "%u", point->providers);
	}
}

static void add_chains(const struct page *page, const struct index_report *report)
{
	static const struct column columns[] = {
		{ .title = "key" },
		{ .title = "day" },
		{ .title = "index", .right = true },
		{ .title = "offers", .right = true },
		{ .title = "matched", .right = true },
		{ .title = "providers", .right = true },
	};
	TABLE(table, columns, page->arena);

	for (size_t i = 0; i < report->chain_count; i++)
		add_chain(&table, report, &report->chains[i]);
	page_table(page, &table);
}

static void add_head(const struct page *page, const struct index_report *report)
{
	const struct index_method_row *method = &index_methods[report->request->method];
	bool all = report->scope[0] == '\0';

	page_title(page, "Prices by %s: %s", method->version, method->title);
	page_paragraph(page,
		       "%s of %llu rows%s%s; all-tiers is a composite in which each provider "
		       "has one vote.",
		       count_text(report->book->kept, "quote", page->arena),
		       (unsigned long long)report->book->rows, all ? "" : ", of them only ",
		       report->scope);
}

static void add_csv_value(struct table *table, const struct index_report *report,
			  const struct index_value *value)
{
	struct arena *arena = table->arena;
	char hash[RECORD_HASH_TEXT];
	bool known = !isnan(value->usd), drawn = !isnan(value->interval.low);

	table_cell(table, key_text(&value->key, report->book, arena));
	table_cell(table, report->scope);
	table_cell(table, index_methods[value->method].version);
	table_format(table, "%u", value->window_days);
	table_cell(table, day_text(value->day, arena));
	table_cell(table, day_text(value->value_day, arena));
	table_cell(table, known ? decimal_text(value->usd, 6, arena) : "");
	table_cell(table, drawn ? decimal_text(value->interval.low, 6, arena) : "");
	table_cell(table, drawn ? decimal_text(value->interval.high, 6, arena) : "");
	table_format(table, "%zu", value->votes.count);
	table_format(table, "%u", value->votes.machines);
	table_format(table, "%u", value->votes.quotes);
	table_format(table, "%llu", (unsigned long long)value->votes.rows);
	table_cell(table, flags_text(value->flags, arena));
	table_cell(table, known ? hash_format(value->input, hash) : "");
}

static void write_rows(const struct index_report *report, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "key" },       { .title = "scope" },    { .title = "method" },
		{ .title = "window" },    { .title = "day" },      { .title = "value_day" },
		{ .title = "usd" },       { .title = "low" },      { .title = "high" },
		{ .title = "providers" }, { .title = "machines" }, { .title = "quotes" },
		{ .title = "rows" },      { .title = "flags" },    { .title = "input" },
	};
	static const struct column change_columns[] = {
		{ .title = "key" },    { .title = "day" },     { .title = "index" },
		{ .title = "offers" }, { .title = "matched" }, { .title = "providers" },
	};
	TABLE(table, columns, arena);
	TABLE(changes, change_columns, arena);

	for (size_t i = 0; i < report->value_count; i++)
		add_csv_value(&table, report, &report->values[i]);
	for (size_t i = 0; i < report->chain_count; i++)
		add_chain(&changes, report, &report->chains[i]);
	table_write(report->chains ? &changes : &table, FORMAT_CSV, style, into);
}

void index_write(const struct index_report *report, enum report_format format,
		 const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		index_json(report, into);
	} else if (format == FORMAT_CSV) {
		write_rows(report, style, &arena, into);
	} else {
		add_head(&page, report);
		if (report->chains)
			add_chains(&page, report);
		else
			add_values(&page, report);
		if (report->value_count == 1)
			add_one(&page, report);
	}
}
