#include "active/gpu_rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/played.h"

#include <cmocka.h>

#define COPIED 1e9 /* bytes */

struct copies {
	uint64_t from, into;
	unsigned times;
};

static bool copy(struct gpu_child *child, void *what, struct gpu_stream *stream, struct error *err)
{
	struct copies *copies = what;

	copies->times++;
	return gpu_begin_copy(&child->device, copies->into, copies->from, (size_t)COPIED, stream,
			      err);
}

static bool nothing(struct gpu_child *child, void *what, struct gpu_stream *stream,
		    struct error *err)
{
	(void)child;
	(void)what;
	(void)stream;
	(void)err;
	return true;
}

/* "copy" or "nothing"; answers the rate in GB/s, how often it was done, and the spread. */
static void serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct gpu_effort effort = { .width = 0.01, .limit_s = 0.05 };
	struct gpu_child child = { .port = port };
	struct copies copies = { .times = 0 };
	bool is_copy = strcmp(request, "copy") == 0;
	const struct gpu_work work = { is_copy ? copy : nothing, &copies, COPIED };
	struct repeats_summary rate;
	struct error err = { 0 };

	(void)state;
	(void)context;
	if (!gpu_driver_open(port, &child.driver, &err) ||
	    !gpu_device_find(&child.driver, "gpu:0000:43:00.0", &child.device, &err) ||
	    !gpu_take(&child.device, (size_t)COPIED, &copies.from, &err) ||
	    !gpu_take(&child.device, (size_t)COPIED, &copies.into, &err) ||
	    !gpu_rate(&child, &work, &effort, &rate, &err)) {
		worker_answers(port, "e %s", err.text);
		return;
	}
	worker_answers(port, "%.1f %u", rate.median / 1e9, copies.times);
	gpu_rate_say(port, "gpu:0000:43:00.0/copy", NODE_TEST_GPU_MEMORY_BANDWIDTH, &rate);
}

static struct worker_result ask(struct watch *watch, const char *request)
{
	struct worker worker = {
		.host = &watch->root.host,
		.function = serve,
		.call_limit_ns = 5000000000,
		.total_limit_ns = 20000000000,
		.name = "cuda",
	};
	struct worker_result result = { .end = WORKER_DIED };
	struct error err;

	assert_true(worker_ask(&worker, request, &watch->root.arena, &result, &err));
	worker_end(&worker);
	assert_int_equal(result.end, WORKER_DONE);
	return result;
}

static void a_rate_is_that_of_the_gpus_own_clock(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	/* It reads and writes each byte: half of 2,000 GB/s, less the start of the copy. */
	played_make(&watch, &played_kinds[PLAYED_H100],
		    "gpu * cuda_memory 1\ngpu * hbm_gb_per_s 2000\n");
	struct worker_result result = ask(&watch, "copy");
	const char *said = arena_string(&watch.root.arena, result.answers[0]);
	assert_int_equal(result.answer_count, 3);
	assert_non_null(strstr(said, "998.0 "));
	/* Once unmeasured, and then the least number: each is like the other. */
	struct span rest = span_of(said), word = SPAN("");
	uint64_t times = 0;
	assert_true(span_cut(&rest, ' ', &word) && span_to_u64(rest, &times));
	assert_int_equal(times, 1 + REPEATS_LEAST);
	assert_true(span_starts(result.answers[1], "v gpu:0000:43:00.0/copy test.gpu."));
	assert_true(span_starts(result.answers[2], "v gpu:0000:43:00.0/copy test.gpu.spread 0"));
}

static void a_clock_that_stands_still_is_an_error_and_no_rate(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	played_make(&watch, &played_kinds[PLAYED_H100], "gpu * cuda_memory 1\n");
	struct worker_result result = ask(&watch, "nothing");
	assert_int_equal(result.answer_count, 1);
	assert_true(span_starts(result.answers[0],
				"e gpu:0000:43:00.0: its clock says that no time passed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_that_of_the_gpus_own_clock),
		cmocka_unit_test(a_clock_that_stands_still_is_an_error_and_no_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
