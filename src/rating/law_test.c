#include "rating/rule.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* docs/rating.md, section 6: the value of a criterion is a staircase over 16 random bits. */

struct stair {
	uint32_t to; /* below these bits … */
	int worth;   /* … and from the stair before, it is worth this */
};

static struct law law_in(struct scene *scene, uint32_t criterion)
{
	struct law law;

	law_of(&scene->standard, criterion, scene_settlement(scene, criterion), &scene->arena,
	       &law);
	return law;
}

static int worth_at(const struct law *law, uint32_t bits)
{
	int worth = law->start;

	for (unsigned i = 0; i < law->step_count; i++)
		worth += bits >= law->at[i] ? law->delta[i] : 0;
	return worth;
}

/* The last stair ends at 65536. */
static void expect_stairs(struct scene *scene, uint32_t criterion, const struct stair *stairs)
{
	struct law law = law_in(scene, criterion);
	uint32_t from = 0;

	for (unsigned i = 0; from < 65536; i++) {
		if (worth_at(&law, from) != stairs[i].worth ||
		    worth_at(&law, stairs[i].to - 1) != stairs[i].worth)
			fail_msg("worth %d from %u and %d up to %u, expected %d",
				 worth_at(&law, from), from, worth_at(&law, stairs[i].to - 1),
				 stairs[i].to, stairs[i].worth);
		from = stairs[i].to;
	}
}

static void what_is_not_settled_is_good_as_often_as_presumed(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_remark(&scene.facts, "p/a");
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 16384, 200 }, { 65536, 0 } });
	scene.standard.presumption = 49; /* 16056.32 */
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 16056, 200 }, { 65536, 0 } });
	scene.standard.presumption = 0;
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 65536, 0 } });
	scene.standard.presumption = 200;
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 65536, 200 } });
}

static void a_stale_detail_is_good_as_often_as_its_headline_is_worth(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	facts_answer(&scene.facts, "p/a", "care.alerts", "no")->observed = RATING_DAY - 101;
	expect_stairs(&scene, ALERTS, (struct stair[]){ { 32768, 200 }, { 65536, 0 } });
}

static void what_is_withheld_is_bad_in_every_draw(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_withheld(&scene.facts, "p/a", "care.checks");
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 65536, 0 } });
}

static void an_answer_is_wrong_as_often_as_its_strength(void **state)
{
	SCOPED_SCENE(scene);
	struct record *record = facts_answer(&scene.facts, "p/a", "care.checks", "some");

	(void)state;
	/* 100 of 1000 is 6553 of 65536, half of it 3276. */
	expect_stairs(&scene, CHECKS,
		      (struct stair[]){ { 3276, 0 }, { 6553, 200 }, { 65536, 100 } });
	record->text = "full";
	record->strength = STRENGTH_E0; /* 19660 */
	expect_stairs(&scene, CHECKS,
		      (struct stair[]){ { 9830, 0 }, { 19660, 100 }, { 65536, 200 } });
	record->strength = STRENGTH_E3; /* 655 */
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 327, 0 }, { 655, 100 }, { 65536, 200 } });
	record->strength = STRENGTH_E4;
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 65536, 200 } });
}

static void evidence_that_is_always_wrong_leaves_the_others(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	scene.standard.strengths[STRENGTH_E1].error_permille = 1000;
	expect_stairs(&scene, CHECKS, (struct stair[]){ { 32768, 0 }, { 65536, 200 } });
}

static void a_measure_that_is_wrong_is_one_of_the_quarters(void **state)
{
	SCOPED_SCENE(scene);
	struct record *record = facts_value(&scene.facts, "p/a", "speed.bandwidth", 250, "GB/s");

	(void)state;
	expect_stairs(&scene, BANDWIDTH,
		      (struct stair[]){ { 1310, 0 },
					{ 2621, 50 },
					{ 3931, 100 },
					{ 5242, 150 },
					{ 6553, 200 },
					{ 65536, 125 } });
	record->value = 200; /* is one of them itself */
	expect_stairs(
		&scene, BANDWIDTH,
		(struct stair[]){
			{ 1638, 0 }, { 3276, 50 }, { 4914, 150 }, { 6553, 200 }, { 65536, 100 } });
}

static void worths_in_conflict_share_what_is_right(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_answer(&scene.facts, "p/a", "care.checks", "full");
	facts_answer(&scene.facts, "p/a", "care.checks", "none");
	facts_answer(&scene.facts, "p/a", "care.checks", "full");
	/* 6553 + (65536 − 6553) / 2 */
	expect_stairs(&scene, CHECKS,
		      (struct stair[]){ { 6553, 100 }, { 36044, 0 }, { 65536, 200 } });
	/* When no answer is left none is wrong. */
	facts_answer(&scene.facts, "p/a", "care.checks", "some");
	expect_stairs(&scene, CHECKS,
		      (struct stair[]){ { 21845, 0 }, { 43690, 100 }, { 65536, 200 } });
}

static void many_values_in_conflict_share_alike(void **state)
{
	SCOPED_SCENE(scene);
	struct stair stairs[2 + 13];
	uint32_t wrong = 6553, rest = 65536 - wrong;

	(void)state;
	for (int i = 0; i < 13; i++)
		facts_value(&scene.facts, "p/a", "speed.bandwidth", 20 * i, "GB/s");
	/* 0, 10, … 120 are held; of the quarters 150 and 200 are not. */
	stairs[0] = (struct stair){ wrong / 2, 150 };
	stairs[1] = (struct stair){ wrong, 200 };
	for (uint32_t j = 0; j < 13; j++)
		stairs[2 + j] = (struct stair){ wrong + (j + 1) * rest / 13, (int)(10 * j) };
	expect_stairs(&scene, BANDWIDTH, stairs);
}

/* A finding that joined the records is one of the worths, though no record holds it. */
static void a_finding_in_conflict_is_one_of_the_worths(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	facts_answer(&scene.facts, "p/a", "speed.claims", "true");
	facts_value(&scene.facts, "p/a", "claim.fabric", 400, "GB/s")->strength = STRENGTH_E0;
	facts_value(&scene.facts, "p/a", "claim.fabric", 100, "GB/s");
	assert_int_equal(scene_settlement(&scene, CLAIMS)->state, STATE_CONFLICT);
	expect_stairs(&scene, CLAIMS, (struct stair[]){ { 32768, 0 }, { 65536, 200 } });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_settled_is_good_as_often_as_presumed),
		cmocka_unit_test(a_stale_detail_is_good_as_often_as_its_headline_is_worth),
		cmocka_unit_test(what_is_withheld_is_bad_in_every_draw),
		cmocka_unit_test(an_answer_is_wrong_as_often_as_its_strength),
		cmocka_unit_test(evidence_that_is_always_wrong_leaves_the_others),
		cmocka_unit_test(a_measure_that_is_wrong_is_one_of_the_quarters),
		cmocka_unit_test(worths_in_conflict_share_what_is_right),
		cmocka_unit_test(many_values_in_conflict_share_alike),
		cmocka_unit_test(a_finding_in_conflict_is_one_of_the_worths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
