#include "web/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct tls_wish server = { .name = "assay",
					.address = "127.0.0.1",
					.now = 1800000000 };
static const struct tls_wish agent = { .name = "node 1", .now = 1800000000 };

static void what_is_made_reads_back_with_the_same_pin(void **state)
{
	struct tls_identity made, again;
	struct error err = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(tls_make(&server, &arena, &made, &err));
	assert_true(tls_read(span_of(made.certificate), span_of(made.key), &arena, &again, &err));
	assert_string_equal(made.pin, again.pin);
	assert_memory_equal(made.fingerprint, again.fingerprint, sizeof(made.fingerprint));
	assert_int_equal(strlen(made.pin), strlen("sha256//") + 44);
}

static void no_two_keys_are_the_same(void **state)
{
	struct tls_identity one, other, mixed;
	struct error err = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(tls_make(&agent, &arena, &one, &err));
	assert_true(tls_make(&agent, &arena, &other, &err));
	assert_string_not_equal(one.pin, other.pin);
	assert_false(tls_read(span_of(one.certificate), span_of(other.key), &arena, &mixed, &err));
	assert_non_null(strstr(err.text, "not that of"));
}

static void what_is_no_certificate_is_refused(void **state)
{
	struct tls_identity made, read;
	struct error err = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(tls_make(&agent, &arena, &made, &err));
	assert_false(tls_read(SPAN("nothing"), span_of(made.key), &arena, &read, &err));
	assert_false(tls_read(span_of(made.certificate), SPAN(""), &arena, &read, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_made_reads_back_with_the_same_pin),
		cmocka_unit_test(no_two_keys_are_the_same),
		cmocka_unit_test(what_is_no_certificate_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
