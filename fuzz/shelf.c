#include "fuzz/shelf.h"

#include <assert.h>
#include <string.h>

#include "market/book_write.h"
#include "market/importers.h"

enum {
	PIECE = 61,
};

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
	"aws\tp5.48xlarge\th100\tsxm\t80\t8\t3200\tefa\tu\n";

static const char providers[] = "# assay/provider/v1\n"
				"name\taliases\ttier\n"
				"aws\tamazon\thyperscaler\n"
				"lambda\tlambdalabs\tneocloud\n";

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

bool shelf_read(struct shelf *shelf, const struct importer *importer, struct span text)
{
	struct availability *regions = NULL;
	struct error err = { 0 };
	const struct import import = {
		.book = &shelf->book,
		.regions = &regions,
		.file = "f",
		.source = { .read = read_piece, .context = &text },
		.day = DATE_NONE,
		.arena = &shelf->arena,
	};
	bool done = importer->read(&import, &err);
	uint64_t refused = 0;

	assert(done == (err.code == ERROR_NONE) && done == (err.text[0] == '\0'));
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		refused += shelf->book.refused[i].count;
	assert(shelf->book.rows == shelf->book.kept + refused);
	assert(shelf->book.kept == shelf->book.count);
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
	done = shelf_read(&second, &from_csv, text_span(&written));
	assert(done && second.book.rows == shelf->book.kept);
	assert(second.book.kept == shelf->book.kept);
	write_all(&second.book, &again);
	assert(span_equal(text_span(&written), text_span(&again)));
	shelf_close(&second);
}
