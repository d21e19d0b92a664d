#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "market/change.h"
#include "test/quotes.h"

#include <cmocka.h>

enum {
	MOST = 12,
	PERIODS = 6,
};

/* Offers of a provider have the same rank; their places ascend with it. */
static struct priced_offer offer_of(uint32_t rank, uint32_t place, double usd)
{
	return (struct priced_offer){ .rank = rank, .place = 100 * rank + place, .usd = usd };
}

/* Some of MOST offers of four providers, at prices of their own. */
static size_t draw_offers(uint32_t stream, unsigned in_eight, struct priced_offer *into)
{
	size_t count = 0;

	for (uint32_t i = 0; i < MOST; i++)
		if (random_u32(stream, i) % 8 < in_eight)
			into[count++] = offer_of(i / 3, i % 3,
						 1 + random_u32(stream + 1, i) / 4294967296.0);
	return count;
}

static void the_ratio_is_the_geometric_mean_of_those_in_both(void **state)
{
	const struct priced_offer before[] = { offer_of(0, 0, 2), offer_of(0, 1, 2),
					       offer_of(1, 0, 5), offer_of(3, 0, 1) };
	const struct priced_offer after[] = { offer_of(0, 0, 4), offer_of(0, 1, 1),
					      offer_of(2, 0, 9), offer_of(3, 0, 8) };
	struct change change;

	(void)state;
	change_between(before, 4, after, 4, &change);
	quotes_expect_near(change.ratio, 2);
	assert_int_equal(change.matched, 3);
	assert_int_equal(change.providers, 2);
	assert_int_equal(change.gone, 1);
	assert_int_equal(change.new, 1);
}

static void without_a_match_there_is_no_ratio(void **state)
{
	const struct priced_offer one = offer_of(0, 0, 2), other = offer_of(1, 0, 2);
	struct change change;

	(void)state;
	change_between(&one, 1, &other, 1, &change);
	assert_true(isnan(change.ratio));
	assert_int_equal(change.gone, 1);
	assert_int_equal(change.new, 1);
	change_between(NULL, 0, &other, 1, &change);
	assert_true(isnan(change.ratio));
	assert_int_equal(change.matched, 0);
	assert_int_equal(change.new, 1);
	change_between(NULL, 0, NULL, 0, &change);
	assert_true(isnan(change.ratio));
}

static void equal_prices_give_one_and_proportional_ones_their_factor(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 200; round++) {
		struct priced_offer before[MOST], after[MOST];
		size_t count = draw_offers(2 * round, 6, before);
		struct change change;

		memcpy(after, before, sizeof(after));
		change_between(before, count, after, count, &change);
		if (count == 0)
			continue;
		quotes_expect_near(change.ratio, 1);
		for (size_t i = 0; i < count; i++)
			after[i].usd *= 1.37;
		change_between(before, count, after, count, &change);
		quotes_expect_near(change.ratio, 1.37);
	}
}

static void there_and_back_is_one(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 200; round++) {
		struct priced_offer a[MOST], b[MOST];
		size_t a_count = draw_offers(2 * round, 5, a);
		size_t b_count = draw_offers(2 * round + 1000, 5, b);
		struct change there, back;

		change_between(a, a_count, b, b_count, &there);
		change_between(b, b_count, a, a_count, &back);
		assert_int_equal(there.matched, back.matched);
		assert_int_equal(there.providers, back.providers);
		assert_int_equal(there.gone, back.new);
		assert_int_equal(there.gone + there.matched, a_count);
		if (there.matched > 0)
			quotes_expect_near(there.ratio * back.ratio, 1);
		else
			assert_true(isnan(there.ratio) && isnan(back.ratio));
	}
}

static void units_of_an_offer_do_not_matter(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 100; round++) {
		struct priced_offer a[MOST], b[MOST];
		size_t count = draw_offers(2 * round, 8, a);
		struct change first, second;

		(void)draw_offers(2 * round + 1000, 8, b);
		change_between(a, count, b, count, &first);
		for (size_t i = 0; i < count; i++) {
			a[i].usd *= 1 + (double)i;
			b[i].usd *= 1 + (double)i;
		}
		change_between(a, count, b, count, &second);
		quotes_expect_near(first.ratio, second.ratio);
	}
}

/* ---- chains ---- */

struct chain {
	struct priced_offer offers[PERIODS][MOST];
	struct period periods[PERIODS];
};

static void put(struct chain *chain, size_t t, const struct priced_offer *offers, size_t count)
{
	if (count > 0)
		memcpy(chain->offers[t], offers, count * sizeof(*offers));
	chain->periods[t] = (struct period){ .day = 20000 + 7 * (date_t)t,
					     .offers = chain->offers[t],
					     .count = count };
}

static void a_chain_begins_at_100_with_the_first_offers(void **state)
{
	const struct priced_offer two = offer_of(0, 0, 2), three = offer_of(0, 0, 3);
	struct chain chain;
	struct chained points[4];

	(void)state;
	put(&chain, 0, NULL, 0);
	put(&chain, 1, &two, 1);
	put(&chain, 2, NULL, 0);
	put(&chain, 3, &three, 1);
	change_chain(chain.periods, 4, points);
	assert_true(isnan(points[0].index));
	quotes_expect_near(points[1].index, 100);
	assert_true(isnan(points[2].index)); /* passed over */
	quotes_expect_near(points[3].index, 150);
	assert_int_equal(points[3].matched, 1);
	assert_int_equal(points[3].offers, 1);
	assert_int_equal(points[3].providers, 1);
	assert_int_equal(points[3].day, 20021);
}

static void a_chain_that_is_broken_stays_so(void **state)
{
	const struct priced_offer a = offer_of(0, 0, 2), b = offer_of(1, 0, 3);
	struct chain chain;
	struct chained points[4];

	(void)state;
	put(&chain, 0, &a, 1);
	put(&chain, 1, &b, 1);
	put(&chain, 2, &b, 1);
	put(&chain, 3, &a, 1);
	change_chain(chain.periods, 4, points);
	quotes_expect_near(points[0].index, 100);
	for (unsigned t = 1; t < 4; t++)
		assert_true(isnan(points[t].index));
}

/* Two providers ask the same all along, a cheap one joins and leaves: the level moves and the chain
 * does not. */
static void who_joins_or_leaves_moves_the_level_and_not_the_chain(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "a", .usd = 4, .observed = "2026-02-01", .until = "2026-03-30" },
		{ .provider = "b", .usd = 5, .observed = "2026-02-01", .until = "2026-03-30" },
		{ .provider = "c", .usd = 1, .observed = "2026-02-15", .until = "2026-02-24" },
	};
	static const date_t days[] = { QUOTES_DAY - 28, QUOTES_DAY - 14, QUOTES_DAY };
	static const struct index_request request = { .threads = 1 };
	SCOPED_STALL(stall);
	struct selection selection;
	struct period *periods;
	struct chained points[3];
	struct votes votes;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	quotes_select(&stall, &selection);
	index_periods(&selection, &request, days, 3, &stall.arena, &periods);
	change_chain(periods, 3, points);
	quotes_vote(&stall, days[1], &votes);
	quotes_expect_near(level_of(&votes), 4);
	quotes_vote(&stall, days[2], &votes);
	quotes_expect_near(level_of(&votes), 4.5);
	for (unsigned t = 0; t < 3; t++)
		quotes_expect_near(points[t].index, 100);
	assert_int_equal(points[1].providers, 3);
}

/* ---- backwards ---- */

static void backwards_it_ends_at_the_last_level(void **state)
{
	const struct priced_offer two = offer_of(0, 0, 2), three = offer_of(0, 0, 3);
	struct chain chain;
	double usd[3];

	(void)state;
	put(&chain, 0, &two, 1);
	put(&chain, 1, NULL, 0);
	put(&chain, 2, &three, 1);
	change_backwards(chain.periods, 3, 1.5, usd);
	quotes_expect_near(usd[2], 1.5);
	assert_true(isnan(usd[1]));
	quotes_expect_near(usd[0], 1);
	/* The last that has offers is the last of all. */
	change_backwards(chain.periods, 2, 1.5, usd);
	assert_true(isnan(usd[1]));
	quotes_expect_near(usd[0], 1.5);
}

/* Three offers of one provider that double and one of another that stays: half of a doubling, where
 * a vote an offer would give three quarters. Whichever of the two comes first. */
static void backwards_each_provider_has_one_vote(void **state)
{
	(void)state;
	for (uint32_t many = 0; many < 2; many++) {
		struct priced_offer before[4], after[4];
		struct chain chain;
		double usd[2];

		for (uint32_t i = 0; i < 4; i++) {
			bool one = i == (many ? 0 : 3);

			before[i] = offer_of(one ? 1 - many : many, i, 1 + i);
			after[i] = before[i];
			after[i].usd *= one ? 1 : 2;
		}
		put(&chain, 0, before, 4);
		put(&chain, 1, after, 4);
		change_backwards(chain.periods, 2, 2, usd);
		quotes_expect_near(usd[0], 2 / sqrt(2));
	}
}

static void backwards_nothing_is_known_before_a_gap(void **state)
{
	const struct priced_offer a = offer_of(0, 0, 2), b = offer_of(1, 0, 3);
	struct chain chain;
	double usd[4];

	(void)state;
	put(&chain, 0, &a, 1);
	put(&chain, 1, &a, 1);
	put(&chain, 2, &b, 1);
	put(&chain, 3, &b, 1);
	change_backwards(chain.periods, 4, 3, usd);
	quotes_expect_near(usd[3], 3);
	quotes_expect_near(usd[2], 3);
	assert_true(isnan(usd[1]));
	assert_true(isnan(usd[0]));
}

static void backwards_who_joins_or_leaves_moves_nothing(void **state)
{
	const struct priced_offer before[] = { offer_of(0, 0, 4), offer_of(1, 0, 9) };
	const struct priced_offer after[] = { offer_of(0, 0, 3), offer_of(2, 0, 1) };
	struct chain chain;
	double usd[2];

	(void)state;
	put(&chain, 0, before, 2);
	put(&chain, 1, after, 2);
	change_backwards(chain.periods, 2, 6, usd);
	quotes_expect_near(usd[0], 8);
}

/* With one offer a provider both give each the same weight. */
static void backwards_and_the_chain_agree_where_each_provider_has_one_offer(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 100; round++) {
		struct chain chain;
		struct chained points[PERIODS];
		double usd[PERIODS];

		for (uint32_t t = 0; t < PERIODS; t++) {
			struct priced_offer offers[MOST];

			for (uint32_t i = 0; i < MOST; i++)
				offers[i] = offer_of(
					i, 0, 1 + random_u32(round, MOST * t + i) / 4294967296.0);
			put(&chain, t, offers, MOST);
		}
		change_chain(chain.periods, PERIODS, points);
		change_backwards(chain.periods, PERIODS, points[PERIODS - 1].index, usd);
		for (unsigned t = 0; t < PERIODS; t++)
			quotes_expect_near(usd[t], points[t].index);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ratio_is_the_geometric_mean_of_those_in_both),
		cmocka_unit_test(without_a_match_there_is_no_ratio),
		cmocka_unit_test(equal_prices_give_one_and_proportional_ones_their_factor),
		cmocka_unit_test(there_and_back_is_one),
		cmocka_unit_test(units_of_an_offer_do_not_matter),
		cmocka_unit_test(a_chain_begins_at_100_with_the_first_offers),
		cmocka_unit_test(a_chain_that_is_broken_stays_so),
		cmocka_unit_test(who_joins_or_leaves_moves_the_level_and_not_the_chain),
		cmocka_unit_test(backwards_it_ends_at_the_last_level),
		cmocka_unit_test(backwards_each_provider_has_one_vote),
		cmocka_unit_test(backwards_nothing_is_known_before_a_gap),
		cmocka_unit_test(backwards_who_joins_or_leaves_moves_nothing),
		cmocka_unit_test(backwards_and_the_chain_agree_where_each_provider_has_one_offer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
