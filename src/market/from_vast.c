#include <math.h>

#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"
#include "market/moment.h"

/* The answer of the programming interface, and the archive of the CRI index, which keeps one answer
 * for each GPU. */
static const struct entry_place places[] = {
	{ .key = "offers", .lists = 1 },
	{ .key = "offers_by_model", .lists = 2 },
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"offers") &&
	       (span_holds(head, "\"dph_total\"") || span_holds(head, "\"ask_contract_id\""));
}

static enum stock stock_of(const struct node *offer)
{
	if (entry_is_true(offer, "rented") || entry_is_false(offer, "rentable"))
		return STOCK_NO;
	return entry_is_true(offer, "rentable") || entry_is_false(offer, "rented") ? STOCK_YES
										   : STOCK_UNKNOWN;
}

/* The score is of all GPUs of the offer; no link between them that was measured says nothing, as a
 * single GPU has none. */
static void fill_measured(const struct node *offer, struct draft *draft)
{
	double score = entry_number(offer, "dlperf");

	if (draft->gpus > 0 && score > 0)
		draft->performance = score / draft->gpus;
	draft->reliability = entry_number(offer, "reliability2");
	if (isnan(draft->reliability))
		draft->reliability = entry_number(offer, "reliability");
	draft->nvlink = entry_number(offer, "bw_nvlink") > 0;
	draft->nvlink_told = draft->nvlink;
}

static void fill_time(const struct entry_reader *reader, struct draft *draft)
{
	if (!moment_parse(entry_text(reader->head, "collected_utc"), &draft->observed))
		draft->observed = cell_day(reader->import->day);
}

static void fill(const struct entry_reader *reader, const struct node *offer, struct draft *draft)
{
	draft_init(draft);
	draft->provider = SPAN("vast");
	draft->product = entry_text(offer, "gpu_name");
	draft->gpu = draft->product;
	draft->region = entry_text(offer, "geolocation");
	draft->memory_mb = cell_mib(entry_text(offer, "gpu_ram"));
	cell_gpus(entry_text(offer, "num_gpus"), draft);
	draft->currency = SPAN("USD");
	draft->includes = draft->told = INCLUDES_HOST;
	draft->stock = stock_of(offer);
	draft->storage_price = entry_text(offer, "storage_cost");
	draft->egress_price = entry_text(offer, "inet_up_cost");
	draft->machine = entry_text(offer, "machine_id");
	draft->host = entry_text(offer, "host_id");
	draft->source = SPAN("https://console.vast.ai/api/v0/bundles/");
	draft->line = reader->line;
	fill_measured(offer, draft);
	fill_time(reader, draft);
}

/* Two rows of an offer: what it costs until it is given back, and the least that has to be bid for
 * it, which can be outbid. The answer to a search for bids has only the second, in the place of the
 * first. */
static bool take(const struct entry_reader *reader, const struct node *offer, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	fill(reader, offer, &draft);
	draft.bid = entry_is_true(offer, "is_bid");
	draft.rental = draft.bid ? RENTAL_SPOT : RENTAL_ON_DEMAND;
	draft.price = entry_text(offer, "dph_total");
	if (!book_take(import->book, import->file, &draft, err))
		return false;
	if (draft.bid || entry_text(offer, "min_bid").length == 0)
		return true;
	draft.bid = true;
	draft.rental = RENTAL_SPOT;
	draft.price = entry_text(offer, "min_bid");
	return book_take(import->book, import->file, &draft, err);
}

static bool read_offers(const struct import *import, struct error *err)
{
	return entries_each(import, places, sizeof(places) / sizeof(places[0]), take, err);
}

const struct importer from_vast = {
	.name = "vast",
	.title = "offers of Vast.ai: an answer of its API or CRI's archive (JSON)",
	.claims = claims,
	.read = read_offers,
};
