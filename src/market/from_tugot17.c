#include <stdint.h>

#include "base/json.h"
#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"
#include "market/moment.h"

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"price_stats\"") && span_holds(head, "\"by_provider\"");
}

/* Of all listings of a snapshot, not of one provider's: low when all are, else there is some. */
static enum stock stock_of(const struct node *availability)
{
	double total = entry_number(availability, "total");
	double low = entry_number(availability, "low");

	if (!(total > 0))
		return STOCK_UNKNOWN;
	return low >= total ? STOCK_LOW : STOCK_YES;
}

/* A count that does not fit, or is none, is one listing. */
static uint32_t listings_of(const struct node *summary)
{
	uint64_t count;

	if (!span_to_u64(entry_text(summary, "count"), &count) || count > UINT32_MAX)
		return 0;
	return (uint32_t)count;
}

static bool take_provider(const struct import *import, const struct draft *shared,
			  const struct node *provider, const struct node *summary,
			  struct error *err)
{
	struct draft draft = *shared;

	draft.provider = provider->text;
	draft.price = entry_text(summary, "avg");
	draft.listings = listings_of(summary);
	return book_take(import->book, import->file, &draft, err);
}

/* One snapshot of all providers: a quote for each, at the mean of its listings. */
static bool take_snapshot(const struct import *import, const struct node *snapshot, uint64_t line,
			  struct error *err)
{
	const struct node *providers = node_find(snapshot, "by_provider");
	struct draft draft;

	draft_init(&draft);
	draft.gpu = entry_text(snapshot, "gpu_type");
	draft.product = draft.gpu;
	draft.form = entry_text(snapshot, "socket_type");
	draft.gpus = 1;
	draft.rental = RENTAL_ON_DEMAND;
	draft.price_of = PRICE_OF_GPU;
	draft.currency = SPAN("USD");
	draft.stock = stock_of(node_find(snapshot, "availability"));
	draft.source = SPAN("https://github.com/tugot17/gpu-price-tracker");
	draft.licence = SPAN("MIT");
	draft.line = line;
	if (!moment_parse(entry_text(snapshot, "timestamp"), &draft.observed))
		draft.observed = cell_day(import->day);
	if (!providers || providers->kind != NODE_MAP)
		return book_refuse(import->book, import->file, line, REFUSAL_MALFORMED,
				   SPAN("a snapshot without 'by_provider'"), err);
	for (uint32_t i = 0; i < providers->count; i++) {
		if (!take_provider(import, &draft, &providers->keys[i], &providers->items[i], err))
			return false;
	}
	return true;
}

static bool take_line(const struct import *import, struct span text, uint64_t line,
		      struct arena *arena, struct error *err)
{
	const struct node *snapshot;

	if (span_trim(text).length == 0)
		return true;
	arena_clear(arena);
	if (json_read(text, import->file, (uint32_t)line, arena, &snapshot, NULL))
		return take_snapshot(import, snapshot, line, err);
	text.length = text.length < 80 ? text.length : 80;
	return book_refuse(import->book, import->file, line, REFUSAL_MALFORMED, text, err);
}

static bool read_lines(struct line_reader *lines, const struct import *import, struct error *err)
{
	SCOPED_ARENA(arena);
	struct span text;
	bool fine = true;

	while (fine) {
		switch (line_next(lines, &text, err)) {
		case LINE_READ:
			fine = take_line(import, text, lines->line, &arena, err);
			break;
		case LINE_TOO_LONG:
			fine = book_refuse(import->book, import->file, lines->line,
					   REFUSAL_TOO_LONG, (struct span){ 0 }, err);
			break;
		case LINE_END:
			return true;
		case LINE_FAULT:
			return false;
		}
	}
	return false;
}

static bool read_snapshots(const struct import *import, struct error *err)
{
	struct line_reader lines;

	line_reader_init(&lines, import->source, import->file, IMPORT_LINE_MAXIMUM);
	bool fine = read_lines(&lines, import, err);
	line_reader_release(&lines);
	return fine;
}

const struct importer from_tugot17 = {
	.name = "tugot17",
	.title = "half-hourly summaries of Prime Intellect's listings (JSON Lines)",
	.claims = claims,
	.read = read_snapshots,
};
