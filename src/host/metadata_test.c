#include "host/metadata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void only_this_link_and_this_machine_are_asked(void **state)
{
	static const char *const good[] = { METADATA_ADDRESS, "169.254.0.1:80", "127.0.0.1:8080" };
	static const char *const bad[] = { "",
					   "8.8.8.8",
					   "169.255.1.1",
					   "metadata.google",
					   "127.0.0.1:0",
					   "127.0.0.1:99999",
					   "127.0.0.1@x",
					   "127.0.0.1:80/x",
					   "0x7f.1",
					   "127.0.0.1.evil" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(metadata_address_is_local(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct metadata_question question = { bad[i], "/", "A: b" };
		struct error err = { .code = ERROR_NONE };
		struct span answer;
		SCOPED_ARENA(arena);

		assert_false(metadata_address_is_local(bad[i]));
		assert_false(metadata_ask(&question, &arena, &answer, &err));
		assert_int_equal(err.code, ERROR_INVALID);
	}
}

/* Answers are asked for in test/neighbours.py, of a server on this machine. */
static void nobody_s_answer_is_told(void **state)
{
	const struct metadata_question question = { "127.0.0.1:1", "/", "A: b" };
	struct error err = { .code = ERROR_NONE };
	struct span answer;
	SCOPED_ARENA(arena);

	(void)state;
	assert_false(metadata_ask(&question, &arena, &answer, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "127.0.0.1:1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_this_link_and_this_machine_are_asked),
		cmocka_unit_test(nobody_s_answer_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
