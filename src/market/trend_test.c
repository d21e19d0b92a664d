#include "market/trend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/random.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	POINTS = 120,
	WEEK = 7,
};

static const struct trend_request request = { .draws = 200, .seed = 1 };

/* About normal: the sum of twelve uniform numbers. */
static double noise_at(uint32_t series, uint32_t i)
{
	double sum = -6;

	for (uint32_t k = 0; k < 12; k++)
		sum += random_u32(series * 0x9E37u + 77u, i * 12 + k) / 4294967296.0;
	return sum;
}

/* A corner of a path: the logarithm of the price at a point. */
struct corner {
	unsigned at;
	double log_usd;
};

static double path_at(const struct corner *corners, size_t count, unsigned i)
{
	size_t k = 0;

	while (k + 2 < count && i > corners[k + 1].at)
		k++;
	return corners[k].log_usd + (corners[k + 1].log_usd - corners[k].log_usd) *
					    ((double)i - corners[k].at) /
					    (corners[k + 1].at - corners[k].at);
}

static struct trend trend_of(const struct corner *corners, size_t count, double sigma,
			     uint32_t series)
{
	struct trend_point points[POINTS];
	struct trend trend;

	for (unsigned i = 0; i < POINTS; i++)
		points[i] = (struct trend_point){
			.day = 20000 + WEEK * (int)i,
			.usd = exp(path_at(corners, count, i) + sigma * noise_at(series, i)),
		};
	trend_find(points, POINTS, &request, &trend);
	return trend;
}

static void a_constant_series_is_flat(void **state)
{
	static const struct corner corners[] = { { 0, 0.5 }, { 119, 0.5 } };
	struct trend trend = trend_of(corners, COUNT(corners), 0, 1);

	(void)state;
	assert_int_equal(trend.direction, DIRECTION_FLAT);
	assert_int_equal(trend.turn_count, 0);
	assert_true(fabs(trend.pieces[0].per_year) < 1e-9);
	assert_true(fabs(trend.pieces[0].from_usd - exp(0.5)) < 1e-9);
}

static void a_steady_fall_is_down_without_a_turn(void **state)
{
	static const struct corner corners[] = { { 0, 1.2 }, { 119, 0.2 } };
	double per_year = exp(-1.0 / (119 * 7 / 365.25)) - 1;
	unsigned straight = 0, covered = 0;

	(void)state;
	for (uint32_t series = 0; series < 30; series++) {
		struct trend trend = trend_of(corners, COUNT(corners), 0.03, series);

		if (trend.turn_count > 0)
			continue;
		straight++;
		assert_int_equal(trend.direction, DIRECTION_DOWN);
		covered += trend.pieces[0].per_year_low < per_year &&
			   trend.pieces[0].per_year_high > per_year;
		assert_true(trend.pieces[0].confidence > 0.99);
	}
	assert_in_range(straight, 26, 30);
	/* 90 % intervals: of 26 to 30, 21 are what is left in 98 of 100 cases. */
	assert_in_range(covered, 21, 30);
}

static void expect_foot(const struct trend *trend)
{
	assert_int_equal(trend->direction, DIRECTION_UP);
	assert_int_equal(trend->pieces[0].direction, DIRECTION_DOWN);
	assert_true(abs(trend->turns[0].day - (20000 + 60 * WEEK)) <= 3 * WEEK);
	assert_true(trend->turns[0].earliest <= trend->turns[0].day);
	assert_true(trend->turns[0].latest >= trend->turns[0].day);
	assert_true(trend->turns[0].confidence >= 0.95);
	assert_true(trend->turns[0].reverses);
}

static void a_v_turns_at_its_foot(void **state)
{
	static const struct corner corners[] = { { 0, 2.0 }, { 60, 0.9 }, { 119, 1.8 } };
	unsigned exact = 0;

	(void)state;
	for (uint32_t series = 0; series < 20; series++) {
		struct trend trend = trend_of(corners, COUNT(corners), 0.04, series);

		assert_true(trend.turn_count >= 1);
		if (trend.turn_count > 1)
			continue;
		exact++;
		expect_foot(&trend);
	}
	/* A bend too many is allowed in one of twenty. */
	assert_in_range(exact, 18, 20);
}

static void down_flat_and_up_are_three_pieces(void **state)
{
	static const struct corner corners[] = {
		{ 0, 2.0 }, { 45, 0.9 }, { 80, 0.9 }, { 119, 1.8 }
	};
	unsigned exact = 0;

	(void)state;
	for (uint32_t series = 0; series < 20; series++) {
		struct trend trend = trend_of(corners, COUNT(corners), 0.02, series);

		assert_true(trend.turn_count >= 2);
		assert_int_equal(trend.direction, DIRECTION_UP);
		if (trend.turn_count > 2)
			continue;
		exact++;
		assert_int_equal(trend.pieces[0].direction, DIRECTION_DOWN);
		assert_int_not_equal(trend.pieces[1].direction, DIRECTION_UP);
		assert_true(abs(trend.turns[0].day - (20000 + 45 * WEEK)) <= 3 * WEEK);
		assert_true(abs(trend.turns[1].day - (20000 + 80 * WEEK)) <= 3 * WEEK);
	}
	assert_in_range(exact, 18, 20);
}

static void a_wild_day_is_no_turn(void **state)
{
	struct trend_point points[POINTS];
	struct trend trend;

	(void)state;
	for (unsigned i = 0; i < POINTS; i++)
		points[i] = (struct trend_point){
			.day = 20000 + WEEK * (int)i,
			.usd = i == 40 ? 9 : 2.5 * exp(0.01 * noise_at(4, i)),
		};
	trend_find(points, POINTS, &request, &trend);
	assert_int_equal(trend.turn_count, 0);
	assert_int_equal(trend.direction, DIRECTION_FLAT);
}

/* The rule promises one in twenty for a first turn and for a sign; of 100 series up to 11 is what
 * chance gives with such a rate in 99 of 100 cases. */
static void noise_alone_has_hardly_ever_a_direction_or_a_turn(void **state)
{
	static const struct corner level[] = { { 0, 1 }, { 119, 1 } };
	unsigned turned = 0, directed = 0;

	(void)state;
	for (uint32_t series = 100; series < 200; series++) {
		struct trend trend = trend_of(level, COUNT(level), 0.3, series);

		turned += trend.turn_count > 0;
		directed += trend.direction == DIRECTION_UP || trend.direction == DIRECTION_DOWN;
	}
	assert_in_range(turned, 0, 11);
	assert_in_range(directed, 0, 11);
}

static void few_points_and_no_draws_tell_no_direction(void **state)
{
	static const struct trend_request none = { .draws = 0 };
	struct trend_point points[POINTS];
	struct trend trend;

	(void)state;
	for (unsigned i = 0; i < POINTS; i++)
		points[i] = (struct trend_point){ .day = 20000 + (int)i, .usd = 1 + i };
	trend_find(points, TREND_POINTS_LEAST - 1, &request, &trend);
	assert_int_equal(trend.direction, DIRECTION_UNKNOWN);
	assert_int_equal(trend.piece_count, 0);
	trend_find(points, POINTS, &none, &trend);
	assert_int_equal(trend.direction, DIRECTION_UNKNOWN);
}

static void units_do_not_matter(void **state)
{
	static const struct corner dollars[] = { { 0, 2.0 }, { 60, 0.9 }, { 119, 1.8 } };
	static const struct corner cents[] = { { 0, 2.0 + 4.605170185988092 },
					       { 60, 0.9 + 4.605170185988092 },
					       { 119, 1.8 + 4.605170185988092 } };
	struct trend a = trend_of(dollars, COUNT(dollars), 0.05, 7);
	struct trend b = trend_of(cents, COUNT(cents), 0.05, 7);

	(void)state;
	assert_int_equal(a.turn_count, b.turn_count);
	for (unsigned k = 0; k < a.turn_count; k++)
		assert_int_equal(a.turns[k].day, b.turns[k].day);
	for (unsigned p = 0; p < a.piece_count; p++) {
		assert_true(fabs(a.pieces[p].per_year - b.pieces[p].per_year) < 1e-9);
		assert_true(fabs(100 * a.pieces[p].to_usd - b.pieces[p].to_usd) < 1e-6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_constant_series_is_flat),
		cmocka_unit_test(a_steady_fall_is_down_without_a_turn),
		cmocka_unit_test(a_v_turns_at_its_foot),
		cmocka_unit_test(down_flat_and_up_are_three_pieces),
		cmocka_unit_test(a_wild_day_is_no_turn),
		cmocka_unit_test(noise_alone_has_hardly_ever_a_direction_or_a_turn),
		cmocka_unit_test(few_points_and_no_draws_tell_no_direction),
		cmocka_unit_test(units_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
