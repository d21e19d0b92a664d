#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "market/catalogue_parts.h"

enum gpu_column {
	GPU_NAME,
	GPU_TITLE,
	GPU_ALIASES,
	GPU_MEMORIES,
	GPU_FORMS,
	GPU_FLOOR,
	GPU_CEILING,
	GPU_TFLOPS,
	GPU_BANDWIDTH,
	GPU_POWER,
	GPU_RELEASED,
	GPU_SOURCE,
	GPU_COLUMN_COUNT,
};

static const char *const gpu_columns[] = {
	"name",        "title",        "aliases",         "memories_gb", "forms",    "floor_usd",
	"ceiling_usd", "dense_tflops", "memory_gb_per_s", "power_w",     "released", "source",
};
static_assert(sizeof(gpu_columns) / sizeof(gpu_columns[0]) == GPU_COLUMN_COUNT, "a name each");

enum product_column {
	PRODUCT_PROVIDER,
	PRODUCT_NAME,
	PRODUCT_GPU,
	PRODUCT_FORM,
	PRODUCT_MEMORY,
	PRODUCT_GPUS,
	PRODUCT_GBIT,
	PRODUCT_NETWORK,
	PRODUCT_SOURCE,
	PRODUCT_COLUMN_COUNT,
};

static const char *const product_columns[] = {
	"provider", "product",         "gpu",     "form",   "memory_gb",
	"gpus",     "node_gbit_per_s", "network", "source",
};
static_assert(sizeof(product_columns) / sizeof(product_columns[0]) == PRODUCT_COLUMN_COUNT,
	      "a name each");

enum provider_column {
	PROVIDER_NAME,
	PROVIDER_ALIASES,
	PROVIDER_TIER,
	PROVIDER_COLUMN_COUNT,
};

static const char *const provider_columns[] = { "name", "aliases", "tier" };
static_assert(sizeof(provider_columns) / sizeof(provider_columns[0]) == PROVIDER_COLUMN_COUNT,
	      "a name each");

static const struct table_words form_words = { form_names, FORM_COUNT };
static const struct table_words tier_words = { tier_names, TIER_COUNT };

static bool read_memory(struct span text, unsigned *ret_memory, enum form *ret_form)
{
	struct span size = { 0 };
	uint64_t memory;

	*ret_form = FORM_UNKNOWN;
	if (!span_cut(&text, ':', &size) || !span_to_u64(size, &memory) || memory == 0 ||
	    memory > UINT16_MAX)
		return false;
	*ret_memory = (unsigned)memory;
	return text.length == 0 || form_find(text, ret_form);
}

/* "80|94:nvl" */
static bool read_memories(const struct table_reader *reader, struct gpu_row *row, struct error *err)
{
	struct span rest = reader->cells[GPU_MEMORIES], one;
	unsigned count = 0;

	for (; span_cut(&rest, '|', &one); count++) {
		if (count == GPU_MEMORIES_MAXIMUM ||
		    !read_memory(one, &row->memories_gb[count], &row->memory_forms[count]))
			return table_fail(reader, GPU_MEMORIES, err,
					  "'%.*s' is no list of at most %d sizes in GB",
					  SPAN_ARGS(reader->cells[GPU_MEMORIES]),
					  GPU_MEMORIES_MAXIMUM);
	}
	return count > 0 || table_fail(reader, GPU_MEMORIES, err, "has to be filled in");
}

static bool read_forms(const struct table_reader *reader, struct gpu_row *row, struct error *err)
{
	struct span rest = reader->cells[GPU_FORMS], one;
	unsigned count = 0;
	enum form form = FORM_UNKNOWN;

	for (; span_cut(&rest, '|', &one); count++) {
		if (!form_find(one, &form) || form == FORM_UNKNOWN)
			return table_fail(reader, GPU_FORMS, err, "'%.*s' is no form",
					  SPAN_ARGS(one));
		row->forms |= 1u << form;
	}
	row->only_form = count == 1 ? form : FORM_UNKNOWN;
	return count > 0 || table_fail(reader, GPU_FORMS, err, "has to be filled in");
}

static bool read_band(const struct table_reader *reader, struct gpu_row *row, struct error *err)
{
	if (!nano_parse(reader->cells[GPU_FLOOR], &row->floor_nano) || row->floor_nano <= 0)
		return table_fail(reader, GPU_FLOOR, err, "has to be a price above 0");
	if (!nano_parse(reader->cells[GPU_CEILING], &row->ceiling_nano) ||
	    row->ceiling_nano <= row->floor_nano)
		return table_fail(reader, GPU_CEILING, err, "has to be a price above the floor");
	return true;
}

static bool read_gpu(const struct table_reader *reader, struct gpu_row *row, struct error *err)
{
	return table_required(reader, GPU_NAME, &row->name, err) &&
	       table_required(reader, GPU_TITLE, &row->title, err) &&
	       read_memories(reader, row, err) && read_forms(reader, row, err) &&
	       read_band(reader, row, err) &&
	       table_number(reader, GPU_TFLOPS, &row->dense_tflops, err) &&
	       table_number(reader, GPU_BANDWIDTH, &row->memory_gb_per_s, err) &&
	       table_number(reader, GPU_POWER, &row->power_w, err) &&
	       table_date(reader, GPU_RELEASED, &row->released, err);
}

/* Adds each spelling of the row, the name among them. */
static void add_aliases(const struct table_reader *reader, struct arena *arena,
			struct catalogue *catalogue)
{
	const struct span lists[] = { reader->cells[GPU_NAME], reader->cells[GPU_ALIASES] };

	for (unsigned i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct span rest = lists[i], one;

		while (span_cut(&rest, '|', &one)) {
			char word[SPELLING_MAXIMUM];
			size_t length = 0;

			if (!spelling_plain(one, word, &length) || length == 0)
				continue;
			catalogue->aliases[catalogue->alias_count++] = (struct gpu_alias){
				.text = { .at = arena_string(arena, (struct span){ word, length }),
					  .length = length },
				.gpu = (uint16_t)catalogue->gpu_count,
			};
		}
	}
}

static int compare_aliases(const void *left, const void *right)
{
	const struct gpu_alias *a = left;
	const struct gpu_alias *b = right;

	return span_compare(a->text, b->text);
}

static bool aliases_differ(const struct catalogue *catalogue, const char *file, struct error *err)
{
	for (size_t i = 1; i < catalogue->alias_count; i++) {
		const struct gpu_alias *alias = &catalogue->aliases[i];

		if (span_equal(alias[-1].text, alias->text))
			return fail(err, ERROR_CONFLICT, "%s: '%.*s' means %s and %s", file,
				    SPAN_ARGS(alias->text), catalogue->gpus[alias[-1].gpu].name,
				    catalogue->gpus[alias->gpu].name);
	}
	return true;
}

static bool read_gpus(struct span text, const char *file, struct arena *arena,
		      struct catalogue *catalogue, struct error *err)
{
	static const struct table_format format = { "assay/gpu/v1", gpu_columns, GPU_COLUMN_COUNT };
	struct table_reader reader;
	enum table_step step;

	if (!table_open(&reader, &format, file, text, arena, err))
		return false;

	size_t room = table_rows_at_most(&reader);
	catalogue->gpus = ARENA_ARRAY(arena, struct gpu_row, room);
	catalogue->aliases = ARENA_ARRAY(arena, struct gpu_alias, room * GPU_ALIASES_MAXIMUM);
	while ((step = table_next(&reader, err)) == TABLE_ROW) {
		if (catalogue->gpu_count == GPU_NONE)
			return fail(err, ERROR_LIMIT, "%s: more than %d GPUs", file, GPU_NONE);
		if (!read_gpu(&reader, &catalogue->gpus[catalogue->gpu_count], err))
			return false;
		size_t before = catalogue->alias_count;
		size_t most = 1;
		for (size_t i = 0; i < reader.cells[GPU_ALIASES].length; i++)
			most += reader.cells[GPU_ALIASES].at[i] == '|';
		if (most >= GPU_ALIASES_MAXIMUM)
			return table_fail(&reader, GPU_ALIASES, err, "more than %d spellings",
					  GPU_ALIASES_MAXIMUM - 1);
		add_aliases(&reader, arena, catalogue);
		assert(catalogue->alias_count - before <= GPU_ALIASES_MAXIMUM);
		catalogue->gpu_count++;
	}
	if (step == TABLE_FAULT)
		return false;
	if (catalogue->alias_count > 0)
		qsort(catalogue->aliases, catalogue->alias_count, sizeof(*catalogue->aliases),
		      compare_aliases);
	return aliases_differ(catalogue, file, err);
}

static bool find_gpu(const struct catalogue *catalogue, struct span name, uint16_t *ret_gpu)
{
	for (size_t i = 0; i < catalogue->gpu_count; i++) {
		if (span_is(name, catalogue->gpus[i].name)) {
			*ret_gpu = (uint16_t)i;
			return true;
		}
	}
	return false;
}

static bool read_product(const struct table_reader *reader, const struct catalogue *catalogue,
			 struct product_row *row, struct error *err)
{
	uint32_t memory = 0, gpus = 0;
	unsigned form = FORM_UNKNOWN;

	if (!table_required(reader, PRODUCT_PROVIDER, &row->provider, err) ||
	    !table_required(reader, PRODUCT_NAME, &row->product, err) ||
	    !table_word(reader, PRODUCT_FORM, &form_words, &form, err) ||
	    !table_u32(reader, PRODUCT_MEMORY, &memory, err) ||
	    !table_u32(reader, PRODUCT_GPUS, &gpus, err) ||
	    !table_number(reader, PRODUCT_GBIT, &row->node_gbit_per_s, err) ||
	    !table_required(reader, PRODUCT_SOURCE, &row->source, err))
		return false;
	if (!find_gpu(catalogue, reader->cells[PRODUCT_GPU], &row->gpu))
		return table_fail(reader, PRODUCT_GPU, err, "'%.*s' is not in the table of GPUs",
				  SPAN_ARGS(reader->cells[PRODUCT_GPU]));
	if (form != FORM_UNKNOWN && !(catalogue->gpus[row->gpu].forms & 1u << form))
		return table_fail(reader, PRODUCT_FORM, err, "the GPU does not come so");
	row->form = (enum form)form;
	row->memory_gb = memory;
	row->gpus = gpus;
	row->network = table_text(reader, PRODUCT_NETWORK);
	return true;
}

static int compare_products(const void *left, const void *right)
{
	const struct product_row *b = right;

	return product_compare(left, span_of(b->provider), span_of(b->product));
}

static bool read_products(struct span text, const char *file, struct arena *arena,
			  struct catalogue *catalogue, struct error *err)
{
	static const struct table_format format = { "assay/product/v1", product_columns,
						    PRODUCT_COLUMN_COUNT };
	struct table_reader reader;
	enum table_step step;

	if (!table_open(&reader, &format, file, text, arena, err))
		return false;
	catalogue->products = ARENA_ARRAY(arena, struct product_row, table_rows_at_most(&reader));
	while ((step = table_next(&reader, err)) == TABLE_ROW) {
		if (!read_product(&reader, catalogue,
				  &catalogue->products[catalogue->product_count], err))
			return false;
		catalogue->product_count++;
	}
	if (step == TABLE_FAULT)
		return false;
	if (catalogue->product_count > 0)
		qsort(catalogue->products, catalogue->product_count, sizeof(*catalogue->products),
		      compare_products);
	for (size_t i = 1; i < catalogue->product_count; i++) {
		const struct product_row *row = &catalogue->products[i];

		if (compare_products(row - 1, row) == 0)
			return fail(err, ERROR_CONFLICT, "%s: '%s' of %s stands twice", file,
				    row->product, row->provider);
	}
	return true;
}

static bool read_providers(struct span text, const char *file, struct arena *arena,
			   struct catalogue *catalogue, struct error *err)
{
	static const struct table_format format = { "assay/provider/v1", provider_columns,
						    PROVIDER_COLUMN_COUNT };
	struct table_reader reader;
	enum table_step step;

	if (!table_open(&reader, &format, file, text, arena, err))
		return false;
	catalogue->providers = ARENA_ARRAY(arena, struct provider_row, table_rows_at_most(&reader));
	while ((step = table_next(&reader, err)) == TABLE_ROW) {
		struct provider_row *row = &catalogue->providers[catalogue->provider_count];
		unsigned tier = TIER_UNKNOWN;

		if (!table_required(&reader, PROVIDER_NAME, &row->name, err) ||
		    !table_word(&reader, PROVIDER_TIER, &tier_words, &tier, err))
			return false;
		if (catalogue_provider(catalogue, span_of(row->name)))
			return table_fail(&reader, PROVIDER_NAME, err, "'%s' is named before",
					  row->name);
		row->aliases = table_text(&reader, PROVIDER_ALIASES);
		row->tier = (enum tier)tier;
		catalogue->provider_count++;
	}
	return step == TABLE_END;
}

bool catalogue_read(const struct span texts[3], const char *const files[3], struct arena *arena,
		    struct catalogue *ret_catalogue, struct error *err)
{
	struct catalogue catalogue = { 0 };

	if (!read_gpus(texts[0], files[0], arena, &catalogue, err) ||
	    !read_products(texts[1], files[1], arena, &catalogue, err) ||
	    !read_providers(texts[2], files[2], arena, &catalogue, err))
		return false;
	*ret_catalogue = catalogue;
	return true;
}
