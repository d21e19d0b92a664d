#include "host/interface.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct host here = { .root = NULL };

static void the_loop_has_its_address(void **state)
{
	const char *name;
	struct error err;
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(interface_of_address(&here, "127.0.0.1", &arena, &name, &err));
	assert_string_equal(name, "lo");
	assert_true(interface_of_address(&here, "::ffff:127.0.0.1", &arena, &name, &err));
	assert_string_equal(name, "lo");
}

static void an_address_of_another_machine_is_missing(void **state)
{
	static const char *const addresses[] = { "192.0.2.7", "2001:db8::7", "", "nonsense" };
	const char *name = NULL;
	struct error err;
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		assert_false(interface_of_address(&here, addresses[i], &arena, &name, &err));
		assert_int_equal(err.code, ERROR_MISSING);
		assert_null(name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_loop_has_its_address),
		cmocka_unit_test(an_address_of_another_machine_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
