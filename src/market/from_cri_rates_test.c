#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER                                                                                  \
	"source_id,source,gpu_model,price_per_gpu_hr,vm_price_hr,gpus_per_vm,region,sku,price_" \
	"type,"                                                                                 \
	"rate_type,effective_date,reproducible,auth_required,collected_utc\n"
#define END "rate_card,2024-03-01T00:00:00Z,True,False,2026-03-03T15:30:46.7+00:00\n"

static void a_machine_and_a_gpu_alone_are_both_read(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_cri_rates, "2026-03-03.csv", NULL,
		   HEADER "a,aws,H100 SXM,6.88,55.04,8,us-east-1,p5.48xlarge,on_demand," END
			  "b,runpod,H100 SXM,2.69,,1,global,NVIDIA H100 80GB HBM3,secure," END
			  "c,runpod,H100 SXM,1.75,,1,global,NVIDIA H100 80GB HBM3,secure_spot," END
			  "d,runpod,H100 SXM,2.69,,1,global,NVIDIA H100 80GB HBM3,community," END);
	stall_expect(&stall, 4, REFUSAL_MALFORMED, 0);
	stall_expect_usd(stall_quote(&stall, 0), 6.88);
	assert_int_equal(stall_quote(&stall, 0)->gpus, 8);
	stall_expect_usd(stall_quote(&stall, 1), 2.69);
	assert_int_equal(stall_quote(&stall, 1)->rental, RENTAL_ON_DEMAND);
	assert_int_equal(stall_quote(&stall, 2)->rental, RENTAL_SPOT);
	assert_int_equal(quote_day(stall_quote(&stall, 0)), 20515);
}

static void a_code_of_the_billing_catalogue_is_a_component(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_cri_rates, "rates.csv", NULL,
		   HEADER "a,gcp,H100 SXM,9.79,,,us-central1,D4E2-451A-15B9,on_demand," END);
	stall_expect(&stall, 0, REFUSAL_COMPONENT, 1);
}

/* The source calls an NVL card SXM; the product is known to be otherwise. */
static void a_form_that_the_product_does_not_have_is_refused(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_cri_rates, "rates.csv", NULL,
		   HEADER
		   "a,azure,H100 SXM,6.98,6.98,1,eastus,Standard_NC40ads_H100_v5,on_demand," END);
	stall_expect(&stall, 0, REFUSAL_FORM, 1);
}

static void a_kind_of_price_that_is_not_known_is_not_guessed(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_cri_rates, "rates.csv", NULL,
		   HEADER "a,aws,H100 SXM,6.88,55.04,8,us-east-1,p5.48xlarge,auction," END);
	stall_expect(&stall, 0, REFUSAL_RENTAL_UNKNOWN, 1);
}

static void it_is_known_by_its_columns(void **state)
{
	(void)state;
	stall_expect_claim(&from_cri_rates, "any.csv", HEADER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_and_a_gpu_alone_are_both_read),
		cmocka_unit_test(a_code_of_the_billing_catalogue_is_a_component),
		cmocka_unit_test(a_form_that_the_product_does_not_have_is_refused),
		cmocka_unit_test(a_kind_of_price_that_is_not_known_is_not_guessed),
		cmocka_unit_test(it_is_known_by_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
