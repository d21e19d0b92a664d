#include "model/observed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/goodput_study.h"

#include <cmocka.h>

#define HEAD                                                                                      \
	"schema: assay/evidence/v1\ndefaults:\n  subject: { provider: someone }\n"                \
	"  kind: measurement\n  strength: E2\n  observed: 2026-10-01\n  source: { name: a drill " \
	"}\n"                                                                                     \
	"records:\n"
#define DETECTION(id, minutes)                                                        \
	"  - { id: someone." id ", what: reliability.detection-time, value: " minutes \
	", unit: min }\n"

static void add(struct evidence_set *set, const char *text, const char *file)
{
	struct error err = { 0 };

	if (!evidence_set_add_yaml(set, span_of(text), file, &err))
		fail_msg("%s", err.text);
}

static bool apply(struct evidence_set *set, struct parameters *parameters, struct arena *arena,
		  struct error *err)
{
	assert_true(evidence_set_finish(set, err));
	return observed_apply(set, evidence_set_newest(set), arena, parameters, err);
}

static void several_records_are_a_range(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_ARENA(arena);
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &goodput_table);
	add(&set, HEAD DETECTION("a", "2") DETECTION("b", "8"), "f");
	assert_true(apply(&set, &parameters, &arena, &err));

	const struct quantity *detect = &parameters.values[GOODPUT_DETECT];
	assert_true(fabs(detect->low - 2) < 1e-12 && fabs(detect->high - 8) < 1e-12);
	assert_true(fabs(detect->value - 4) < 1e-9);
	assert_int_equal(parameters.origins[GOODPUT_DETECT], ORIGIN_EVIDENCE);
	assert_string_equal(parameters.sources[GOODPUT_DETECT], "someone.a, someone.b");
	assert_int_equal(parameters.origins[GOODPUT_REPLACE], ORIGIN_DEFAULT);
}

static void an_option_is_stronger_than_evidence(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_ARENA(arena);
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &goodput_table);
	assert_true(parameters_assign(&parameters, "detect=30", &err));
	add(&set, HEAD DETECTION("a", "2"), "f");
	assert_true(apply(&set, &parameters, &arena, &err));
	assert_true(fabs(parameters.values[GOODPUT_DETECT].value - 30) < 1e-12);
}

static void evidence_that_tells_nothing_is_refused(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_ARENA(arena);
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &goodput_table);
	add(&set,
	    HEAD "  - { id: someone.x, what: reliability.spares, value: 2, unit: \"%\" }\n"
		 "  - { id: someone.y, what: reliability.detection-time, withheld: no drill }\n",
	    "f");
	assert_false(apply(&set, &parameters, &arena, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_int_equal(parameters.origins[GOODPUT_DETECT], ORIGIN_DEFAULT);
}

static void evidence_of_two_providers_is_refused(void **state)
{
	SCOPED_EVIDENCE(set);
	SCOPED_ARENA(arena);
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &goodput_table);
	add(&set,
	    HEAD DETECTION("a", "2") "  - { id: other.b, subject: { provider: other }, what: "
				     "reliability.detection-time, value: 3, unit: min }\n",
	    "f");
	assert_false(apply(&set, &parameters, &arena, &err));
	assert_non_null(strstr(err.text, "other and of someone"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_records_are_a_range),
		cmocka_unit_test(an_option_is_stronger_than_evidence),
		cmocka_unit_test(evidence_that_tells_nothing_is_refused),
		cmocka_unit_test(evidence_of_two_providers_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
