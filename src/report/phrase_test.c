#include "report/phrase.h"
#include "test/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_share_is_never_rounded_to_certainty(void **state)
{
	static const struct {
		double share;
		const char *text;
	} cases[] = {
		{ 0, "0%" },      { 0.004, "<1%" }, { 0.0099, "<1%" },  { 0.01, "1%" },
		{ 0.456, "46%" }, { 0.99, "99%" },  { 0.9951, ">99%" }, { 1, "100%" },
	};

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(percent_text(cases[i].share, &arena), cases[i].text);
}

static void figures_do_not_depend_on_the_locale(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	assert_string_equal(decimal_text(1234.5678, 2, &arena), "1234.57");
	assert_string_equal(decimal_text(-0.04, 1, &arena), "0.0");
	assert_string_equal(score_text(0.4567, &arena), "45.7");
	assert_string_equal(interval_text(0.124, 0.876, &arena), "[12-88]");
	assert_string_equal(worth_text(200, &arena), "100%");
	assert_string_equal(worth_text(35, &arena), "17.5%");
	assert_string_equal(count_text(1, "record", &arena), "1 record");
	assert_string_equal(count_text(0, "record", &arena), "0 records");
}

static void a_rank_shows_its_interval_only_when_it_has_one(void **state)
{
	const struct provider unrated = { .rank = 0 };
	const struct provider alone = { .rank = 3 };
	const struct provider sure = { .rank = 3, .rank_low = 3, .rank_high = 3 };
	const struct provider open = { .rank = 3, .rank_low = 2, .rank_high = 5 };

	(void)state;
	SCOPED_ARENA(arena);
	assert_string_equal(rank_text(&unrated, &arena), "-");
	assert_string_equal(rank_text(&alone, &arena), "3");
	assert_string_equal(rank_text(&sure, &arena), "3");
	assert_string_equal(rank_text(&open, &arena), "3 [2-5]");
}

static void a_criterion_has_a_short_name_where_it_is_a_name(void **state)
{
	struct criterion criteria[] = {
		{ .id = "a.one-word" },
		{ .id = "a.slurm" },
		{ .id = "a.on-demand" },
		{ .id = "b.on-demand" },
	};
	const struct standard standard = { .criteria = criteria, .criterion_count = 4 };

	(void)state;
	assert_string_equal(criterion_short(&standard, 0), "one-word");
	assert_string_equal(criterion_short(&standard, 1), "a.slurm");
	assert_string_equal(criterion_short(&standard, 2), "a.on-demand");
	assert_string_equal(criterion_tail(&criteria[3]), "on-demand");
}

static void the_best_answer_is_named_with_its_unit(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	const struct standard standard = plain_standard(&arena);

	assert_string_equal(best_text(&standard.criteria[CHECKS], &arena), "full");
	assert_string_equal(best_text(&standard.criteria[BANDWIDTH], &arena), "400 GB/s");
	assert_string_equal(best_text(&standard.criteria[START], &arena), "10 s");
}

static void what_records_say_is_told_once_each(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	struct facts facts = facts_new(&arena);
	const struct record *records[] = {
		facts_answer(&facts, "x", "care.checks", "some"),
		facts_answer(&facts, "x", "care.checks", "none"),
		facts_answer(&facts, "x", "care.checks", "some"),
	};
	struct settlement settlement = { .records = records, .record_count = 3 };

	settlement.state = STATE_CONFLICT;
	assert_string_equal(settlement_text(&settlement, &arena), "some or none (in conflict)");
	settlement.state = STATE_STALE;
	settlement.record_count = 1;
	assert_string_equal(settlement_text(&settlement, &arena), "some (too old to count)");
	settlement.state = STATE_UNSETTLED;
	assert_string_equal(settlement_text(&settlement, &arena), "not known");
	settlement.state = STATE_WITHHELD;
	assert_string_equal(settlement_text(&settlement, &arena), "asked and not shown");
	assert_string_equal(record_text(facts_value(&facts, "x", "speed.start", 12.5, "s"), &arena),
			    "12.5 s");
}

/* "absent" of a file of settings is good news that reads like bad. */
static void what_a_check_settled_is_told_by_the_check(void **state)
{
	SCOPED_ARENA(arena);
	const struct record seen = { .what = "node.file", .says = SAYS_STATE, .text = "absent" };
	const struct record told = { .what = "a.b", .says = SAYS_ANSWER, .text = "some" };
	const struct record *both[] = { &seen, &told };
	struct settlement settlement = {
		.state = STATE_SETTLED,
		.records = both,
		.record_count = 1,
		.point = 200,
		.check = "nccl-lines",
	};

	(void)state;
	assert_string_equal(settlement_text(&settlement, &arena), "check nccl-lines: 100%");
	settlement.state = STATE_CONFLICT;
	settlement.record_count = 2;
	assert_string_equal(settlement_text(&settlement, &arena),
			    "some or check nccl-lines (in conflict)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_is_never_rounded_to_certainty),
		cmocka_unit_test(figures_do_not_depend_on_the_locale),
		cmocka_unit_test(a_rank_shows_its_interval_only_when_it_has_one),
		cmocka_unit_test(a_criterion_has_a_short_name_where_it_is_a_name),
		cmocka_unit_test(the_best_answer_is_named_with_its_unit),
		cmocka_unit_test(what_records_say_is_told_once_each),
		cmocka_unit_test(what_a_check_settled_is_told_by_the_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
