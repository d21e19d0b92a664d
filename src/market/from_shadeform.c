#include "market/cell.h"
#include "market/entries.h"
#include "market/importers.h"

static const struct entry_place places[] = { { .key = "instance_types", .lists = 1 } };

static bool claims(const char *file, struct span head)
{
	(void)file;
	return span_holds(head, "\"instance_types\"") &&
	       span_holds(head, "\"shade_instance_type\"");
}

static uint16_t boot_seconds(const struct node *type)
{
	double seconds = entry_number(node_find(type, "boot_time"), "max_boot_in_sec");

	return seconds > 0 && seconds <= UINT16_MAX ? (uint16_t)seconds : 0;
}

static void fill(const struct entry_reader *reader, const struct node *type, struct draft *draft)
{
	const struct node *made_of = node_find(type, "configuration");

	draft_init(draft);
	draft->provider = entry_text(type, "cloud");
	draft->product = entry_text(type, "cloud_instance_type");
	if (draft->product.length == 0)
		draft->product = entry_text(type, "shade_instance_type");
	draft->gpu = entry_text(made_of, "gpu_type");
	draft->form = entry_text(made_of, "interconnect");
	draft->memory_mb = cell_gib(entry_text(made_of, "vram_per_gpu_in_gb"));
	cell_gpus(entry_text(made_of, "num_gpus"), draft);
	draft->nvlink = entry_is_true(made_of, "nvlink");
	draft->nvlink_told = draft->nvlink || entry_is_false(made_of, "nvlink");
	draft->rental = RENTAL_ON_DEMAND;
	draft->currency = SPAN("USD");
	draft->includes = draft->told = INCLUDES_HOST;
	draft->boot_s = boot_seconds(type);
	draft->source = SPAN("https://api.shadeform.ai/v1/instances/types");
	draft->line = reader->line;
	draft->observed = cell_day(reader->import->day);
}

/* A row for each region; one that is sold out is a quote without stock. */
static bool take_regions(const struct import *import, const struct draft *type,
			 const struct node *regions, struct error *err)
{
	struct draft draft = *type;

	for (uint32_t i = 0; i < regions->count; i++) {
		const struct node *region = &regions->items[i];

		draft.region = entry_text(region, "region");
		draft.stock = STOCK_UNKNOWN;
		if (entry_is_true(region, "available"))
			draft.stock = STOCK_YES;
		else if (entry_is_false(region, "available"))
			draft.stock = STOCK_NO;
		if (!book_take(import->book, import->file, &draft, err))
			return false;
	}
	return true;
}

static bool take(const struct entry_reader *reader, const struct node *type, struct error *err)
{
	const struct import *import = reader->import;
	const struct node *regions = node_find(type, "availability");
	char dollars[MONEY_TEXT_SIZE];
	struct draft draft;

	fill(reader, type, &draft);
	draft.price = cell_cents(entry_text(type, "hourly_price"), dollars);
	if (regions && regions->kind == NODE_LIST && regions->count > 0)
		return take_regions(import, &draft, regions, err);
	return book_take(import->book, import->file, &draft, err);
}

static bool read_types(const struct import *import, struct error *err)
{
	return entries_each(import, places, 1, take, err);
}

const struct importer from_shadeform = {
	.name = "shadeform",
	.title = "instance types of Shadeform, an answer of its API (JSON)",
	.claims = claims,
	.read = read_types,
};
