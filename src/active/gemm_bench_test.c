#include "active/gemm_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "active/gemm_load.h"
#include "test/played.h"

#include <cmocka.h>

enum {
	ELEMENTS = 4096,
};

/* What the child does with an open bench; it answers by `port`. */
typedef bool trial(struct worker_port *port, struct gemm_bench *bench, struct error *err);

static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	trial *const *run = context;
	struct error err = { 0 };
	struct gpu_driver driver;
	struct gpu_device device;
	struct gemm_bench bench;

	(void)state;
	if (!gpu_driver_open(port, &driver, &err) ||
	    !gpu_device_find(&driver, request, &device, &err) ||
	    !gemm_bench_open(&device, &bench, &err) || !(*run)(port, &bench, &err)) {
		worker_answers(port, "%u %s", err.code, err.text);
		return;
	}
	gemm_bench_close(&bench);
	gpu_device_close(&device);
}

/* What the child answers on a machine with these faults, on one line. */
static const char *answer(struct watch *watch, enum played kind, const char *faults, trial *run)
{
	struct worker worker = {
		.function = work,
		.context = &run,
		.call_limit_ns = 5000000000,
		.total_limit_ns = 30000000000,
		.name = "gemm",
		.is_for_once = true,
	};
	struct worker_result result = { .end = WORKER_DIED };
	struct error err;
	char lines[512];

	(void)snprintf(lines, sizeof(lines), "gpu * cuda_memory 4\ngpu * multiprocessors 4\n%s",
		       faults);
	played_make(watch, &played_kinds[kind], lines);
	worker.host = &watch->root.host;
	assert_true(worker_ask(&worker, played_name(watch, &played_kinds[kind], 0),
			       &watch->root.arena, &result, &err));
	worker_end(&worker);
	if (result.end != WORKER_DONE || result.answer_count != 1)
		fail_msg("end %d, %zu answers, last call %s", result.end, result.answer_count,
			 result.call);
	return arena_string(&watch->root.arena, result.answers[0]);
}

/* The kernel's inputs against those of the processor, in every format. */
static bool compare_fills(struct worker_port *port, struct gemm_bench *bench, struct error *err)
{
	static char there[ELEMENTS * 8], here[ELEMENTS * 8];
	uint64_t at;

	if (!gpu_take(bench->device, sizeof(there), &at, err))
		return false;
	for (unsigned type = 0; type < GEMM_TYPE_COUNT; type++) {
		size_t bytes = (size_t)ELEMENTS * gemm_element_bytes(type);

		for (unsigned fill = 0; fill < 2; fill++) {
			const struct gemm_input input = { type, fill, 5 };

			gemm_fill(type, fill, 5, 0, ELEMENTS, here);
			if (!gemm_bench_fill(bench, input, at, bytes, err) ||
			    !gpu_wait(bench->device, bench->stream, err) ||
			    !gpu_to_host(bench->device, there, at, bytes, err))
				return false;
			if (memcmp(there, here, bytes) != 0)
				return (fail)(err, ERROR_INVALID, "%s fill %u",
					      gemm_type_names[type], fill);
		}
	}
	worker_answers(port, "same");
	return true;
}

static void kernel_and_processor_make_the_same_inputs(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	assert_string_equal(answer(&watch, PLAYED_H100, "", compare_fills), "same");
}

static bool multiply_exactly(struct worker_port *port, struct gemm_bench *bench, struct error *err)
{
	SCOPED_ARENA(arena);
	uint64_t wrong = 0;
	struct gemm_exact exact = { 0 };

	for (unsigned type = 0; type < GEMM_TYPE_COUNT; type++) {
		if (!gemm_bench_exact(bench, type, &arena, &exact, err))
			return false;
		wrong += exact.wrong;
	}
	worker_answers(port, "%llu wrong, row %llu column %llu", (unsigned long long)wrong,
		       (unsigned long long)exact.row, (unsigned long long)exact.column);
	return true;
}

static void products_of_whole_numbers_are_exact_and_a_wrong_bit_is_placed(void **state)
{
	(void)state;
	SCOPED_WATCH(well);
	assert_string_equal(answer(&well, PLAYED_H100, "", multiply_exactly),
			    "0 wrong, row 0 column 0");
	SCOPED_WATCH(wrong);
	assert_string_equal(
		answer(&wrong, PLAYED_H100, "gpu 0 gemm_flip 300 5\n", multiply_exactly),
		"6 wrong, row 2 column 44");
}

static bool choose(struct worker_port *port, struct gemm_bench *bench, struct error *err)
{
	const struct gemm_wanted wanted = { GEMM_FP8, gemm_reference_shape, 1 };
	struct gemm_job job;
	uint64_t first, second;

	if (!gemm_job_make(bench, &wanted, 8, &job, err) ||
	    !gemm_job_digest(bench, &job, &first, err) ||
	    !gemm_job_time(bench, &job, 3, &job.product_s, err) ||
	    !gemm_job_digest(bench, &job, &second, err))
		return false;
	worker_answers(port, "%.0f TFLOP/s, algorithm %u, bits %s",
		       gemm_operations(&gemm_reference_shape) / job.product_s / 1e12,
		       (unsigned)job.product.algorithm.data[0],
		       first == second && first ? "the same" : "others");
	gemm_job_drop(bench, &job);
	return true;
}

static void the_fastest_algorithm_is_taken(void **state)
{
	(void)state;
	SCOPED_WATCH(well);
	assert_string_equal(answer(&well, PLAYED_H100, "gpu * gemm_tflops_fp8 1500\n", choose),
			    "1492 TFLOP/s, algorithm 1, bits the same");
	SCOPED_WATCH(wrong);
	assert_string_equal(answer(&wrong, PLAYED_H100,
				   "gpu * gemm_tflops_fp8 1500\ngpu 0 gemm_flip 7 2 2\n", choose),
			    "1492 TFLOP/s, algorithm 1, bits others");
}

static void what_cannot_be_multiplied_is_told_by_its_kind(void **state)
{
	static const struct {
		enum played kind;
		const char *faults, *said;
	} cases[] = {
		{ PLAYED_A100, "", "5 sm_80 does not multiply fp8" },
		{ PLAYED_H100, "system cublaslt 140000\n",
		  "5 libcublasLt says that it is version 140000; majors 11 to 13 are known" },
		{ PLAYED_H100, "gpu 0 call cublasLtCreate error 3\n",
		  "6 cublasLtCreate gpu:0000:1b:00.0: no memory (3)" },
		{ PLAYED_H100, "gpu 0 call cublasLtMatmulAlgoGetHeuristic error 15\n",
		  "5 fp8:8192x8192x8192: cublasLtMatmulAlgoGetHeuristic gpu:0000:1b:00.0: not "
		  "supported (15)" },
		{ PLAYED_H100, "gpu 0 call cublasLtMatmul error 13\n",
		  "1 cublasLtMatmul gpu:0000:1b:00.0: execution failed (13)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_WATCH(watch);
		assert_string_equal(answer(&watch, cases[i].kind, cases[i].faults, choose),
				    cases[i].said);
	}
}

/* The sums of the kernels against those of the processor. */
static bool compare_sums(struct worker_port *port, struct gemm_bench *bench, struct error *err)
{
	static const struct gemm_shape shape = { 272, 128, 64 };
	SCOPED_ARENA(arena);
	double off = 0;

	for (unsigned type = 0; type < GEMM_TYPE_COUNT; type++) {
		const struct gemm_wanted wanted = { type, shape, 1 };
		struct gemm_job job;
		struct gemm_sums there, here;
		bool is_wild;
		char *d;

		if (!gemm_job_make(bench, &wanted, 1, &job, err) ||
		    !gemm_job_sums(bench, &job, &arena, &there, &is_wild, err))
			return false;
		d = arena_take(&arena, job.output_bytes);
		if (!gpu_to_host(bench->device, d, job.place.d, job.output_bytes, err))
			return false;
		gemm_checksum_sum(type, &shape, d, &arena, &here);
		for (uint64_t i = 0; i < shape.m; i++)
			off = fmax(off, fabs(there.rows[i] - here.rows[i]));
		for (uint64_t i = 0; i < shape.n; i++)
			off = fmax(off, fabs(there.columns[i] - here.columns[i]));
		if (is_wild)
			return (fail)(err, ERROR_INVALID, "%s is wild", gemm_type_names[type]);
		gemm_job_drop(bench, &job);
	}
	worker_answers(port, "%s", off < 1e-4 ? "near" : "far");
	return true;
}

static void kernel_and_processor_make_the_same_sums(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	assert_string_equal(answer(&watch, PLAYED_H100, "", compare_sums), "near");
}

static bool load(struct worker_port *port, struct gemm_bench *bench, struct error *err)
{
	struct gemm_load_options options = {
		.type = GEMM_BF16,
		.shape = gemm_reference_shape,
		.is_checked = true,
	};
	struct gemm_load_slice slice = { 0 };
	struct gemm_checksum_fault fault = { 0 };
	struct gemm_load loaded;
	unsigned wrong = 0;

	if (!gemm_load_start(bench->device, &options, &loaded, err))
		return false;
	for (unsigned i = 0; i < 4; i++) {
		if (!gemm_load_run(&loaded, 0.2, &slice, err))
			return false;
		if (slice.wrong > 0 && wrong == 0)
			fault = slice.fault;
		wrong += slice.wrong > 0;
	}
	worker_answers(port, "%.0f TFLOP/s for %.1f s, %u wrong, row %lld, column %lld",
		       slice.flop_per_s / 1e12, slice.seconds, wrong, (long long)fault.row,
		       (long long)fault.column);
	gemm_load_end(&loaded);
	return true;
}

static void a_load_lasts_and_watches_its_bits(void **state)
{
	(void)state;
	SCOPED_WATCH(well);
	assert_string_equal(answer(&well, PLAYED_H100, "gpu * gemm_tflops_bf16 700\n", load),
			    "698 TFLOP/s for 0.2 s, 0 wrong, row 0, column 0");
	SCOPED_WATCH(warm);
	assert_string_equal(answer(&warm, PLAYED_H100,
				   "gpu * gemm_tflops_bf16 700\ngpu * temperature 90\n"
				   "gpu * gemm_slope 2\n",
				   load),
			    "629 TFLOP/s for 0.2 s, 0 wrong, row 0, column 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_and_processor_make_the_same_inputs),
		cmocka_unit_test(products_of_whole_numbers_are_exact_and_a_wrong_bit_is_placed),
		cmocka_unit_test(the_fastest_algorithm_is_taken),
		cmocka_unit_test(what_cannot_be_multiplied_is_told_by_its_kind),
		cmocka_unit_test(kernel_and_processor_make_the_same_sums),
		cmocka_unit_test(a_load_lasts_and_watches_its_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
