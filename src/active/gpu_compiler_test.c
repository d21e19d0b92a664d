#define _GNU_SOURCE /* memmem */

#include "active/gpu_compiler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test/root.h"

#include <cmocka.h>

static const char *const entries[] = {
	"memory_read",          "memory_write",          "memory_copy",
	"memory_triad",         "memory_fill",           "memory_digest",
	"memory_pattern_write", "memory_pattern_verify", "memory_pattern_turn",
};

static bool has_all(const char *image, size_t size)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (!memmem(image, size, entries[i], strlen(entries[i])))
			return false;
	return true;
}

/* Answers "missing", or "good" when each architecture has every kernel. */
static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct gpu_compiler *compiler;
	struct error err = { 0 };
	struct span rest = span_of(request);
	struct span name;

	(void)state;
	(void)context;
	if (!gpu_compiler_open(port, GPU_NVIDIA, &compiler, &err)) {
		worker_answers(port, "%s", err.code == ERROR_MISSING ? "missing" : err.text);
		return;
	}
	while (span_cut(&rest, ' ', &name) || name.length > 0) {
		char architecture[32] = "";
		char *image;
		size_t size;

		memcpy(architecture, name.at, name.length < 31 ? name.length : 31);
		if (!gpu_compile(compiler, &kernels_memory, architecture, &image, &size, &err)) {
			worker_answers(port, "%s: %s", architecture, err.text);
			return;
		}
		if (!has_all(image, size)) {
			worker_answers(port, "%s: a kernel is not there", architecture);
			return;
		}
		free(image);
		if (rest.length == 0)
			break;
	}
	worker_answers(port, "good");
}

static const char *ask(struct root *root, const char *request)
{
	struct worker worker = {
		.host = &root->host,
		.function = work,
		.call_limit_ns = 30000000000,
		.total_limit_ns = 60000000000,
		.name = "compiler",
	};
	struct worker_result result = { .end = WORKER_DIED };
	struct error err;

	assert_true(worker_ask(&worker, request, &root->arena, &result, &err));
	worker_end(&worker);
	assert_int_equal(result.end, WORKER_DONE);
	assert_int_equal(result.answer_count, 1);
	return arena_string(&root->arena, result.answers[0]);
}

/* Where the library is; elsewhere the driver compiles the PTX. */
static void the_kernels_compile_for_every_generation(void **state)
{
	(void)state;
	SCOPED_ROOT(root);
	root_make(&root, NULL);
	const char *said = ask(&root, "compute_80 compute_90 compute_100 sm_80 sm_90 sm_100");

	if (strcmp(said, "missing") == 0)
		skip();
	assert_string_equal(said, "good");
}

static void a_gpu_that_the_compiler_does_not_know_is_refused(void **state)
{
	(void)state;
	SCOPED_ROOT(root);
	root_make(&root, NULL);
	const char *said = ask(&root, "compute_999");

	if (strcmp(said, "missing") == 0)
		skip();
	assert_non_null(strstr(said, "compute_999: nvrtcCompileProgram: "));
}

static void a_folder_without_it_has_no_other(void **state)
{
	(void)state;
	SCOPED_ROOT(root);
	root_make(&root, NULL);
	assert_int_equal(setenv("ASSAY_LIBRARY_PATH", "/nonexistent", 1), 0);
	assert_string_equal(ask(&root, "compute_90"), "missing");
	assert_int_equal(unsetenv("ASSAY_LIBRARY_PATH"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_compile_for_every_generation),
		cmocka_unit_test(a_gpu_that_the_compiler_does_not_know_is_refused),
		cmocka_unit_test(a_folder_without_it_has_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
