#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SNAPSHOT(at, socket, available, low, providers)                                          \
	"{\"timestamp\":\"" at "\",\"gpu_type\":\"H100_80GB\",\"socket_type\":" socket           \
	",\"price_stats\":{\"min\":1.0},\"availability\":{\"total\":25,\"available\":" available \
	",\"low\":" low "},\"by_provider\":{" providers "},\"by_config\":{}}\n"
#define AT "2025-10-19T21:01:58.727366+00:00"

static const char snapshot[] = SNAPSHOT(AT, "\"SXM5\"", "4", "21",
					"\"dc_roan\":{\"count\":21,\"min\":1.99,\"avg\":2.09},"
					"\"lambdalabs\":{\"count\":1,\"min\":3.29,\"avg\":3.29}");

/* One provider with 21 of 22 listings is one quote of two, and how many it had is kept. */
static void a_provider_has_one_quote_and_its_count(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_tugot17, "H100.jsonl", NULL, snapshot);
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 0)->listings, 21);
	stall_expect_usd(stall_quote(&stall, 0), 2.09);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_SXM);
	assert_int_equal(stall_quote(&stall, 0)->memory_gb, 80);
	assert_int_equal(stall_quote(&stall, 0)->stock, STOCK_YES);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 1)->provider), "lambda");
}

static void stock_is_low_when_all_listings_are(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_tugot17, "H100.jsonl", NULL,
		   SNAPSHOT(AT, "null", "0", "25", "\"x\":{\"count\":25,\"avg\":2}"));
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 0)->stock, STOCK_LOW);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_UNKNOWN);
}

static void a_bad_line_is_refused_and_the_next_one_read(void **state)
{
	struct text text = { .maximum = 1 << 20 };
	SCOPED_STALL(stall);

	(void)state;
	text_add(&text, "{\"timestamp\":\n[]\n\n");
	text_add(&text, snapshot);
	stall_take(&stall, &from_tugot17, "H100.jsonl", NULL, text_string(&text));
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 2);

	text_add_repeated(&text, 'x', IMPORT_LINE_MAXIMUM + 1);
	stall_take(&stall, &from_tugot17, "H100.jsonl", NULL, text_string(&text));
	assert_int_equal(stall_refused(&stall, REFUSAL_TOO_LONG), 1);
	text_release(&text);
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_tugot17, "any.jsonl", snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_provider_has_one_quote_and_its_count),
		cmocka_unit_test(stock_is_low_when_all_listings_are),
		cmocka_unit_test(a_bad_line_is_refused_and_the_next_one_read),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
