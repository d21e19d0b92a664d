#include "check/reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PEERS = 12,
	ROUNDS = 4000,
};

/* One GPU that was measured, a table with rows of all kinds, and peers. */
struct bench {
	struct arena arena;
	struct findings found;
	struct shape_row shape;
	struct figure_row figures[6];
	struct handbook handbook;
	struct record records[PEERS + 1][3];
	const struct record *pointers[PEERS + 1][3];
	struct machine machines[PEERS + 1];
	struct check_input input;
	struct reference_query query;
};

static struct figure_row row_of(enum figure_kind kind, const char *metric, const char *size,
				double value, uint32_t line)
{
	return (struct figure_row){
		.vendor = "nvidia",
		.model = "M",
		.gpus = 1,
		.nodes = 1,
		.metric = metric,
		.size = size,
		.value = value,
		.unit = "W",
		.kind = kind,
		.line = line,
		.tool = "",
		.conditions = "",
		.source = "somebody",
		.caution = "",
	};
}

static void set_machine(struct bench *bench, unsigned which, double value)
{
	struct record *records = bench->records[which];
	struct machine *machine = &bench->machines[which];

	records[0] = (struct record){
		.what = measures[NODE_GPU_POWER].name,
		.says = SAYS_VALUE,
		.value = value,
		.unit = "W",
	};
	records[0].subject.parts[SUBJECT_DEVICE] = "gpu:0000:19:00.0";
	records[1] = (struct record){
		.what = measures[NODE_NVIDIA_DRIVER].name,
		.says = SAYS_STATE,
		.text = "570.1",
	};
	*machine = (struct machine){
		.name = arena_format(&bench->arena, "node-%u", which),
		.shape = &bench->shape,
		.records = bench->pointers[which],
		.count = 2,
	};
	for (unsigned i = 0; i < 2; i++)
		bench->pointers[which][i] = &records[i];
	machine->by[NODE_GPU_POWER].count = 1;
	machine->by[NODE_NVIDIA_DRIVER].first = 1;
	machine->by[NODE_NVIDIA_DRIVER].count = 1;
}

static void bench_start(struct bench *bench, double value)
{
	*bench = (struct bench){ 0 };
	bench->found.arena = &bench->arena;
	bench->shape = (struct shape_row){ .model = "M", .vendor = "nvidia", .pci_ids = "1234" };
	bench->figures[0] = row_of(FIGURE_SPEC, "peak", "", 1000, 10);
	bench->figures[1] = row_of(FIGURE_MEASURED, "speed", "8x8", 700, 11);
	bench->figures[2] = row_of(FIGURE_MEASURED, "speed", "best", 790, 12);
	bench->figures[3] = row_of(FIGURE_THRESHOLD, "speed_min", "", 600, 13);
	bench->figures[4] = row_of(FIGURE_MEASURED, "speed", "8x8", 999, 14);
	bench->figures[4].caution = "SUSPECT: wrong";
	bench->figures[5] = row_of(FIGURE_MEASURED, "late", "", 2, 15);
	bench->handbook.figures = bench->figures;
	bench->handbook.figure_count = COUNT(bench->figures);
	for (unsigned i = 0; i <= PEERS; i++)
		set_machine(bench, i, i == 0 ? value : 695 + i);
	bench->input.handbook = &bench->handbook;
	bench->input.machine = &bench->machines[0];
	bench->query = (struct reference_query){ .gpus = 1, .nodes = 1, .action = "look" };
}

static const struct finding *judge(struct bench *bench, double low, double high)
{
	struct measured measured = measured_of(&bench->records[0][0], NULL);

	measured.low = low;
	measured.high = high;
	return reference_judge(&bench->input, &bench->query, &measured, &bench->found);
}

static enum verdict verdict_on(double value, const struct reference_query *query)
{
	struct bench bench;
	enum verdict verdict;

	bench_start(&bench, value);
	bench.query = *query;
	bench.query.gpus = 1;
	bench.query.nodes = 1;
	verdict = judge(&bench, 0, 0)->verdict;
	arena_release(&bench.arena);
	return verdict;
}

static void without_a_reference_it_is_unknown(void **state)
{
	struct bench bench;
	const struct finding *finding;

	(void)state;
	bench_start(&bench, 700);
	bench.query.metric = "never heard of";
	finding = judge(&bench, 0, 0);
	assert_int_equal(finding->verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(finding->text, "no reference"));
	bench.query.metric = "speed";
	bench.machines[0].shape = NULL;
	assert_int_equal(judge(&bench, 0, 0)->verdict, VERDICT_UNKNOWN);
	bench.machines[0].shape = &bench.shape;
	bench.input.handbook = NULL;
	assert_int_equal(judge(&bench, 0, 0)->verdict, VERDICT_UNKNOWN);
	arena_release(&bench.arena);
}

static void what_was_not_measured_is_unknown(void **state)
{
	struct bench bench;
	struct measured nothing = { 0 };

	(void)state;
	bench_start(&bench, 700);
	bench.query.metric = "speed";
	assert_int_equal(
		reference_judge(&bench.input, &bench.query, &nothing, &bench.found)->verdict,
		VERDICT_UNKNOWN);
	bench.records[0][0].says = SAYS_UNKNOWN;
	bench.records[0][0].text = "the call stalled";
	assert_non_null(strstr(judge(&bench, 0, 0)->text, "the call stalled"));
	arena_release(&bench.arena);
}

static void shares_of_what_was_measured_decide(void **state)
{
	static const struct reference_query fixed = { .metric = "speed", .size = "8x8" };
	static const struct reference_query other = { .metric = "speed", .size = "9x9" };
	static const struct reference_query bar = { .threshold = "speed_min" };
	static const struct reference_query late = { .metric = "late", .less_is_better = true };
	static const struct {
		const struct reference_query *query;
		double value;
		enum verdict verdict;
	} cases[] = {
		{ &fixed, 700, VERDICT_PASS }, { &fixed, 666, VERDICT_PASS },
		{ &fixed, 664, VERDICT_WARN }, { &fixed, 631, VERDICT_WARN },
		{ &fixed, 629, VERDICT_FAIL }, { &fixed, 0, VERDICT_FAIL },
		{ &other, 700, VERDICT_PASS }, { &other, 300, VERDICT_WARN },
		{ &bar, 600, VERDICT_PASS },   { &bar, 599, VERDICT_FAIL },
		{ &late, 2.1, VERDICT_PASS },  { &late, 2.2, VERDICT_WARN },
		{ &late, 2.3, VERDICT_FAIL },  { &late, 0.1, VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(verdict_on(cases[i].value, cases[i].query), cases[i].verdict);
}

static void the_finding_names_the_row(void **state)
{
	struct bench bench;
	const struct finding *finding;

	(void)state;
	bench_start(&bench, 600);
	bench.query.metric = "speed";
	bench.query.size = "8x8";
	bench.query.peak = "peak";
	finding = judge(&bench, 0, 0);
	assert_int_equal(finding->verdict, VERDICT_FAIL);
	assert_string_equal(finding->bar, "700 W at 8x8: figures.tsv line 11 (somebody)");
	assert_string_equal(finding->action, "look");
	assert_non_null(strstr(finding->text, "60.0 % of the peak 1000 W"));
	assert_non_null(strstr(finding->text, "85.7 % of what was measured elsewhere 700 W"));
	assert_ptr_equal(finding->evidence[0], &bench.records[0][0]);
	arena_release(&bench.arena);
}

static void more_than_the_peak_is_suspicious(void **state)
{
	static const struct reference_query plain = { .metric = "speed", .peak = "peak" };
	static const struct reference_query free = { .metric = "speed",
						     .peak = "peak",
						     .may_exceed_peak = true };
	static const struct reference_query alone = { .peak = "peak" };

	(void)state;
	assert_int_equal(verdict_on(1040, &plain), VERDICT_PASS);
	assert_int_equal(verdict_on(1060, &plain), VERDICT_WARN);
	assert_int_equal(verdict_on(1060, &free), VERDICT_PASS);
	/* The peak alone bounds from above and says nothing of what is below. */
	assert_int_equal(verdict_on(900, &alone), VERDICT_UNKNOWN);
	assert_int_equal(verdict_on(1060, &alone), VERDICT_WARN);
}

static void the_peak_decides_where_the_query_says_so(void **state)
{
	static const struct reference_query query = {
		.bound = 1000,
		.bound_row = "derived",
		.peak_pass_share = 0.92,
		.peak_fail_share = 0.85,
	};

	(void)state;
	assert_int_equal(verdict_on(930, &query), VERDICT_PASS);
	assert_int_equal(verdict_on(900, &query), VERDICT_WARN);
	assert_int_equal(verdict_on(840, &query), VERDICT_FAIL);
}

static void an_interval_on_both_sides_is_no_verdict(void **state)
{
	struct bench bench;
	const struct finding *finding;

	(void)state;
	bench_start(&bench, 700);
	bench.query.metric = "speed";
	bench.query.size = "8x8";
	finding = judge(&bench, 600, 720);
	assert_int_equal(finding->verdict, VERDICT_WARN);
	assert_non_null(strstr(finding->text, "both sides of the bar"));
	set_machine(&bench, 0, 620);
	assert_int_equal(judge(&bench, 610, 650)->verdict, VERDICT_WARN);
	assert_int_equal(judge(&bench, 610, 625)->verdict, VERDICT_FAIL);
	arena_release(&bench.arena);
}

static void the_spread_makes_the_interval(void **state)
{
	const struct record value = { .says = SAYS_VALUE, .value = 200 };
	const struct record spread = { .says = SAYS_VALUE, .value = 10 };
	const struct record silence = { .says = SAYS_UNKNOWN, .text = "?" };
	struct measured measured = measured_of(&value, &spread);

	(void)state;
	assert_true(fabs(measured.low - 190) < 1e-9 && fabs(measured.high - 210) < 1e-9);
	measured = measured_of(&value, &silence);
	assert_true(measured.high <= 0);
	assert_null(measured_of(NULL, &spread).record);
}

static void sizes_in_words_and_in_bytes_are_the_same(void **state)
{
	static const struct {
		const char *row, *asked;
		enum verdict verdict;
	} cases[] = {
		{ "32KiB", "32768B", VERDICT_FAIL }, { "8GiB", "8589934592B", VERDICT_FAIL },
		{ "16M", "16MiB", VERDICT_FAIL },    { "32KiB", "65536B", VERDICT_WARN },
		{ "8x8", "8x8", VERDICT_FAIL },      { "8x8", "8B", VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench;

		bench_start(&bench, 500);
		for (size_t k = 0; k < COUNT(bench.figures); k++)
			bench.figures[k].size = cases[i].row;
		bench.query.metric = "speed";
		bench.query.size = cases[i].asked;
		assert_int_equal(judge(&bench, 0, 0)->verdict, cases[i].verdict);
		arena_release(&bench.arena);
	}
}

static void peers_tell_who_is_low(void **state)
{
	static const struct {
		double value;
		size_t peers;
		enum verdict verdict;
	} cases[] = {
		{ 700, PEERS, VERDICT_PASS }, { 680, PEERS, VERDICT_PASS },
		{ 650, PEERS, VERDICT_WARN }, { 600, PEERS, VERDICT_FAIL },
		{ 600, 4, VERDICT_UNKNOWN },  { 600, 0, VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench;
		const struct finding *finding;

		bench_start(&bench, cases[i].value);
		bench.input.cohort = &bench.machines[1];
		bench.input.cohort_count = cases[i].peers;
		finding = judge(&bench, 0, 0);
		assert_int_equal(finding->verdict, cases[i].verdict);
		if (cases[i].verdict != VERDICT_UNKNOWN)
			assert_non_null(strstr(finding->bar, "median of 12 nodes"));
		arena_release(&bench.arena);
	}
}

/* 0 to 1, the next of the stream. */
static double draw(uint64_t *draws)
{
	return (double)(random_u64(7, (*draws)++) >> 11) / 9007199254740992.0;
}

static int badness(enum verdict verdict)
{
	return verdict == VERDICT_FAIL ? 3 : verdict == VERDICT_WARN ? 2 : 1;
}

/* Whatever is known already, a further layer never makes a verdict milder. */
static void more_evidence_never_turns_fail_into_pass(void **state)
{
	static const char *const metrics[] = { "speed", NULL }, *const bars[] = { "speed_min",
										  NULL };
	uint64_t draws = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		double value = 400 + 700 * draw(&draws);
		enum verdict without, with;
		struct bench bench;

		bench_start(&bench, value);
		bench.query.size = "8x8";
		bench.query.metric = metrics[draw(&draws) < 0.5];
		bench.query.threshold = bars[draw(&draws) < 0.5];
		bench.query.peak = "peak";
		without = judge(&bench, 0, 0)->verdict;
		bench.input.cohort = &bench.machines[1];
		bench.input.cohort_count = (size_t)(draw(&draws) * (PEERS + 1));
		bench.query.metric = "speed";
		bench.query.threshold = "speed_min";
		bench.query.peak_pass_share = draw(&draws);
		with = judge(&bench, 0, 0)->verdict;
		assert_true(without == VERDICT_UNKNOWN || with != VERDICT_UNKNOWN);
		assert_true(without == VERDICT_UNKNOWN || badness(with) >= badness(without));
		arena_release(&bench.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_reference_it_is_unknown),
		cmocka_unit_test(what_was_not_measured_is_unknown),
		cmocka_unit_test(shares_of_what_was_measured_decide),
		cmocka_unit_test(the_finding_names_the_row),
		cmocka_unit_test(more_than_the_peak_is_suspicious),
		cmocka_unit_test(the_peak_decides_where_the_query_says_so),
		cmocka_unit_test(an_interval_on_both_sides_is_no_verdict),
		cmocka_unit_test(the_spread_makes_the_interval),
		cmocka_unit_test(sizes_in_words_and_in_bytes_are_the_same),
		cmocka_unit_test(peers_tell_who_is_low),
		cmocka_unit_test(more_evidence_never_turns_fail_into_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
