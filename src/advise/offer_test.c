#include "advise/offer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.10g is not %.10g to %g", value, expected, within);
}

enum {
	QUOTES_MAXIMUM = 8,
	SECONDS_PER_DAY = 86400,
	TODAY = 20000,
};

/* Quotes that were kept, without judging any. */
struct shop {
	struct book book;
	struct quote quotes[QUOTES_MAXIMUM];
	struct arena arena;
	struct offer *offers;
	size_t count;
};

static name_t name(struct shop *shop, const char *text)
{
	name_t number = NAME_NONE;

	assert_true(names_add(&shop->book.names, span_of(text), &number));
	return number;
}

static void open_shop(struct shop *shop)
{
	*shop = (struct shop){ .count = 0 };
	shop->book.quotes = shop->quotes;
}

static struct quote *add(struct shop *shop, const char *provider, double usd, date_t day)
{
	struct quote *quote = &shop->quotes[shop->book.count++];

	*quote = (struct quote){
		.provider = name(shop, provider),
		.product = name(shop, "eight"),
		.observed = (int64_t)day * SECONDS_PER_DAY,
		.gpus = 8,
		.rental = RENTAL_ON_DEMAND,
		.storage_micro = -1,
		.egress_micro = 20000,
		.reliability = NAN,
		.performance = NAN,
	};
	assert_true(nano_from_double(usd, &quote->usd_nano));
	return quote;
}

static void make(struct shop *shop)
{
	offers_make(&shop->book, 28, &shop->arena, &shop->offers, &shop->count);
}

static void close_shop(struct shop *shop)
{
	names_release(&shop->book.names);
	arena_release(&shop->arena);
}

static void quotes_of_one_product_are_one_offer_at_its_newest_price(void **state)
{
	struct shop shop;

	(void)state;
	open_shop(&shop);
	(void)add(&shop, "b", 9, TODAY);
	(void)add(&shop, "a", 2, TODAY - 20);
	(void)add(&shop, "a", 3, TODAY - 1);
	(void)add(&shop, "a", 7, TODAY - 100);
	make(&shop);
	assert_int_equal(shop.count, 2);
	assert_string_equal(shop.offers[0].provider, "a");
	close_to(shop.offers[0].usd.value, 3, 1e-9);
	close_to(shop.offers[0].usd.low, 2, 1e-9);
	close_to(shop.offers[0].usd.high, 3, 1e-9);
	assert_int_equal(shop.offers[0].observed, TODAY - 1);
	assert_int_equal(shop.offers[0].before, TODAY - 20);
	close_to(shop.offers[0].before_usd, 2, 1e-9);
	assert_int_equal(shop.offers[0].quotes, 3);
	assert_true(isnan(shop.offers[0].storage_usd));
	close_to(shop.offers[0].egress_usd, 0.02, 1e-9);
	assert_int_equal(shop.offers[1].before, DATE_NONE);
	close_shop(&shop);
}

static void models_terms_and_sizes_are_offers_of_their_own(void **state)
{
	struct shop shop;

	(void)state;
	open_shop(&shop);
	(void)add(&shop, "a", 2, TODAY);
	add(&shop, "a", 1, TODAY)->rental = RENTAL_SPOT;
	add(&shop, "a", 1, TODAY)->form = FORM_SXM;
	add(&shop, "a", 1, TODAY)->gpus = 1;
	*add(&shop, "a", 1, TODAY) = shop.quotes[0];
	make(&shop);
	assert_int_equal(shop.count, 4);
	close_shop(&shop);
}

/* A market place lists one machine whole and in slices; the whole counts, the cheapest go first. */
static void machines_are_taken_cheapest_first_and_once(void **state)
{
	static const struct {
		const char *machine;
		double usd;
		uint32_t gpus;
	} rows[] = { { "m1", 3, 8 }, { "m1", 2.9, 4 }, { "m2", 2, 4 }, { "m3", 2.5, 8 } };
	struct shop shop;
	struct quantity usd;

	(void)state;
	open_shop(&shop);
	for (unsigned i = 0; i < 4; i++) {
		struct quote *quote = add(&shop, "vast", rows[i].usd, TODAY);

		quote->machine = name(&shop, rows[i].machine);
		quote->gpus = rows[i].gpus;
	}
	make(&shop);
	assert_int_equal(shop.count, 1);
	assert_int_equal(shop.offers[0].listing_count, 3);
	assert_int_equal(shop.offers[0].size, 8);
	assert_true(offer_price(&shop.offers[0], 4, &usd));
	close_to(usd.value, 2, 1e-9);
	assert_true(offer_price(&shop.offers[0], 12, &usd));
	close_to(usd.value, (4 * 2 + 8 * 2.5) / 12, 1e-9);
	assert_true(offer_price(&shop.offers[0], 20, &usd));
	assert_false(offer_price(&shop.offers[0], 21, &usd));
	close_to(offer_paid_gpus(&shop.offers[0], 5), 5, 0);
	close_shop(&shop);
}

static void a_price_of_one_gpu_says_nothing_of_the_machine(void **state)
{
	struct shop shop;

	(void)state;
	open_shop(&shop);
	add(&shop, "a", 2, TODAY)->gpus = 1;
	shop.quotes[0].price_of = PRICE_OF_GPU;
	make(&shop);
	assert_false(shop.offers[0].size_known);
	close_to(offer_paid_gpus(&shop.offers[0], 5), 5, 0);
	shop.quotes[0].price_of = PRICE_OF_OFFER;
	make(&shop);
	assert_true(shop.offers[0].size_known);
	close_shop(&shop);
}

static void the_order_of_quotes_does_not_matter(void **state)
{
	struct shop shop;
	struct offer first;

	(void)state;
	open_shop(&shop);
	(void)add(&shop, "a", 2, TODAY);
	add(&shop, "a", 2, TODAY)->egress_micro = 0;
	(void)add(&shop, "a", 3, TODAY);
	make(&shop);
	first = shop.offers[0];
	for (unsigned i = 0; i < 2; i++) {
		struct quote moved = shop.quotes[0];

		shop.quotes[0] = shop.quotes[i + 1];
		shop.quotes[i + 1] = moved;
		make(&shop);
		assert_int_equal(shop.count, 1);
		close_to(shop.offers[0].usd.value, first.usd.value, 0);
		close_to(shop.offers[0].egress_usd, first.egress_usd, 0);
	}
	close_shop(&shop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_of_one_product_are_one_offer_at_its_newest_price),
		cmocka_unit_test(models_terms_and_sizes_are_offers_of_their_own),
		cmocka_unit_test(machines_are_taken_cheapest_first_and_once),
		cmocka_unit_test(a_price_of_one_gpu_says_nothing_of_the_machine),
		cmocka_unit_test(the_order_of_quotes_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
