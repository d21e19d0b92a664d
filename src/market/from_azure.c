#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"

/* A page of the answer, or the items of several pages in one list. */
static const struct entry_place places[] = {
	{ .key = "Items", .lists = 1 },
	{ .key = "", .lists = 1 },
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"retailPrice\"") && span_holds(head, "\"armSkuName\"");
}

static const struct {
	const char *word;
	uint16_t months;
} terms[] = {
	{ "1 Year", 12 },
	{ "3 Years", 36 },
	{ "5 Years", 60 },
};

/* 0 for a term that is not known: the book refuses it. */
static uint16_t months_of(struct span term)
{
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		if (span_is(term, terms[i].word))
			return terms[i].months;
	}
	return 0;
}

static const struct {
	const char *word;
	enum price_unit unit;
} units[] = {
	{ "1 Hour", UNIT_HOUR }, { "1/Hour", UNIT_HOUR },   { "1 Day", UNIT_DAY },
	{ "1/Day", UNIT_DAY },   { "1 Month", UNIT_MONTH }, { "1/Month", UNIT_MONTH },
};

static void fill_unit(const struct node *item, struct draft *draft)
{
	struct span said = entry_text(item, "unitOfMeasure");

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (span_is(said, units[i].word)) {
			draft->unit = units[i].unit;
			return;
		}
	}
	if (draft->refused == REFUSAL_NONE)
		draft->refused = REFUSAL_UNIT_UNKNOWN;
}

/* A reservation is said to be of "1 Hour" and is the price of the whole term. */
static void fill_rental(const struct node *item, struct draft *draft)
{
	struct span type = entry_text(item, "type"), meter = entry_text(item, "meterName");

	if (span_is(type, "Reservation")) {
		draft->rental = RENTAL_CONTRACT;
		draft->term_months = months_of(entry_text(item, "reservationTerm"));
		draft->unit = UNIT_TERM;
		return;
	}
	fill_unit(item, draft);
	if (!span_is(type, "Consumption"))
		draft->rental = RENTAL_UNKNOWN;
	else if (span_holds(meter, "Spot") || span_holds(meter, "Low Priority"))
		draft->rental = RENTAL_SPOT;
	else
		draft->rental = RENTAL_ON_DEMAND;
}

/* What a machine is made of stands in the table of products alone. Machines with GPUs are those of
 * the N series. */
static enum refusal judge_product(const struct import *import, const struct node *item)
{
	struct span product = entry_text(item, "armSkuName");

	if (catalogue_product(import->book->catalogue, SPAN("azure"), product))
		return REFUSAL_NONE;
	return span_starts(product, "Standard_N") ? REFUSAL_GPU_UNKNOWN : REFUSAL_NO_GPU;
}

static void fill(const struct entry_reader *reader, const struct node *item, struct draft *draft)
{
	draft_init(draft);
	draft->provider = SPAN("azure");
	draft->product = entry_text(item, "armSkuName");
	draft->region = entry_text(item, "armRegionName");
	draft->currency = entry_text(item, "currencyCode");
	if (draft->currency.length == 0)
		draft->currency = entry_text(reader->head, "BillingCurrency");
	draft->includes = draft->told = INCLUDES_HOST;
	draft->source = SPAN("https://prices.azure.com/api/retail/prices");
	draft->line = reader->line;
	draft->observed = cell_day(reader->import->day);
	draft->refused = judge_product(reader->import, item);
	if (draft->refused == REFUSAL_NONE &&
	    span_holds(entry_text(item, "productName"), "Windows"))
		draft->refused = REFUSAL_SOFTWARE;
}

/* An hour of a machine under a plan that commits to a sum for a term. */
static bool take_plan(const struct import *import, const struct draft *item,
		      const struct node *plan, struct error *err)
{
	struct draft draft = *item;

	draft.rental = RENTAL_CONTRACT;
	draft.term_months = months_of(entry_text(plan, "term"));
	draft.price = entry_text(plan, "retailPrice");
	return book_take(import->book, import->file, &draft, err);
}

static bool take(const struct entry_reader *reader, const struct node *item, struct error *err)
{
	const struct import *import = reader->import;
	const struct node *plans = node_find(item, "savingsPlan");
	struct draft draft;

	fill(reader, item, &draft);
	fill_rental(item, &draft);
	draft.price = entry_text(item, "retailPrice");
	if (!book_take(import->book, import->file, &draft, err))
		return false;
	for (uint32_t i = 0; plans && plans->kind == NODE_LIST && i < plans->count; i++) {
		if (!take_plan(import, &draft, &plans->items[i], err))
			return false;
	}
	return true;
}

static void count_page(const struct entry_reader *reader)
{
	struct book *book = reader->import->book;

	book->pages++;
	book->pages_followed += entry_text(reader->head, "NextPageLink").length > 0;
}

static bool read_prices(const struct import *import, struct error *err)
{
	struct entry_reader reader;
	bool fine = entries_open(&reader, import, places, sizeof(places) / sizeof(places[0]), err);

	if (fine) {
		count_page(&reader);
		fine = entries_rest(&reader, take, err);
	}
	entries_close(&reader);
	return fine;
}

const struct importer from_azure = {
	.name = "azure",
	.title = "retail prices of Azure, a page of its API (JSON)",
	.claims = claims,
	.read = read_prices,
};
