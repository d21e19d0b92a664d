#include "active/gpu_crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "active/active.h"
#include "test/played.h"

#include <cmocka.h>

static void a_request_is_words_and_a_gpu(void **state)
{
	static const struct {
		const char *request, *words, *gpu; /* words NULL: refused */
	} cases[] = {
		{ "together gpu:0000:19:00.0", "together", "gpu:0000:19:00.0" },
		{ "alone -1 gpu:0000:19:00.0", "alone -1", "gpu:0000:19:00.0" },
		{ "together", NULL, NULL },
		{ "together ", NULL, NULL },
		{ " gpu:0000:19:00.0", NULL, NULL },
		{ "", NULL, NULL },
		{ "x gpu:0000000000000000000000000000000000000000000:19", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char words[GPU_REQUEST_SIZE];
		char gpu[VENDOR_NAME_SIZE];
		bool good = gpu_request_read(cases[i].request, words, gpu);

		assert_int_equal(good, cases[i].words != NULL);
		if (!good)
			continue;
		assert_string_equal(words, cases[i].words);
		assert_string_equal(gpu, cases[i].gpu);
	}
}

/* What a plan says of a node of which the passive look saw this. */
static struct active_step plan_of(struct watch *watch, const struct active_test *test)
{
	const struct host here = { .root = NULL };
	const struct active_request request = {
		.host = &watch->root.host,
		.here = &here,
		.seen = &watch->sightings,
	};
	struct active_step step = { .test = test };

	test->plan(&request, &watch->root.arena, &step);
	return step;
}

static void gpus_of_two_makers_are_loaded_and_others_left_alone(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	watch_make(&watch, NULL);
	sightings_start(&watch.sightings, &(struct subject){ .parts = { NULL } }, &watch.root.host,
			&watch.root.arena);
	assert_string_equal(plan_of(&watch, &active_gpu_memory).cannot, "no GPU was seen");
	saw_state(&watch.sightings, NODE_GPU_VENDOR, "gpu:0000:0a:00.0", "intel");
	assert_non_null(
		strstr(plan_of(&watch, &active_gpu_memory).cannot, "no GPU of NVIDIA or AMD"));
	saw_state(&watch.sightings, NODE_GPU_VENDOR, "gpu:0000:19:00.0", "nvidia");
	assert_null(plan_of(&watch, &active_gpu_memory).cannot);
	assert_non_null(strstr(plan_of(&watch, &active_gpu_memory).loads, "1 GPU: "));
	assert_non_null(plan_of(&watch, &active_gpu_peers).cannot);
	saw_state(&watch.sightings, NODE_GPU_VENDOR, "gpu:0000:3b:00.0", "amd");
	assert_null(plan_of(&watch, &active_gpu_peers).cannot);
	assert_true(plan_of(&watch, &active_gpu_peers).needed_ns > 0);
	assert_non_null(strstr(plan_of(&watch, &active_gpu_copies).loads, "2 GPUs: "));
	assert_non_null(strstr(plan_of(&watch, &active_gpu_pattern).loads, "2 GPUs: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_words_and_a_gpu),
		cmocka_unit_test(gpus_of_two_makers_are_loaded_and_others_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
