#include "market/cell.h"
#include "market/importers.h"
#include "market/moment.h"

enum column {
	SOURCE,
	GPU_MODEL,
	PRICE_OF_ONE,
	PRICE_TYPE,
	VM_PRICE,
	GPUS_PER_VM,
	REGION,
	SKU,
	COLLECTED,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	[SOURCE] = "source",
	[GPU_MODEL] = "gpu_model",
	[PRICE_OF_ONE] = "price_per_gpu_hr",
	[PRICE_TYPE] = "price_type",
	[VM_PRICE] = "vm_price_hr",
	[GPUS_PER_VM] = "gpus_per_vm",
	[REGION] = "region",
	[SKU] = "sku",
	[COLLECTED] = "collected_utc",
};

static const struct csv_form form = {
	.separator = ',',
	.columns = columns,
	.column_count = COLUMNS,
	.required = PRICE_TYPE + 1,
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return csv_claims(&form, head);
}

/* RunPod's "secure" and "community" are both rented until they are given back; what can be taken
 * away says "spot" beside it. */
static const struct {
	const char *word;
	enum rental rental;
} price_types[] = {
	{ "on_demand", RENTAL_ON_DEMAND }, { "secure", RENTAL_ON_DEMAND },
	{ "community", RENTAL_ON_DEMAND }, { "spot", RENTAL_SPOT },
	{ "spot_posted", RENTAL_SPOT },    { "secure_spot", RENTAL_SPOT },
	{ "community_spot", RENTAL_SPOT },
};

static enum rental rental_of(struct span word)
{
	for (size_t i = 0; i < sizeof(price_types) / sizeof(price_types[0]); i++) {
		if (span_is(word, price_types[i].word))
			return price_types[i].rental;
	}
	return RENTAL_UNKNOWN;
}

/* Google's billing catalogue prices GPU, processor and memory each by a code of its own,
 * "D4E2-451A-15B9"; a machine's price has the machine's name. */
static bool is_billing_code(struct span sku)
{
	enum {
		GROUP = 4,
		LENGTH = 3 * GROUP + 2,
	};

	if (sku.length != LENGTH)
		return false;
	for (size_t i = 0; i < LENGTH; i++) {
		char c = sku.at[i];
		bool joint = i % (GROUP + 1) == GROUP;

		if (joint ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')))
			return false;
	}
	return true;
}

/* A machine of the provider's own and one of its community are two products. */
static struct span product_of(const struct csv_reader *reader)
{
	struct span sku = csv_cell(reader, SKU);

	if (!span_starts(csv_cell(reader, PRICE_TYPE), "community"))
		return sku;
	return span_of(arena_format(reader->import->arena, "%.*s community", SPAN_ARGS(sku)));
}

static void fill_price(const struct csv_reader *reader, struct draft *draft)
{
	draft->price = csv_cell(reader, VM_PRICE);
	cell_gpus(csv_cell(reader, GPUS_PER_VM), draft);
	draft->component = is_billing_code(csv_cell(reader, SKU));
	if (draft->price.length > 0)
		return;
	draft->price = csv_cell(reader, PRICE_OF_ONE);
	draft->price_of = PRICE_OF_GPU;
	if (draft->gpus == 0 && csv_cell(reader, GPUS_PER_VM).length == 0)
		draft->gpus = 1;
}

static bool take(const struct csv_reader *reader, void *context, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	(void)context;
	draft_init(&draft);
	draft.provider = csv_cell(reader, SOURCE);
	draft.product = product_of(reader);
	draft.gpu = csv_cell(reader, GPU_MODEL);
	draft.region = csv_cell(reader, REGION);
	draft.rental = rental_of(csv_cell(reader, PRICE_TYPE));
	fill_price(reader, &draft);
	draft.currency = SPAN("USD");
	draft.source = SPAN("https://github.com/ccir-index/cri-h100");
	draft.licence = SPAN("CC-BY-4.0");
	draft.line = reader->lines.line;
	/* The effective date is since when the price holds, not when it was seen. */
	if (!moment_parse(csv_cell(reader, COLLECTED), &draft.observed))
		draft.observed = cell_day(import->day);
	return book_take(import->book, import->file, &draft, err);
}

static bool read_rates(const struct import *import, struct error *err)
{
	return csv_each(&form, import, take, NULL, err);
}

const struct importer from_cri_rates = {
	.name = "cri-rates",
	.title = "rate cards beside the CRI-H100 index (CSV)",
	.claims = claims,
	.read = read_rates,
};
