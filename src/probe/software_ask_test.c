#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/software_ask.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_version_is_taken_strictly(void **state)
{
	static const struct {
		const char *said, *version;
	} cases[] = {
		{ "runc version 1.3.3\ncommit: v1.3.3-0-gd842d771\nspec: 1.2.1\ngo: go1.23.12\n",
		  "1.3.3" },
		{ "Docker version 29.7.0, build 4d8c241\n", "29.7.0" },
		{ "containerd github.com/containerd/containerd/v2 v2.2.1 dea7da59\n", "2.2.1" },
		{ "NVIDIA Container Toolkit CLI version 1.19.1\ncommit: x\n", "1.19.1" },
		{ "\ndcgmi  version: 4.5.3\n", "4.5.3" },
		{ "Kubernetes v1.33.1\n", "1.33.1" },
		{ "nvcc: NVIDIA (R) Cuda compiler driver\nCopyright (c) 2005-2025\n"
		  "Cuda compilation tools, release 13.1, V13.1.80\n",
		  "13.1" },
		{ "runc version 1.5.0-rc.3\n", "1.5.0-rc.3" },
		{ "runc version unknown 1.2.3\n", "" },
		{ "runc version\n", "" },
		{ "no number\n", "" },
		{ "", "" },
		{ "version 1\n", "" },
		{ "version 1.2.3.4.5.6.7\n", "" },
		{ "\xff\xfe version 9.9.9$(x)\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(span_is(software_answer(span_of(cases[i].said)), cases[i].version));
}

static void a_program_that_does_not_answer_leaves_the_cause(void **state)
{
	static const struct {
		const char *words, *why;
	} cases[] = {
		{ "echo hello", "says no version" },
		{ "false", "ended with status 1" },
		{ "no-such-program-here --version", "no-such-program-here" },
		{ "sleep 30", "did not end within 2 s" },
	};
	SCOPED_ARENA(arena);
	struct span version = SPAN("");

	(void)state;
	assert_true(software_ask(NULL, "echo runc version 1.3.6", &arena, &version, NULL));
	assert_true(span_is(version, "1.3.6"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err = { 0 };

		assert_false(software_ask(NULL, cases[i].words, &arena, &version, &err));
		assert_non_null(strstr(err.text, cases[i].why));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_version_is_taken_strictly),
		cmocka_unit_test(a_program_that_does_not_answer_leaves_the_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
