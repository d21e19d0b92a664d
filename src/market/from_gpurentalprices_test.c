#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OFFER(gpu, vram, usd, kind, at)                                                       \
	"{\"provider\":\"runpod\",\"gpu\":\"" gpu "\",\"vram_gb\":" vram ",\"usd_hr\":" usd   \
	",\"kind\":\"" kind "\",\"source_url\":\"https://example.org/\",\"fetched_at\":\"" at \
	"\"}"
#define FILE_OF(offers)                                                                          \
	"{\"date\":\"2026-08-08\",\"generated_at\":\"2026-08-08T06:00:00Z\",\"offers\":[" offers \
	"]}"
#define TODAY "2026-08-08T05:59:48.749Z"

static void an_offer_is_a_quote_for_one_gpu(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gpurentalprices, "2026-08-08.json", NULL,
		   FILE_OF(OFFER("a100-sxm-80", "80", "1.59", "secure", TODAY)));
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);

	const struct quote *quote = stall_quote(&stall, 0);
	stall_expect_usd(quote, 1.59);
	assert_int_equal(quote->form, FORM_SXM);
	assert_int_equal(quote->memory_gb, 80);
	assert_int_equal(quote->rental, RENTAL_ON_DEMAND);
	assert_string_equal(stall_name(&stall, quote->licence), "CC-BY-4.0");
	assert_string_equal(stall_name(&stall, quote->source), "https://example.org/");
}

static void kinds_are_kept_apart(void **state)
{
	static const struct {
		const char *text;
		enum rental rental;
	} cases[] = {
		{ FILE_OF(OFFER("h100", "80", "2.5", "on-demand", TODAY)), RENTAL_ON_DEMAND },
		{ FILE_OF(OFFER("h100", "80", "2.5", "spot", TODAY)), RENTAL_SPOT },
		{ FILE_OF(OFFER("h100", "80", "2.5", "community", TODAY)), RENTAL_SPOT },
		{ FILE_OF(OFFER("h100", "80", "2.5", "serverless", TODAY)), RENTAL_SERVERLESS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		stall_take(&stall, &from_gpurentalprices, "x.json", NULL, cases[i].text);
		stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
		assert_int_equal(stall_quote(&stall, 0)->rental, cases[i].rental);
		assert_int_equal(stall_quote(&stall, 0)->form, FORM_UNKNOWN);
	}
}

static void a_row_of_an_earlier_day_is_carried(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gpurentalprices, "2026-08-08.json", "2026-08-08",
		   FILE_OF(OFFER("h100", "80", "2.5", "secure", "2026-08-07T23:59:59Z") "," OFFER(
			   "h100", "80", "2.6", "secure", TODAY)));
	stall_expect(&stall, 1, REFUSAL_CARRIED, 1);
}

static void the_least_number_that_is_sold_is_kept(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gpurentalprices, "2026-08-08.json", NULL,
		   "{\"offers\":[{\"provider\":\"coreweave\",\"gpu\":\"h100\",\"vram_gb\":80,"
		   "\"usd_hr\":6.155,\"kind\":\"on-demand\",\"min_gpus\":8,\"fetched_at\":\"" TODAY
		   "\"}],\"date\":\"2026-08-08\"}");
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 0)->minimum_gpus, 8);
	stall_expect_usd(stall_quote(&stall, 0), 6.155);
}

static void half_a_file_keeps_what_it_has(void **state)
{
	static const char text[] = FILE_OF(OFFER("h100", "80", "2.5", "secure", TODAY) "," OFFER(
		"h100", "80", "2.6", "secure", TODAY));
	SCOPED_STALL(stall);

	(void)state;
	assert_true(stall_read(&stall, &from_gpurentalprices, "2026-08-08.json", NULL,
			       (struct span){ .at = text, .length = sizeof(text) - 30 }));
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 1);
}

static void what_is_no_json_ends_the_import(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	assert_false(stall_read(&stall, &from_gpurentalprices, "x.json", NULL, SPAN("{\"a\":")));
	assert_false(stall_read(&stall, &from_gpurentalprices, "x.json", NULL, SPAN("{}")));
	assert_non_null(strstr(stall.err.text, "'offers'"));
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_gpurentalprices, "any.json",
			   FILE_OF(OFFER("h100", "80", "2.5", "secure", TODAY)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_is_a_quote_for_one_gpu),
		cmocka_unit_test(kinds_are_kept_apart),
		cmocka_unit_test(a_row_of_an_earlier_day_is_carried),
		cmocka_unit_test(the_least_number_that_is_sold_is_kept),
		cmocka_unit_test(half_a_file_keeps_what_it_has),
		cmocka_unit_test(what_is_no_json_ends_the_import),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
