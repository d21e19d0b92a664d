#include "model/training_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_file_names_cases_and_curves(void **state)
{
	static const char text[] = "schema: assay/training/v1\n"
				   "cases:\n"
				   "  - model: llama-70b\n"
				   "    a: h100-8x400\n"
				   "    b: { preset: h100-8x400, set: { rate: 200 } }\n"
				   "  - { model: { set: { layers: 10 } }, a: x, b: y }\n"
				   "measured:\n"
				   "  - title: last night\n"
				   "    network: h100-8x400\n"
				   "    collective: all-reduce\n"
				   "    gpus: 64\n"
				   "    points: [[1024, 10.5], [2048, 20], [4096, 39]]\n";
	struct arena arena = { 0 };
	struct training_file file;
	struct error err = { 0 };

	(void)state;
	assert_true(training_file_read(span_of(text), "f", &arena, &file, &err));
	assert_int_equal(file.case_count, 2);
	assert_string_equal(file.cases[0].model.preset, "llama-70b");
	assert_null(file.cases[0].a.set);
	assert_string_equal(file.cases[0].b.preset, "h100-8x400");
	assert_non_null(node_find(file.cases[0].b.set, "rate"));
	assert_null(file.cases[1].model.preset);
	assert_int_equal(file.curve_count, 1);
	assert_int_equal(file.curves[0].collective, COLLECTIVE_ALL_REDUCE);
	assert_int_equal(file.curves[0].gpus, 64);
	assert_int_equal(file.curves[0].timing_count, 3);
	assert_true(fabs(file.curves[0].timings[0].time_us - 10.5) < 1e-12);
	arena_release(&arena);
}

static void what_is_no_such_file_is_refused_with_its_place(void **state)
{
#define HEAD "schema: assay/training/v1\n"
#define CURVE(collective, gpus, points)                                                       \
	HEAD "measured:\n  - { title: t, network: n, collective: " collective ", gpus: " gpus \
	     ", points: " points " }\n"
	static const char *const rows[][2] = {
		{ "schema: assay/training/v2\n", "is not assay/training/v1" },
		{ HEAD, "neither cases nor measured" },
		{ HEAD "cases: []\n", "neither cases nor measured" },
		{ HEAD "case: []\n", "line 2" },
		{ HEAD "cases:\n  - { model: m, a: x }\n", "'b'" },
		{ HEAD "cases:\n  - { model: [m], a: x, b: y }\n", "line 3" },
		{ HEAD "cases:\n  - { model: m, a: '', b: y }\n", "empty name" },
		{ HEAD "cases:\n  - { model: m, a: { set: 1 }, b: y }\n", "line 3" },
		{ CURVE("allreduce", "8", "[[1, 2]]"), "is no collective" },
		{ CURVE("all-reduce", "1", "[[1, 2]]"), "from 2 to 1000000" },
		{ CURVE("all-reduce", "eight", "[[1, 2]]"), "from 2 to 1000000" },
		{ CURVE("all-reduce", "8", "[[1, 2, 3]]"), "[bytes, microseconds]" },
		{ CURVE("all-reduce", "8", "[[1, x]]"), "two numbers" },
		{ CURVE("all-reduce", "8", "[1, 2]"), "[bytes, microseconds]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct training_file file;
		struct error err = { 0 };

		assert_false(training_file_read(span_of(rows[i][0]), "f", &arena, &file, &err));
		assert_non_null(strstr(err.text, rows[i][1]));
		assert_true(strncmp(err.text, "f: ", 3) == 0);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_names_cases_and_curves),
		cmocka_unit_test(what_is_no_such_file_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
