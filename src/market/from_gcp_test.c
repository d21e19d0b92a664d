#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER                                                                                  \
	"date,src_commit,machine_type,region,usd_hour,usd_hour_spot,usd_month_cud1y,usd_month_" \
	"cud3y\n"

static void a_row_is_four_quotes(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-01-05,x,a3-highgpu-8g,us-central1,88,40,44676,28382.4\n");
	stall_expect(&stall, 4, REFUSAL_MALFORMED, 0);
	assert_int_equal(stall_quote(&stall, 0)->rental, RENTAL_ON_DEMAND);
	stall_expect_usd(stall_quote(&stall, 0), 11);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_SPOT);
	stall_expect_usd(stall_quote(&stall, 1), 5);
	assert_int_equal(stall_quote(&stall, 2)->rental, RENTAL_CONTRACT);
	assert_int_equal(stall_quote(&stall, 2)->term_months, 12);
	stall_expect_usd(stall_quote(&stall, 2), 7.65);
	assert_int_equal(stall_quote(&stall, 3)->term_months, 36);
	stall_expect_usd(stall_quote(&stall, 3), 4.86);
	assert_int_equal(stall_quote(&stall, 0)->form, FORM_SXM);
	assert_int_equal(stall_quote(&stall, 0)->gpus, 8);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 0)->region), "us-central1");
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 0)->licence), "Apache-2.0");
}

static date_t until_day(const struct stall *stall, size_t n)
{
	return date_from_unix(stall_quote(stall, n)->until);
}

static date_t day(const char *text)
{
	date_t date = DATE_NONE;

	assert_true(date_parse(span_of(text), &date));
	return date;
}

static void a_price_holds_until_the_day_before_the_next_or_the_last_of_the_file(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-01-05,x,a3-highgpu-8g,us-central1,88,40,,\n"
			  "2026-02-01,x,a3-highgpu-8g,us-central1,88,41,,\n"
			  "2026-02-20,x,a3-highgpu-1g,us-central1,11,4,,\n");
	stall_expect(&stall, 6, REFUSAL_PRICE_ABSENT, 6);
	assert_int_equal(until_day(&stall, 0), day("2026-01-31"));
	assert_int_equal(until_day(&stall, 2), day("2026-02-20"));
	assert_int_equal(until_day(&stall, 4), day("2026-02-20"));
}

static void the_order_of_the_rows_does_not_count(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-02-01,x,a3-highgpu-8g,us-central1,88,41,,\n"
			  "2026-01-05,x,a3-highgpu-8g,us-central1,88,40,,\n");
	assert_int_equal(quote_day(stall_quote(&stall, 0)), day("2026-01-05"));
	assert_int_equal(until_day(&stall, 0), day("2026-01-31"));
	assert_int_equal(until_day(&stall, 2), day("2026-02-01"));
}

/* a3-megagpu-8g in August 2024: processor and memory only, $1.27 for a GPU-hour. */
static void the_price_of_processor_and_memory_is_a_component(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2024-08-01,x,a3-highgpu-8g,us-central1,88.5,35.6,44840,28392\n"
			  "2024-08-01,x,a3-highgpu-8g,us-east4,97,35.6,49000,31000\n"
			  "2024-08-17,x,a3-megagpu-8g,us-central1,10.12,5.66,5105.04,3259.59\n"
			  "2024-08-17,x,a3-megagpu-8g,us-east4,92.94,63.47,46678.7,29555.3\n");
	stall_expect(&stall, 12, REFUSAL_COMPONENT, 4);
}

static void a_spot_price_of_a_tenth_is_no_component(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-05-14,x,a3-highgpu-8g,europe-north1,97.6,9.8,,\n"
			  "2026-05-14,x,a3-highgpu-1g,europe-north1,12.2,1.2,,\n");
	stall_expect(&stall, 4, REFUSAL_PRICE_ABSENT, 4);
}

static void a_region_without_the_machine_is_a_phantom(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp_regions, "regions.csv", NULL,
		   "NAME;ZONE\na3-highgpu-8g;us-central1\n");
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-01-05,x,a3-highgpu-8g,us-central1,88,40,44676,28382\n"
			  "2026-01-05,x,a3-highgpu-8g,africa-south1,118,60,55000,33000\n");
	stall_expect(&stall, 4, REFUSAL_PHANTOM_REGION, 4);
}

static void a_commitment_at_the_price_on_demand_is_none(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-01-05,x,a3-highgpu-8g,us-central1,88,40,64240,64240.01\n");
	stall_expect(&stall, 2, REFUSAL_PRICE_ABSENT, 2);
}

static void a_part_of_a_gpu_has_no_price_for_one(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-01-05,x,g4-standard-6,us-central1,0.56,0.1,280,180\n");
	stall_expect(&stall, 0, REFUSAL_GPU_FRACTION, 4);
}

static void a_type_that_the_catalogue_lacks_is_an_unknown_gpu(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "2026-01-05,x,a9-hypergpu-8g,us-central1,99,40,44676,28382\n");
	stall_expect(&stall, 0, REFUSAL_GPU_UNKNOWN, 4);
}

static void a_row_without_a_day_is_refused_and_the_next_one_read(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_gcp, "log.csv", NULL,
		   HEADER "soon,x,a3-highgpu-8g,us-central1,88,40,44676,28382\n"
			  "2026-01-05,x,a3-highgpu-8g,us-central1,88,40,44676,28382\n");
	stall_expect(&stall, 4, REFUSAL_NO_DATE, 4);
}

static void it_is_known_by_its_columns(void **state)
{
	(void)state;
	stall_expect_claim(&from_gcp, "any.csv", HEADER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_four_quotes),
		cmocka_unit_test(
			a_price_holds_until_the_day_before_the_next_or_the_last_of_the_file),
		cmocka_unit_test(the_order_of_the_rows_does_not_count),
		cmocka_unit_test(the_price_of_processor_and_memory_is_a_component),
		cmocka_unit_test(a_spot_price_of_a_tenth_is_no_component),
		cmocka_unit_test(a_region_without_the_machine_is_a_phantom),
		cmocka_unit_test(a_commitment_at_the_price_on_demand_is_none),
		cmocka_unit_test(a_part_of_a_gpu_has_no_price_for_one),
		cmocka_unit_test(a_type_that_the_catalogue_lacks_is_an_unknown_gpu),
		cmocka_unit_test(a_row_without_a_day_is_refused_and_the_next_one_read),
		cmocka_unit_test(it_is_known_by_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
