#include "market/key.h"

#include "test/quotes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One of each key; the last differs from the first by its tier alone, which the composite does not
 * tell apart. */
static const struct offered each[] = {
	{ .usd = 2 },
	{ .usd = 2, .gpu = "a100" },
	{ .usd = 2, .form = "pcie" },
	{ .usd = 2, .form = "nvl", .memory_gb = 94 },
	{ .usd = 2, .form = "unknown" },
	{ .usd = 2, .rental = RENTAL_SPOT },
	{ .usd = 2, .rental = RENTAL_CONTRACT, .term_months = 12 },
	{ .usd = 2, .rental = RENTAL_CONTRACT, .term_months = 36 },
	{ .usd = 2, .provider = "lambda" },
};

enum {
	EACH = sizeof(each) / sizeof(each[0]),
};

static size_t count_keys(struct stall *stall, const struct key_filter *filter)
{
	struct key *keys = NULL;
	size_t count = 0;

	key_list(&stall->book, filter, &stall->arena, &keys, &count);
	return count;
}

static void what_differs_in_any_part_is_another_key(void **state)
{
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();

	(void)state;
	quotes_put(&stall, each, EACH);
	assert_int_equal(count_keys(&stall, &filter), EACH - 1);
	filter.tier = KEY_ANY;
	assert_int_equal(count_keys(&stall, &filter), EACH);
}

static void a_quote_is_in_one_key_alone(void **state)
{
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();
	struct key *keys = NULL;
	size_t count = 0;

	(void)state;
	quotes_put(&stall, each, EACH);
	for (int each_tier = 0; each_tier < 2; each_tier++) {
		filter.tier = each_tier ? KEY_ANY : KEY_ALL_TIERS;
		key_list(&stall.book, &filter, &stall.arena, &keys, &count);
		for (size_t i = 0; i < stall.book.count; i++) {
			unsigned in = 0;

			for (size_t k = 0; k < count; k++)
				in += key_takes(&keys[k], &stall.book.quotes[i]);
			assert_int_equal(in, 1);
		}
	}
}

static void keys_ascend_and_do_not_depend_on_the_order_of_quotes(void **state)
{
	SCOPED_STALL(forth);
	SCOPED_STALL(back);
	struct key_filter filter = quotes_all();
	struct key *keys[2] = { NULL, NULL };
	size_t counts[2] = { 0, 0 };

	(void)state;
	quotes_put(&forth, each, EACH);
	quotes_put_backwards(&back, each, EACH);
	key_list(&forth.book, &filter, &forth.arena, &keys[0], &counts[0]);
	key_list(&back.book, &filter, &back.arena, &keys[1], &counts[1]);
	assert_int_equal(counts[0], counts[1]);
	for (size_t i = 0; i < counts[0]; i++) {
		assert_int_equal(key_compare(&keys[0][i], &keys[1][i]), 0);
		if (i > 0)
			assert_true(key_compare(&keys[0][i - 1], &keys[0][i]) < 0);
	}
}

/* Each part of a key, from the one that is compared first to the last. */
static void keys_are_compared_by_gpu_form_memory_rental_term_tier(void **state)
{
	static const struct key least = { 0 };
	static const struct key rising[] = {
		{ .tier = KEY_ALL_TIERS },
		{ .term_months = 1 },
		{ .rental = RENTAL_SERVERLESS, .term_months = 0 },
		{ .memory_gb = 1 },
		{ .form = FORM_SUPERCHIP },
		{ .gpu = 1 },
	};
	static const struct key most_below[] = {
		{ .tier = KEY_ALL_TIERS },
		{ .term_months = 120, .tier = KEY_ALL_TIERS },
		{ .rental = RENTAL_SERVERLESS, .term_months = 120, .tier = KEY_ALL_TIERS },
		{ .memory_gb = UINT16_MAX, .rental = RENTAL_SERVERLESS, .term_months = 120 },
		{ .form = FORM_SUPERCHIP, .memory_gb = UINT16_MAX },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(rising); i++) {
		assert_true(key_compare(&least, &rising[i]) < 0);
		assert_true(key_compare(&rising[i], &least) > 0);
		assert_int_equal(key_compare(&rising[i], &rising[i]), 0);
		if (i > 0)
			assert_true(key_compare(&most_below[i - 1], &rising[i]) < 0);
	}
}

static void serverless_is_listed_only_when_it_is_asked_for(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2 },
		{ .usd = 3, .rental = RENTAL_SERVERLESS },
	};
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();
	struct key *keys = NULL;
	size_t count = 0;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	key_list(&stall.book, &filter, &stall.arena, &keys, &count);
	assert_int_equal(count, 1);
	assert_int_equal(keys[0].rental, RENTAL_ON_DEMAND);
	filter.rental = RENTAL_SERVERLESS;
	key_list(&stall.book, &filter, &stall.arena, &keys, &count);
	assert_int_equal(count, 1);
	assert_int_equal(keys[0].rental, RENTAL_SERVERLESS);
}

/* 300 keys: more than the first table of them has room for. */
static void many_keys_are_all_found(void **state)
{
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();

	(void)state;
	for (unsigned months = 1; months <= 100; months++) {
		const struct offered rows[] = {
			{ .usd = 2, .rental = RENTAL_CONTRACT, .term_months = months },
			{ .usd = 2,
			  .rental = RENTAL_CONTRACT,
			  .term_months = months,
			  .form = "pcie" },
			{ .usd = 2,
			  .rental = RENTAL_CONTRACT,
			  .term_months = months,
			  .gpu = "a100" },
		};

		quotes_put(&stall, rows, QUOTES_COUNT(rows));
	}
	assert_int_equal(count_keys(&stall, &filter), 300);
}

static void a_book_without_quotes_has_no_keys(void **state)
{
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();

	(void)state;
	assert_int_equal(count_keys(&stall, &filter), 0);
}

static void a_key_is_written_with_what_is_not_known(void **state)
{
	static const struct {
		const char *gpu;
		struct key key;
		const char *text;
	} cases[] = {
		{ "h100",
		  { .memory_gb = 80,
		    .form = FORM_SXM,
		    .rental = RENTAL_ON_DEMAND,
		    .tier = KEY_ALL_TIERS },
		  "h100/80gb/sxm/on-demand/all-tiers" },
		{ "h100",
		  { .rental = RENTAL_CONTRACT, .term_months = 12, .tier = TIER_NEOCLOUD },
		  "h100/unknown/unknown/contract-12m/neocloud" },
		{ "l4",
		  { .memory_gb = 24,
		    .form = FORM_PCIE,
		    .rental = RENTAL_SPOT,
		    .tier = TIER_UNKNOWN },
		  "l4/24gb/pcie/spot/unknown" },
	};
	SCOPED_STALL(stall);

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		struct gpu_said said;
		struct key key = cases[i].key;
		SCOPED_TEXT(text);

		gpu_read(&stall.catalogue, span_of(cases[i].gpu), &said);
		key.gpu = said.gpu;
		key_format(&key, &stall.catalogue, &text);
		assert_string_equal(text_string(&text), cases[i].text);
	}
}

/* How many of `each` the words leave. */
static void words_choose_keys(void **state)
{
	static const struct {
		struct key_words words;
		unsigned taken;
	} cases[] = {
		{ { .gpu = NULL }, EACH },
		{ { .gpu = "h100" }, 8 },
		{ { .gpu = "A100-80GB" }, 1 },
		{ { .gpu = "a100-40gb" }, 0 },
		{ { .gpu = "H100 SXM" }, 5 },
		{ { .gpu = "h100", .form = "unknown" }, 1 },
		{ { .form = "pcie" }, 1 },
		{ { .rental = "spot" }, 1 },
		{ { .rental = "contract" }, 2 },
		{ { .term = "36" }, 1 },
		{ { .tier = "neocloud" }, 1 },
		{ { .tier = "unknown" }, EACH - 1 },
		{ { .tier = "all" }, EACH },
		{ { .tier = "all-tiers" }, EACH },
		{ { .tier = "each" }, EACH },
		{ { .provider = "Lambda Labs" }, 1 },
		{ { .provider = "A" }, 0 },
		{ { .provider = "a" }, EACH - 1 },
		{ { .provider = "nobody" }, 0 },
		/* No quote has a product: none is of one that is asked for. */
		{ { .product = "nothing" }, 0 },
		{ { .region = "" }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct key_filter filter;
		unsigned taken = 0;

		quotes_put(&stall, each, EACH);
		assert_true(key_filter_read(&cases[i].words, &stall.book, &filter, &stall.err));
		for (size_t k = 0; k < stall.book.count; k++)
			taken += key_filter_takes(&filter, &stall.book.quotes[k]);
		if (taken != cases[i].taken)
			print_message("# case %zu: %u\n", i, taken);
		assert_int_equal(taken, cases[i].taken);
	}
}

static void only_provider_product_and_region_narrow_a_key(void **state)
{
	static const struct {
		struct key_words words;
		bool narrows;
	} cases[] = {
		{ { .gpu = "h100", .form = "sxm", .rental = "spot", .tier = "neocloud" }, false },
		{ { .provider = "a" }, true },
		{ { .product = "a" }, true },
		{ { .region = "a" }, true },
	};
	SCOPED_STALL(stall);

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		struct key_filter filter;

		assert_true(key_filter_read(&cases[i].words, &stall.book, &filter, &stall.err));
		assert_int_equal(key_filter_narrows(&filter), cases[i].narrows);
	}
}

static void a_word_that_means_nothing_is_refused_with_what_there_is(void **state)
{
	static const struct {
		struct key_words words;
		const char *says;
	} cases[] = {
		{ { .gpu = "tpu" }, "--gpu tpu: no GPU of the catalogue" },
		{ { .form = "round" }, "--form round: it is one of unknown, sxm" },
		{ { .rental = "gift" }, "--rental gift: it is one of" },
		{ { .term = "0" }, "--term 0: give whole months from 1 to 120" },
		{ { .term = "121" }, "--term 121" },
		{ { .term = "1.5" }, "--term 1.5" },
		{ { .tier = "titan" }, "--tier titan" },
	};
	SCOPED_STALL(stall);

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		struct key_filter filter;
		struct error err = { 0 };

		assert_false(key_filter_read(&cases[i].words, &stall.book, &filter, &err));
		assert_int_equal(err.code, ERROR_INVALID);
		if (!strstr(err.text, cases[i].says))
			print_message("# %s\n", err.text);
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_in_any_part_is_another_key),
		cmocka_unit_test(a_quote_is_in_one_key_alone),
		cmocka_unit_test(keys_ascend_and_do_not_depend_on_the_order_of_quotes),
		cmocka_unit_test(keys_are_compared_by_gpu_form_memory_rental_term_tier),
		cmocka_unit_test(serverless_is_listed_only_when_it_is_asked_for),
		cmocka_unit_test(many_keys_are_all_found),
		cmocka_unit_test(a_book_without_quotes_has_no_keys),
		cmocka_unit_test(a_key_is_written_with_what_is_not_known),
		cmocka_unit_test(words_choose_keys),
		cmocka_unit_test(only_provider_product_and_region_narrow_a_key),
		cmocka_unit_test(a_word_that_means_nothing_is_refused_with_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
