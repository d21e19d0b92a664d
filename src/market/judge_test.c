#include "market/judge.h"

#include "test/stall.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	SECONDS_PER_DAY = 86400,
};

/* A good row; each case changes one thing. */
static struct draft good_draft(void)
{
	struct draft draft;

	draft_init(&draft);
	draft.provider = SPAN("lambda");
	draft.gpu = SPAN("H100 SXM");
	draft.gpus = 8;
	draft.rental = RENTAL_ON_DEMAND;
	draft.price = SPAN("23.92");
	draft.currency = SPAN("USD");
	draft.observed = 20514 * (int64_t)SECONDS_PER_DAY; /* 2026-03-02 */
	return draft;
}

/* What becomes of the draft, alone in a book. */
static enum refusal judged(const struct draft *draft)
{
	enum refusal found = REFUSAL_NONE;
	SCOPED_STALL(stall);

	stall.book.now = 20600 * (int64_t)SECONDS_PER_DAY;
	assert_true(book_take(&stall.book, "f", draft, NULL));
	for (unsigned i = 1; i < REFUSAL_COUNT; i++) {
		if (stall.book.refused[i].count > 0)
			found = (enum refusal)i;
	}
	assert_int_equal(stall.book.kept, found == REFUSAL_NONE);
	assert_int_equal(stall.book.rows, 1);
	return found;
}

static void expect_judged(const struct draft *draft, enum refusal expected)
{
	enum refusal found = judged(draft);

	if (found != expected)
		print_message("# %s, not %s\n", refusal_names[found], refusal_names[expected]);
	assert_int_equal(found, expected);
}

static void a_good_row_is_kept(void **state)
{
	struct draft draft = good_draft();

	(void)state;
	expect_judged(&draft, REFUSAL_NONE);
}

static void a_price_is_refused_for_what_is_wrong_with_it(void **state)
{
	static const struct {
		const char *price, *currency;
		enum refusal why;
	} cases[] = {
		{ "", "USD", REFUSAL_PRICE_ABSENT },
		{ "23,92", "USD", REFUSAL_PRICE_MALFORMED },
		{ "$23.92", "USD", REFUSAL_PRICE_MALFORMED },
		{ "nan", "USD", REFUSAL_PRICE_MALFORMED },
		{ "0", "USD", REFUSAL_PRICE_ZERO },
		{ "0.0", "USD", REFUSAL_PRICE_ZERO },
		{ "-1", "USD", REFUSAL_PRICE_NEGATIVE },
		{ "0.08", "USD", REFUSAL_TOO_LOW },
		{ "327.7", "USD", REFUSAL_TOO_HIGH },
		{ "9000000000", "USD", REFUSAL_TOO_HIGH },
		{ "2392", "USD", REFUSAL_UNIT },    /* cents */
		{ "17461.6", "USD", REFUSAL_UNIT }, /* a month */
		{ "23.92", "", REFUSAL_CURRENCY_ABSENT },
		{ "23.92", "QQQ", REFUSAL_CURRENCY_UNKNOWN },
		{ "23.92", "$", REFUSAL_CURRENCY_UNKNOWN },
		{ "23.92", "GBP", REFUSAL_NO_RATE },
		{ "23.92", "EUR", REFUSAL_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct draft draft = good_draft();

		draft.price = span_of(cases[i].price);
		draft.currency = span_of(cases[i].currency);
		expect_judged(&draft, cases[i].why);
	}
}

static void an_hours_price_said_to_be_a_months_is_noticed(void **state)
{
	struct draft draft = good_draft();

	(void)state;
	draft.unit = UNIT_MONTH;
	expect_judged(&draft, REFUSAL_UNIT);
	draft.price = SPAN("17461.60");
	expect_judged(&draft, REFUSAL_NONE);
}

static void a_bid_far_below_cost_is_a_floor_and_a_part_is_a_part(void **state)
{
	struct draft draft = good_draft();

	(void)state;
	draft.price = SPAN("0.08");
	draft.bid = true;
	expect_judged(&draft, REFUSAL_BID_FLOOR);
	draft.component = true;
	expect_judged(&draft, REFUSAL_COMPONENT);
	draft.refused = REFUSAL_PHANTOM_REGION;
	expect_judged(&draft, REFUSAL_PHANTOM_REGION);
}

static void a_gpu_is_refused_for_what_is_wrong_with_it(void **state)
{
	static const struct {
		const char *provider, *product, *gpu, *form;
		uint64_t memory_mb;
		uint32_t gpus;
		enum refusal why;
	} cases[] = {
		{ "x", "", "", "", 0, 1, REFUSAL_NO_GPU },
		{ "x", "", "GTX 1080", "", 0, 1, REFUSAL_GPU_UNKNOWN },
		{ "x", "", "1/8 H100", "", 0, 1, REFUSAL_GPU_FRACTION },
		{ "x", "", "H100", "", 0, 0, REFUSAL_GPU_COUNT },
		{ "x", "", "8x H100", "", 0, 0, REFUSAL_NONE },
		{ "x", "", "H100", "", 0, 2000000, REFUSAL_GPU_COUNT },
		{ "x", "", "H100", "", 80, 8, REFUSAL_MEMORY }, /* GB said to be MiB */
		{ "x", "", "H100", "", 40000, 8, REFUSAL_MEMORY },
		{ "x", "", "H100", "", 81559, 8, REFUSAL_NONE },
		{ "x", "", "H100_80GB", "", 94000, 8, REFUSAL_MEMORY },
		{ "x", "", "H100", "SXM5", 0, 8, REFUSAL_NONE },
		{ "x", "", "H100", "OAM", 0, 8, REFUSAL_FORM },
		{ "x", "", "H100", "2026-03-02", 0, 8, REFUSAL_FORM },
		{ "x", "", "H100 SXM", "PCIe", 0, 8, REFUSAL_FORM },
		{ "x", "", "L4 SXM", "", 0, 8, REFUSAL_FORM },
		{ "azure", "Standard_ND96isr_H100_v5", "", "", 0, 0, REFUSAL_NONE },
		{ "azure", "Standard_ND96isr_H100_v5", "H100", "", 0, 16, REFUSAL_NONE },
		{ "azure", "Standard_ND96isr_H100_v5", "H100", "", 0, 1, REFUSAL_GPU_COUNT },
		{ "azure", "Standard_ND96isr_H100_v5", "A100", "", 0, 8, REFUSAL_FORM },
		{ "azure", "Standard_ND96isr_H100_v5", "H100 PCIe", "", 0, 8, REFUSAL_FORM },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct draft draft = good_draft();

		draft.provider = span_of(cases[i].provider);
		draft.product = span_of(cases[i].product);
		draft.gpu = span_of(cases[i].gpu);
		draft.form = span_of(cases[i].form);
		draft.memory_mb = cases[i].memory_mb;
		draft.gpus = cases[i].gpus;
		expect_judged(&draft, cases[i].why);
	}
}

static void a_term_belongs_to_a_contract_and_to_nothing_else(void **state)
{
	static const struct {
		enum rental rental;
		uint16_t term;
		enum refusal why;
	} cases[] = {
		{ RENTAL_UNKNOWN, 0, REFUSAL_RENTAL_UNKNOWN },
		{ RENTAL_CONTRACT, 0, REFUSAL_TERM },
		{ RENTAL_CONTRACT, 121, REFUSAL_TERM },
		{ RENTAL_CONTRACT, 12, REFUSAL_NONE },
		{ RENTAL_SPOT, 12, REFUSAL_TERM },
		{ RENTAL_SERVERLESS, 0, REFUSAL_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct draft draft = good_draft();

		draft.rental = cases[i].rental;
		draft.term_months = cases[i].term;
		expect_judged(&draft, cases[i].why);
	}
}

static void time_has_to_be_said_and_not_to_come(void **state)
{
	struct draft draft = good_draft();

	(void)state;
	draft.observed = 0;
	expect_judged(&draft, REFUSAL_NO_DATE);
	draft.observed = INT64_MAX;
	expect_judged(&draft, REFUSAL_NO_DATE);
	draft.observed = 20601 * (int64_t)SECONDS_PER_DAY;
	expect_judged(&draft, REFUSAL_FUTURE);
	draft = good_draft();
	draft.until = draft.observed - 1;
	expect_judged(&draft, REFUSAL_MALFORMED);
}

static void names_are_bounded_and_fit_to_print(void **state)
{
	static const struct {
		const char *region;
		enum refusal why;
	} cases[] = {
		{ "M\xc3\xbcnchen", REFUSAL_NONE },
		{ "bad\xff", REFUSAL_MALFORMED },
		{ "e\x1b[2J", REFUSAL_MALFORMED },
		{ "two\nlines", REFUSAL_MALFORMED },
	};
	char text[NAME_LENGTH_MAXIMUM + 1];
	struct draft draft = good_draft();

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = 'a';
	draft.machine = (struct span){ text, sizeof(text) };
	expect_judged(&draft, REFUSAL_TOO_LONG);
	draft = good_draft();
	draft.provider = SPAN("  ");
	expect_judged(&draft, REFUSAL_NO_PROVIDER);
	for (size_t i = 0; i < COUNT(cases); i++) {
		draft = good_draft();
		draft.region = span_of(cases[i].region);
		expect_judged(&draft, cases[i].why);
	}
}

static void measures_out_of_range_are_refused(void **state)
{
	struct draft draft = good_draft();

	(void)state;
	draft.reliability = 99.5;
	expect_judged(&draft, REFUSAL_MALFORMED);
	draft = good_draft();
	draft.gbit_per_s = (double)NAN;
	expect_judged(&draft, REFUSAL_MALFORMED);
	draft = good_draft();
	draft.storage_price = SPAN("free");
	expect_judged(&draft, REFUSAL_PRICE_MALFORMED);
	draft.storage_price = SPAN("-0.1");
	expect_judged(&draft, REFUSAL_PRICE_MALFORMED);
}

static const struct quote *taken(struct stall *stall, const struct draft *draft)
{
	assert_true(book_take(&stall->book, "f", draft, NULL));
	assert_int_equal(stall->book.kept, stall->book.rows);
	return &stall->book.quotes[stall->book.count - 1];
}

static void every_unit_comes_to_dollars_for_a_gpu_and_an_hour(void **state)
{
	static const struct {
		const char *price, *upfront, *currency;
		enum price_unit unit;
		enum price_of price_of;
		uint16_t term;
		int64_t usd_nano;
	} cases[] = {
		{ "23.92", "", "USD", UNIT_HOUR, PRICE_OF_OFFER, 0, 2990000000 },
		{ "2.99", "", "USD", UNIT_HOUR, PRICE_OF_GPU, 0, 2990000000 },
		{ "0.0008", "", "USD", UNIT_SECOND, PRICE_OF_GPU, 0, 2880000000 },
		{ "48", "", "USD", UNIT_DAY, PRICE_OF_GPU, 0, 2000000000 },
		{ "1460", "", "USD", UNIT_MONTH, PRICE_OF_GPU, 0, 2000000000 },
		{ "17520", "", "USD", UNIT_YEAR, PRICE_OF_GPU, 0, 2000000000 },
		{ "17520", "", "USD", UNIT_TERM, PRICE_OF_GPU, 12, 2000000000 },
		{ "140160", "", "USD", UNIT_TERM, PRICE_OF_OFFER, 12, 2000000000 },
		{ "1", "8760", "USD", UNIT_HOUR, PRICE_OF_GPU, 12, 2000000000 },
		{ "", "17520", "USD", UNIT_HOUR, PRICE_OF_GPU, 12, 2000000000 },
		{ "2", "", "EUR", UNIT_HOUR, PRICE_OF_GPU, 0, 2200000000 },
		{ "1000", "", "USD", UNIT_MONTH, PRICE_OF_GPU, 0, 1369863014 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct draft draft = good_draft();
		SCOPED_STALL(stall);

		draft.price = span_of(cases[i].price);
		draft.upfront = span_of(cases[i].upfront);
		draft.currency = span_of(cases[i].currency);
		draft.unit = cases[i].unit;
		draft.price_of = cases[i].price_of;
		draft.term_months = cases[i].term;
		draft.rental = cases[i].term > 0 ? RENTAL_CONTRACT : RENTAL_ON_DEMAND;
		assert_int_equal(taken(&stall, &draft)->usd_nano, cases[i].usd_nano);
	}
}

static void what_nobody_says_stays_unknown(void **state)
{
	struct draft draft = good_draft();
	const struct quote *quote;
	SCOPED_STALL(stall);

	(void)state;
	draft.provider = SPAN("Nobody Knows");
	draft.gpu = SPAN("H100");
	quote = taken(&stall, &draft);
	assert_int_equal(quote->form, FORM_UNKNOWN);
	assert_int_equal(quote->memory_gb, 0);
	assert_int_equal(quote->tier, TIER_UNKNOWN);
	assert_int_equal(quote->stock, STOCK_UNKNOWN);
	assert_true(isnan(quote->reliability) && isnan(quote->performance));
	assert_int_equal(quote->storage_micro, -1);
	assert_int_equal(quote->egress_micro, -1);
	assert_int_equal(quote->told, 0);
	assert_false(quote->nvlink_told);
	assert_string_equal(stall_name(&stall, quote->provider), "nobody knows");
	assert_true(quote->until == quote->observed);
}

static void a_product_tells_what_its_provider_publishes(void **state)
{
	struct draft draft = good_draft();
	const struct quote *quote;
	SCOPED_STALL(stall);

	(void)state;
	draft.provider = SPAN("azure");
	draft.product = SPAN("Standard_ND96isr_H100_v5");
	draft.gpu = SPAN("");
	draft.gpus = 0;
	quote = taken(&stall, &draft);
	assert_int_equal(quote->form, FORM_SXM);
	assert_int_equal(quote->memory_gb, 80);
	assert_int_equal(quote->gpus, 8);
	assert_true(fabsf(quote->gbit_per_s - 400) < 1e-3F);
	assert_int_equal(quote->tier, TIER_HYPERSCALER);
}

static void memory_is_matched_in_gb_and_gib(void **state)
{
	const struct gpu_row gpu = { .memories_gb = { 40, 80, 94 } };
	static const struct {
		uint64_t mb;
		unsigned gb;
	} cases[] = {
		{ 80000, 80 }, { 81920, 80 }, { 81559, 80 }, { 72000, 80 },     { 71999, 0 },
		{ 40960, 40 }, { 40536, 40 }, { 94000, 94 }, { 95830, 94 },     { 96256, 94 },
		{ 80, 0 },     { 0, 0 },      { 60000, 0 },  { UINT64_MAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(memory_match(&gpu, cases[i].mb), cases[i].gb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_row_is_kept),
		cmocka_unit_test(a_price_is_refused_for_what_is_wrong_with_it),
		cmocka_unit_test(an_hours_price_said_to_be_a_months_is_noticed),
		cmocka_unit_test(a_bid_far_below_cost_is_a_floor_and_a_part_is_a_part),
		cmocka_unit_test(a_gpu_is_refused_for_what_is_wrong_with_it),
		cmocka_unit_test(a_term_belongs_to_a_contract_and_to_nothing_else),
		cmocka_unit_test(time_has_to_be_said_and_not_to_come),
		cmocka_unit_test(names_are_bounded_and_fit_to_print),
		cmocka_unit_test(measures_out_of_range_are_refused),
		cmocka_unit_test(every_unit_comes_to_dollars_for_a_gpu_and_an_hour),
		cmocka_unit_test(what_nobody_says_stays_unknown),
		cmocka_unit_test(a_product_tells_what_its_provider_publishes),
		cmocka_unit_test(memory_is_matched_in_gb_and_gib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
