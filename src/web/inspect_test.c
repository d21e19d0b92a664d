#include "web/inspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static unsigned status_of(const struct header *headers, size_t count, bool takes_body)
{
	const struct head head = { .headers = headers,
				   .count = count,
				   .is_http11 = true,
				   .takes_body = takes_body,
				   .bytes_maximum = 8192 };
	struct inspected inspected;
	const char *why = NULL;

	return inspect(&head, &inspected, &why);
}

#define H(name, value)                  \
	{                               \
		SPAN(name), SPAN(value) \
	}

static void a_plain_head_is_taken(void **state)
{
	static const struct header get[] = { H("Host", "a:80"), H("Accept", "*/*") };
	static const struct header post[] = { H("host", "[::1]"), H("content-length", " 12 ") };

	(void)state;
	assert_int_equal(status_of(get, COUNT(get), false), 0);
	assert_int_equal(status_of(post, COUNT(post), true), 0);
	/* Without a length there is no body, whoever reads it. */
	assert_int_equal(status_of(get, COUNT(get), true), 0);
}

static void what_can_be_read_in_two_ways_is_refused(void **state)
{
	static const struct {
		struct header headers[3];
		unsigned status;
		bool takes_body;
	} cases[] = {
		{ { H("Host", "a"), H("Content-Length", "1"), H("content-length", "1") },
		  400,
		  true },
		{ { H("Host", "a"), H("Content-Length", "1"), H("Transfer-Encoding", "chunked") },
		  400,
		  true },
		{ { H("Host", "a"), H("Content-Length", "1, 1"), H("A", "") }, 400, true },
		{ { H("Host", "a"), H("Content-Length", "0x1"), H("A", "") }, 400, true },
		{ { H("Host", "a"), H("Content-Length", ""), H("A", "") }, 400, true },
		{ { H("Host", "a"), H("Content-Length", "99999999999999999999"), H("A", "") },
		  400,
		  true },
		{ { H("Host", "a"), H("Content-Length", "1"), H("A", "") }, 400, false },
		{ { H("Host", "a"), H("Transfer-Encoding", "chunked"), H("A", "") }, 411, true },
		{ { H("Host", "a"), H("Transfer-Encoding", "x"), H("A", "") }, 501, true },
		{ { H("Host", "a"), H("Host", "a"), H("A", "") }, 400, false },
		{ { H("Host", "a/b"), H("A", ""), H("A", "") }, 400, false },
		{ { H("Host", ""), H("A", ""), H("A", "") }, 400, false },
		{ { H("Host", "a"), H("A ", ""), H("A", "") }, 400, false },
		{ { H("Host", "a"), H("", "x"), H("A", "") }, 400, false },
		{ { H("Host", "a"), H("A", "x\ry"), H("A", "") }, 400, false },
		{ { H("Host", "a"), H("A", "x\0y"), H("A", "") }, 400, false },
		{ { H("Host", "a"), H("Authorization", "x"), H("AUTHORIZATION", "x") },
		  400,
		  false },
		{ { H("Host", "a"), H("Expect", "x"), H("A", "") }, 417, false },
		{ { H("Host", "a"), H("Content-Encoding", "gzip"), H("A", "") }, 415, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (status_of(cases[i].headers, 3, cases[i].takes_body) != cases[i].status)
			fail_msg("case %zu: %u", i,
				 status_of(cases[i].headers, 3, cases[i].takes_body));
}

static void too_many_and_too_long_are_refused(void **state)
{
	struct header headers[INSPECT_HEADERS_MAXIMUM + 1];
	static const char lengthy[9000];

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++)
		headers[i] = (struct header)H("A", "b");
	headers[0] = (struct header)H("Host", "a");
	assert_int_equal(status_of(headers, INSPECT_HEADERS_MAXIMUM, false), 0);
	assert_int_equal(status_of(headers, INSPECT_HEADERS_MAXIMUM + 1, false), 431);
	headers[1].value = (struct span){ lengthy, sizeof(lengthy) };
	assert_int_equal(status_of(headers, 2, false), 431);
}

static void a_token_is_one_word_behind_bearer(void **state)
{
	static const char *const bad[] = { "",           "Bearer",     "Bearer ", "Basic abc",
					   "Bearer a b", "Bearer a,b", "abc",     "Bearer \"a\"" };
	struct span secret;

	(void)state;
	assert_true(bearer_read(SPAN("Bearer assay_abc"), &secret));
	assert_true(span_is(secret, "assay_abc"));
	assert_true(bearer_read(SPAN("bearer  x "), &secret));
	assert_true(span_is(secret, "x"));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(bearer_read(span_of(bad[i]), &secret));
}

static void lists_of_tags_codings_and_forms_are_read(void **state)
{
	(void)state;
	assert_true(etag_matches(SPAN("\"a\", W/\"b\""), "\"b\""));
	assert_true(etag_matches(SPAN(" * "), "\"b\""));
	assert_false(etag_matches(SPAN("\"a\""), "\"b\""));
	assert_false(etag_matches(SPAN(""), "\"b\""));
	assert_true(accepts_gzip(SPAN("br, gzip;q=0.1")));
	assert_true(accepts_gzip(SPAN("*")));
	assert_false(accepts_gzip(SPAN("gzip;q=0, *")));
	assert_false(accepts_gzip(SPAN("deflate")));
	assert_false(accepts_gzip(SPAN("")));
	assert_false(accepts_gzip(SPAN(",,u")));
	assert_true(accepts_gzip(SPAN(",,gzip")));
	assert_true(accepts_html(SPAN("text/html,application/xml;q=0.9")));
	assert_false(accepts_html(SPAN("*/*")));
}

static void one_cookie_is_found_among_others(void **state)
{
	static const struct {
		const char *cookies, *value; /* NULL: it is not there */
	} cases[] = {
		{ "assay=x", "x" }, { "a=1; assay=x; b=2", "x" }, { "assay=x=y", "x=y" },
		{ "assay=", "" },   { "assays=x", NULL },         { "a=assay=x", NULL },
		{ "", NULL },       { ";;=;assay", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span value = { 0 };

		assert_int_equal(cookie_read(span_of(cases[i].cookies), "assay", &value),
				 cases[i].value != NULL);
		if (cases[i].value)
			assert_true(span_is(value, cases[i].value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_head_is_taken),
		cmocka_unit_test(what_can_be_read_in_two_ways_is_refused),
		cmocka_unit_test(too_many_and_too_long_are_refused),
		cmocka_unit_test(a_token_is_one_word_behind_bearer),
		cmocka_unit_test(one_cookie_is_found_among_others),
		cmocka_unit_test(lists_of_tags_codings_and_forms_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
