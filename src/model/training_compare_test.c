#include "model/training_compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct scene {
	struct parameters training, a, b;
	struct training_comparison comparison;
	struct error err;
};

static void prepare(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	parameters_init(&scene->training, &training_table);
	parameters_init(&scene->a, &network_table);
	parameters_init(&scene->b, &network_table);
}

static void set(struct parameters *parameters, const char *assignment)
{
	struct error err = { 0 };

	assert_true(parameters_assign(parameters, assignment, &err));
}

static bool compare(struct scene *scene)
{
	return training_compare(&scene->training, &scene->a, &scene->b, &scene->comparison,
				&scene->err);
}

static void a_slower_network_is_worth_less(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	set(&scene.b, "rate=200");
	assert_true(compare(&scene));
	struct quantity ratio = scene.comparison.ratio;
	assert_true(fabs(ratio.value - 0.90) < 0.005);
	assert_true(ratio.low >= ratio.value && ratio.high <= ratio.value);
	assert_true(isnan(scene.comparison.usd_a.value) && isnan(scene.comparison.usd_ratio.value));
}

static void the_law_gives_the_ratio_of_its_speed(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	set(&scene.b, "rate=200");
	assert_true(compare(&scene));
	const struct training_comparison *to = &scene.comparison;
	double law = training_law(to->speed.value, to->wait_a.value);
	assert_true(to->speed.value > 0.5 && to->speed.value < 0.6);
	assert_true(fabs(law - to->ratio.value) < 1e-9);
	set(&scene.training, "gpus=8");
	assert_true(compare(&scene));
	assert_true(isnan(to->speed.value));
}

static void a_range_of_overlap_makes_a_range_of_the_ratio(void **state)
{
	struct scene scene;
	double before = 0;

	(void)state;
	prepare(&scene);
	set(&scene.b, "rate=200");
	set(&scene.training, "overlap_data=0..0.1..0.2");
	assert_true(compare(&scene));
	struct quantity ratio = scene.comparison.ratio;
	assert_true(ratio.low < ratio.value && ratio.value < ratio.high);
	/* More overlap brings the two together. */
	static const char *const fixed[] = { "overlap_data=0", "overlap_data=0.1",
					     "overlap_data=0.2" };
	for (int i = 0; i < 3; i++) {
		set(&scene.training, fixed[i]);
		assert_true(compare(&scene));
		assert_true(scene.comparison.ratio.value > before);
		before = scene.comparison.ratio.value;
		assert_true(before >= ratio.low && before <= ratio.high);
	}
}

static void equal_networks_compare_as_exactly_equal(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	set(&scene.training, "overlap_data=0..0.5");
	set(&scene.training, "compute_mfu=0.3..0.6");
	assert_true(compare(&scene));
	struct quantity ratio = scene.comparison.ratio;
	assert_true(ratio.low >= 1 && ratio.high <= 1);
}

static void with_prices_the_cheaper_tokens_are_told(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	set(&scene.b, "rate=200");
	set(&scene.training, "price_a=3");
	set(&scene.training, "price_b=2.4");
	assert_true(compare(&scene));
	const struct training_comparison *to = &scene.comparison;
	assert_true(fabs(to->usd_ratio.value - 0.8 / to->ratio.value) < 1e-12);
	assert_true(fabs(to->usd_a.value * to->a.tokens_per_s * 3600 / 1e9 - 3) < 1e-9);
	/* At the price that the ratio allows, tokens cost the same. */
	set(&scene.training, "price_b=3");
	assert_true(compare(&scene));
	assert_true(fabs(to->usd_ratio.value * to->ratio.value - 1) < 1e-12);
}

static void ranges_have_a_limit(void **state)
{
	static const char *const assignments[] = {
		"wire=0.9..0.95", "rate=390..400",  "ring=300..366",
		"nvls=400..475",  "message=10..14", "hop=0.1..0.5",
		"scatter=0..0.5", "overhead=1..2",  "leaf_oversubscription=1..2",
	};
	struct scene scene;

	(void)state;
	prepare(&scene);
	for (size_t i = 0; i < sizeof(assignments) / sizeof(assignments[0]); i++) {
		set(&scene.a, assignments[i]);
		if (i < 3)
			set(&scene.b, assignments[i]);
	}
	assert_true(compare(&scene));
	assert_true(scene.comparison.ratio.low < scene.comparison.ratio.high);
	set(&scene.training, "tokens=4096..8192");
	assert_false(compare(&scene));
	assert_non_null(strstr(scene.err.text, "13 parameters are ranges"));
}

static void the_network_at_fault_is_named(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	set(&scene.b, "tiers=1");
	assert_false(compare(&scene));
	assert_non_null(strstr(scene.err.text, "network b: 1024 GPUs need more ports"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slower_network_is_worth_less),
		cmocka_unit_test(the_law_gives_the_ratio_of_its_speed),
		cmocka_unit_test(a_range_of_overlap_makes_a_range_of_the_ratio),
		cmocka_unit_test(equal_networks_compare_as_exactly_equal),
		cmocka_unit_test(with_prices_the_cheaper_tokens_are_told),
		cmocka_unit_test(ranges_have_a_limit),
		cmocka_unit_test(the_network_at_fault_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
