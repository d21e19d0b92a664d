#include "evidence/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* FIPS 180-2, appendix B.1. */
static void the_digest_is_that_of_the_standard(void **state)
{
	char hex[DIGEST_HEX_SIZE], base64[DIGEST_BASE64_SIZE];

	(void)state;
	digest_hex(SPAN("abc"), hex);
	digest_base64(SPAN("abc"), base64);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(base64, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

static void nothing_has_a_digest(void **state)
{
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	digest_hex(SPAN(""), hex);
	assert_string_equal(hex,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_that_of_the_standard),
		cmocka_unit_test(nothing_has_a_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
