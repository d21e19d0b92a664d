#include "rating/rule.h"
#include "test/facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Providers a, b, c … with these grades here and in the reference. */
struct graded {
	enum grade theirs, ours;
};

static struct agreement agree(const struct graded *grades, uint32_t count)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	struct unit units[8] = { 0 };
	struct provider providers[8] = { 0 };
	struct reference_grade published[8];
	struct rating rating = { .providers = providers, .provider_count = count };
	struct reference reference = { .grades = published, .count = count };
	struct agreement agreement;

	for (uint32_t i = 0; i < count; i++) {
		units[i] = (struct unit){ .rated = true, .grade = grades[i].ours };
		providers[i].name = names[i];
		providers[i].units = &units[i];
		providers[i].unit_count = 1;
		published[i] = (struct reference_grade){ names[i], grades[i].theirs };
	}
	agreement_of(&rating, &reference, &agreement);
	return agreement;
}

static void expect_near(double is, double expected)
{
	if (!(is > expected - 1e-12 && is < expected + 1e-12))
		fail_msg("%.15g is not %.15g", is, expected);
}

static void grades_are_compared_one_by_one(void **state)
{
	static const struct graded grades[] = {
		{ GRADE_GOLD, GRADE_GOLD },         { GRADE_GOLD, GRADE_GOLD },
		{ GRADE_SILVER, GRADE_GOLD },       { GRADE_PLATINUM, GRADE_GOLD },
		{ GRADE_UNDERPERFORM, GRADE_GOLD },
	};
	struct agreement agreement = agree(grades, 5);

	(void)state;
	assert_int_equal(agreement.compared, 5);
	assert_int_equal(agreement.exact, 2);
	assert_int_equal(agreement.within_one, 4);
	assert_int_equal(agreement.missing, 0);
	assert_int_equal(agreement.confusion[GRADE_GOLD][GRADE_GOLD], 2);
	assert_int_equal(agreement.confusion[GRADE_SILVER][GRADE_GOLD], 1);
	assert_int_equal(agreement.confusion[GRADE_GOLD][GRADE_SILVER], 0);
	assert_int_equal(agreement.confusion[GRADE_UNDERPERFORM][GRADE_GOLD], 1);
}

static void tau_b_is_one_when_the_order_is_the_same_and_minus_one_when_reversed(void **state)
{
	struct graded same[5], reversed[5];

	(void)state;
	for (int g = 0; g < GRADE_COUNT; g++) {
		same[g] = (struct graded){ (enum grade)g, (enum grade)g };
		reversed[g] = (struct graded){ (enum grade)g, (enum grade)(GRADE_COUNT - 1 - g) };
	}
	expect_near(agree(same, 5).kendall, 1.0);
	expect_near(agree(reversed, 5).kendall, -1.0);
	assert_int_equal(agree(reversed, 5).exact, 1);
}

/* Worked out by hand. Reference 0 1 1 2, here 0 0 1 2: of six pairs four are concordant, none is
 * discordant, one is tied on each side: 4 / √(5 · 5). Reference 0 1 2 3, here 1 0 2 2: four
 * concordant, one discordant, one tied here: 3 / √(6 · 5). */
static void tau_b_counts_ties_against_the_side_that_has_them(void **state)
{
	static const struct graded ties[] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 2, 2 } };
	static const struct graded swap[] = { { 0, 1 }, { 1, 0 }, { 2, 2 }, { 3, 2 } };

	(void)state;
	expect_near(agree(ties, 4).kendall, 0.8);
	expect_near(agree(swap, 4).kendall, 3 / sqrt(30.0));
}

static void tau_b_is_not_a_number_without_a_spread(void **state)
{
	static const struct graded flat[] = { { 0, 2 }, { 1, 2 }, { 3, 2 } };

	(void)state;
	assert_true(isnan(agree(flat, 3).kendall));
	assert_true(isnan(agree(flat, 1).kendall));
	assert_true(isnan(agree(flat, 0).kendall));
}

static void who_is_not_rated_here_is_missing(void **state)
{
	SCOPED_SCENE(scene);
	struct reference_grade published[] = { { "p", GRADE_GOLD },
					       { "q", GRADE_GOLD },
					       { "unheard-of", GRADE_GOLD } };
	const struct reference reference = { .grades = published, .count = 3 };
	struct agreement agreement;

	(void)state;
	facts_answer(&scene.facts, "p", "care.checks", "full");
	facts_remark(&scene.facts, "q");
	facts_answer(&scene.facts, "r", "care.checks", "full"); /* not in the reference */
	agreement_of(scene_rate(&scene), &reference, &agreement);
	assert_int_equal(agreement.compared, 1);
	assert_int_equal(agreement.missing, 2);
}

static void a_reference_is_read_in_the_order_of_its_providers(void **state)
{
	static const char text[] = "schema: assay/reference/v1\n"
				   "edition: first\n"
				   "published: 2025-03-26\n"
				   "source: a page\n"
				   "grades: { zeta: Bronze, alpha: UnderPerform, mid: Platinum }\n";
	SCOPED_ARENA(arena);
	struct reference reference;
	struct error err;

	(void)state;
	assert_true(reference_load(span_of(text), "r.yaml", &arena, &reference, &err));
	assert_string_equal(reference.edition, "first");
	assert_string_equal(reference.source, "a page");
	assert_int_equal(reference.published, 20173);
	assert_int_equal(reference.count, 3);
	assert_string_equal(reference.grades[0].provider, "alpha");
	assert_int_equal(reference.grades[0].grade, GRADE_UNDERPERFORM);
	assert_string_equal(reference.grades[2].provider, "zeta");
	assert_int_equal(reference.grades[2].grade, GRADE_BRONZE);
}

static void a_reference_that_says_nothing_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
	} cases[] = {
		{ "schema: assay/reference/v2\n", ERROR_UNSUPPORTED },
		{ "schema: assay/reference/v1\nedition: e\npublished: 2025-03-26\nsource: s\n",
		  ERROR_INVALID },
		{ "schema: assay/reference/v1\nedition: e\npublished: today\nsource: s\n"
		  "grades: {}\n",
		  ERROR_INVALID },
		{ "schema: assay/reference/v1\nedition: e\npublished: 2025-03-26\nsource: s\n"
		  "grades: { a: Tin }\n",
		  ERROR_INVALID },
		{ "schema: assay/reference/v1\nedition: e\npublished: 2025-03-26\nsource: s\n"
		  "grades: { a: [] }\n",
		  ERROR_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct reference reference;
		struct error err = { 0 };

		assert_false(
			reference_load(span_of(cases[i].text), "r.yaml", &arena, &reference, &err));
		assert_int_equal(err.code, cases[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grades_are_compared_one_by_one),
		cmocka_unit_test(
			tau_b_is_one_when_the_order_is_the_same_and_minus_one_when_reversed),
		cmocka_unit_test(tau_b_counts_ties_against_the_side_that_has_them),
		cmocka_unit_test(tau_b_is_not_a_number_without_a_spread),
		cmocka_unit_test(who_is_not_rated_here_is_missing),
		cmocka_unit_test(a_reference_is_read_in_the_order_of_its_providers),
		cmocka_unit_test(a_reference_that_says_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
