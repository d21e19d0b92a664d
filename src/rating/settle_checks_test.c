#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a check finds settles a criterion too: here claim-consistent settles speed.claims. */

static void expect(struct scene *scene, enum state state, int point, enum strength strength)
{
	const struct settlement *settlement = scene_settlement(scene, CLAIMS);

	assert_string_equal(state_names[settlement->state], state_names[state]);
	assert_int_equal(settlement->point, point);
	if (state_is_settled(state))
		assert_int_equal(settlement->strength, strength);
}

/* A claim and what a renter measured, five days later. */
static struct record *measure(struct scene *scene, const char *what, double value)
{
	struct record *measured;

	facts_value(&scene->facts, "p/a", what, 400, "GB/s")->strength = STRENGTH_E0;
	measured = facts_value(&scene->facts, "p/a", what, value, "GB/s");
	measured->strength = STRENGTH_E2;
	measured->observed = RATING_DAY - 5;
	return measured;
}

static void a_claim_that_holds_is_the_best_answer(void **state)
{
	SCOPED_SCENE(scene);
	const struct settlement *settlement;

	(void)state;
	measure(&scene, "claim.fabric", 400);
	expect(&scene, STATE_SETTLED, 200, STRENGTH_E2);
	settlement = scene_settlement(&scene, CLAIMS);
	assert_string_equal(settlement->check, "claim-consistent");
	assert_int_equal(settlement->observed, RATING_DAY - 5);
	assert_int_equal(settlement->record_count, 2);
	assert_non_null(settlement->reason);
	/* Only the criterion that names the check is settled by it. */
	assert_int_equal(scene_settlement(&scene, BANDWIDTH)->state, STATE_UNSETTLED);
}

static void a_claim_that_does_not_hold_is_the_worst(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	measure(&scene, "claim.fabric", 200);
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
}

static void a_claim_that_nobody_measured_settles_nothing(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_value(&scene.facts, "p/a", "claim.fabric", 400, "GB/s")->strength = STRENGTH_E0;
	expect(&scene, STATE_UNSETTLED, 50, STRENGTH_E0);
}

static void a_failure_is_as_strong_as_its_strongest_and_a_pass_as_its_weakest(void **state)
{
	SCOPED_SCENE(scene);
	struct record *fabric, *storage;

	(void)state;
	fabric = measure(&scene, "claim.fabric", 400);
	storage = measure(&scene, "claim.storage", 400);
	storage->strength = STRENGTH_E3;
	expect(&scene, STATE_SETTLED, 200, STRENGTH_E2);
	fabric->value = 100;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
	storage->value = 100;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E3);
}

static void a_finding_decides_when_stronger_and_joins_when_equal(void **state)
{
	SCOPED_SCENE(scene);
	struct record *answer;

	(void)state;
	measure(&scene, "claim.fabric", 200);
	answer = facts_answer(&scene.facts, "p/a", "speed.claims", "true");
	answer->strength = STRENGTH_E1;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
	answer->strength = STRENGTH_E2;
	expect(&scene, STATE_CONFLICT, 0, STRENGTH_E2);
	assert_int_equal(scene_settlement(&scene, CLAIMS)->high, 200);
	answer->text = "false";
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
	answer->strength = STRENGTH_E3;
	answer->text = "true";
	expect(&scene, STATE_SETTLED, 200, STRENGTH_E3);
	assert_null(scene_settlement(&scene, CLAIMS)->check);
}

static void a_finding_answers_what_its_source_listed_as_asked(void **state)
{
	SCOPED_SCENE(scene);
	struct record *withheld;
	const char *audit;

	(void)state;
	audit = measure(&scene, "claim.fabric", 400)->source.name;
	withheld = facts_withheld(&scene.facts, "p", "speed.*");
	withheld->strength = STRENGTH_E2;
	expect(&scene, STATE_WITHHELD, 0, STRENGTH_E2); /* another source's question stays open */
	withheld->source.name = audit;
	expect(&scene, STATE_SETTLED, 200, STRENGTH_E2);
	withheld->strength = STRENGTH_E3;
	expect(&scene, STATE_WITHHELD, 0, STRENGTH_E3);
	withheld->observed = RATING_DAY - 101;
	expect(&scene, STATE_SETTLED, 200, STRENGTH_E2);
}

static void a_finding_below_the_minimum_does_not_count(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	measure(&scene, "claim.fabric", 400);
	scene.standard.criteria[CLAIMS].strength = STRENGTH_E3;
	expect(&scene, STATE_UNSETTLED, 50, STRENGTH_E0);
}

static void a_check_reads_what_counts_on_the_day(void **state)
{
	SCOPED_SCENE(scene);
	struct record *measured = measure(&scene, "claim.fabric", 200);

	(void)state;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
	measured->observed = RATING_DAY - 101;
	expect(&scene, STATE_UNSETTLED, 50, STRENGTH_E0);
	measured->observed = RATING_DAY + 1;
	expect(&scene, STATE_UNSETTLED, 50, STRENGTH_E0);
	measured->observed = RATING_DAY;
	measured->announced = true;
	measured->due = RATING_DAY + 10;
	expect(&scene, STATE_UNSETTLED, 50, STRENGTH_E0);
	scene.request.arrived_by = RATING_DAY + 10;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
}

static void a_check_reads_what_concerns_the_unit(void **state)
{
	SCOPED_SCENE(scene);
	struct record *measured = measure(&scene, "claim.fabric", 200);

	(void)state;
	facts_remark(&scene.facts, "p/a");
	measured->subject.parts[SUBJECT_PRODUCT] = "b";
	expect(&scene, STATE_UNSETTLED, 50, STRENGTH_E0);
	measured->subject.parts[SUBJECT_PRODUCT] = NULL;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
}

static void leaving_the_measurement_out_of_an_audit_gains_nothing(void **state)
{
	SCOPED_SCENE(scene);
	struct record *withheld;
	const char *audit;

	(void)state;
	audit = measure(&scene, "claim.fabric", 200)->source.name;
	withheld = facts_withheld(&scene.facts, "p", "speed.*");
	withheld->strength = STRENGTH_E2;
	withheld->source.name = audit;
	expect(&scene, STATE_SETTLED, 0, STRENGTH_E2);
	facts_remove(&scene.facts, 1);
	expect(&scene, STATE_WITHHELD, 0, STRENGTH_E2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_claim_that_holds_is_the_best_answer),
		cmocka_unit_test(a_claim_that_does_not_hold_is_the_worst),
		cmocka_unit_test(a_claim_that_nobody_measured_settles_nothing),
		cmocka_unit_test(a_failure_is_as_strong_as_its_strongest_and_a_pass_as_its_weakest),
		cmocka_unit_test(a_finding_decides_when_stronger_and_joins_when_equal),
		cmocka_unit_test(a_finding_answers_what_its_source_listed_as_asked),
		cmocka_unit_test(a_finding_below_the_minimum_does_not_count),
		cmocka_unit_test(a_check_reads_what_counts_on_the_day),
		cmocka_unit_test(a_check_reads_what_concerns_the_unit),
		cmocka_unit_test(leaving_the_measurement_out_of_an_audit_gains_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
