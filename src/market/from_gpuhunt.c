#include "market/cell.h"
#include "market/importers.h"

enum column {
	INSTANCE_NAME,
	LOCATION,
	PRICE,
	GPU_COUNT,
	GPU_NAME,
	SPOT,
	GPU_MEMORY,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	[INSTANCE_NAME] = "instance_name", [LOCATION] = "location", [PRICE] = "price",
	[GPU_COUNT] = "gpu_count",         [GPU_NAME] = "gpu_name", [SPOT] = "spot",
	[GPU_MEMORY] = "gpu_memory",
};

static const struct csv_form form = {
	.separator = ',',
	.columns = columns,
	.column_count = COLUMNS,
	.required = SPOT + 1,
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return csv_claims(&form, head);
}

static enum rental rental_of(struct span spot)
{
	if (span_is(spot, "True") || span_is(spot, "true"))
		return RENTAL_SPOT;
	if (span_is(spot, "False") || span_is(spot, "false"))
		return RENTAL_ON_DEMAND;
	return RENTAL_UNKNOWN;
}

static bool take(const struct csv_reader *reader, void *context, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	(void)context;
	draft_init(&draft);
	draft.provider = file_stem(import->file);
	draft.product = csv_cell(reader, INSTANCE_NAME);
	draft.gpu = csv_cell(reader, GPU_NAME);
	draft.region = csv_cell(reader, LOCATION);
	draft.memory_mb = cell_gib(csv_cell(reader, GPU_MEMORY));
	cell_gpus(csv_cell(reader, GPU_COUNT), &draft);
	draft.rental = rental_of(csv_cell(reader, SPOT));
	draft.price = csv_cell(reader, PRICE);
	draft.currency = SPAN("USD");
	draft.includes = draft.told = INCLUDES_HOST;
	draft.source = SPAN("https://github.com/dstackai/gpuhunt");
	draft.line = reader->lines.line;
	draft.observed = cell_day(import->day);
	if (draft.gpu.length == 0 && draft.gpus == 0 && !draft.fraction)
		draft.refused = REFUSAL_NO_GPU;
	return book_take(import->book, import->file, &draft, err);
}

static bool read_catalogue(const struct import *import, struct error *err)
{
	return csv_each(&form, import, take, NULL, err);
}

const struct importer from_gpuhunt = {
	.name = "gpuhunt",
	.title = "catalogue of gpuhunt, one provider a file (CSV)",
	.claims = claims,
	.read = read_catalogue,
};
