#include "model/transformer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Shapes and parameters as published; sources stand in data/preset/model-*.yaml. */
static const struct {
	struct transformer model;
	double parameters, active; /* thousand millions */
} published[] = {
	{ { .layers = 32,
	    .hidden = 4096,
	    .vocabulary = 128256,
	    .heads = 32,
	    .key_value_heads = 8,
	    .ffn = 14336 },
	  8.03,
	  8.03 },
	{ { .layers = 80,
	    .hidden = 8192,
	    .vocabulary = 128256,
	    .heads = 64,
	    .key_value_heads = 8,
	    .ffn = 28672 },
	  70.55,
	  70.55 },
	{ { .layers = 126,
	    .hidden = 16384,
	    .vocabulary = 128256,
	    .heads = 128,
	    .key_value_heads = 8,
	    .ffn = 53248 },
	  405.85,
	  405.85 },
	{ { .layers = 32,
	    .hidden = 4096,
	    .vocabulary = 32000,
	    .heads = 32,
	    .key_value_heads = 8,
	    .experts = 8,
	    .active_experts = 2,
	    .expert_ffn = 14336 },
	  46.70,
	  12.88 },
	{ { .layers = 61,
	    .hidden = 7168,
	    .vocabulary = 129280,
	    .heads = 128,
	    .key_value_heads = 128,
	    .attention = 187.1e6,
	    .ffn = 18432,
	    .experts = 256,
	    .active_experts = 8,
	    .shared_experts = 1,
	    .expert_ffn = 2048,
	    .dense_layers = 3 },
	  671.03,
	  37.55 },
};

static void published_models_have_their_published_size(void **state)
{
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		const struct transformer *model = &published[i].model;

		assert_true(transformer_check(model, &err));
		assert_true(fabs(transformer_parameters(model) / 1e9 - published[i].parameters) <
			    0.006);
		assert_true(fabs(transformer_active_parameters(model) / 1e9 - published[i].active) <
			    0.006);
	}
}

static void a_dense_model_has_no_experts(void **state)
{
	(void)state;
	assert_true(transformer_expert_parameters(&published[1].model) <= 0);
	assert_int_equal(transformer_expert_layers(&published[1].model), 0);
	assert_int_equal(transformer_expert_layers(&published[4].model), 58);
}

static void what_is_no_model_is_refused(void **state)
{
	struct transformer wrong[5];
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		wrong[i] = published[3].model;
	wrong[0].layers = 0;
	wrong[1].key_value_heads = 64;
	wrong[2].active_experts = 9;
	wrong[3].expert_ffn = 0;
	wrong[4].dense_layers = 33;
	for (size_t i = 0; i < 5; i++)
		assert_false(transformer_check(&wrong[i], &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_models_have_their_published_size),
		cmocka_unit_test(a_dense_model_has_no_experts),
		cmocka_unit_test(what_is_no_model_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
