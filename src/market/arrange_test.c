#include "market/selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	ROWS = 60,
};

/* Rows of few different names, in the order of a draw; no two are the same. */
static void put_drawn(struct stall *stall, uint32_t draw, unsigned threads)
{
	static const char *const few[] = { NULL, "b", "a", "ab" };
	uint32_t order[ROWS];

	for (uint32_t i = 0; i < ROWS; i++) {
		uint32_t k = random_u32(draw, i) % (i + 1);

		order[i] = order[k];
		order[k] = i;
	}
	for (uint32_t i = 0; i < ROWS; i++) {
		uint32_t bits = random_u32(1, order[i]);
		struct offered row = {
			.provider = few[1 + bits % 3],
			.product = few[bits >> 4 & 3],
			.region = few[bits >> 6 & 3],
			.host = few[bits >> 8 & 1],
			.machine = few[bits >> 9 & 1],
			.gpus = 8 << (bits >> 10 & 1),
			.observed = (bits >> 11 & 1) ? "2026-03-09" : NULL,
			.usd = 2 + order[i] / 1000.0,
		};

		quotes_put(stall, &row, 1);
	}
	book_arrange(&stall->book, threads);
}

static int compare_names(struct stall *stall, name_t a, name_t b)
{
	return strcmp(stall_name(stall, a), stall_name(stall, b));
}

/* By provider, product, region, host, machine, GPUs, time and price. */
static int compare(struct stall *stall, const struct quote *a, const struct quote *b)
{
	const int names[] = {
		compare_names(stall, a->provider, b->provider),
		compare_names(stall, a->product, b->product),
		compare_names(stall, a->region, b->region),
		compare_names(stall, a->host, b->host),
		compare_names(stall, a->machine, b->machine),
	};

	for (size_t i = 0; i < QUOTES_COUNT(names); i++)
		if (names[i] != 0)
			return names[i];
	if (a->gpus != b->gpus)
		return a->gpus < b->gpus ? -1 : 1;
	if (a->observed != b->observed)
		return a->observed < b->observed ? -1 : 1;
	return (a->usd_nano > b->usd_nano) - (a->usd_nano < b->usd_nano);
}

static void quotes_ascend_by_all_that_the_contract_names(void **state)
{
	(void)state;
	for (uint32_t draw = 0; draw < 20; draw++) {
		SCOPED_STALL(stall);

		put_drawn(&stall, draw, 1);
		for (size_t i = 1; i < stall.book.count; i++)
			assert_true(compare(&stall, &stall.book.quotes[i - 1],
					    &stall.book.quotes[i]) < 0);
	}
}

static void none_is_lost_and_threads_do_not_matter(void **state)
{
	SCOPED_STALL(one);
	SCOPED_STALL(other);
	bool seen[ROWS] = { false };

	(void)state;
	put_drawn(&one, 1, 1);
	put_drawn(&other, 2, 4);
	assert_int_equal(one.book.count, ROWS);
	assert_int_equal(other.book.count, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		int64_t row = one.book.quotes[i].usd_nano / 1000000 - 2000;

		assert_int_equal(one.book.quotes[i].usd_nano, other.book.quotes[i].usd_nano);
		assert_in_range(row, 0, ROWS - 1);
		assert_false(seen[row]);
		seen[row] = true;
	}
}

static void arranging_again_changes_nothing(void **state)
{
	SCOPED_STALL(stall);
	struct quote before[ROWS];

	(void)state;
	put_drawn(&stall, 3, 1);
	memcpy(before, stall.book.quotes, sizeof(before));
	book_arrange(&stall.book, 1);
	assert_memory_equal(before, stall.book.quotes, sizeof(before));
}

static void a_book_without_quotes_is_arranged(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	book_arrange(&stall.book, 1);
	assert_int_equal(stall.book.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_ascend_by_all_that_the_contract_names),
		cmocka_unit_test(none_is_lost_and_threads_do_not_matter),
		cmocka_unit_test(arranging_again_changes_nothing),
		cmocka_unit_test(a_book_without_quotes_is_arranged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
