#include "report/market_trend.h"

#include <math.h>

#include "report/page.h"
#include "report/phrase.h"

static const enum tint direction_tints[DIRECTION_COUNT] = {
	TINT_DIM, TINT_NONE, TINT_BAD, TINT_GOOD, /* for who rents */
};

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

static const char *signed_percent(double share, struct arena *arena)
{
	return arena_format(arena, "%s%s%%", share > 0 ? "+" : "",
			    decimal_text(100 * share, 0, arena));
}

static const char *last_text(const struct trend_key *key, struct arena *arena)
{
	if (key->value_count == 0)
		return "-";
	return decimal_text(key->values[key->value_count - 1].usd, 4, arena);
}

static void add_summary(struct table *table, const struct trend_report *report,
			const struct trend_key *key)
{
	const struct trend *trend = &key->trend;
	struct arena *arena = table->arena;
	bool known = trend->piece_count > 0;
	const struct piece *last = known ? &trend->pieces[trend->piece_count - 1] : NULL;

	table_tinted(table, TINT_STRONG, key_text(&key->key, report->book, arena));
	table_tinted(table, direction_tints[trend->direction], direction_names[trend->direction]);
	table_cell(table, last_text(key, arena));
	table_cell(table, known ? day_text(last->from, arena) : "-");
	table_cell(table, known ? signed_percent(last->per_year, arena) : "-");
	table_cell(table, known ? arena_format(arena, "%s to %s",
					       signed_percent(last->per_year_low, arena),
					       signed_percent(last->per_year_high, arena))
				: "-");
	table_cell(table, known ? percent_text(last->confidence, arena) : "-");
	table_format(table, "%zu", key->value_count);
}

static void add_summaries(const struct page *page, const struct trend_report *report)
{
	static const struct column columns[] = {
		{ .title = "key" },
		{ .title = "heading" },
		{ .title = "USD/GPU-h", .right = true },
		{ .title = "since" },
		{ .title = "a year", .right = true },
		{ .title = "90%", .right = true },
		{ .title = "sure", .right = true },
		{ .title = "values", .right = true },
	};
	TABLE(table, columns, page->arena);

	for (size_t i = 0; i < report->count; i++)
		add_summary(&table, report, &report->keys[i]);
	page_table(page, &table);
}

static void add_pieces(const struct page *page, const struct trend_report *report,
		       const struct trend_key *key)
{
	static const struct column columns[] = {
		{ .title = "from" },
		{ .title = "to" },
		{ .title = "USD/GPU-h", .right = true },
		{ .title = "heading" },
		{ .title = "a year", .right = true },
		{ .title = "sure", .right = true },
		{ .title = "turns at its end" },
	};
	const struct trend *trend = &key->trend;
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (unsigned p = 0; p < trend->piece_count; p++) {
		const struct piece *piece = &trend->pieces[p];
		const struct turn *turn = p < trend->turn_count ? &trend->turns[p] : NULL;

		table_cell(&table, day_text(piece->from, arena));
		table_cell(&table, day_text(piece->to, arena));
		table_format(&table, "%s-%s", decimal_text(piece->from_told, 2, arena),
			     decimal_text(piece->to_told, 2, arena));
		table_tinted(&table, direction_tints[piece->direction],
			     direction_names[piece->direction]);
		table_cell(&table, signed_percent(piece->per_year, arena));
		table_cell(&table, percent_text(piece->confidence, arena));
		table_cell(&table,
			   turn ? arena_format(arena, "%s, %s to %s; %s sure",
					       turn->reverses ? "turns" : "changes its pace",
					       day_text(turn->earliest, arena),
					       day_text(turn->latest, arena),
					       percent_text(turn->confidence, arena))
				: "");
	}
	page_heading(page, "%s", key_text(&key->key, report->book, arena));
	page_table(page, &table);
}

static void add_price(struct table *table, const struct generation_price *price)
{
	struct arena *arena = table->arena;
	bool range = price->high > price->low;

	table_cell(table, price->work);
	table_format(table, "%s%s", decimal_text(price->value, 2, arena),
		     range ? arena_format(arena, " [%s-%s]", decimal_text(price->low, 2, arena),
					  decimal_text(price->high, 2, arena))
			   : "");
	table_format(table, "%s%s", decimal_text(price->usd, 2, arena),
		     range ? arena_format(arena, " [%s-%s]", decimal_text(price->usd_low, 2, arena),
					  decimal_text(price->usd_high, 2, arena))
			   : "");
	table_cell(table, signed_percent(price->gap, arena));
	table_cell(table, price->cited
				  ? arena_format(arena, "%s; %s", price->source, price->software)
				  : "the makers' peaks: what software reaches is another "
				    "matter");
}

static void add_rival(const struct page *page, const struct trend_report *report,
		      const struct trend_key *key, const struct trend_rival *rival)
{
	static const struct column columns[] = {
		{ .title = "work" },
		{ .title = "the other does, of its work", .right = true },
		{ .title = "has to cost, USD", .right = true },
		{ .title = "change of its price", .right = true },
		{ .title = "by" },
	};
	TABLE(table, columns, page->arena);

	for (size_t i = 0; i < rival->count; i++)
		add_price(&table, &rival->prices[i]);
	page_heading(page, "%s at %s USD against %s at %s USD (%s)",
		     key_text(&key->key, report->book, page->arena), last_text(key, page->arena),
		     key_text(&rival->key, report->book, page->arena),
		     decimal_text(rival->usd, 4, page->arena), day_text(rival->day, page->arena));
	page_table(page, &table);
}

static void add_details(const struct page *page, const struct trend_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct trend_key *key = &report->keys[i];

		if (key->trend.piece_count > 0)
			add_pieces(page, report, key);
		for (size_t k = 0; k < key->rival_count; k++)
			add_rival(page, report, key, &key->rivals[k]);
	}
}

static void add_csv_key(struct table *table, const struct trend_report *report,
			const struct trend_key *key)
{
	struct arena *arena = table->arena;

	for (unsigned p = 0; p < key->trend.piece_count; p++) {
		const struct piece *piece = &key->trend.pieces[p];
		const struct turn *turn = p < key->trend.turn_count ? &key->trend.turns[p] : NULL;

		table_cell(table, key_text(&key->key, report->book, arena));
		table_cell(table, day_text(piece->from, arena));
		table_cell(table, day_text(piece->to, arena));
		table_cell(table, decimal_text(piece->from_usd, 6, arena));
		table_cell(table, decimal_text(piece->to_usd, 6, arena));
		table_cell(table, direction_names[piece->direction]);
		table_cell(table, decimal_text(piece->per_year, 4, arena));
		table_cell(table, decimal_text(piece->per_year_low, 4, arena));
		table_cell(table, decimal_text(piece->per_year_high, 4, arena));
		table_cell(table, decimal_text(piece->confidence, 4, arena));
		table_cell(table, turn ? day_text(turn->earliest, arena) : "");
		table_cell(table, turn ? day_text(turn->latest, arena) : "");
		table_cell(table, turn ? decimal_text(turn->confidence, 4, arena) : "");
	}
}

static void write_rows(const struct trend_report *report, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "key" },
		{ .title = "from" },
		{ .title = "to" },
		{ .title = "from_usd" },
		{ .title = "to_usd" },
		{ .title = "direction" },
		{ .title = "per_year" },
		{ .title = "per_year_low" },
		{ .title = "per_year_high" },
		{ .title = "confidence" },
		{ .title = "turn_earliest" },
		{ .title = "turn_latest" },
		{ .title = "turn_confidence" },
	};
	TABLE(table, columns, arena);

	for (size_t i = 0; i < report->count; i++)
		add_csv_key(&table, report, &report->keys[i]);
	table_write(&table, FORMAT_CSV, style, into);
}

void trend_write(const struct trend_report *report, enum report_format format,
		 const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		trend_json(report, into);
		return;
	}
	if (format == FORMAT_CSV) {
		write_rows(report, style, &arena, into);
		return;
	}
	page_title(&page, "Where prices are heading, by %s%s every %s",
		   report->matched ? "the same offers on the last " : "",
		   index_methods[report->request->method].version,
		   count_text(report->step_days, "day", &arena));
	if (report->scope[0] != '\0')
		page_paragraph(&page, "Only %s.", report->scope);
	add_summaries(&page, report);
	page_paragraph(&page,
		       "none: fewer than 8 values (a shorter --step has more), or the sign of the "
		       "slope may be chance. flat: "
		       "within 10%% a year. sure: the share of draws of the noise that agree.");
	add_details(&page, report);
}
