#include "active/gpu_ecc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/trial.h"

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"

static const struct active_test test = { .name = "gpu-pattern" };
static const struct active_step step = { .test = &test };

/* Below 0: the look did not tell the counter. */
static struct gpu_ecc looked(struct trial_run *trial, double errors)
{
	struct gpu_ecc look = { .seen = ARENA_ARRAY(&trial->arena, struct sightings, 1) };

	sightings_start(look.seen, &trial->sightings.subject, &trial->host, &trial->arena);
	if (errors < 0)
		(void)saw_unknown(look.seen, NODE_GPU_ECC_UNCORRECTED, GPU, "not supported");
	else
		(void)saw_value(look.seen, NODE_GPU_ECC_UNCORRECTED, GPU, errors);
	return look;
}

static void what_a_counter_rose_by_is_told_or_why_not(void **state)
{
	static const struct {
		double before, after;
		double rise;     /* below 0: unknown */
		const char *why; /* a piece of the reason */
	} cases[] = {
		{ 5, 5, 0, NULL },
		{ 5, 12, 7, NULL },
		{ -1, 12, -1, "not supported" },
		{ 5, -1, -1, "not supported" },
		{ 5, 2, -1, "fell" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static const char *const gpus[] = { GPU };
		const struct record *told;

		SCOPED_TRIAL(trial);
		struct active_run run = trial_run_make(&trial, &step, 1);
		const struct gpu_ecc before = looked(&trial, cases[i].before);
		const struct gpu_ecc after = looked(&trial, cases[i].after);

		gpu_ecc_say(&run, &before, &after, gpus, 1);
		told = trial_run_find(&trial, NODE_TEST_GPU_ECC_UNCORRECTED, GPU);
		assert_int_equal(told->says, cases[i].rise < 0 ? SAYS_UNKNOWN : SAYS_VALUE);
		if (cases[i].rise < 0)
			assert_non_null(strstr(told->text, cases[i].why));
		else
			assert_int_equal((int)told->value, (int)cases[i].rise);
		/* Neither look said anything of this one. */
		assert_int_equal(trial_run_find(&trial, NODE_TEST_GPU_ECC_CORRECTED, GPU)->says,
				 SAYS_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_counter_rose_by_is_told_or_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
