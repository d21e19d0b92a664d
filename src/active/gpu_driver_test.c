#include "active/gpu_driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/kernels/memory.h"
#include "base/random.h"
#include "test/played.h"

#include <cmocka.h>

enum {
	WORDS = 4096,
};

/* Fills device memory by the kernel, and compares it here. */
static bool fill_and_compare(const struct gpu_device *device, struct error *err)
{
	static uint64_t here[WORDS];
	struct memory_work work = { .count = WORDS, .key = 42, .first = 7 };
	void *arguments[] = { &work };
	struct gpu_kernels kernels;
	uint64_t at = 0;

	if (!gpu_take(device, sizeof(here), &at, err) ||
	    !gpu_kernels_load(device, &kernels_memory, &kernels, err))
		return false;
	work.into = at;
	if (!gpu_start(device, &kernels, "memory_fill", 8, 64, arguments, NULL, err) ||
	    !gpu_wait(device, NULL, err) || !gpu_to_host(device, here, at, sizeof(here), err))
		return false;
	for (uint64_t i = 0; i < WORDS; i++)
		if (here[i] != random_u64(42, 7 + i))
			return (fail)(err, ERROR_INVALID, "word %llu differs",
				      (unsigned long long)i);
	gpu_kernels_drop(device, &kernels);
	gpu_give(device, at);
	return true;
}

/* Gives the seconds that a copy of a gigabyte inside the device takes. */
static bool time_copy(const struct gpu_device *device, double *ret_seconds, struct error *err)
{
	struct gpu_timer timer;
	struct gpu_stream *stream;
	uint64_t from;
	uint64_t into;

	if (!gpu_take(device, 1000000000, &from, err) ||
	    !gpu_take(device, 1000000000, &into, err) || !gpu_stream_make(device, &stream, err) ||
	    !gpu_timer_make(device, &timer, err) || !gpu_timer_start(device, &timer, stream, err) ||
	    !gpu_begin_copy(device, into, from, 1000000000, stream, err) ||
	    !gpu_timer_end(device, &timer, stream, ret_seconds, err))
		return false;
	gpu_timer_drop(device, &timer);
	gpu_stream_drop(device, stream);
	return true;
}

static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	struct error err = { 0 };
	struct gpu_driver driver;
	struct gpu_device device;
	uint64_t left = 0;
	double seconds = 0;

	(void)state;
	(void)context;
	if (!gpu_driver_open(port, &driver, &err) ||
	    !gpu_device_find(&driver, request, &device, &err) ||
	    !gpu_memory_left(&device, &left, &err) || !fill_and_compare(&device, &err) ||
	    !time_copy(&device, &seconds, &err)) {
		worker_answers(port, "%u %s", err.code, err.text);
		return;
	}
	gpu_device_close(&device);
	worker_answers(port, "%s %u sm %u MiB %llu numa %d copy %.3f", device.gpu,
		       device.multiprocessors, device.capability, (unsigned long long)(left >> 20),
		       device.numa, seconds * 1e3);
}

/* What the child answers on a machine with these faults. */
static const char *answer(struct watch *watch, const char *faults, enum worker_end *ret_end)
{
	struct worker worker = {
		.host = &watch->root.host,
		.function = work,
		.call_limit_ns = 2000000000,
		.total_limit_ns = 60000000000,
		.name = "cuda",
		.is_for_once = true,
	};
	struct worker_result result = { .end = WORKER_DIED };
	struct error err;

	played_make(watch, &played_kinds[PLAYED_H100], faults);
	worker.host = &watch->root.host;
	assert_true(worker_ask(&worker, "gpu:0000:43:00.0", &watch->root.arena, &result, &err));
	worker_end(&worker);
	*ret_end = result.end;
	if (result.end != WORKER_DONE)
		return arena_format(&watch->root.arena, "%s", result.call);
	assert_int_equal(result.answer_count, 1);
	return arena_string(&watch->root.arena, result.answers[0]);
}

static void a_gpu_is_opened_used_and_timed(void **state)
{
	enum worker_end end;

	(void)state;
	SCOPED_WATCH(watch);
	/* 2 GB at 2,000 GB/s and the start of the copy. */
	assert_string_equal(answer(&watch, "gpu * cuda_memory 1\ngpu * hbm_gb_per_s 2000\n", &end),
			    "gpu:0000:43:00.0 132 sm 90 MiB 81008 numa 0 copy 1.002");
	assert_int_equal(end, WORKER_DONE);
}

static void what_is_in_the_way_is_told_by_its_kind(void **state)
{
	static const struct {
		const char *faults;
		enum error_code code;
		const char *words;
	} cases[] = {
		{ "system gpus 0\n", ERROR_MISSING, "cuInit: no CUDA-capable device is detected" },
		{ "system call cuInit error 803\n", ERROR_IO, "(803)" },
		{ "system cuda 11040\n", ERROR_UNSUPPORTED, "serves CUDA 11.4, 12.0 (R525)" },
		{ "gpu 1 mig 1\n", ERROR_MISSING, "gpu:0000:43:00.0: the driver does not list it" },
		{ "gpu 1 mig 1\ngpu 1 mig_slices 2\n", ERROR_UNSUPPORTED, "MIG mode" },
		{ "gpu 1 compute_mode 3\ngpu 1 process 4711 512\n", ERROR_CONFLICT,
		  "cuDevicePrimaryCtxRetain gpu:0000:43:00.0: " },
		{ "gpu 1 compute_mode 2\n", ERROR_CONFLICT, "busy or unavailable" },
		{ "gpu 1 memory_used 81000\n", ERROR_LIMIT,
		  "taking 953 MiB: cuMemAlloc_v2 gpu:0000:43:00.0: out of memory (2)" },
		{ "gpu 1 vanish\n", ERROR_MISSING, "does not list it" },
		{ "gpu 1 call cuLaunchKernel error 719\n", ERROR_IO,
		  "kernel 'memory_fill': cuLaunchKernel gpu:0000:43:00.0: unspecified launch "
		  "failure (719)" },
		{ "gpu 1 call cuModuleLoadDataEx error 222\n", ERROR_UNSUPPORTED,
		  "loading the kernels 'memory'" },
		{ "gpu 1 memory_flip 64 1\n", ERROR_INVALID, "word 8 differs" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum worker_end end;

		SCOPED_WATCH(watch);
		char faults[256];

		(void)snprintf(faults, sizeof(faults), "gpu * cuda_memory 1\n%s", cases[i].faults);
		const char *said = answer(&watch, faults, &end);

		assert_int_equal(end, WORKER_DONE);
		if ((enum error_code)(said[0] - '0') != cases[i].code ||
		    !strstr(said, cases[i].words))
			fail_msg("%s gives '%s'", cases[i].faults, said);
	}
}

static void a_call_that_never_returns_is_named_with_its_gpu(void **state)
{
	enum worker_end end;

	(void)state;
	SCOPED_WATCH(stalled);
	assert_string_equal(answer(&stalled, "gpu 1 call cuStreamSynchronize stall\n", &end),
			    "cuStreamSynchronize gpu:0000:43:00.0");
	assert_int_equal(end, WORKER_STALLED);
	SCOPED_WATCH(crashed);
	assert_string_equal(answer(&crashed, "gpu 1 call cuMemAlloc_v2 crash\n", &end),
			    "cuMemAlloc_v2 gpu:0000:43:00.0");
	assert_int_equal(end, WORKER_DIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpu_is_opened_used_and_timed),
		cmocka_unit_test(what_is_in_the_way_is_told_by_its_kind),
		cmocka_unit_test(a_call_that_never_returns_is_named_with_its_gpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
