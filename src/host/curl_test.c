#include "host/curl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_library_is_found_and_answers(void **state)
{
	struct error err = { .code = ERROR_NONE };
	struct curl curl;
	char *host = NULL;
	CURLU *parts;

	(void)state;
	assert_true(curl_find(&curl, &err));
	parts = curl.url();
	assert_non_null(parts);
	assert_int_equal(curl.url_set(parts, CURLUPART_URL, "https://a.example:8443/x", 0),
			 CURLUE_OK);
	assert_int_equal(curl.url_get(parts, CURLUPART_HOST, &host, 0), CURLUE_OK);
	assert_string_equal(host, "a.example");
	curl.free(host);
	curl.url_cleanup(parts);
}

static void options_of_every_type_reach_it(void **state)
{
	struct curl curl;
	CURL *easy;
	long status = 9;

	(void)state;
	assert_true(curl_find(&curl, NULL));
	easy = curl.easy_init();
	assert_non_null(easy);
	assert_int_equal(curl.easy_setopt(easy, CURLOPT_URL, "file:///etc/hostname"), CURLE_OK);
	assert_int_equal(curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"), CURLE_OK);
	assert_int_equal(curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, 100l), CURLE_OK);
	assert_int_equal(curl.easy_perform(easy), CURLE_UNSUPPORTED_PROTOCOL);
	assert_int_equal(curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status), CURLE_OK);
	assert_int_equal(status, 0);
	curl.easy_cleanup(easy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_library_is_found_and_answers),
		cmocka_unit_test(options_of_every_type_reach_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
