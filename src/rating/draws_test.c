#include "base/random.h"
#include "rating/rule.h"
#include "test/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* docs/rating.md, section 6. What the draws are is told here once more, one draw at a time. */

enum {
	DRAWS = 1300, /* two blocks and a piece */
};

static uint32_t bits_of(uint64_t seed, const char *a, const char *b, uint32_t draw)
{
	uint64_t key =
		random_join(random_join(seed, random_key(span_of(a))), random_key(span_of(b)));
	uint32_t number = random_u32((uint32_t)(key >> 32), draw / 2);

	return draw % 2 == 0 ? number & 0xFFFF : number >> 16;
}

/* The numbers are those of bench/rule.py. */
static void the_bits_of_a_draw_are_a_function_of_names(void **state)
{
	static const struct {
		uint64_t seed;
		const char *a, *b;
		uint32_t draw, bits;
	} cases[] = {
		{ 1, "p/a", "speed.bandwidth", 0, 55387 },
		{ 1, "p/a", "speed.bandwidth", 1, 37673 },
		{ 1, "p/a", "speed.bandwidth", 2, 24383 },
		{ 1, "p/a", "speed.bandwidth", 513, 48712 },
		{ 1, "criterion-weights", "speed.bandwidth", 999, 21897 },
		{ 7, "p/a", "care.checks", 1, 59086 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(bits_of(cases[i].seed, cases[i].a, cases[i].b, cases[i].draw),
				 cases[i].bits);
}

/* Only the criteria of the set apply. */
static void leave(struct scene *scene, uint32_t set)
{
	scene->request.profile = 0;
	scene->request.draws = DRAWS;
	for (uint32_t i = 0; i < PLAIN_CRITERIA; i++)
		scene->standard.criteria[i].profiles = set >> i & 1 ? 3 : 2;
}

static void expect_counts(const double probability[GRADE_COUNT], const uint32_t counts[GRADE_COUNT])
{
	for (unsigned g = 0; g < GRADE_COUNT; g++)
		if (counts[g] != (uint32_t)(probability[g] * DRAWS + 0.5))
			fail_msg("%s: %.9f is not %u of %d", grade_names[g], probability[g],
				 counts[g], DRAWS);
}

static void a_settled_criterion_is_drawn_from_its_law(void **state)
{
	SCOPED_SCENE(scene);
	uint32_t counts[GRADE_COUNT] = { 0 };

	(void)state;
	leave(&scene, 1 << CHECKS);
	scene.standard.weight_spread_permille = 250; /* weights cancel out */
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	for (uint32_t d = 0; d < DRAWS; d++) {
		uint32_t bits = bits_of(1, "p/a", "care.checks", d);

		if (bits < 3276)
			counts[GRADE_UNDERPERFORM]++;
		else
			counts[bits < 6553 ? GRADE_PLATINUM : GRADE_SILVER]++;
	}
	expect_counts(scene_unit(&scene)->probability, counts);
	assert_true(counts[GRADE_UNDERPERFORM] > 0 && counts[GRADE_PLATINUM] > 0);
}

static void a_seed_is_another_set_of_draws(void **state)
{
	SCOPED_SCENE(scene);
	double first;

	(void)state;
	leave(&scene, 1 << CHECKS);
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	first = scene_unit(&scene)->probability[GRADE_SILVER];
	scene.request.seed = 2;
	assert_true(scene_unit(&scene)->probability[GRADE_SILVER] < first ||
		    scene_unit(&scene)->probability[GRADE_SILVER] > first);
}

/* speed.bandwidth is at its best in every draw; care.checks has a gate that caps at Bronze. */
static void guard(struct scene *scene, enum gate_silence silence, uint16_t rate_permille)
{
	leave(scene, 1 << CHECKS | 1 << BANDWIDTH);
	plain_gate(&scene->standard, CHECKS, 100, GRADE_BRONZE, silence);
	scene->standard.gates[0].rate_permille = rate_permille;
	for (unsigned g = 0; g < GRADE_COUNT; g++)
		scene->standard.bars[g].overall_from = scene->standard.bars[g].overall_to = 0;
	facts_value(&scene->facts, "p/a", "speed.bandwidth", 400, "GB/s")->strength = STRENGTH_E4;
}

/* Bronze where the bits of care.checks are from … to − 1, else Platinum. */
static void expect_capped(struct scene *scene, uint32_t from, uint32_t to)
{
	uint32_t counts[GRADE_COUNT] = { 0 };

	for (uint32_t d = 0; d < DRAWS; d++) {
		uint32_t bits = bits_of(1, "p/a", "care.checks", d);

		counts[from <= bits && bits < to ? GRADE_BRONZE : GRADE_PLATINUM]++;
	}
	expect_counts(scene_unit(scene)->probability, counts);
}

static void a_gate_fails_where_the_draw_is_below_it(void **state)
{
	(void)state;
	{
		SCOPED_SCENE(scene);

		guard(&scene, SILENCE_OPEN, 250);
		expect_capped(&scene, 65536 - 16384, 65536); /* open: at its rate */
		facts_answer(&scene.facts, "p/a", "care.checks", "some");
		expect_capped(&scene, 0, 3276);
		scene.facts.at[1].observed = RATING_DAY - 101; /* stale is open too */
		expect_capped(&scene, 65536 - 16384, 65536);
		scene.standard.gates[0].rate_permille = 0;
		expect_capped(&scene, 65536, 65536);
		scene.standard.gates[0].rate_permille = 1000;
		expect_capped(&scene, 0, 65536);
		scene.facts.at[1].says = SAYS_NOT_APPLICABLE;
		scene.facts.at[1].observed = RATING_DAY;
		expect_capped(&scene, 65536, 65536);
		scene.facts.at[1].says = SAYS_WITHHELD;
		expect_capped(&scene, 0, 65536);
	}
	{
		SCOPED_SCENE(scene);

		guard(&scene, SILENCE_CAPS, 0);
		expect_capped(&scene, 16384, 65536); /* a requirement: where it is not met */
	}
}

static void coverage_and_strength_stay_as_they_are(void **state)
{
	SCOPED_SCENE(scene);
	uint32_t counts[GRADE_COUNT] = { [GRADE_SILVER] = DRAWS };

	(void)state;
	guard(&scene, SILENCE_OPEN, 0); /* a quarter of the weight is covered */
	scene.standard.bars[GRADE_SILVER].coverage_permille = 250;
	scene.standard.bars[GRADE_GOLD].coverage_permille = 251;
	scene.standard.bars[GRADE_PLATINUM].coverage_permille = 251;
	expect_counts(scene_unit(&scene)->probability, counts);
}

static uint32_t drawn_weight(uint32_t weight, const char *stream, const char *id, uint32_t draw)
{
	/* A spread of a quarter is 64 of 256. */
	return weight * (192 + (bits_of(1, stream, id, draw) * 129 >> 16));
}

/* The overall score of a draw in which care.checks is 200, care.spares and speed.bandwidth 0. */
static double drawn_overall(uint32_t draw)
{
	uint32_t checks = drawn_weight(4, "criterion-weights", "care.checks", draw);
	uint32_t spares = drawn_weight(2, "criterion-weights", "care.spares", draw);
	uint32_t care = drawn_weight(3, "category-weights", "care", draw);
	uint32_t speed = drawn_weight(1, "category-weights", "speed", draw);
	double score = checks * 200 / (double)((checks + spares) * 200);

	return (care * score + speed * 0.0) / (care + speed);
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void weights_are_drawn_and_the_interval_holds_four_fifths(void **state)
{
	SCOPED_SCENE(scene);
	uint32_t counts[GRADE_COUNT] = { 0 }, scores[DRAWS];
	const struct unit *unit;

	(void)state;
	leave(&scene, 1 << CHECKS | 1 << SPARES | 1 << BANDWIDTH);
	scene.standard.weight_spread_permille = 250;
	scene.standard.bars[GRADE_SILVER].overall_from = 500;
	scene.standard.bars[GRADE_SILVER].overall_to = 500;
	facts_answer(&scene.facts, "p/a", "care.checks", "full")->strength = STRENGTH_E4;
	facts_answer(&scene.facts, "p/a", "care.spares", "no")->strength = STRENGTH_E4;
	facts_value(&scene.facts, "p/a", "speed.bandwidth", 0, "GB/s")->strength = STRENGTH_E4;
	for (uint32_t d = 0; d < DRAWS; d++) {
		double overall = drawn_overall(d);

		scores[d] = (uint32_t)(overall * 2048);
		if (overall >= 0.6)
			counts[GRADE_GOLD]++;
		else
			counts[overall >= 0.5 ? GRADE_SILVER : GRADE_BRONZE]++;
	}
	qsort(scores, DRAWS, sizeof(scores[0]), compare_numbers);
	unit = scene_unit(&scene);
	expect_counts(unit->probability, counts);
	assert_true(counts[GRADE_SILVER] > 0 && counts[GRADE_BRONZE] > 0);
	assert_memory_equal(&unit->score_p10, &(double){ scores[10 * (DRAWS - 1) / 100] / 2048.0 },
			    sizeof(double));
	assert_memory_equal(&unit->score_p90, &(double){ scores[90 * (DRAWS - 1) / 100] / 2048.0 },
			    sizeof(double));
}

static void what_does_not_apply_leaves_the_drawn_sums(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave(&scene, 1 << CHECKS | 1 << SPARES);
	scene.standard.weight_spread_permille = 250;
	facts_answer(&scene.facts, "p/a", "care.checks", "some")->strength = STRENGTH_E4;
	facts_not_applicable(&scene.facts, "p/a", "care.spares");
	assert_int_equal((int)(scene_unit(&scene)->score_p10 * 4096), 2048);
	assert_int_equal((int)(scene_unit(&scene)->score_p90 * 4096), 2048);
	expect_counts(scene_unit(&scene)->probability,
		      (uint32_t[GRADE_COUNT]){ [GRADE_SILVER] = DRAWS });
}

/* Six outcomes of two criteria of weight 4 and 2, worked out by hand. */
static void probabilities_are_near_the_exact_ones(void **state)
{
	static const double checks_0 = 3276 / 65536.0, checks_200 = 3277 / 65536.0;
	static const double spares_0 = 19660 / 65536.0;
	const double checks_100 = 1 - checks_0 - checks_200, spares_200 = 1 - spares_0;
	const double exact[GRADE_COUNT] = {
		[GRADE_UNDERPERFORM] = checks_0 * spares_0,
		[GRADE_BRONZE] = checks_0 * spares_200 + checks_100 * spares_0,
		[GRADE_GOLD] = checks_100 * spares_200 + checks_200 * spares_0,
		[GRADE_PLATINUM] = checks_200 * spares_200,
	};
	SCOPED_SCENE(scene);
	const struct unit *unit;

	(void)state;
	leave(&scene, 1 << CHECKS | 1 << SPARES);
	scene.request.draws = 40000;
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	facts_answer(&scene.facts, "p/a", "care.spares", "yes")->strength = STRENGTH_E0;
	unit = scene_unit(&scene);
	for (unsigned g = 0; g < GRADE_COUNT; g++) {
		double variance = exact[g] * (1 - exact[g]) / 40000;
		double error = unit->probability[g] - exact[g];

		if (error * error > 9 * variance)
			fail_msg("%s: %.5f is not near %.5f", grade_names[g], unit->probability[g],
				 exact[g]);
	}
}

static double sum_of(const double probability[GRADE_COUNT])
{
	double sum = 0.0;

	for (unsigned g = 0; g < GRADE_COUNT; g++)
		sum += probability[g];
	return sum;
}

static void expect_sum(double sum, bool rated)
{
	double expected = rated ? 1.0 : 0.0;

	assert_true(sum > expected - 1e-9 && sum < expected + 1e-9);
}

static void probabilities_add_up_to_one_and_are_absent_without_a_rating(void **state)
{
	uint32_t unrated = 0;

	(void)state;
	for (uint32_t seed = 0; seed < 100; seed++) {
		SCOPED_INVENTED(one);

		invented_make(seed, DRAWS, &one);
		for (uint32_t u = 0; u < one.before.rating.unit_count; u++) {
			const struct unit *unit = &one.before.rating.units[u];

			expect_sum(sum_of(unit->probability), unit->rated);
			assert_true(unit->score_p10 <= unit->score_p90);
			assert_true(unit->score_p10 >= 0.0 && unit->score_p90 <= 1.0);
			unrated += !unit->rated;
		}
		for (uint32_t p = 0; p < one.before.rating.provider_count; p++) {
			const struct provider *provider = &one.before.rating.providers[p];

			expect_sum(sum_of(provider->probability), provider->rank > 0);
			assert_int_equal(provider->rank > 0, provider_unit(provider)->rated);
			assert_true(provider->rank_low <= provider->rank_high);
			assert_int_equal(provider->rank > 0, provider->rank_low > 0);
			assert_true(provider->rank_high <= one.before.rating.provider_count);
		}
	}
	assert_true(unrated > 10);
}

static void without_draws_there_is_no_probability(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave(&scene, 1 << CHECKS);
	scene.request.draws = 0;
	facts_answer(&scene.facts, "p/a", "care.checks", "full");
	expect_sum(sum_of(scene_unit(&scene)->probability), false);
	assert_true(scene_unit(&scene)->rated);
}

static void one_draw_is_enough(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	leave(&scene, 1 << CHECKS);
	scene.request.draws = 1;
	facts_answer(&scene.facts, "p/a", "care.checks", "full")->strength = STRENGTH_E4;
	assert_true(scene_unit(&scene)->probability[GRADE_PLATINUM] >= 1.0);
	assert_true(scene_unit(&scene)->score_p10 >= 1.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bits_of_a_draw_are_a_function_of_names),
		cmocka_unit_test(a_settled_criterion_is_drawn_from_its_law),
		cmocka_unit_test(a_seed_is_another_set_of_draws),
		cmocka_unit_test(a_gate_fails_where_the_draw_is_below_it),
		cmocka_unit_test(coverage_and_strength_stay_as_they_are),
		cmocka_unit_test(weights_are_drawn_and_the_interval_holds_four_fifths),
		cmocka_unit_test(what_does_not_apply_leaves_the_drawn_sums),
		cmocka_unit_test(probabilities_are_near_the_exact_ones),
		cmocka_unit_test(probabilities_add_up_to_one_and_are_absent_without_a_rating),
		cmocka_unit_test(without_draws_there_is_no_probability),
		cmocka_unit_test(one_draw_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
