#include "market/generation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/quotes.h"

#include <cmocka.h>

#define HEAD                      \
	"# assay/generation/v1\n" \
	"gpu\tagainst\twork\tlow\tvalue\thigh\tsoftware\tsource\tdate\n"

/* Rows of the catalogue below. */
enum {
	A100,
	GB200,
	H100,
	RARE, /* of which the makers' data say nothing */
};

/* A catalogue with the GPUs that the forecast is about. */
static const struct gpu_row gpus[] = {
	[A100] = { .name = "a100", .dense_tflops = 312, .memory_gb_per_s = 2039 },
	[GB200] = { .name = "gb200", .dense_tflops = 2500, .memory_gb_per_s = 8000 },
	[H100] = { .name = "h100", .dense_tflops = 1000, .memory_gb_per_s = 4000 },
	[RARE] = { .name = "rare" },
};

struct fixture {
	struct arena arena;
	struct catalogue catalogue;
	struct generations generations;
	struct error err;
};

static void fixture_close(struct fixture *fixture)
{
	arena_release(&fixture->arena);
}

static bool read(struct fixture *fixture, const char *rows)
{
	struct gpu_row *copy = ARENA_ARRAY(&fixture->arena, struct gpu_row, QUOTES_COUNT(gpus));

	memcpy(copy, gpus, sizeof(gpus));
	fixture->catalogue = (struct catalogue){ .gpus = copy, .gpu_count = QUOTES_COUNT(gpus) };
	return generation_read(span_of(arena_format(&fixture->arena, HEAD "%s", rows)), "g.tsv",
			       &fixture->catalogue, &fixture->arena, &fixture->generations,
			       &fixture->err);
}

#define SCOPED_FIXTURE(name) struct fixture name __attribute__((cleanup(fixture_close))) = { 0 }

static const char forecast[] =
	"h100\tgb200\ttraining\t2.24\t2.245\t2.28\ta forecast\tSemiAnalysis\t2025-03-26\n"
	"h100\tgb200\tinference\t3.9\t4\t4.1\ta forecast\tSemiAnalysis\t2025-03-26\n";

static size_t compare(const struct fixture *fixture, unsigned of, double of_usd, unsigned against,
		      double against_usd, struct generation_price *prices)
{
	struct generation_side own = { .gpu = (uint16_t)of, .usd = of_usd };
	struct generation_side other = { .gpu = (uint16_t)against, .usd = against_usd };
	size_t count = 0;

	generation_compare(&fixture->generations, &fixture->catalogue, &own, &other, prices,
			   &count);
	return count;
}

/* SemiAnalysis, March 2025: the H100 has to cost 0.98 USD where the GB200 costs 2.20. */
static void the_forecast_of_march_2025_comes_out(void **state)
{
	SCOPED_FIXTURE(fixture);
	struct generation_price prices[GENERATION_RATIOS_MAXIMUM];
	size_t count;

	(void)state;
	assert_true(read(&fixture, forecast));
	count = compare(&fixture, H100, 1.96, GB200, 2.20, prices);
	assert_int_equal(count, 4);
	assert_string_equal(prices[0].work, "training");
	assert_true(prices[0].cited);
	assert_int_equal(lround(100 * prices[0].usd), 98);
	quotes_expect_near(prices[0].usd, 2.20 / 2.245);
	quotes_expect_near(prices[0].usd_low, 2.20 / 2.28);
	quotes_expect_near(prices[0].usd_high, 2.20 / 2.24);
	assert_int_equal(lround(100 * prices[0].gap), -50);
	quotes_expect_near(prices[1].usd, 0.55);
	assert_string_equal(prices[0].source, "SemiAnalysis");
}

static void the_other_way_round_the_ratio_is_turned(void **state)
{
	SCOPED_FIXTURE(fixture);
	struct generation_price prices[GENERATION_RATIOS_MAXIMUM];

	(void)state;
	assert_true(read(&fixture, forecast));
	assert_int_equal(compare(&fixture, GB200, 2.20, H100, 0.98, prices), 4);
	quotes_expect_near(prices[0].usd, 0.98 * 2.245);
	quotes_expect_near(prices[0].usd_low, 0.98 * 2.24);
	quotes_expect_near(prices[0].usd_high, 0.98 * 2.28);
	assert_true(prices[0].low <= prices[0].value && prices[0].value <= prices[0].high);
}

static void the_makers_peaks_stand_beside_and_are_not_cited(void **state)
{
	SCOPED_FIXTURE(fixture);
	struct generation_price prices[GENERATION_RATIOS_MAXIMUM];

	(void)state;
	assert_true(read(&fixture, forecast));
	assert_int_equal(compare(&fixture, H100, 2, GB200, 5, prices), 4);
	assert_string_equal(prices[2].work, "dense peak");
	quotes_expect_near(prices[2].value, 2.5);
	quotes_expect_near(prices[2].usd, 2);
	quotes_expect_near(1 + prices[2].gap, 1);
	assert_string_equal(prices[3].work, "memory bandwidth");
	quotes_expect_near(prices[3].usd, 2.5);
	for (unsigned i = 2; i < 4; i++) {
		assert_false(prices[i].cited);
		assert_null(prices[i].source);
		assert_int_equal(prices[i].date, DATE_NONE);
	}
}

static void a_ratio_that_nobody_gives_is_not_made_up(void **state)
{
	SCOPED_FIXTURE(fixture);
	struct generation_price prices[GENERATION_RATIOS_MAXIMUM];

	(void)state;
	assert_true(read(&fixture, forecast));
	/* No cited ratio of these two: the peaks alone. */
	assert_int_equal(compare(&fixture, A100, 1, H100, 2, prices), 2);
	assert_false(prices[0].cited);
	assert_int_equal(compare(&fixture, RARE, 1, H100, 2, prices), 0);
	assert_int_equal(compare(&fixture, H100, 1, RARE, 2, prices), 0);
}

static void more_ratios_than_there_is_room_for_are_left_out(void **state)
{
	SCOPED_FIXTURE(fixture);
	struct generation_price prices[GENERATION_RATIOS_MAXIMUM + 1];
	SCOPED_TEXT(rows);

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		text_format(&rows, "h100\tgb200\twork %u\t1\t2\t3\ts\ts\t2025-03-26\n", i);
	assert_true(read(&fixture, text_string(&rows)));
	prices[GENERATION_RATIOS_MAXIMUM].work = "untouched";
	assert_int_equal(compare(&fixture, H100, 1, GB200, 2, prices), GENERATION_RATIOS_MAXIMUM);
	assert_string_equal(prices[GENERATION_RATIOS_MAXIMUM].work, "untouched");
}

static void a_row_that_means_nothing_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *row, *says;
	} cases[] = {
		{ "tpu\tgb200\tw\t1\t2\t3\ts\ts\t2025-03-26\n", "no GPU of gpu.tsv: 'tpu'" },
		{ "h100\ttpu\tw\t1\t2\t3\ts\ts\t2025-03-26\n", "no GPU of gpu.tsv: 'tpu'" },
		{ "h100\tgb200\t\t1\t2\t3\ts\ts\t2025-03-26\n", "work" },
		{ "h100\tgb200\tw\t2\t1\t3\ts\ts\t2025-03-26\n", "positive and ascend" },
		{ "h100\tgb200\tw\t1\t3\t2\ts\ts\t2025-03-26\n", "positive and ascend" },
		{ "h100\tgb200\tw\t0\t1\t2\ts\ts\t2025-03-26\n", "positive and ascend" },
		{ "h100\tgb200\tw\t\t1\t2\ts\ts\t2025-03-26\n", "positive and ascend" },
		{ "h100\tgb200\tw\tx\t1\t2\ts\ts\t2025-03-26\n", "low" },
		{ "h100\tgb200\tw\t1\t2\t3\t\ts\t2025-03-26\n", "software" },
		{ "h100\tgb200\tw\t1\t2\t3\ts\t\t2025-03-26\n", "source" },
		{ "h100\tgb200\tw\t1\t2\t3\ts\ts\t26 March\n", "date" },
		{ "h100\tgb200\tw\t1\t2\t3\ts\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_FIXTURE(fixture);

		assert_false(read(&fixture, cases[i].row));
		if (!strstr(fixture.err.text, "g.tsv: line 3") ||
		    !strstr(fixture.err.text, cases[i].says))
			print_message("# %s\n", fixture.err.text);
		assert_non_null(strstr(fixture.err.text, "g.tsv: line 3"));
		assert_non_null(strstr(fixture.err.text, cases[i].says));
	}
}

static void a_table_of_another_schema_is_refused(void **state)
{
	SCOPED_FIXTURE(fixture);
	struct generations generations;

	(void)state;
	assert_true(read(&fixture, ""));
	assert_int_equal(fixture.generations.count, 0);
	assert_false(generation_read(SPAN("# assay/generation/v2\n"), "g.tsv", &fixture.catalogue,
				     &fixture.arena, &generations, &fixture.err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_forecast_of_march_2025_comes_out),
		cmocka_unit_test(the_other_way_round_the_ratio_is_turned),
		cmocka_unit_test(the_makers_peaks_stand_beside_and_are_not_cited),
		cmocka_unit_test(a_ratio_that_nobody_gives_is_not_made_up),
		cmocka_unit_test(more_ratios_than_there_is_room_for_are_left_out),
		cmocka_unit_test(a_row_that_means_nothing_is_refused_with_its_place),
		cmocka_unit_test(a_table_of_another_schema_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
