#include "advise/rated.h"

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
	ATTESTATION,
	SECTORS,
	CRITERIA,
};

/* One provider with two rated units, and a standard of two criteria. */
struct hall {
	struct criterion criteria[CRITERIA];
	uint32_t by_id[CRITERIA];
	struct standard standard;
	struct record record;
	const struct record *records[1];
	struct settlement settlements[CRITERIA];
	struct unit units[2];
	struct provider provider;
	struct rating rating;
	struct gpu_row gpu;
	struct catalogue catalogue;
	struct offer offer;
};

static void build(struct hall *hall)
{
	*hall = (struct hall){
		.criteria = { [ATTESTATION] = { .id = "security.attestation" },
			      [SECTORS] = { .id = "security.regulated-sectors" } },
		.by_id = { ATTESTATION, SECTORS },
		.record = { .says = SAYS_ANSWER, .text = "soc2-type2" },
		.gpu = { .name = "h100" },
		.offer = { .provider = "google", .product = "a3-ultra", .region = "us" },
	};
	hall->records[0] = &hall->record;
	hall->settlements[ATTESTATION] = (struct settlement){ .state = STATE_SETTLED,
							      .records = hall->records,
							      .record_count = 1 };
	hall->standard.criteria = hall->criteria;
	hall->standard.criterion_count = CRITERIA;
	hall->standard.by_id = hall->by_id;
	hall->units[0] = (struct unit){
		.name = "google/a3-mega",
		.subject = { .parts = { "google", "a3-mega" } },
		.settlements = hall->settlements,
		.rated = true,
		.grade = GRADE_SILVER,
	};
	hall->units[1] = hall->units[0];
	hall->units[1].name = "google/a3-ultra";
	hall->units[1].subject.parts[SUBJECT_PRODUCT] = "a3-ultra";
	hall->units[1].grade = GRADE_GOLD;
	hall->units[1].probability[GRADE_GOLD] = 0.7;
	hall->units[1].probability[GRADE_SILVER] = 0.3;
	hall->provider =
		(struct provider){ .name = "google", .units = hall->units, .unit_count = 2 };
	hall->rating = (struct rating){ .units = hall->units,
					.unit_count = 2,
					.providers = &hall->provider,
					.provider_count = 1 };
	hall->catalogue = (struct catalogue){ .gpus = &hall->gpu, .gpu_count = 1 };
}

static void the_product_is_rated_by_its_own_unit(void **state)
{
	struct hall hall;
	struct rated rated;

	(void)state;
	build(&hall);
	rated = rated_find(&hall.rating, &hall.catalogue, &hall.offer);
	assert_string_equal(rated.unit->name, "google/a3-ultra");
	assert_false(rated.stands_in);
	assert_int_equal(rated_holds(&rated, GRADE_GOLD), SHOWN_YES);
	assert_int_equal(rated_holds(&rated, GRADE_PLATINUM), SHOWN_NO);
	close_to(rated_probability(&rated, GRADE_GOLD), 0.7, 1e-12);
	close_to(rated_probability(&rated, GRADE_SILVER), 1, 1e-12);
}

static void of_another_product_the_units_of_its_provider_stand_in(void **state)
{
	struct hall hall;
	struct rated rated;

	(void)state;
	build(&hall);
	hall.offer.product = "a2";
	rated = rated_find(&hall.rating, &hall.catalogue, &hall.offer);
	assert_string_equal(rated.unit->name, "google/a3-mega");
	assert_true(rated.stands_in);
}

static void what_is_not_rated_never_holds_a_grade(void **state)
{
	struct hall hall;
	struct rated rated;

	(void)state;
	build(&hall);
	hall.offer.provider = "nobody";
	rated = rated_find(&hall.rating, &hall.catalogue, &hall.offer);
	assert_null(rated.unit);
	assert_int_equal(rated_holds(&rated, GRADE_UNDERPERFORM), SHOWN_NOT);
	assert_true(isnan(rated_probability(&rated, GRADE_BRONZE)));
	rated = rated_find(NULL, &hall.catalogue, &hall.offer);
	assert_int_equal(rated_holds(&rated, GRADE_UNDERPERFORM), SHOWN_NOT);
	hall.units[1].rated = false;
	hall.offer.provider = "google";
	rated = rated_find(&hall.rating, &hall.catalogue, &hall.offer);
	assert_int_equal(rated_holds(&rated, GRADE_UNDERPERFORM), SHOWN_NOT);
}

static void compliance_is_what_a_settled_criterion_shows(void **state)
{
	static const struct {
		enum state state;
		const char *answer;
		enum compliance word;
		enum shown shown;
	} cases[] = {
		{ STATE_SETTLED, "soc2-type2", COMPLIES_SOC2, SHOWN_YES },
		{ STATE_SETTLED, "both", COMPLIES_ISO27001, SHOWN_YES },
		{ STATE_SETTLED, "soc2-type2", COMPLIES_ISO27001, SHOWN_NO },
		{ STATE_SETTLED, "soc2-type1", COMPLIES_SOC2, SHOWN_NO },
		{ STATE_SETTLED, "soc2-type1", COMPLIES_SOC2_TYPE1, SHOWN_YES },
		{ STATE_UNSETTLED, "both", COMPLIES_SOC2, SHOWN_NOT },
		{ STATE_STALE, "both", COMPLIES_SOC2, SHOWN_NOT },
		{ STATE_CONFLICT, "both", COMPLIES_SOC2, SHOWN_NOT },
		{ STATE_WITHHELD, "both", COMPLIES_SOC2, SHOWN_NO },
		{ STATE_SETTLED, "both", COMPLIES_HIPAA, SHOWN_NOT },
		{ STATE_SETTLED, "both", COMPLIES_GDPR, SHOWN_NOT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hall hall;
		struct rated rated;
		enum compliance word = COMPLIANCE_COUNT;

		build(&hall);
		hall.settlements[ATTESTATION].state = cases[i].state;
		hall.record.text = cases[i].answer;
		rated = rated_find(&hall.rating, &hall.catalogue, &hall.offer);
		assert_int_equal(rated_complies(&rated, &hall.standard, 1u << cases[i].word, &word),
				 cases[i].shown);
		if (cases[i].shown != SHOWN_YES)
			assert_int_equal(word, cases[i].word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_product_is_rated_by_its_own_unit),
		cmocka_unit_test(of_another_product_the_units_of_its_provider_stand_in),
		cmocka_unit_test(what_is_not_rated_never_holds_a_grade),
		cmocka_unit_test(compliance_is_what_a_settled_criterion_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
