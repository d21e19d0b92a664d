#include "model/training_parameters.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct parameters with(const struct parameter_table *table, const char *assignment)
{
	struct parameters parameters;
	struct error err = { 0 };

	parameters_init(&parameters, table);
	assert_true(!assignment || parameters_assign(&parameters, assignment, &err));
	return parameters;
}

static void the_defaults_are_a_model_and_a_network(void **state)
{
	struct parameters training = with(&training_table, NULL);
	struct parameters described = with(&network_table, NULL);
	struct training_input input;
	struct network network;
	struct error err = { 0 };

	(void)state;
	assert_true(training_input_make(&training, &input, &err));
	assert_true(fabs(transformer_parameters(&input.transformer) / 1e9 - 70.55) < 0.01);
	assert_true(network_make(&described, &network, &err));
	assert_true(fabs(network_domain_bandwidth(&network) - 386) < 1e-9);
	assert_true(isnan(training_asides_of(&training).share.value));
}

static void every_row_holds_its_own_default(void **state)
{
	static const struct parameter_table *const tables[] = { &training_table, &network_table };

	(void)state;
	for (int t = 0; t < 2; t++) {
		for (unsigned i = 0; i < tables[t]->count; i++) {
			const struct parameter_row *row = &tables[t]->rows[i];

			assert_true(isnan(row->value) ||
				    (row->value >= row->minimum && row->value <= row->maximum));
			assert_true(row->meaning[0] != '\0');
			assert_true(isnan(row->value) || row->source[0] != '\0');
		}
	}
}

static void counts_are_whole(void **state)
{
	struct parameters training = with(&training_table, "gpus=512..1024");
	struct parameters described = with(&network_table, "nics=7.5");
	struct training_input input;
	struct network network;
	struct error err = { 0 };

	(void)state;
	assert_false(training_input_make(&training, &input, &err));
	assert_non_null(strstr(err.text, "gpus is 724"));
	assert_false(network_make(&described, &network, &err));
	assert_string_equal(err.text, "nics is 7.5, where a whole number has to be");
}

static void dead_nics_are_off(void **state)
{
	struct parameters described = with(&network_table, "dead_nics=2");
	struct network network;
	struct error err = { 0 };

	(void)state;
	assert_true(network_make(&described, &network, &err));
	assert_true(fabs(network_domain_bandwidth(&network) - 289.5) < 1e-9);
	assert_true(parameters_assign(&described, "dead_nics=8", &err));
	assert_false(network_make(&described, &network, &err));
	assert_true(parameters_assign(&described, "dead_nics=1", &err));
	assert_true(parameters_assign(&described, "static_split=1", &err));
	assert_false(network_make(&described, &network, &err));
}

static void each_range_has_two_ends(void **state)
{
	struct parameters training = with(&training_table, "overlap_data=0..0.4");
	struct parameters end;
	struct training_input input;
	struct error err = { 0 };

	(void)state;
	assert_true(parameters_assign(&training, "compute_mfu=0.4..0.5", &err));
	assert_int_equal(parameters_ranges(&training), 2);
	for (unsigned ends = 0; ends < 4; ends++) {
		parameters_at_ends(&training, ends, &end);
		assert_true(training_input_make(&end, &input, &err));
		/* Rows stand in the order of the table: compute_mfu comes first. */
		assert_true(fabs(input.training.compute_mfu - (ends & 1 ? 0.5 : 0.4)) < 1e-12);
		assert_true(fabs(input.training.overlap.data - (ends & 2 ? 0.4 : 0)) < 1e-12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_defaults_are_a_model_and_a_network),
		cmocka_unit_test(every_row_holds_its_own_default),
		cmocka_unit_test(counts_are_whole),
		cmocka_unit_test(dead_nics_are_off),
		cmocka_unit_test(each_range_has_two_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
