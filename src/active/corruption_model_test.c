#include "active/corruption_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
	KERNELS = CORRUPTION_GPU_KERNELS,
	LANES = CORRUPTION_GPU_LANES,
	GPUS = 2,
	SMS = 2,
};

static const struct corruption_model_gpu gpus[] = {
	{ "gpu:0000:18:00.0", "4 B", 4 },
	{ "gpu:0000:19:00.0", "2 A", SMS },
	{ "gpu:0000:2a:00.0", "2 A", SMS },
};

static struct worker_result answer_one(const struct span *line)
{
	return (struct worker_result){ .end = WORKER_DONE, .answers = line, .answer_count = 1 };
}

static void a_model_is_read_or_refused(void **state)
{
	static const struct {
		const char *line, *model;
	} cases[] = {
		{ "name 132 NVIDIA H100 80GB HBM3", "132 NVIDIA H100 80GB HBM3" },
		{ "name 512 A", "512 A" },
		{ "name 513 A", NULL },
		{ "name 0 A", NULL },
		{ "name -1 A", NULL },
		{ "name 132 ", NULL },
		{ "name 132", NULL },
		{ "name", NULL },
		{ "refused no such GPU", NULL },
		{ "", NULL },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct span line = span_of(cases[i].line);
		struct worker_result result = answer_one(&line);
		struct corruption_model_gpu gpu = { .name = "gpu:0000:19:00.0" };

		assert_int_equal(corruption_model_read(&result, &arena, &gpu),
				 cases[i].model != NULL);
		if (cases[i].model)
			assert_string_equal(gpu.model, cases[i].model);
		result.end = WORKER_STALLED;
		assert_false(corruption_model_read(&result, &arena, &gpu));
	}
}

static void only_those_alike_are_of_one_model(void **state)
{
	(void)state;
	assert_int_equal(corruption_model_alike(gpus, 3), 1);
	assert_int_equal(corruption_model_alike(&gpus[1], 2), 2);
	assert_int_equal(corruption_model_alike(&gpus[1], 1), 1);
	assert_int_equal(corruption_model_alike(gpus, 0), 0);
}

static void all_have_to_say_the_same(void **state)
{
	static const struct {
		const char *lines[3];
		bool is_alike;
	} cases[] = {
		{ { "ran 7", "ran 7", "ran 7" }, true },  { { "ran 7", NULL, "ran 7" }, true },
		{ { "ran 7", "ran 7", "ran 8" }, false }, { { "ran 7", "mixed", "ran 7" }, false },
		{ { NULL, "mixed", NULL }, false },       { { "ran 7", "", "ran 7" }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct worker_result *results[3];
		struct worker_result answers[3];
		struct span lines[3];

		for (size_t gpu = 0; gpu < 3; gpu++) {
			lines[gpu] = span_of(cases[i].lines[gpu] ? cases[i].lines[gpu] : "");
			answers[gpu] = answer_one(&lines[gpu]);
			results[gpu] = cases[i].lines[gpu] ? &answers[gpu] : NULL;
		}
		assert_int_equal(corruption_model_ran_alike(results, 3), cases[i].is_alike);
	}
}

/* What a GPU tells, whose lanes are all 1000 and the kernel's number but for what is added to lane
 * 5 of kernel 3 on multiprocessor 1. */
struct told {
	struct span lines[KERNELS * SMS];
	char text[KERNELS * SMS][24 * (LANES + 2)];
};

static struct worker_result tell(struct told *told, uint64_t added)
{
	for (unsigned i = 0; i < KERNELS * SMS; i++) {
		const unsigned kernel = i / SMS, sm = i % SMS;
		char *text = told->text[i];
		size_t length = (size_t)snprintf(text, sizeof(told->text[i]), "%s %u",
						 corruption_gpu_kernels[kernel], sm);

		for (unsigned lane = 0; lane < LANES; lane++)
			length += (size_t)snprintf(
				text + length, sizeof(told->text[i]) - length, " %u",
				1000 + kernel +
					(kernel == 3 && sm == 1 && lane == 5 ? (unsigned)added
									     : 0));
		told->lines[i] = span_of(text);
	}
	return (struct worker_result){
		.end = WORKER_DONE,
		.answers = told->lines,
		.answer_count = KERNELS * SMS,
	};
}

static void the_multiprocessor_that_differs_is_counted(void **state)
{
	static struct told well_told, ill_told;
	const struct worker_result well = tell(&well_told, 0), ill = tell(&ill_told, 9);
	SCOPED_ARENA(arena);
	struct corruption_model model;
	const struct corruption_count *count;

	(void)state;
	corruption_model_start(&model, "corruption-gpu", gpus, 1, GPUS, &arena);
	assert_int_equal(corruption_model_units(&model), GPUS * SMS);
	assert_string_equal(model.tally.units[3], "gpu:0000:2a:00.0/sm:1");
	corruption_model_take(&model, 0, &well);
	corruption_model_take(&model, 1, &ill);
	corruption_model_vote(&model, CORRUPTION_ALONE);
	assert_false(corruption_model_wants_rerun(&model, 0));
	assert_true(corruption_model_wants_rerun(&model, 1));
	count = &model.tally.counts[3 * KERNELS + 3];
	assert_int_equal(count->mismatches, 1);
	assert_int_equal(count->lanes, 1u << 5);
	assert_int_equal(count->points, 1u << CORRUPTION_ALONE);
	corruption_model_count_rerun(&model, 1);
	assert_false(corruption_model_wants_rerun(&model, 1));
	assert_int_equal(corruption_repeats_of(count), CORRUPTION_PERSISTENT);
	corruption_model_take(&model, 1, &well);
	corruption_model_count_rerun(&model, 1);
	assert_int_equal(corruption_repeats_of(count), CORRUPTION_INTERMITTENT);
}

static void who_tells_no_digests_takes_no_part(void **state)
{
	static struct told told;
	const struct worker_result well = tell(&told, 0);
	struct worker_result bad = well;
	SCOPED_ARENA(arena);
	struct corruption_model model;

	(void)state;
	corruption_model_start(&model, "corruption-gpu", gpus, 1, GPUS, &arena);
	for (unsigned way = 0; way < 4; way++) {
		static struct told spoilt;

		bad = tell(&spoilt, 0);
		if (way == 1)
			bad.end = WORKER_DIED;
		if (way == 2)
			spoilt.lines[KERNELS] = span_of("integer 7 1 2");
		if (way == 3)
			bad.answer_count = 0;
		corruption_model_take(&model, 0, &well);
		corruption_model_take(&model, 1, &well);
		corruption_model_take(&model, 1, way == 0 ? NULL : &bad);
		for (unsigned i = 0; i < KERNELS * GPUS * SMS; i++)
			assert_int_equal(model.is_present[i], i / SMS % GPUS == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_model_is_read_or_refused),
		cmocka_unit_test(only_those_alike_are_of_one_model),
		cmocka_unit_test(all_have_to_say_the_same),
		cmocka_unit_test(the_multiprocessor_that_differs_is_counted),
		cmocka_unit_test(who_tells_no_digests_takes_no_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
