#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char types[] =
	"{\"instance_types\":[{\"cloud\":\"lambdalabs\",\"shade_instance_type\":\"H100x8\","
	"\"cloud_instance_type\":\"gpu_8x_h100_sxm5\",\"configuration\":{\"gpu_type\":\"H100\","
	"\"num_gpus\":8,\"interconnect\":\"sxm5\",\"nvlink\":true,\"vram_per_gpu_in_gb\":80},"
	"\"hourly_price\":3192,\"availability\":[{\"region\":\"dallas\",\"available\":true},"
	"{\"region\":\"tokyo\",\"available\":false}],\"boot_time\":{\"min_boot_in_sec\":180,"
	"\"max_boot_in_sec\":600}}]}";

static void cents_are_read_and_each_region_is_a_quote(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_shadeform, "types.json", "2026-03-01", types);
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);

	const struct quote *quote = stall_quote(&stall, 0);
	stall_expect_usd(quote, 3.99);
	assert_string_equal(stall_name(&stall, quote->provider), "lambda");
	assert_int_equal(quote->form, FORM_SXM);
	assert_true(quote->nvlink && quote->nvlink_told);
	assert_int_equal(quote->boot_s, 600);
	assert_int_equal(quote->stock, STOCK_YES);
	assert_int_equal(stall_quote(&stall, 1)->stock, STOCK_NO);
}

static void it_is_known_by_its_fields(void **state)
{
	(void)state;
	stall_expect_claim(&from_shadeform, "any.json", types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cents_are_read_and_each_region_is_a_quote),
		cmocka_unit_test(it_is_known_by_its_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
