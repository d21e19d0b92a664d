#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"

static const struct entry_place places[] = { { .key = "data", .lists = 1 } };

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"price_cents_per_hour\"") &&
	       span_holds(head, "\"instance_type\"");
}

static void fill(const struct entry_reader *reader, const struct node *type, struct draft *draft)
{
	draft_init(draft);
	draft->provider = SPAN("lambda");
	draft->product = entry_text(type, "name");
	/* "H100 (80 GB SXM5)"; older answers have only the text for people, "8x A100 (40 GB SXM4)".
	 */
	draft->gpu = entry_text(type, "gpu_description");
	if (draft->gpu.length == 0)
		draft->gpu = entry_text(type, "description");
	cell_gpus(entry_text(node_find(type, "specs"), "gpus"), draft);
	if (span_is(entry_text(node_find(type, "specs"), "gpus"), "0"))
		draft->refused = REFUSAL_NO_GPU;
	draft->rental = RENTAL_ON_DEMAND;
	draft->currency = SPAN("USD");
	draft->includes = draft->told = INCLUDES_HOST;
	draft->source = SPAN("https://cloud.lambda.ai/api/v1/instance-types");
	draft->line = reader->line;
	draft->observed = cell_day(reader->import->day);
}

/* A row for each region that has some; a type that no region has is a quote without stock. */
static bool take(const struct entry_reader *reader, const struct node *entry, struct error *err)
{
	const struct import *import = reader->import;
	const struct node *type = node_find(entry, "instance_type");
	const struct node *regions = node_find(entry, "regions_with_capacity_available");
	char dollars[MONEY_TEXT_SIZE];
	struct draft draft;

	fill(reader, type, &draft);
	draft.price = cell_cents(entry_text(type, "price_cents_per_hour"), dollars);
	if (!regions || regions->kind != NODE_LIST || regions->count == 0) {
		draft.stock = regions && regions->kind == NODE_LIST ? STOCK_NO : STOCK_UNKNOWN;
		return book_take(import->book, import->file, &draft, err);
	}
	draft.stock = STOCK_YES;
	for (uint32_t i = 0; i < regions->count; i++) {
		draft.region = entry_text(&regions->items[i], "name");
		if (!book_take(import->book, import->file, &draft, err))
			return false;
	}
	return true;
}

static bool read_types(const struct import *import, struct error *err)
{
	return entries_each(import, places, 1, take, err);
}

const struct importer from_lambda = {
	.name = "lambda",
	.title = "instance types of Lambda, an answer of its API (JSON)",
	.claims = claims,
	.read = read_types,
};
