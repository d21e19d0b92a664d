#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"

/* {"data": {"gpuTypes": [ … ]}}: the answer to a query in GraphQL. */
static const struct entry_place places[] = { { .key = "data", .lists = 2 } };

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"gpuTypes\"") && span_holds(head, "\"memoryInGb\"");
}

/* Four prices of one GPU. The community's machines are of many owners, which is another product;
 * rented on demand they are not taken away. */
static const struct {
	const char *key, *product;
	enum rental rental;
} prices[] = {
	{ "securePrice", "secure", RENTAL_ON_DEMAND },
	{ "communityPrice", "community", RENTAL_ON_DEMAND },
	{ "secureSpotPrice", "secure", RENTAL_SPOT },
	{ "communitySpotPrice", "community", RENTAL_SPOT },
};

static enum stock stock_of(const struct node *type)
{
	struct span said = entry_text(node_find(type, "lowestPrice"), "stockStatus");
	enum stock stock;

	if (span_is(said, "High") || span_is(said, "Medium"))
		return STOCK_YES;
	return stock_find(said, &stock) ? stock : STOCK_UNKNOWN;
}

static void fill(const struct entry_reader *reader, const struct node *type, struct draft *draft)
{
	draft_init(draft);
	draft->provider = SPAN("runpod");
	draft->gpu = entry_text(type, "id");
	draft->memory_mb = cell_gib(entry_text(type, "memoryInGb"));
	draft->gpus = 1;
	draft->price_of = PRICE_OF_GPU;
	draft->currency = SPAN("USD");
	draft->includes = draft->told = INCLUDES_HOST;
	draft->stock = stock_of(type);
	draft->source = SPAN("https://api.runpod.io/graphql");
	draft->line = reader->line;
	draft->observed = cell_day(reader->import->day);
}

/* A price that was not asked for is no row; one that is null is. */
static bool take(const struct entry_reader *reader, const struct node *type, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	fill(reader, type, &draft);
	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
		if (!node_find(type, prices[i].key))
			continue;
		draft.product = span_of(arena_format(import->arena, "%.*s %s", SPAN_ARGS(draft.gpu),
						     prices[i].product));
		draft.rental = prices[i].rental;
		draft.price = entry_text(type, prices[i].key);
		if (!book_take(import->book, import->file, &draft, err))
			return false;
	}
	return true;
}

static bool read_types(const struct import *import, struct error *err)
{
	return entries_each(import, places, 1, take, err);
}

const struct importer from_runpod = {
	.name = "runpod",
	.title = "GPU types of RunPod, an answer of its API (JSON)",
	.claims = claims,
	.read = read_types,
};
