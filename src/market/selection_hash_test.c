#include "evidence/record.h"
#include "market/selection.h"
#include "test/quotes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct offered rows[] = {
	{ .provider = "b", .product = "x", .region = "west", .usd = 2.5, .listings = 7 },
	{ .provider = "a",
	  .product = "x",
	  .region = "west",
	  .usd = 2,
	  .host = "h",
	  .machine = "m" },
	{ .provider = "a", .product = "x", .region = "east", .usd = 3 },
	{ .provider = "a",
	  .product = "x",
	  .region = "east",
	  .usd = 1.000000001,
	  .until = "2026-03-11" },
};

static void hash_all(struct stall *stall, const bool *taken, unsigned threads,
		     uint8_t into[static RECORD_HASH_BYTES])
{
	struct selection selection;

	quotes_select(stall, &selection);
	selection_hash(&selection, taken, threads, into);
}

static const char *hash_of_text(const char *text, char into[static RECORD_HASH_TEXT])
{
	uint8_t hash[RECORD_HASH_BYTES];

	hash_bytes(span_of(text), hash);
	return hash_format(hash, into);
}

/* The bytes of docs/index-method.md, section 6, written out. Noon of the day is 1773144000. */
static void the_hash_is_over_the_written_form(void **state)
{
	static const char of_a[] = "offer\tx\teast\n"
				   "\t\t8\t1773144000\t1773144000\t3000000000\t1\n"
				   "\t\t8\t1773144000\t1773187200\t1000000001\t1\n"
				   "offer\tx\twest\n"
				   "h\tm\t8\t1773144000\t1773144000\t2000000000\t1\n";
	static const char of_b[] = "offer\tx\twest\n"
				   "\t\t8\t1773144000\t1773144000\t2500000000\t7\n";
	SCOPED_STALL(stall);
	char a[RECORD_HASH_TEXT], b[RECORD_HASH_TEXT], is[RECORD_HASH_TEXT],
		wanted[RECORD_HASH_TEXT];
	uint8_t hash[RECORD_HASH_BYTES];

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	hash_all(&stall, NULL, 1, hash);
	(void)hash_of_text(arena_format(&stall.arena, "a\t%s\nb\t%s\n", hash_of_text(of_a, a),
					hash_of_text(of_b, b)),
			   wanted);
	assert_string_equal(hash_format(hash, is), wanted);
}

static void neither_order_nor_threads_change_it(void **state)
{
	SCOPED_STALL(forth);
	SCOPED_STALL(back);
	uint8_t one[RECORD_HASH_BYTES], other[RECORD_HASH_BYTES];

	(void)state;
	quotes_put(&forth, rows, QUOTES_COUNT(rows));
	quotes_put_backwards(&back, rows, QUOTES_COUNT(rows));
	hash_all(&forth, NULL, 1, one);
	hash_all(&back, NULL, 4, other);
	assert_memory_equal(one, other, sizeof(one));
}

static void what_is_not_taken_is_not_in_it(void **state)
{
	static const bool but_the_last[] = { true, true, true, false };
	SCOPED_STALL(all);
	SCOPED_STALL(fewer);
	uint8_t one[RECORD_HASH_BYTES], other[RECORD_HASH_BYTES];

	(void)state;
	/* The last in the order of the selection is the only quote of b, the first of the rows. */
	quotes_put(&all, rows, QUOTES_COUNT(rows));
	quotes_put(&fewer, rows + 1, QUOTES_COUNT(rows) - 1);
	hash_all(&all, but_the_last, 1, one);
	hash_all(&fewer, NULL, 1, other);
	assert_memory_equal(one, other, sizeof(one));
}

static void every_field_of_a_quote_that_counts_is_in_it(void **state)
{
	static const struct offered base = { .usd = 2 };
	static const struct offered others[] = {
		{ .usd = 2.000000001 },
		{ .usd = 2, .provider = "b" },
		{ .usd = 2, .product = "x" },
		{ .usd = 2, .region = "x" },
		{ .usd = 2, .host = "x" },
		{ .usd = 2, .machine = "x" },
		{ .usd = 2, .gpus = 4 },
		{ .usd = 2, .listings = 2 },
		{ .usd = 2, .observed = "2026-03-10T12:00:01Z" },
		{ .usd = 2, .until = "2026-03-10T12:00:01Z" },
	};
	SCOPED_STALL(first);
	uint8_t hash[RECORD_HASH_BYTES], other[RECORD_HASH_BYTES];

	(void)state;
	quotes_put(&first, &base, 1);
	hash_all(&first, NULL, 1, hash);
	for (size_t i = 0; i < QUOTES_COUNT(others); i++) {
		SCOPED_STALL(stall);

		quotes_put(&stall, &others[i], 1);
		hash_all(&stall, NULL, 1, other);
		assert_memory_not_equal(hash, other, sizeof(hash));
	}
}

/* More lines than one piece holds. */
static void a_long_text_is_hashed_as_a_whole(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_TEXT(text);
	struct offered row = { .usd = 2 };
	char own[RECORD_HASH_TEXT], is[RECORD_HASH_TEXT], wanted[RECORD_HASH_TEXT];
	uint8_t hash[RECORD_HASH_BYTES];

	(void)state;
	text_add(&text, "offer\t\t\n");
	for (unsigned gpus = 1; gpus <= 900; gpus++) {
		row.gpus = gpus;
		quotes_put(&stall, &row, 1);
		text_format(&text, "\t\t%u\t1773144000\t1773144000\t2000000000\t1\n", gpus);
	}
	assert_true(text.length > 2 * 16384);
	hash_all(&stall, NULL, 2, hash);
	(void)hash_of_text(
		arena_format(&stall.arena, "a\t%s\n", hash_of_text(text_string(&text), own)),
		wanted);
	assert_string_equal(hash_format(hash, is), wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_over_the_written_form),
		cmocka_unit_test(neither_order_nor_threads_change_it),
		cmocka_unit_test(what_is_not_taken_is_not_in_it),
		cmocka_unit_test(every_field_of_a_quote_that_counts_is_in_it),
		cmocka_unit_test(a_long_text_is_hashed_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
