#include "market/importers.h"

#include "test/stall.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER                                                                                   \
	"listing_id,gpu_name,num_gpus,dph_total,dph_per_gpu,reliability,geolocation,datacenter," \
	"last_seen,gpu_ram_gb,collected_utc\n"

static const char listings[] = HEADER
	"11,H100 SXM,2,3.1,1.55,0.9984,\"Iowa, US\",False,,81559,2026-02-27T15:22:46.4+00:00\n"
	"12,H100 SXM,8,16,2,0.91,\", US\",False,,81559,2026-02-27T15:22:46.4+00:00\n";

static void a_listing_is_a_quote(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_cri, "2026-02-27.csv", "2026-02-27", listings);
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);

	const struct quote *quote = stall_quote(&stall, 0);
	stall_expect_usd(quote, 1.55);
	assert_int_equal(quote->form, FORM_SXM);
	assert_int_equal(quote->rental, RENTAL_ON_DEMAND);
	assert_int_equal(quote->memory_gb, 80);
	assert_int_equal(quote->gpus, 2);
	assert_int_equal(quote->tier, TIER_MARKETPLACE);
	assert_int_equal(quote->stock, STOCK_YES);
	assert_int_equal(quote->observed, 1772205766);
	assert_true(fabsf(quote->reliability - 0.9984F) < 1e-6F);
	assert_string_equal(stall_name(&stall, quote->region), "Iowa, US");
	assert_string_equal(stall_name(&stall, quote->machine), "11");
}

/* Five of nine files of the source lost their carriage returns on the way. */
static void line_ends_of_either_kind_give_the_same_quotes(void **state)
{
	struct text with = { .maximum = 4096 };
	SCOPED_STALL(plain);
	SCOPED_STALL(other);

	(void)state;
	for (const char *at = listings; *at; at++) {
		if (*at == '\n')
			text_add_char(&with, '\r');
		text_add_char(&with, *at);
	}
	stall_take(&plain, &from_cri, "a.csv", NULL, listings);
	stall_take(&other, &from_cri, "a.csv", NULL, text_string(&with));
	text_release(&with);
	assert_int_equal(other.book.count, plain.book.count);
	assert_memory_equal(other.book.quotes, plain.book.quotes,
			    plain.book.count * sizeof(*plain.book.quotes));
}

static void half_a_row_is_refused_and_what_came_before_it_kept(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	assert_true(stall_read(&stall, &from_cri, "2026-02-27.csv", "2026-02-27",
			       (struct span){ .at = listings, .length = sizeof(listings) - 40 }));
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 1);
}

static void it_is_known_by_its_columns(void **state)
{
	(void)state;
	stall_expect_claim(&from_cri, "any.csv", listings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listing_is_a_quote),
		cmocka_unit_test(line_ends_of_either_kind_give_the_same_quotes),
		cmocka_unit_test(half_a_row_is_refused_and_what_came_before_it_kept),
		cmocka_unit_test(it_is_known_by_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
