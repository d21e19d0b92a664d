#include "market/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define GPU_HEAD                                                                             \
	"# assay/gpu/v1\nname\ttitle\taliases\tmemories_gb\tforms\tfloor_usd\tceiling_usd\t" \
	"dense_tflops\tmemory_gb_per_s\tpower_w\treleased\tsource\n"
#define GPU_TAIL "\t0.3\t40\t989.4\t3350\t700\t2023-07-26\turl\n"
#define GPU_ROWS                                                     \
	"h100\tNVIDIA H100\tgh100\t80|94:nvl\tsxm|pcie|nvl" GPU_TAIL \
	"t4\tNVIDIA T4\t\t16\tpcie" GPU_TAIL
#define PRODUCT_HEAD                                                                           \
	"# assay/product/v1\nprovider\tproduct\tgpu\tform\tmemory_gb\tgpus\tnode_gbit_per_s\t" \
	"network\tsource\n"
#define PRODUCT_ROWS "aws\tp5.48xlarge\th100\tsxm\t80\t8\t3200\tefa\turl\n"
#define PROVIDER_HEAD "# assay/provider/v1\nname\taliases\ttier\n"
#define PROVIDER_ROWS "aws\tamazon|ec2\thyperscaler\nlambda\tlambdalabs\tneocloud\n"

static bool read_texts(const char *gpus, const char *products, const char *providers,
		       struct arena *arena, struct catalogue *ret_catalogue, struct error *err)
{
	static const char *const files[3] = { "gpu.tsv", "product.tsv", "provider.tsv" };
	const struct span texts[3] = { span_of(gpus), span_of(products), span_of(providers) };

	return catalogue_read(texts, files, arena, ret_catalogue, err);
}

static void read_good(struct arena *arena, struct catalogue *ret_catalogue)
{
	assert_true(read_texts(GPU_HEAD GPU_ROWS, PRODUCT_HEAD PRODUCT_ROWS,
			       PROVIDER_HEAD PROVIDER_ROWS, arena, ret_catalogue, NULL));
}

static void a_row_says_what_the_gpu_comes_with(void **state)
{
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_good(&arena, &catalogue);

	const struct gpu_row *gpu = &catalogue.gpus[0];
	assert_int_equal(gpu->memories_gb[0], 80);
	assert_int_equal(gpu->memories_gb[1], 94);
	assert_int_equal(gpu->memory_forms[1], FORM_NVL);
	assert_int_equal(gpu->forms, 1u << FORM_SXM | 1u << FORM_PCIE | 1u << FORM_NVL);
	assert_int_equal(gpu->only_form, FORM_UNKNOWN);
	assert_int_equal(gpu->floor_nano, 300000000);
	assert_int_equal(catalogue.gpus[1].only_form, FORM_PCIE);
}

static void a_product_is_found_under_any_name_of_its_provider(void **state)
{
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_good(&arena, &catalogue);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const names[] = { "aws", "Amazon", "EC2" };
		const struct product_row *row =
			catalogue_product(&catalogue, span_of(names[i]), SPAN("P5.48xlarge"));

		assert_non_null(row);
		assert_int_equal(row->gpus, 8);
		assert_string_equal(row->network, "efa");
	}
	assert_null(catalogue_product(&catalogue, SPAN("aws"), SPAN("p5.48")));
	assert_null(catalogue_product(&catalogue, SPAN("lambda"), SPAN("p5.48xlarge")));
}

static void a_provider_is_known_by_any_spelling(void **state)
{
	SCOPED_ARENA(arena);
	struct catalogue catalogue;

	(void)state;
	read_good(&arena, &catalogue);
	for (unsigned i = 0; i < 4; i++) {
		static const char *const names[] = { "lambda", "Lambda Labs", "lambda-labs",
						     "LAMBDA_LABS" };
		const struct provider_row *row = catalogue_provider(&catalogue, span_of(names[i]));

		assert_non_null(row);
		assert_string_equal(row->name, "lambda");
		assert_int_equal(row->tier, TIER_NEOCLOUD);
	}
	assert_null(catalogue_provider(&catalogue, SPAN("lambd")));
	assert_null(catalogue_provider(&catalogue, SPAN("")));
}

static void forms_and_tiers_are_found_by_their_spellings(void **state)
{
	enum form form = FORM_UNKNOWN;
	enum tier tier = TIER_UNKNOWN;

	(void)state;
	assert_true(form_find(SPAN("SXM5"), &form));
	assert_int_equal(form, FORM_SXM);
	assert_true(form_find(SPAN("PCI-e"), &form));
	assert_int_equal(form, FORM_PCIE);
	assert_true(form_find(SPAN("Unstated"), &form));
	assert_int_equal(form, FORM_UNKNOWN);
	assert_false(form_find(SPAN("H100"), &form));
	assert_false(form_find(SPAN(""), &form));
	assert_true(tier_find(SPAN("Neo-Cloud"), &tier));
	assert_int_equal(tier, TIER_NEOCLOUD);
	assert_false(tier_find(SPAN("cloud"), &tier));
}

static void a_wrong_table_is_named_with_its_place(void **state)
{
	static const struct {
		const char *gpus, *products, *providers, *says;
	} cases[] = {
		{ GPU_HEAD "a\tA\t\t0\tsxm" GPU_TAIL, PRODUCT_HEAD, PROVIDER_HEAD, "memories_gb" },
		{ GPU_HEAD "a\tA\t\t80:abc\tsxm" GPU_TAIL, PRODUCT_HEAD, PROVIDER_HEAD,
		  "memories_gb" },
		{ GPU_HEAD "a\tA\t\t\tsxm" GPU_TAIL, PRODUCT_HEAD, PROVIDER_HEAD, "memories_gb" },
		{ GPU_HEAD "a\tA\t\t80\tround" GPU_TAIL, PRODUCT_HEAD, PROVIDER_HEAD,
		  "'round' is no form" },
		{ GPU_HEAD "a\tA\t\t80\t" GPU_TAIL, PRODUCT_HEAD, PROVIDER_HEAD, "forms" },
		{ GPU_HEAD "a\tA\t\t80\tsxm\t0\t40\t\t\t\t\tu\n", PRODUCT_HEAD, PROVIDER_HEAD,
		  "floor_usd" },
		{ GPU_HEAD "a\tA\t\t80\tsxm\t5\t4\t\t\t\t\tu\n", PRODUCT_HEAD, PROVIDER_HEAD,
		  "ceiling_usd" },
		{ GPU_HEAD GPU_ROWS "x\tX\tgh100\t80\tsxm" GPU_TAIL, PRODUCT_HEAD, PROVIDER_HEAD,
		  "'gh100' means" },
		{ GPU_HEAD GPU_ROWS, PRODUCT_HEAD "aws\tp\tz9\tsxm\t80\t8\t\t\tu\n", PROVIDER_HEAD,
		  "'z9' is not in the table of GPUs" },
		{ GPU_HEAD GPU_ROWS, PRODUCT_HEAD "aws\tp\tt4\tsxm\t16\t8\t\t\tu\n", PROVIDER_HEAD,
		  "does not come so" },
		{ GPU_HEAD GPU_ROWS, PRODUCT_HEAD PRODUCT_ROWS PRODUCT_ROWS, PROVIDER_HEAD,
		  "stands twice" },
		{ GPU_HEAD GPU_ROWS, PRODUCT_HEAD, PROVIDER_HEAD PROVIDER_ROWS "EC2\t\tneocloud\n",
		  "named before" },
		{ GPU_HEAD GPU_ROWS, PRODUCT_HEAD, PROVIDER_HEAD "a\t\tlarge\n", "tier" },
		{ "", PRODUCT_HEAD, PROVIDER_HEAD, "gpu.tsv: line 1" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct catalogue catalogue;
		struct error err = { 0 };

		assert_false(read_texts(cases[i].gpus, cases[i].products, cases[i].providers,
					&arena, &catalogue, &err));
		if (!strstr(err.text, cases[i].says))
			print_message("# %zu: %s\n", i, err.text);
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_says_what_the_gpu_comes_with),
		cmocka_unit_test(a_product_is_found_under_any_name_of_its_provider),
		cmocka_unit_test(a_provider_is_known_by_any_spelling),
		cmocka_unit_test(forms_and_tiers_are_found_by_their_spellings),
		cmocka_unit_test(a_wrong_table_is_named_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
