#include "market/book_write.h"

#include "test/stall.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "market/importers.h"

#include <cmocka.h>

enum {
	SECONDS_PER_DAY = 86400,
	DRAFTS = 2000,
};

static struct span pick(const char *const *words, unsigned count, uint32_t i, uint32_t what)
{
	return span_of(words[random_u32(what, i) % count]);
}

#define PICK(words, i, what) pick((words), sizeof(words) / sizeof((words)[0]), (i), (what))

static struct span number(struct arena *arena, uint32_t i, uint32_t what, unsigned whole)
{
	return span_of(arena_format(arena, "%u.%09u", random_u32(what, i) % whole,
				    random_u32(what + 100, i) % 1000000000));
}

/* A row of any kind that the format knows. */
static struct draft drawn_draft(uint32_t i, struct arena *arena)
{
	static const char *const providers[] = { "lambda", "azure", "Nobody, Inc.", "a \"b\" c" };
	static const char *const products[] = { "", "x,y", "\"quoted\"", "Standard_NC40ads_H100_v5",
						"gr\xc3\xbc\xc3\x9f" };
	static const char *const gpus[] = { "H100 SXM", "H100", "A100_80GB", "L4", "V100 PCIe" };
	static const char *const words[] = { "", "a", "b c", "d;e", "f,g" };
	static const char *const currencies[] = { "USD", "EUR" };
	struct draft draft;

	draft_init(&draft);
	draft.provider = PICK(providers, i, 1);
	draft.product = PICK(products, i, 2);
	draft.region = PICK(words, i, 3);
	draft.gpu = PICK(gpus, i, 4);
	draft.gpus = 1 + random_u32(5, i) % 16;
	draft.rental = (enum rental)(1 + random_u32(6, i) % (RENTAL_COUNT - 1));
	draft.term_months =
		(uint16_t)(draft.rental == RENTAL_CONTRACT ? 1 + random_u32(7, i) % 36 : 0);
	draft.price = number(arena, i, 8, 20);
	draft.currency = PICK(currencies, i, 9);
	draft.unit = random_u32(10, i) % 4 ? UNIT_HOUR : UNIT_DAY;
	draft.price_of = random_u32(11, i) % 2 ? PRICE_OF_GPU : PRICE_OF_OFFER;
	draft.upfront = draft.term_months > 0 ? number(arena, i, 12, 1000) : SPAN("");
	draft.includes = random_u32(13, i) % 64;
	draft.told = random_u32(14, i) % 64;
	draft.network = PICK(words, i, 15);
	draft.gbit_per_s = random_u32(16, i) % 2 ? 0 : random_u32(17, i) % 4000 / 7.0;
	draft.nvlink_told = random_u32(18, i) % 2;
	draft.nvlink = random_u32(19, i) % 4 == 0;
	draft.stock = (enum stock)(random_u32(20, i) % STOCK_COUNT);
	draft.reliability = random_u32(21, i) % 2 ? (double)NAN : random_u32(22, i) / 4294967296.0;
	draft.performance = random_u32(23, i) % 2 ? (double)NAN : random_u32(24, i) / 1e5;
	draft.storage_price = random_u32(25, i) % 2 ? SPAN("") : number(arena, i, 26, 2);
	draft.egress_price = random_u32(27, i) % 2 ? SPAN("0") : SPAN("");
	draft.minimum_gpus = random_u32(28, i) % 3;
	draft.boot_s = (uint16_t)(random_u32(29, i) % 3);
	draft.observed = 20514 * (int64_t)SECONDS_PER_DAY + random_u32(30, i) % 3;
	draft.until = draft.observed + random_u32(31, i) % 3;
	draft.listings = random_u32(32, i) % 3;
	draft.machine = PICK(words, i, 33);
	draft.host = PICK(words, i, 34);
	draft.source = PICK(words, i, 35);
	draft.licence = PICK(words, i, 36);
	return draft;
}

static void write_all(const struct book *book, struct text *into)
{
	quotes_write_header(into);
	for (size_t i = 0; i < book->count; i++)
		quote_write(into, book->catalogue, &book->names, &book->quotes[i]);
}

static void what_is_written_reads_back_to_the_same_bytes(void **state)
{
	SCOPED_STALL(first);
	SCOPED_STALL(second);
	SCOPED_ARENA(arena);
	SCOPED_TEXT(written);
	SCOPED_TEXT(again);

	(void)state;
	for (uint32_t i = 0; i < DRAFTS; i++) {
		struct draft draft = drawn_draft(i, &arena);

		assert_true(book_take(&first.book, "f", &draft, NULL));
	}
	write_all(&first.book, &written);
	stall_take(&second, &from_csv, "quotes.csv", NULL, text_string(&written));
	write_all(&second.book, &again);
	assert_true(first.book.kept > DRAFTS / 3);
	assert_int_equal(second.book.rows, first.book.kept);
	assert_int_equal(second.book.kept, first.book.kept);
	assert_string_equal(text_string(&written), text_string(&again));
	for (size_t i = 0; i < first.book.count; i++)
		assert_int_equal(first.book.quotes[i].usd_nano, second.book.quotes[i].usd_nano);
}

static void a_row_shows_what_is_known_and_leaves_the_rest_empty(void **state)
{
	static const char rows[] =
		"provider,gpu,gpus,rental,price,currency,observed\n"
		"Lambda Labs,H100 SXM,8,on demand,23.92,usd,2026-03-02T10:00:00Z\n";
	static const char expected[] =
		"lambda,,,h100,sxm,,8,on-demand,,23.92,USD,hour,offer,,,,,,,,,,,,,,"
		"2026-03-02T10:00:00Z,,,,,,\n";
	SCOPED_STALL(stall);
	SCOPED_TEXT(written);

	(void)state;
	stall_take(&stall, &from_csv, "a.csv", NULL, rows);
	quote_write(&written, &stall.catalogue, &stall.book.names, stall_quote(&stall, 0));
	assert_string_equal(text_string(&written), expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_reads_back_to_the_same_bytes),
		cmocka_unit_test(a_row_shows_what_is_known_and_leaves_the_rest_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
