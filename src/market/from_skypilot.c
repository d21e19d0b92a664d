#include "market/cell.h"
#include "market/importers.h"

enum column {
	INSTANCE_TYPE,
	ACCELERATOR,
	COUNT,
	PRICE,
	SPOT_PRICE,
	GPU_INFO,
	REGION,
	COLUMNS,
};

static const char *const columns[COLUMNS] = {
	[INSTANCE_TYPE] = "InstanceType",
	[ACCELERATOR] = "AcceleratorName",
	[COUNT] = "AcceleratorCount",
	[PRICE] = "Price",
	[SPOT_PRICE] = "SpotPrice",
	[GPU_INFO] = "GpuInfo",
	[REGION] = "Region",
};

static const struct csv_form form = {
	.separator = ',',
	.columns = columns,
	.column_count = COLUMNS,
	.required = PRICE + 1,
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return csv_claims(&form, head);
}

/* Shadeform sells for others: their name stands before the machine's, "hyperstack_A6000x2". */
static struct span provider_of(const struct csv_reader *reader)
{
	struct span folder = file_folder(reader->import->file), name;
	struct span product = csv_cell(reader, INSTANCE_TYPE);

	if (span_is(folder, "shadeform") && span_cut(&product, '_', &name) && product.length > 0)
		return name;
	return folder;
}

/* The number behind 'SizeInMiB': in what is a dictionary of Python written out. */
static uint64_t memory_of(struct span info)
{
	static const char mark[] = "'SizeInMiB': ";
	size_t start = span_find(info, mark), end;

	if (start == SIZE_MAX)
		return 0;
	start += sizeof(mark) - 1;
	for (end = start; end < info.length; end++) {
		char c = info.at[end];

		if ((c < '0' || c > '9') && c != '.')
			break;
	}
	return cell_mib((struct span){ .at = info.at + start, .length = end - start });
}

/* Google's rows come in two kinds, which have to be added to make a price: a machine without its
 * GPUs, though its name is one of a machine that has them, and GPUs without a machine. */
static void judge_parts(const struct csv_reader *reader, struct draft *draft)
{
	const struct catalogue *catalogue = reader->import->book->catalogue;

	if (draft->gpu.length > 0) {
		draft->component = draft->product.length == 0;
		return;
	}
	if (catalogue_product(catalogue, draft->provider, draft->product))
		draft->component = true;
	else
		draft->refused = REFUSAL_NO_GPU;
}

static bool take(const struct csv_reader *reader, void *context, struct error *err)
{
	const struct import *import = reader->import;
	struct draft draft;

	(void)context;
	draft_init(&draft);
	draft.provider = provider_of(reader);
	draft.product = csv_cell(reader, INSTANCE_TYPE);
	draft.gpu = csv_cell(reader, ACCELERATOR);
	draft.region = csv_cell(reader, REGION);
	draft.memory_mb = memory_of(csv_cell(reader, GPU_INFO));
	cell_gpus(csv_cell(reader, COUNT), &draft);
	draft.currency = SPAN("USD");
	draft.includes = draft.told = INCLUDES_HOST;
	draft.source = SPAN("https://github.com/skypilot-org/skypilot-catalog");
	draft.line = reader->lines.line;
	draft.observed = cell_day(import->day);
	judge_parts(reader, &draft);

	draft.rental = RENTAL_ON_DEMAND;
	draft.price = csv_cell(reader, PRICE);
	if (!book_take(import->book, import->file, &draft, err))
		return false;
	draft.rental = RENTAL_SPOT;
	draft.price = csv_cell(reader, SPOT_PRICE);
	return book_take(import->book, import->file, &draft, err);
}

static bool read_catalogue(const struct import *import, struct error *err)
{
	return csv_each(&form, import, take, NULL, err);
}

const struct importer from_skypilot = {
	.name = "skypilot",
	.title = "catalogue of SkyPilot, catalogs/v8/PROVIDER/vms.csv",
	.claims = claims,
	.read = read_catalogue,
};
