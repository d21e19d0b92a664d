/*
 * What holds of an importer whatever the bytes: it ends, each row is kept or refused and counted, a
 * quote is within the bands of its GPU, and a fault is one line that begins with the file's name.
 * For targets, each of which includes it once.
 */
#pragma once

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "market/importers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const importing_files[3] = { "gpu.tsv", "product.tsv", "provider.tsv" };
static const char *const importing_tables[3] = {
	"# assay/gpu/v1\nname\ttitle\taliases\tmemories_gb\tforms\tfloor_usd\tceiling_usd\t"
	"dense_tflops\tmemory_gb_per_s\tpower_w\treleased\tsource\n"
	"a100\tNVIDIA A100\t\t40|80\tsxm|pcie\t0.05\t20\t312\t2039\t400\t\thttps://example.org\n"
	"h100\tNVIDIA "
	"H100\t\t80|94\tsxm|pcie|nvl\t0.3\t40\t989\t3350\t700\t\thttps://example.org\n",
	"# assay/product/v1\nprovider\tproduct\tgpu\tform\tmemory_gb\tgpus\tnode_gbit_per_s\t"
	"network\tsource\n"
	"azure\tStandard_ND96isr_H100_v5\th100\tsxm\t80\t8\t\t\thttps://example.org\n"
	"gcp\ta2-highgpu-1g\ta100\tsxm\t40\t1\t\t\thttps://example.org\n"
	"gcp\ta3-highgpu-8g\th100\tsxm\t80\t8\t\t\thttps://example.org\n",
	("# assay/provider/v1\nname\taliases\ttier\nazure\t\thyperscaler\ngcp\t\thyperscaler\n"
	 "lambda\tlambdalabs\tneocloud\nvast\t\tmarketplace\n"),
};

static bool importing_read(void *context, char *into, size_t room, size_t *ret_length,
			   struct error *err)
{
	struct span *rest = context;
	size_t length = rest->length < room ? rest->length : room;

	(void)err;
	if (length > 0)
		memcpy(into, rest->at, length);
	rest->at += length;
	rest->length -= length;
	*ret_length = length;
	return true;
}

static void importing_check_book(const struct book *book)
{
	uint64_t refused = 0;

	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		refused += book->refused[i].count;
	assert(book->refused[REFUSAL_NONE].count == 0);
	assert(book->rows == book->kept + refused && book->kept == book->count);
	for (size_t i = 0; i < book->count; i++) {
		const struct quote *quote = &book->quotes[i];
		const struct gpu_row *gpu = &book->catalogue->gpus[quote->gpu];

		assert(quote->gpu < book->catalogue->gpu_count && quote->gpus > 0);
		assert(quote->usd_nano >= gpu->floor_nano && quote->usd_nano <= gpu->ceiling_nano);
		assert(quote->provider != NAME_NONE && quote->observed <= quote->until);
		assert(!isinf(quote->performance) && !isinf(quote->reliability));
		assert(quote->rental > RENTAL_UNKNOWN && quote->rental < RENTAL_COUNT);
		(void)gpu;
	}
	(void)refused;
}

static void importing_check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strstr(err->text, "x/fuzz.json") && !strchr(err->text, '\n'));
	assert(span_is_utf8(span_of(err->text), NULL));
	(void)err;
}

static void importing_run(const struct importer *importer, const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct availability *regions = NULL;
	struct exchange exchange = { 0 };
	struct catalogue catalogue;
	struct span tables[3];
	struct error err = { .code = ERROR_NONE };
	SCOPED_ARENA(arena);
	SCOPED_ARENA(scratch);

	for (unsigned i = 0; i < 3; i++)
		tables[i] = span_of(importing_tables[i]);
	bool good = catalogue_read(tables, importing_files, &arena, &catalogue, NULL);
	assert(good);

	struct book book = { .catalogue = &catalogue, .exchange = &exchange, .now = INT64_MAX };
	const struct import import = {
		.book = &book,
		.regions = &regions,
		.file = "x/fuzz.json",
		.source = { .read = importing_read, .context = &text },
		.day = 20000,
		.arena = &scratch,
	};
	(void)importer->claims("x/fuzz.json", text);
	good = importer->read(&import, &err);
	if (!good)
		importing_check_error(&err);
	importing_check_book(&book);
	availability_free(regions);
	book_release(&book);
}
