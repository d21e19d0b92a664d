#include "active/gemm_walk.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A hill with its top at a shape. */
static double hill(const struct gemm_shape *shape, const struct gemm_shape *top)
{
	double m = log2((double)shape->m / (double)top->m);
	double n = log2((double)shape->n / (double)top->n);
	double k = log2((double)shape->k / (double)top->k);

	return 1e15 * exp(-(m * m + n * n + k * k));
}

static void the_top_of_a_hill_is_found(void **state)
{
	static const struct gemm_shape tops[] = {
		{ 8192, 8192, 8192 },
		{ 2048, 2048, 13312 },
		{ 1792, 16128, 3072 },
		{ 12288, 18432, 1024 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		struct gemm_walk walk;
		struct gemm_shape shape;

		gemm_walk_begin(&walk);
		while (gemm_walk_next(&walk, &shape))
			gemm_walk_tell(&walk, hill(&shape, &tops[i]));
		assert_true(walk.best_value > 0.99e15);
		assert_true(walk.tried < GEMM_WALK_TRIED);
	}
}

static void no_shape_is_tried_twice_or_out_of_bounds(void **state)
{
	struct gemm_walk walk;
	struct gemm_shape shape;
	unsigned seed = 1;

	(void)state;
	gemm_walk_begin(&walk);
	while (gemm_walk_next(&walk, &shape)) {
		assert_true(shape.m >= GEMM_WALK_LEAST && shape.m <= GEMM_WALK_MOST);
		assert_true(shape.n >= GEMM_WALK_LEAST && shape.n <= GEMM_WALK_MOST);
		assert_true(shape.k >= GEMM_WALK_LEAST && shape.k <= GEMM_WALK_MOST);
		assert_true(shape.m % GEMM_WALK_GRAIN == 0 && shape.k % GEMM_WALK_GRAIN == 0);
		for (unsigned i = 0; i + 1 < walk.tried; i++)
			assert_false(walk.seen[i].m == shape.m && walk.seen[i].n == shape.n &&
				     walk.seen[i].k == shape.k);
		seed = seed * 1664525u + 1013904223u;
		gemm_walk_tell(&walk, seed % 1000);
	}
}

static void what_cannot_be_tried_is_never_the_best(void **state)
{
	struct gemm_walk walk;
	struct gemm_shape shape;

	(void)state;
	gemm_walk_begin(&walk);
	while (gemm_walk_next(&walk, &shape))
		gemm_walk_tell(&walk, 0);
	assert_true(walk.best_value <= 0);
	assert_int_equal(walk.tried, 125);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_top_of_a_hill_is_found),
		cmocka_unit_test(no_shape_is_tried_twice_or_out_of_bounds),
		cmocka_unit_test(what_cannot_be_tried_is_never_the_best),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
