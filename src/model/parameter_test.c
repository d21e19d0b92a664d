#include "model/parameter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/yaml.h"

#include <cmocka.h>

static const struct parameter_row rows[] = {
	{ "detect", "s", 900, 0, 86400, "time to notice a failure", "our own" },
	{ "mtbf", "GPU-hours", (double)NAN, 1, 1e9, "hours of one GPU between failures", "" },
	{ "margin", "share", 0.02, -1, 0.99, "of the maker", "" },
	{ "recovery", "cold|hot|tolerant", 1, 0, 2, "what follows a failure", "" },
};

static const struct parameter_table table = { "goodput", rows, 4 };

static void options_name_what_they_set(void **state)
{
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &table);
	assert_true(parameters_assign(&parameters, "mtbf=15000..25000", &err));
	assert_true(parameters.values[1].low == 15000 && parameters.origins[1] == ORIGIN_OPTION);
	assert_false(parameters_assign(&parameters, "detcet=1", &err));
	assert_string_equal(err.text,
			    "'detcet' is no parameter of goodput; the nearest is 'detect'");
	assert_false(parameters_assign(&parameters, "margin=1.5", &err));
	assert_string_equal(err.text, "margin '1.5': it is from -1 to 0.99 share");
	assert_false(parameters_assign(&parameters, "margin", &err));
	assert_true(parameters.values[2].value == 0.02);
}

static void words_stand_for_their_place(void **state)
{
	struct parameters parameters;
	struct error err = { 0 };
	char text[100];

	(void)state;
	parameters_init(&parameters, &table);
	assert_string_equal(parameter_format(&parameters, 3, text), "hot");
	assert_true(parameters_assign(&parameters, "recovery=tolerant", &err));
	assert_true(parameters.values[3].low == 2 && parameters.values[3].high == 2);
	assert_string_equal(parameter_format(&parameters, 3, text), "tolerant");
	assert_false(parameters_assign(&parameters, "recovery=1", &err));
	assert_string_equal(err.text, "recovery '1': write one of cold|hot|tolerant");
	assert_string_equal(parameter_format(&parameters, 1, text), "-");
	assert_string_equal(parameter_format(&parameters, 2, text), "0.02");
}

static void what_has_no_value_is_named(void **state)
{
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	parameters_init(&parameters, &table);
	assert_false(parameters_complete(&parameters, &err));
	assert_string_equal(err.text, "goodput needs a value for: mtbf; give it with --set");
	assert_true(parameters_assign(&parameters, "mtbf=1", &err));
	assert_true(parameters_complete(&parameters, &err));
}

static void a_file_says_value_and_source(void **state)
{
	struct arena arena = { 0 };
	struct parameters parameters;
	struct error err = { 0 };
	const struct node *root = NULL;

	(void)state;
	parameters_init(&parameters, &table);
	assert_true(yaml_read(SPAN("mtbf: { value: 10..20, source: a study }\ndetect: 60\n"), "f",
			      &arena, &root, &err));
	assert_true(parameters_read(&parameters, root, "f", ORIGIN_FILE, &arena, &err));
	assert_string_equal(parameters.sources[1], "a study");
	assert_true(parameters.values[0].value == 60 && parameters.origins[0] == ORIGIN_FILE);
	assert_true(yaml_read(SPAN("detect: 60\nmtbf: [1]\n"), "f", &arena, &root, &err));
	assert_false(parameters_read(&parameters, root, "f", ORIGIN_FILE, &arena, &err));
	assert_non_null(strstr(err.text, "f: line 2"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_name_what_they_set),
		cmocka_unit_test(words_stand_for_their_place),
		cmocka_unit_test(what_has_no_value_is_named),
		cmocka_unit_test(a_file_says_value_and_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
