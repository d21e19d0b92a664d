#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER                                                                          \
	"InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region," \
	"AvailabilityZone,Price,SpotPrice\n"
#define INFO(name, mib)                                                             \
	"\"{'Gpus': [{'Name': '" name "', 'Manufacturer': 'NVIDIA', 'Count': 8.0, " \
	"'MemoryInfo': {'SizeInMiB': " mib "}}], 'TotalGpuMemoryInMiB': " mib "}\""

static const char lambda[] =
	HEADER "gpu_8x_h100_sxm5,208,1800,H100,8.0," INFO("H100", "81920") ",us-east-1,,31.92,\n";

static void a_row_is_two_quotes(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_skypilot, "catalogs/v8/lambda/vms.csv", "2026-03-01",
		   HEADER "h8,208,1800,H100,8.0," INFO("H100", "81920") ",us-east-1,a,32,16\n");
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 0)->provider), "lambda");
	assert_int_equal(stall_quote(&stall, 0)->rental, RENTAL_ON_DEMAND);
	stall_expect_usd(stall_quote(&stall, 0), 4);
	assert_int_equal(stall_quote(&stall, 0)->memory_gb, 80);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_UNKNOWN);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_SPOT);
	stall_expect_usd(stall_quote(&stall, 1), 2);
}

static void what_is_wrong_with_a_row_is_said(void **state)
{
	static const struct {
		const char *what, *row;
		enum refusal why;
	} cases[] = {
		{ "80 where the column is of MiB", "x,1,1,H100,8.0," INFO("H100", "80") ",r,,32,16",
		  REFUSAL_MEMORY },
		{ "a price of zero", "x,1,1,H100,8.0,,r,,0.0,0", REFUSAL_PRICE_ZERO },
		{ "no price", "x,1,1,H100,8.0,,r,,,", REFUSAL_PRICE_ABSENT },
		{ "a part of a GPU", "x,1,1,A16,0.125,,r,,0.06,0.03", REFUSAL_GPU_FRACTION },
		{ "no GPU", "m5.large,2,8,,,,r,,0.1,0.05", REFUSAL_NO_GPU },
		{ "a GPU that nobody knows", "x,1,1,tpu-v6e-8,1,,r,,21.6,9", REFUSAL_GPU_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = { .maximum = 4096 };
		SCOPED_STALL(stall);

		text_format(&text, HEADER "%s\n", cases[i].row);
		stall_take(&stall, &from_skypilot, "v8/lambda/vms.csv", "2026-03-01",
			   text_string(&text));
		text_release(&text);
		stall_expect(&stall, 0, cases[i].why, 2);
	}
}

/* A machine of GPUs at the price of its processors, and GPUs without a machine. */
static void the_parts_of_googles_prices_are_components(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_skypilot, "v8/gcp/vms.csv", "2026-03-01",
		   HEADER "a2-highgpu-1g,12.0,85.0,,,,us-central1,us-central1-a,0.94,0.37\n"
			  ",,,A100,1.0,,us-central1,us-central1-a,2.93,1.1\n");
	stall_expect(&stall, 0, REFUSAL_COMPONENT, 4);
}

static void who_sells_through_shadeform_is_the_provider(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_skypilot, "v8/shadeform/vms.csv", "2026-03-01",
		   HEADER "lambdalabs_H100x8,208,1800,H100,8.0,,dallas,,32,16\n");
	stall_expect(&stall, 2, REFUSAL_MALFORMED, 0);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 0)->provider), "lambda");
}

static void without_a_day_or_a_folder_nothing_is_guessed(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_skypilot, "v8/lambda/vms.csv", NULL, lambda);
	assert_int_equal(stall.book.kept, 0);
	assert_true(stall_refused(&stall, REFUSAL_NO_DATE) > 0);
	stall_take(&stall, &from_skypilot, "vms.csv", "2026-03-01", lambda);
	assert_int_equal(stall.book.kept, 0);
	assert_true(stall_refused(&stall, REFUSAL_NO_PROVIDER) > 0);
}

static void it_is_known_by_its_columns(void **state)
{
	(void)state;
	stall_expect_claim(&from_skypilot, "any.csv", lambda);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_two_quotes),
		cmocka_unit_test(what_is_wrong_with_a_row_is_said),
		cmocka_unit_test(the_parts_of_googles_prices_are_components),
		cmocka_unit_test(who_sells_through_shadeform_is_the_provider),
		cmocka_unit_test(without_a_day_or_a_folder_nothing_is_guessed),
		cmocka_unit_test(it_is_known_by_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
