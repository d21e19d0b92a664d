#include "model/preset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct parameter_row rows[] = {
	{ "detect", "s", 900, 0, 86400, "time to notice a failure", "our own" },
	{ "mtbf", "GPU-hours", 20000, 1, 1e9, "hours of one GPU between failures", "our own" },
};

static const struct parameter_table table = { "goodput", rows, 2 };

static const char good[] = "schema: assay/preset/v1\nmodel: goodput\ntitle: A study\n"
			   "source: a study, 2024\nparameters:\n  mtbf: 50677\n";

static void a_preset_sets_what_it_gives_with_its_source(void **state)
{
	struct arena arena = { 0 };
	struct parameters parameters;
	struct preset preset;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &table);
	assert_true(preset_read(span_of(good), "data/preset/study.yaml", &arena, &preset, &err));
	assert_string_equal(preset.name, "study");
	assert_true(preset_apply(&preset, ORIGIN_PRESET, &arena, &parameters, &err));
	assert_true(parameters.values[1].value == 50677);
	assert_string_equal(parameters.sources[1], "a study, 2024");
	assert_null(parameters.sources[0]);
	assert_int_equal(parameters.origins[0], ORIGIN_DEFAULT);
	arena_release(&arena);
}

static void what_is_no_preset_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "schema: assay/preset/v2\n", "f: line 1" },
		{ "schema: assay/preset/v1\nmodel: goodput\ntitle: x\n", "parameters" },
		{ "schema: assay/preset/v1\nmodle: goodput\n", "modle" },
		{ "schema: assay/preset/v1\nmodel: goodput\ntitle: x\nparameters: []\n", "line 4" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = { 0 };
		struct preset preset;
		struct error err = { 0 };

		assert_false(preset_read(span_of(cases[i].text), "f", &arena, &preset, &err));
		assert_non_null(strstr(err.text, cases[i].says));
		arena_release(&arena);
	}
}

static void a_preset_of_another_model_is_refused(void **state)
{
	static const struct parameter_table other = { "ownership", rows, 2 };
	struct arena arena = { 0 };
	struct parameters parameters;
	struct preset preset;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &other);
	assert_true(preset_read(span_of(good), "f", &arena, &preset, &err));
	assert_false(preset_apply(&preset, ORIGIN_PRESET, &arena, &parameters, &err));
	assert_string_equal(err.text, "f: it is of the model 'goodput', not of 'ownership'");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_preset_sets_what_it_gives_with_its_source),
		cmocka_unit_test(what_is_no_preset_is_refused_with_its_place),
		cmocka_unit_test(a_preset_of_another_model_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
