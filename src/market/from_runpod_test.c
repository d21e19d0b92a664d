#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char types[] =
	"{\"data\":{\"gpuTypes\":[{\"id\":\"NVIDIA H100 80GB HBM3\",\"displayName\":\"H100 SXM\","
	"\"memoryInGb\":80,\"securePrice\":2.69,\"communityPrice\":null,\"secureSpotPrice\":1.75,"
	"\"lowestPrice\":{\"minimumBidPrice\":1.5,\"stockStatus\":\"Low\"}}]}}";

static void each_price_is_a_quote_of_one_gpu(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_runpod, "types.json", "2026-03-01", types);
	stall_expect(&stall, 2, REFUSAL_PRICE_ABSENT, 1);
	stall_expect_usd(stall_quote(&stall, 0), 2.69);
	assert_int_equal(stall_quote(&stall, 0)->rental, RENTAL_ON_DEMAND);
	assert_int_equal(stall_quote(&stall, 0)->stock, STOCK_LOW);
	stall_expect_usd(stall_quote(&stall, 1), 1.75);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_SPOT);
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_runpod, "any.json", types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_price_is_a_quote_of_one_gpu),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
