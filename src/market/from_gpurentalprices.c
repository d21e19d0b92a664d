#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"
#include "market/moment.h"

static const struct entry_place places[] = { { .key = "offers", .lists = 1 } };

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"offers\"") && span_holds(head, "\"usd_hr\"");
}

/* The source itself calls "community" what can be taken away, beside spot. */
static const struct {
	const char *word;
	enum rental rental;
} kinds[] = {
	{ "secure", RENTAL_ON_DEMAND },
	{ "on-demand", RENTAL_ON_DEMAND },
	{ "spot", RENTAL_SPOT },
	{ "community", RENTAL_SPOT },
	{ "serverless", RENTAL_SERVERLESS },
};

static enum rental rental_of(struct span kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (span_is(kind, kinds[i].word))
			return kinds[i].rental;
	}
	return RENTAL_UNKNOWN;
}

/* Of the file: as it says, else as its name says. */
static date_t file_day(const struct entry_reader *reader)
{
	date_t day;

	if (date_parse(entry_text(reader->head, "date"), &day))
		return day;
	return reader->import->day;
}

/* When the source could not be read, its rows are those of an earlier day, with their time. */
static void fill_time(const struct entry_reader *reader, const struct node *entry,
		      struct draft *draft)
{
	int64_t day = cell_day(file_day(reader));

	if (!moment_parse(entry_text(entry, "fetched_at"), &draft->observed))
		draft->observed = day;
	else if (day != 0 && draft->observed < day)
		draft->refused = REFUSAL_CARRIED;
}

static bool take(const struct entry_reader *reader, const struct node *entry, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	draft_init(&draft);
	draft.provider = entry_text(entry, "provider");
	draft.product = entry_text(entry, "gpu");
	draft.gpu = entry_text(entry, "gpu");
	draft.memory_mb = cell_gib(entry_text(entry, "vram_gb"));
	cell_gpus(entry_text(entry, "min_gpus"), &draft);
	draft.minimum_gpus = draft.gpus;
	if (entry_text(entry, "min_gpus").length == 0)
		draft.gpus = 1;
	draft.rental = rental_of(entry_text(entry, "kind"));
	draft.price = entry_text(entry, "usd_hr");
	draft.price_of = PRICE_OF_GPU;
	draft.currency = SPAN("USD");
	draft.told = INCLUDES_STORAGE | INCLUDES_NETWORK | INCLUDES_EGRESS;
	draft.source = entry_text(entry, "source_url");
	draft.licence = SPAN("CC-BY-4.0");
	draft.line = reader->line;
	fill_time(reader, entry, &draft);
	return book_take(import->book, import->file, &draft, err);
}

static bool read_offers(const struct import *import, struct error *err)
{
	return entries_each(import, places, 1, take, err);
}

const struct importer from_gpurentalprices = {
	.name = "gpurentalprices",
	.title = "daily snapshot of gpurentalprices.com (JSON)",
	.claims = claims,
	.read = read_offers,
};
