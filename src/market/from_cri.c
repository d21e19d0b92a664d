#include "market/cell.h"
#include "market/importers.h"
#include "market/moment.h"

enum column {
	LISTING_ID,
	GPU_NAME,
	NUM_GPUS,
	DPH_TOTAL,
	RELIABILITY,
	GEOLOCATION,
	GPU_RAM,
	COLLECTED,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	[LISTING_ID] = "listing_id", [GPU_NAME] = "gpu_name",       [NUM_GPUS] = "num_gpus",
	[DPH_TOTAL] = "dph_total",   [RELIABILITY] = "reliability", [GEOLOCATION] = "geolocation",
	[GPU_RAM] = "gpu_ram_gb",    [COLLECTED] = "collected_utc",
};

static const struct csv_form form = {
	.separator = ',',
	.columns = columns,
	.column_count = COLUMNS,
	.required = DPH_TOTAL + 1,
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return csv_claims(&form, head);
}

/* The listings are those that were not rented. They have no identifier of the machine, so that each
 * counts as one of its own; the archive of all offers (importer vast) has it. */
static bool take(const struct csv_reader *reader, void *context, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	(void)context;
	draft_init(&draft);
	draft.provider = SPAN("vast");
	draft.product = csv_cell(reader, GPU_NAME);
	draft.gpu = csv_cell(reader, GPU_NAME);
	draft.region = csv_cell(reader, GEOLOCATION);
	/* The column says GB and holds MiB: 81559 is an H100's memory as its driver reports it. */
	draft.memory_mb = cell_mib(csv_cell(reader, GPU_RAM));
	cell_gpus(csv_cell(reader, NUM_GPUS), &draft);
	draft.rental = RENTAL_ON_DEMAND;
	draft.price = csv_cell(reader, DPH_TOTAL);
	draft.currency = SPAN("USD");
	draft.includes = draft.told = INCLUDES_HOST;
	draft.stock = STOCK_YES;
	draft.reliability = cell_number(csv_cell(reader, RELIABILITY));
	draft.machine = csv_cell(reader, LISTING_ID);
	draft.source = SPAN("https://github.com/ccir-index/cri-h100");
	draft.licence = SPAN("CC-BY-4.0");
	draft.line = reader->lines.line;
	if (!moment_parse(csv_cell(reader, COLLECTED), &draft.observed))
		draft.observed = cell_day(import->day);
	return book_take(import->book, import->file, &draft, err);
}

static bool read_listings(const struct import *import, struct error *err)
{
	return csv_each(&form, import, take, NULL, err);
}

const struct importer from_cri = {
	.name = "cri",
	.title = "daily listings of the CRI-H100 index (Vast.ai, CSV)",
	.claims = claims,
	.read = read_listings,
};
