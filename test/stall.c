#include "test/stall.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char gpus[] =
	"# assay/gpu/v1\n"
	"name\ttitle\taliases\tmemories_gb\tforms\tfloor_usd\tceiling_usd\tdense_tflops\t"
	"memory_gb_per_s\tpower_w\treleased\tsource\n"
	"a100\tNVIDIA A100\t\t40|80\tsxm|pcie\t0.05\t20\t312\t2039\t400\t\thttps://example.org\n"
	"a16\tNVIDIA A16\t\t16\tpcie\t0.01\t4\t\t\t\t\thttps://example.org\n"
	"h100\tNVIDIA "
	"H100\t\t80|94\tsxm|pcie|nvl\t0.3\t40\t989.4\t3350\t700\t\thttps://example.org\n"
	"l4\tNVIDIA L4\t\t24\tpcie\t0.03\t6\t\t\t\t\thttps://example.org\n"
	"v100\tNVIDIA V100\t\t16|32\tsxm|pcie\t0.01\t8\t\t\t\t\thttps://example.org\n";

static const char products[] =
	"# assay/product/v1\n"
	"provider\tproduct\tgpu\tform\tmemory_gb\tgpus\tnode_gbit_per_s\tnetwork\tsource\n"
	"azure\tStandard_NC40ads_H100_v5\th100\tnvl\t94\t1\t\t\thttps://example.org\n"
	"azure\tStandard_ND96isr_H100_v5\th100\tsxm\t80\t8\t3200\tinfiniband\thttps://example.org\n"
	"gcp\ta2-highgpu-1g\ta100\tsxm\t40\t1\t\t\thttps://example.org\n"
	"gcp\ta3-highgpu-1g\th100\tsxm\t80\t1\t\t\thttps://example.org\n"
	"gcp\ta3-highgpu-8g\th100\tsxm\t80\t8\t\t\thttps://example.org\n"
	"gcp\ta3-megagpu-8g\th100\tsxm\t80\t8\t\t\thttps://example.org\n";

static const char providers[] = "# assay/provider/v1\n"
				"name\taliases\ttier\n"
				"azure\t\thyperscaler\n"
				"gcp\t\thyperscaler\n"
				"lambda\tlambdalabs\tneocloud\n"
				"runpod\t\tneocloud\n"
				"vast\tvastai\tmarketplace\n";

static const char rates[] = "# assay/exchange/v1\n"
			    "date\tcurrency\tusd\tsource\n"
			    "2026-03-02\tEUR\t1.10\tecb\n";

void stall_open(struct stall *stall)
{
	static const char *const files[3] = { "gpu.tsv", "product.tsv", "provider.tsv" };
	const struct span texts[3] = { span_of(gpus), span_of(products), span_of(providers) };
	bool good = catalogue_read(texts, files, &stall->arena, &stall->catalogue, &stall->err) &&
		    exchange_read(span_of(rates), "exchange.tsv", &stall->arena, &stall->exchange,
				  &stall->err);

	if (!good)
		print_message("# %s\n", stall->err.text);
	assert_true(good);
	stall->book.catalogue = &stall->catalogue;
	stall->book.exchange = &stall->exchange;
	stall->book.now = INT64_MAX;
}

void stall_close(struct stall *stall)
{
	book_release(&stall->book);
	availability_free(stall->regions);
	arena_release(&stall->scratch);
	arena_release(&stall->arena);
}

static bool read_piece(void *context, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	struct span *rest = context;
	size_t length = rest->length < 7 ? rest->length : 7;

	(void)err;
	if (length > room)
		length = room;
	if (length > 0)
		memcpy(into, rest->at, length);
	rest->at += length;
	rest->length -= length;
	*ret_length = length;
	return true;
}

bool stall_read(struct stall *stall, const struct importer *importer, const char *file,
		const char *day, struct span text)
{
	struct import import = {
		.book = &stall->book,
		.regions = &stall->regions,
		.file = file,
		.source = { .read = read_piece, .context = &text },
		.day = DATE_NONE,
		.arena = &stall->scratch,
	};

	if (day && day[0] != '\0')
		assert_true(date_parse(span_of(day), &import.day));
	arena_clear(&stall->scratch);
	stall->err = (struct error){ 0 };
	return importer->read(&import, &stall->err);
}

void stall_take(struct stall *stall, const struct importer *importer, const char *file,
		const char *day, const char *text)
{
	bool good = stall_read(stall, importer, file, day, span_of(text));

	if (!good)
		print_message("# %s\n", stall->err.text);
	assert_true(good);
}

uint64_t stall_refused(const struct stall *stall, enum refusal why)
{
	return stall->book.refused[why].count;
}

void stall_expect(const struct stall *stall, uint64_t kept, enum refusal why, uint64_t refused)
{
	for (unsigned i = 0; i < REFUSAL_COUNT; i++) {
		if (stall->book.refused[i].count > 0)
			print_message("# refused %u as %s\n",
				      (unsigned)stall->book.refused[i].count, refusal_names[i]);
	}
	assert_int_equal(stall->book.kept, kept);
	assert_int_equal(stall->book.refused[why].count, refused);
	assert_int_equal(stall->book.rows, kept + refused);
}

const struct quote *stall_quote(const struct stall *stall, size_t n)
{
	assert_true(n < stall->book.count);
	return &stall->book.quotes[n];
}

const char *stall_name(struct stall *stall, name_t name)
{
	return arena_string(&stall->arena, quote_name(&stall->book, name));
}

void stall_expect_usd(const struct quote *quote, double usd)
{
	assert_int_equal(llround(quote_usd(quote) * 10000), llround(usd * 10000));
}

void stall_expect_claim(const struct importer *importer, const char *file, const char *text)
{
	assert_ptr_equal(importer_for(file, span_of(text)), importer);
}
