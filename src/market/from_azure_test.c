#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ITEM(sku, price, unit, meter, type, more)                                                 \
	"{\"currencyCode\":\"USD\",\"retailPrice\":" price ",\"unitPrice\":" price                \
	",\"armRegionName\":\"eastus\",\"effectiveStartDate\":\"2024-03-01T00:00:00Z\","          \
	"\"meterName\":\"" meter                                                                  \
	"\",\"productName\":\"Virtual Machines ND Series\",\"serviceName\":\"Virtual Machines\"," \
	"\"unitOfMeasure\":\"" unit "\",\"type\":\"" type "\",\"armSkuName\":\"" sku "\"" more "}"
#define PAGE(items) \
	"{\"BillingCurrency\":\"USD\",\"Items\":[" items "],\"NextPageLink\":null,\"Count\":1}"
#define ND "Standard_ND96isr_H100_v5"
#define HOUR "1 Hour"

static void take(struct stall *stall, const char *page)
{
	stall_take(stall, &from_azure, "page.json", "2026-03-01", page);
}

static void the_make_up_of_a_machine_is_that_of_the_table(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	take(&stall, PAGE(ITEM(ND, "98.32", HOUR, "ND96isr H100 v5", "Consumption", "")));
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
	stall_expect_usd(stall_quote(&stall, 0), 12.29);
	assert_int_equal(stall_quote(&stall, 0)->rental, RENTAL_ON_DEMAND);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_SXM);
	assert_int_equal(stall_quote(&stall, 0)->gpus, 8);
	assert_int_equal(quote_day(stall_quote(&stall, 0)), 20513);
}

static void the_meter_says_what_can_be_taken_away(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	take(&stall, PAGE(ITEM(ND, "40", HOUR, "ND96isr H100 v5 Spot", "Consumption", "") "," ITEM(
			     ND, "41", HOUR, "ND96isr H100 v5 Low Priority", "Consumption", "")));
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 0)->rental, RENTAL_SPOT);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_SPOT);
}

/* It says "1 Hour" and means three years. */
static void a_reservation_is_for_its_whole_term(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	take(&stall, PAGE(ITEM(ND, "1051200", HOUR, "ND96isr H100 v5", "Reservation",
			       ",\"reservationTerm\":\"3 Years\"")));
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 0)->rental, RENTAL_CONTRACT);
	assert_int_equal(stall_quote(&stall, 0)->term_months, 36);
	stall_expect_usd(stall_quote(&stall, 0), 5);
}

static void a_savings_plan_is_a_contract_by_the_hour(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	take(&stall,
	     PAGE(ITEM(
		     ND, "98.32", HOUR, "ND96isr H100 v5", "Consumption",
		     ",\"savingsPlan\":[{\"unitPrice\":64,\"retailPrice\":64,\"term\":\"1 Year\"},"
		     "{\"unitPrice\":48,\"retailPrice\":48,\"term\":\"3 Years\"}]")));
	stall_expect(&stall, 3, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 1)->term_months, 12);
	stall_expect_usd(stall_quote(&stall, 1), 8);
	assert_int_equal(stall_quote(&stall, 2)->term_months, 36);
	stall_expect_usd(stall_quote(&stall, 2), 6);
}

static void what_is_wrong_with_an_item_is_said(void **state)
{
	static const struct {
		const char *page;
		enum refusal why;
	} cases[] = {
		{ PAGE(ITEM(ND, "0", HOUR, "m", "Consumption", "")), REFUSAL_PRICE_ZERO },
		{ PAGE(ITEM(ND, "98", "1 GB", "m", "Consumption", "")), REFUSAL_UNIT_UNKNOWN },
		{ PAGE(ITEM(ND, "98", HOUR, "m", "DevTestConsumption", "")),
		  REFUSAL_RENTAL_UNKNOWN },
		{ PAGE(ITEM(ND, "98", HOUR, "m", "Reservation", "")), REFUSAL_TERM },
		{ PAGE(ITEM("Standard_D4_v5", "0.2", HOUR, "m", "Consumption", "")),
		  REFUSAL_NO_GPU },
		{ PAGE(ITEM("Standard_NX9_v9", "98", HOUR, "m", "Consumption", "")),
		  REFUSAL_GPU_UNKNOWN },
		{ "{\"Items\":[{\"armSkuName\":\"" ND
		  "\",\"retailPrice\":98,\"unitOfMeasure\":\"1 Hour\","
		  "\"type\":\"Consumption\"}]}",
		  REFUSAL_CURRENCY_ABSENT },
		{ "{\"Items\":[{\"armSkuName\":\"" ND
		  "\",\"retailPrice\":98,\"unitOfMeasure\":\"1 Hour\","
		  "\"type\":\"Consumption\",\"currencyCode\":\"USD\","
		  "\"productName\":\"Virtual Machines ND Series Windows\"}]}",
		  REFUSAL_SOFTWARE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		take(&stall, cases[i].page);
		stall_expect(&stall, 0, cases[i].why, 1);
	}
}

/* Euros are worth what the rate of that week says, and nothing when there is none. */
static void another_currency_needs_a_rate_of_its_week(void **state)
{
	static const char page[] = "{\"BillingCurrency\":\"EUR\",\"Items\":[{\"armSkuName\":\"" ND
				   "\",\"retailPrice\":80,"
				   "\"unitOfMeasure\":\"1 Hour\",\"type\":\"Consumption\"}]}";
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_azure, "page.json", "2026-03-04", page);
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
	stall_expect_usd(stall_quote(&stall, 0), 11);
	stall_take(&stall, &from_azure, "page.json", "2026-04-04", page);
	stall_expect(&stall, 1, REFUSAL_NO_RATE, 1);
}

static void a_bare_list_of_items_is_read_too(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	take(&stall, "[" ITEM(ND, "98.32", HOUR, "ND96isr H100 v5", "Consumption", "") "]");
	stall_expect(&stall, 1, REFUSAL_MALFORMED, 0);
}

static void a_set_of_pages_without_a_last_one_is_seen(void **state)
{
	static const char more[] =
		"{\"Items\":[],\"NextPageLink\":\"https://example.org/?$skip=1000\"}";
	SCOPED_STALL(stall);

	(void)state;
	take(&stall, more);
	take(&stall, more);
	assert_int_equal(stall.book.pages, 2);
	assert_int_equal(stall.book.pages_followed, 2);
	take(&stall, PAGE(""));
	assert_int_equal(stall.book.pages, 3);
	assert_int_equal(stall.book.pages_followed, 2);
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_azure, "any.json",
			   PAGE(ITEM(ND, "98.32", HOUR, "ND96isr H100 v5", "Consumption", "")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_make_up_of_a_machine_is_that_of_the_table),
		cmocka_unit_test(the_meter_says_what_can_be_taken_away),
		cmocka_unit_test(a_reservation_is_for_its_whole_term),
		cmocka_unit_test(a_savings_plan_is_a_contract_by_the_hour),
		cmocka_unit_test(what_is_wrong_with_an_item_is_said),
		cmocka_unit_test(another_currency_needs_a_rate_of_its_week),
		cmocka_unit_test(a_bare_list_of_items_is_read_too),
		cmocka_unit_test(a_set_of_pages_without_a_last_one_is_seen),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
