#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char types[] =
	"{\"data\":{\"gpu_8x_h100_sxm5\":{\"instance_type\":{\"name\":\"gpu_8x_h100_sxm5\","
	"\"description\":\"8x H100 (80 GB SXM5)\",\"gpu_description\":\"H100 (80 GB SXM5)\","
	"\"price_cents_per_hour\":3192,\"specs\":{\"vcpus\":208,\"memory_gib\":1800,\"gpus\":8}},"
	"\"regions_with_capacity_available\":[{\"name\":\"us-east-1\"},{\"name\":\"us-west-1\"}]},"
	"\"gpu_1x_a100\":{\"instance_type\":{\"name\":\"gpu_1x_a100\",\"description\":"
	"\"1x A100 (40 GB PCIe)\",\"price_cents_per_hour\":129,\"specs\":{\"gpus\":1}},"
	"\"regions_with_capacity_available\":[]}}}";

static void cents_are_read_and_each_region_with_capacity_is_a_quote(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_lambda, "types.json", "2026-03-01", types);
	stall_expect(&stall, 3, REFUSAL_MALFORMED, 0);
	stall_expect_usd(stall_quote(&stall, 0), 3.99);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_SXM);
	assert_int_equal(stall_quote(&stall, 0)->memory_gb, 80);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 1)->region), "us-west-1");
}

static void a_type_without_capacity_is_a_quote_without_stock(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_lambda, "types.json", "2026-03-01", types);
	stall_expect_usd(stall_quote(&stall, 2), 1.29);
	assert_int_equal(stall_quote(&stall, 2)->stock, STOCK_NO);
	assert_int_equal(stall_quote(&stall, 2)->form, FORM_PCIE);
	assert_int_equal(stall_quote(&stall, 2)->memory_gb, 40);
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_lambda, "any.json", types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cents_are_read_and_each_region_with_capacity_is_a_quote),
		cmocka_unit_test(a_type_without_capacity_is_a_quote_without_stock),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
