#include "fuzz/shelf.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "market/book_write.h"
#include "market/importers.h"

enum {
	PIECE = 61,
	A_DAY = 20000,
};

static const char file[] = "x/fuzz.json";

static const char gpus[] =
	"# assay/gpu/v1\n"
	"name\ttitle\taliases\tmemories_gb\tforms\tfloor_usd\tceiling_usd\tdense_tflops\t"
	"memory_gb_per_s\tpower_w\treleased\tsource\n"
	"a100\tNVIDIA A100\t\t40|80\tsxm|pcie\t0.05\t20\t312\t2039\t400\t\tu\n"
	"h100\tNVIDIA H100\tgh100\t80|94:nvl\tsxm|pcie|nvl\t0.3\t40\t989.4\t3350\t700\t\tu\n"
	"rtx-6000-ada\tNVIDIA RTX 6000 Ada\t6000ada\t48\tpcie\t0.08\t10\t\t\t\t\tu\n";

static const char products[] =
	"# assay/product/v1\n"
	"provider\tproduct\tgpu\tform\tmemory_gb\tgpus\tnode_gbit_per_s\tnetwork\tsource\n"
	"aws\tp5.48xlarge\th100\tsxm\t80\t8\t3200\tefa\tu\n"
	"azure\tStandard_ND96isr_H100_v5\th100\tsxm\t80\t8\t\t\tu\n"
	"gcp\ta2-highgpu-1g\ta100\tsxm\t40\t1\t\t\tu\n"
	"gcp\ta3-highgpu-8g\th100\tsxm\t80\t8\t\t\tu\n";

static const char providers[] = "# assay/provider/v1\n"
				"name\taliases\ttier\n"
				"aws\tamazon\thyperscaler\n"
				"azure\t\thyperscaler\n"
				"gcp\t\thyperscaler\n"
				"lambda\tlambdalabs\tneocloud\n"
				"vast\t\tmarketplace\n";

static const char rates[] = "# assay/exchange/v1\n"
			    "date\tcurrency\tusd\tsource\n"
			    "2026-03-02\tEUR\t1.10\tecb\n";

void shelf_open(struct shelf *shelf)
{
	static const char *const files[3] = { "g", "p", "o" };
	const struct span texts[3] = { span_of(gpus), span_of(products), span_of(providers) };
	bool good;

	*shelf = (struct shelf){ 0 };
	good = catalogue_read(texts, files, &shelf->arena, &shelf->catalogue, NULL) &&
	       exchange_read(span_of(rates), "r", &shelf->arena, &shelf->exchange, NULL);
	assert(good);
	shelf->book = (struct book){
		.catalogue = &shelf->catalogue,
		.exchange = &shelf->exchange,
		.now = INT64_MAX,
	};
}

void shelf_close(struct shelf *shelf)
{
	book_release(&shelf->book);
	arena_release(&shelf->arena);
}

static bool read_piece(void *context, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	struct span *rest = context;
	size_t length = rest->length < PIECE ? rest->length : PIECE;

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

static void check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strstr(err->text, file) && !strchr(err->text, '\n'));
	assert(span_is_utf8(span_of(err->text), NULL));
	(void)err;
}

static void check_book(const struct book *book)
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

bool shelf_read(struct shelf *shelf, const struct importer *importer, struct span text, date_t day)
{
	struct availability *regions = NULL;
	struct error err = { 0 };
	const struct import import = {
		.book = &shelf->book,
		.regions = &regions,
		.file = file,
		.source = { .read = read_piece, .context = &text },
		.day = day,
		.arena = &shelf->arena,
	};
	const struct span head = { text.at, text.length < IMPORT_HEAD_BYTES ? text.length
									    : IMPORT_HEAD_BYTES };

	(void)importer->claims(file, head);

	bool done = importer->read(&import, &err);
	assert(done == (err.code == ERROR_NONE) && done == (err.text[0] == '\0'));
	if (!done)
		check_error(&err);
	check_book(&shelf->book);
	availability_free(regions);
	return done;
}

static void write_all(const struct book *book, struct text *into)
{
	quotes_write_header(into);
	for (size_t i = 0; i < book->count; i++)
		quote_write(into, book->catalogue, &book->names, &book->quotes[i]);
}

void shelf_check_round_trip(const struct shelf *shelf)
{
	struct shelf second;
	SCOPED_TEXT(written);
	SCOPED_TEXT(again);
	bool done;

	shelf_open(&second);
	write_all(&shelf->book, &written);
	done = shelf_read(&second, &from_csv, text_span(&written), DATE_NONE);
	assert(done && second.book.rows == shelf->book.kept);
	assert(second.book.kept == shelf->book.kept);
	write_all(&second.book, &again);
	assert(span_equal(text_span(&written), text_span(&again)));
	shelf_close(&second);
}

void shelf_import(const struct importer *importer, struct span text)
{
	struct shelf shelf;

	shelf_open(&shelf);
	(void)shelf_read(&shelf, importer, text, A_DAY);
	shelf_close(&shelf);
}
