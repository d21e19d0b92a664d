#include "market/effective.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include "base/random.h"

#include <cmocka.h>

enum {
	TRIALS = 300,
	DRAWS = 2000,
};

static const struct effective_draws none = { .seed = 1 };
static const struct effective_draws some = { .seed = 1, .count = DRAWS };

static const struct effective_need need = {
	.gpus = 512,
	.months = 12,
	.month_hours = 730,
	.storage_gb = { 2000, 2000, 2000 },
	.egress_gb = { 100, 100, 100 },
};

static void know(struct effective_offer *offer, enum effective_factor factor, double value)
{
	offer->factors[factor] =
		(struct effective_value){ .known = true, .value = quantity_of(value) };
}

/* All is known and changes nothing. */
static struct effective_offer plain(const char *name, double usd)
{
	struct effective_offer offer = { .name = name, .quote = quantity_of(usd) };

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		know(&offer, (enum effective_factor)i,
		     i == EFFECTIVE_PERFORMANCE || i == EFFECTIVE_NETWORK);
	return offer;
}

static double price_of(const struct effective_offer *offer)
{
	struct arena arena = { 0 };
	struct effective_price price;

	effective_price(offer, &need, &none, &arena, &price);
	arena_release(&arena);
	return price.usd.value;
}

static bool close(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void each_factor_adds_what_its_formula_says(void **state)
{
	static const struct {
		enum effective_factor factor;
		double value, price;
	} cases[] = {
		{ EFFECTIVE_STORAGE, 0.073, 2 + 0.073 * 2000 / 730 },
		{ EFFECTIVE_EGRESS, 0.09, 2 + 0.09 * 100 / 730 },
		{ EFFECTIVE_CPU, 0.02, 2.02 },
		{ EFFECTIVE_NETWORK_FEE, 0.01, 2.01 },
		{ EFFECTIVE_SUPPORT, 0.05, 2.1 },
		{ EFFECTIVE_SETUP, 876, 2.1 },
		{ EFFECTIVE_DEBUG, 37376, 2.1 },
		{ EFFECTIVE_PERFORMANCE, 0.8, 2.5 },
		{ EFFECTIVE_NETWORK, 0.9, 2 / 0.9 },
		{ EFFECTIVE_LOSS, 0.2, 2.5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct effective_offer offer = plain("a", 2);

		know(&offer, cases[i].factor, cases[i].value);
		assert_true(close(price_of(&offer), cases[i].price));
	}
}

static void the_whole_is_the_published_formula(void **state)
{
	struct effective_offer offer = plain("a", 3);

	(void)state;
	know(&offer, EFFECTIVE_STORAGE, 0.07);
	know(&offer, EFFECTIVE_CPU, 0.01);
	know(&offer, EFFECTIVE_SUPPORT, 0.05);
	know(&offer, EFFECTIVE_SETUP, 800);
	know(&offer, EFFECTIVE_DEBUG, 16667);
	know(&offer, EFFECTIVE_PERFORMANCE, 0.97);
	know(&offer, EFFECTIVE_NETWORK, 0.9);
	know(&offer, EFFECTIVE_LOSS, 0.0614);
	double sum =
		(3 + 0.07 * 2000 / 730 + 0.01) * 1.05 + 800.0 / (12 * 730) + 16667.0 / (512 * 730);
	assert_true(close(price_of(&offer), sum / (0.97 * 0.9 * (1 - 0.0614))));
}

static void steps_lead_from_the_quote_to_the_price(void **state)
{
	struct arena arena = { 0 };
	struct effective_offer offer = plain("a", 3);
	struct effective_price price;
	double total = 3;

	(void)state;
	offer.factors[EFFECTIVE_LOSS].known = false;
	know(&offer, EFFECTIVE_SUPPORT, 0.1);
	effective_price(&offer, &need, &some, &arena, &price);
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		total += price.steps[i].adds.value;
		assert_true(close(price.steps[i].total, total));
	}
	assert_true(close(price.usd.value, total));
	assert_int_equal(price.unknown, 1u << EFFECTIVE_LOSS);
	arena_release(&arena);
}

static void what_is_not_known_widens_and_never_counts_as_nothing(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		struct effective_offer offer = plain("a", 2);
		struct effective_price known;
		struct effective_price unknown;

		effective_price(&offer, &need, &some, &arena, &known);
		offer.factors[i] = (struct effective_value){ 0 };
		effective_price(&offer, &need, &some, &arena, &unknown);
		assert_true(close(known.usd.high, known.usd.low));
		assert_true(unknown.usd.high > unknown.usd.low);
		assert_true(unknown.usd.value > known.usd.value);
		assert_int_equal(unknown.unknown, 1u << i);
		assert_true(unknown.steps[i].adds.high > unknown.steps[i].adds.low);
	}
	arena_release(&arena);
}

static double any(uint32_t trial, uint32_t which, double low, double high)
{
	return quantity_draw((struct quantity){ (low + high) / 2, low, high },
			     random_join(trial, which), 0);
}

static void a_worse_factor_never_makes_it_cheaper(void **state)
{
	static const double high[EFFECTIVE_COUNT] = {
		[EFFECTIVE_STORAGE] = 0.2, [EFFECTIVE_EGRESS] = 0.2,
		[EFFECTIVE_CPU] = 0.5,     [EFFECTIVE_NETWORK_FEE] = 0.5,
		[EFFECTIVE_SUPPORT] = 0.3, [EFFECTIVE_SETUP] = 2000,
		[EFFECTIVE_DEBUG] = 50000, [EFFECTIVE_PERFORMANCE] = 2,
		[EFFECTIVE_NETWORK] = 2,   [EFFECTIVE_LOSS] = 0.5,
	};

	(void)state;
	for (uint32_t trial = 0; trial < TRIALS; trial++) {
		unsigned which = trial % EFFECTIVE_COUNT;
		bool good = which == EFFECTIVE_PERFORMANCE || which == EFFECTIVE_NETWORK;
		struct effective_offer offer = { .name = "a",
						 .quote = quantity_of(any(trial, 99, 0.5, 12)) };

		for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
			know(&offer, (enum effective_factor)i,
			     any(trial, i, high[i] / 10, high[i]));
		double before = price_of(&offer);
		know(&offer, (enum effective_factor)which,
		     offer.factors[which].value.value * (good ? 0.9 : 1.1));
		assert_true(price_of(&offer) > before);
	}
}

static void equal_offers_are_worth_the_same(void **state)
{
	struct arena arena = { 0 };
	struct effective_offer offers[] = { plain("a", 2), plain("b", 2) };
	struct effective_price prices[2];
	struct effective_pair pair;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		know(&offers[i], EFFECTIVE_SUPPORT, 0.07);
		know(&offers[i], EFFECTIVE_SETUP, 300);
		know(&offers[i], EFFECTIVE_LOSS, 0.1);
		effective_price(&offers[i], &need, &some, &arena, &prices[i]);
	}
	effective_compare(&prices[0], &prices[1], &need, &some, &pair);
	assert_true(close(pair.ratio.value, 1) && close(pair.ratio.low, 1));
	assert_true(close(pair.pay_at_most.value, 1) && close(pair.pay_at_most.high, 1));
	arena_release(&arena);
}

/* Half the network costs 10 to 20 % of training speed, hence "pay 10 to 20 % less": SemiAnalysis,
 * 2025-08. */
static void a_slower_network_is_worth_as_much_less(void **state)
{
	struct arena arena = { 0 };
	struct effective_offer slow = plain("slow", 2);
	struct effective_offer fast = plain("fast", 2);
	struct effective_price prices[2];
	struct effective_pair pair;

	(void)state;
	slow.factors[EFFECTIVE_NETWORK].value = (struct quantity){ 0.85, 0.8, 0.9 };
	effective_price(&slow, &need, &none, &arena, &prices[0]);
	effective_price(&fast, &need, &none, &arena, &prices[1]);
	effective_compare(&prices[0], &prices[1], &need, &none, &pair);
	assert_true(close(pair.pay_at_most.low, 0.8));
	assert_true(close(pair.pay_at_most.value, 0.85));
	assert_true(close(pair.pay_at_most.high, 0.9));

	effective_price(&slow, &need, &some, &arena, &prices[0]);
	effective_price(&fast, &need, &some, &arena, &prices[1]);
	effective_compare(&prices[0], &prices[1], &need, &some, &pair);
	assert_true(pair.pay_at_most.low > 0.8 && pair.pay_at_most.low < 0.85);
	assert_true(pair.pay_at_most.high < 0.9 && pair.pay_at_most.high > 0.85);
	assert_true(close(pair.cheaper, 0));
	arena_release(&arena);
}

/* What may be paid is where both cost the same, whatever is added to the quotes. */
static void at_the_price_that_may_be_paid_both_cost_the_same(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (uint32_t trial = 0; trial < TRIALS; trial++) {
		struct effective_offer offers[] = { plain("a", any(trial, 1, 1, 9)),
						    plain("b", any(trial, 2, 1, 9)) };
		struct effective_price prices[2];
		struct effective_pair pair;

		for (unsigned i = 0; i < 2; i++) {
			know(&offers[i], EFFECTIVE_STORAGE, any(trial, 10 + i, 0, 0.1));
			know(&offers[i], EFFECTIVE_SUPPORT, any(trial, 20 + i, 0, 0.1));
			know(&offers[i], EFFECTIVE_SETUP, any(trial, 30 + i, 0, 800));
			know(&offers[i], EFFECTIVE_NETWORK, any(trial, 40 + i, 0.7, 1));
			effective_price(&offers[i], &need, &none, &arena, &prices[i]);
		}
		effective_compare(&prices[0], &prices[1], &need, &none, &pair);
		if (pair.pay_at_most.value > 0) {
			offers[0].quote =
				quantity_of(pair.pay_at_most.value * offers[1].quote.value);
			assert_true(close(price_of(&offers[0]), prices[1].usd.value));
		}
	}
	arena_release(&arena);
}

static void nothing_is_worth_less_than_a_gift(void **state)
{
	struct arena arena = { 0 };
	struct effective_offer bad = plain("bad", 2);
	struct effective_offer good = plain("good", 1);
	struct effective_price prices[2];
	struct effective_pair pair;

	(void)state;
	know(&bad, EFFECTIVE_CPU, 5);
	effective_price(&bad, &need, &none, &arena, &prices[0]);
	effective_price(&good, &need, &none, &arena, &prices[1]);
	effective_compare(&prices[0], &prices[1], &need, &none, &pair);
	assert_true(close(pair.pay_at_most.value, 0));
	assert_true(isnan(pair.cheaper));
	arena_release(&arena);
}

static void draws_lie_between_the_best_and_the_worst(void **state)
{
	struct arena arena = { 0 };
	struct effective_offer offer = { .name = "a", .quote = quantity_of(2) };
	struct effective_price drawn;
	struct effective_price corners;

	(void)state;
	effective_price(&offer, &need, &some, &arena, &drawn);
	effective_price(&offer, &need, &none, &arena, &corners);
	assert_true(corners.usd.low < drawn.usd.low && drawn.usd.high < corners.usd.high);
	assert_true(close(corners.usd.value, drawn.usd.value));
	for (unsigned i = 0; i < DRAWS; i++)
		assert_true(drawn.draws[i] >= corners.usd.low &&
			    drawn.draws[i] <= corners.usd.high);
	arena_release(&arena);
}

static void the_others_do_not_move_the_draws_of_an_offer(void **state)
{
	struct arena arena = { 0 };
	struct effective_offer offer = { .name = "a", .quote = quantity_of(2) };
	struct effective_offer renamed = { .name = "b", .quote = quantity_of(2) };
	struct effective_price first;
	struct effective_price again;
	struct effective_price other;

	(void)state;
	effective_price(&offer, &need, &some, &arena, &first);
	effective_price(&renamed, &need, &some, &arena, &other);
	effective_price(&offer, &need, &some, &arena, &again);
	assert_memory_equal(first.draws, again.draws, DRAWS * sizeof(double));
	assert_memory_not_equal(first.draws, other.draws, DRAWS * sizeof(double));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_factor_adds_what_its_formula_says),
		cmocka_unit_test(the_whole_is_the_published_formula),
		cmocka_unit_test(steps_lead_from_the_quote_to_the_price),
		cmocka_unit_test(what_is_not_known_widens_and_never_counts_as_nothing),
		cmocka_unit_test(a_worse_factor_never_makes_it_cheaper),
		cmocka_unit_test(equal_offers_are_worth_the_same),
		cmocka_unit_test(a_slower_network_is_worth_as_much_less),
		cmocka_unit_test(at_the_price_that_may_be_paid_both_cost_the_same),
		cmocka_unit_test(nothing_is_worth_less_than_a_gift),
		cmocka_unit_test(draws_lie_between_the_best_and_the_worst),
		cmocka_unit_test(the_others_do_not_move_the_draws_of_an_offer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
