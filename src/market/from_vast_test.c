#include "market/importers.h"

#include "test/stall.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OFFER(id, machine, gpus, total, bid, more)                                                \
	"{\"ask_contract_id\":" id ",\"machine_id\":" machine ",\"host_id\":9,\"num_gpus\":" gpus \
	",\"dph_total\":" total ",\"min_bid\":" bid                                               \
	",\"gpu_name\":\"H100 SXM\",\"gpu_ram\":81559,"                                           \
	"\"dlperf\":600.0,\"reliability2\":0.99,\"geolocation\":\"Iowa, "                         \
	"US\",\"storage_cost\":0.2,"                                                              \
	"\"inet_up_cost\":0.004,\"bw_nvlink\":478.1,\"rentable\":true" more "}"

static const char answer[] = "{\"offers\":[" OFFER(
	"1", "7", "2", "3.2", "1.6",
	",\"rented\":false,\"is_bid\":false") "," OFFER("2", "7", "4", "6.4", "0.4",
							",\"rented\":true,\"is_bid\":false") "]}";

static void an_offer_is_a_quote_on_demand_and_one_of_a_bid(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_vast, "offers.json", "2026-03-05", answer);
	stall_expect(&stall, 3, REFUSAL_BID_FLOOR, 1);

	const struct quote *quote = stall_quote(&stall, 0);
	stall_expect_usd(quote, 1.6);
	assert_int_equal(quote->rental, RENTAL_ON_DEMAND);
	assert_int_equal(quote->form, FORM_SXM);
	assert_int_equal(quote->stock, STOCK_YES);
	assert_int_equal(quote->memory_gb, 80);
	assert_true(quote->nvlink && quote->nvlink_told);
	assert_true(fabsf(quote->performance - 300) < 1e-3F);
	assert_int_equal(quote->storage_micro, 200000);
	assert_int_equal(quote->egress_micro, 4000);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_SPOT);
	stall_expect_usd(stall_quote(&stall, 1), 0.8);
	assert_int_equal(stall_quote(&stall, 2)->stock, STOCK_NO);
}

static void slices_of_one_machine_say_so(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_vast, "offers.json", "2026-03-05", answer);
	assert_int_equal(stall_quote(&stall, 0)->machine, stall_quote(&stall, 2)->machine);
	assert_int_equal(stall_quote(&stall, 0)->host, stall_quote(&stall, 2)->host);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 2)->machine), "7");
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 0)->host), "9");
}

static void the_archive_has_a_list_for_each_gpu(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_vast, "archive.json", NULL,
		   "{\"collected_utc\":\"2026-03-05T19:30:44.2+00:00\",\"offers_by_model\":{"
		   "\"A100 SXM\":[],\"H100 SXM\":[" OFFER(
			   "1", "7", "2", "3.2", "0.2",
			   "") "],"
			       "\"H100 PCIE\":[" OFFER("3", "8", "1", "1.2", "0.1", "") "]}}");
	stall_expect(&stall, 2, REFUSAL_BID_FLOOR, 2);
	assert_int_equal(stall_quote(&stall, 0)->observed, 1772739044);
}

static void the_price_of_a_search_for_bids_is_a_bid(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_vast, "offers.json", "2026-03-05",
		   "{\"offers\":[" OFFER("1", "7", "2", "0.02", "0.02", ",\"is_bid\":true") "]}");
	stall_expect(&stall, 0, REFUSAL_BID_FLOOR, 1);
}

static void an_entry_that_is_none_is_refused_and_the_next_one_read(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_vast, "offers.json", "2026-03-05",
		   "{\"offers\":[7,\"x\",{\"a\":1,\"a\":2}," OFFER("1", "7", "2", "3.2", "1.6",
								   "") "]}");
	assert_int_equal(stall.book.kept, 2);
	assert_int_equal(stall_refused(&stall, REFUSAL_MALFORMED), 3);
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_vast, "any.json", answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_is_a_quote_on_demand_and_one_of_a_bid),
		cmocka_unit_test(slices_of_one_machine_say_so),
		cmocka_unit_test(the_archive_has_a_list_for_each_gpu),
		cmocka_unit_test(the_price_of_a_search_for_bids_is_a_bid),
		cmocka_unit_test(an_entry_that_is_none_is_refused_and_the_next_one_read),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
