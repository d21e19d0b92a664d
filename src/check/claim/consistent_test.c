#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct record make(const char *id, enum strength strength, double value, const char *unit)
{
	return (struct record){
		.id = id,
		.what = "claim.node-bandwidth",
		.says = SAYS_VALUE,
		.value = value,
		.unit = unit,
		.strength = strength,
	};
}

/* The verdict of the only finding about two records; a NULL `measured` leaves the claim alone. */
static enum verdict judge(const struct record *claim, const struct record *measured)
{
	SCOPED_ARENA(arena);
	const struct record *records[] = { claim, measured };
	struct check_input seen = { .records = records, .count = measured ? 2 : 1 };
	struct findings found = { .arena = &arena };

	check_run(check_find("claim-consistent"), &seen, &found);
	assert_int_equal(found.count, 1);
	return found.items[0].verdict;
}

static void verdicts_follow_the_shortfall(void **state)
{
	static const struct {
		double claimed, measured;
		const char *unit;
		enum verdict verdict;
	} cases[] = {
		{ 3200, 3200, "Gb/s", VERDICT_PASS },
		{ 3200, 3050, "Gb/s", VERDICT_PASS }, /* within the spread of equal machines */
		{ 3200, 3030, "Gb/s", VERDICT_FAIL },
		{ 3200, 1600, "Gb/s", VERDICT_FAIL },
		{ 3200, 4000, "Gb/s", VERDICT_PASS },
		{ 30, 600, "s", VERDICT_FAIL },
		{ 30, 20, "s", VERDICT_PASS },
		{ 700, 730, "W", VERDICT_PASS },
		{ 700, 800, "W", VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record claim = make("a", STRENGTH_E0, cases[i].claimed, cases[i].unit);
		struct record measured = make("b", STRENGTH_E2, cases[i].measured, cases[i].unit);

		assert_int_equal(judge(&claim, &measured), cases[i].verdict);
	}
}

static void an_unmeasured_claim_is_unknown_not_a_pass(void **state)
{
	struct record claim = make("a", STRENGTH_E0, 3200, "Gb/s");
	struct record other_unit = make("b", STRENGTH_E2, 400, "GB/s");

	(void)state;
	assert_int_equal(judge(&claim, NULL), VERDICT_UNKNOWN);
	assert_int_equal(judge(&claim, &other_unit), VERDICT_UNKNOWN);
}

static void no_claim_is_unknown(void **state)
{
	struct record measured = make("b", STRENGTH_E2, 3200, "Gb/s");

	(void)state;
	assert_int_equal(judge(&measured, NULL), VERDICT_UNKNOWN);
}

static void one_good_run_does_not_hide_a_bad_one(void **state)
{
	SCOPED_ARENA(arena);
	struct record claim = make("a", STRENGTH_E0, 3200, "Gb/s");
	struct record bad = make("b", STRENGTH_E2, 1500, "Gb/s");
	struct record good = make("c", STRENGTH_E2, 3200, "Gb/s");
	const struct record *orders[2][3] = { { &claim, &bad, &good }, { &good, &bad, &claim } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct check_input seen = { .records = orders[i], .count = 3 };
		struct findings found = { .arena = &arena };

		check_run(check_find("claim-consistent"), &seen, &found);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.items[0].verdict, VERDICT_FAIL);
		assert_ptr_equal(found.items[0].evidence[1], &bad);
		assert_int_equal(found.items[0].strength, STRENGTH_E2);
	}
}

static void a_stronger_measurement_outweighs_a_weaker(void **state)
{
	SCOPED_ARENA(arena);
	struct record claim = make("a", STRENGTH_E0, 3200, "Gb/s");
	struct record bad = make("b", STRENGTH_E1, 1500, "Gb/s");
	struct record good = make("c", STRENGTH_E3, 3200, "Gb/s");
	const struct record *records[] = { &claim, &bad, &good };
	struct check_input seen = { .records = records, .count = 3 };
	struct findings found = { .arena = &arena };

	(void)state;
	check_run(check_find("claim-consistent"), &seen, &found);
	assert_int_equal(found.items[0].verdict, VERDICT_PASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_the_shortfall),
		cmocka_unit_test(an_unmeasured_claim_is_unknown_not_a_pass),
		cmocka_unit_test(no_claim_is_unknown),
		cmocka_unit_test(one_good_run_does_not_hide_a_bad_one),
		cmocka_unit_test(a_stronger_measurement_outweighs_a_weaker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
