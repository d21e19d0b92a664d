#include "market/eligible.h"

#include "test/quotes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Judges on QUOTES_DAY in a window of a week; the verdicts stand in the order of the selection. */
static void judge(struct stall *stall, struct eligible *ret_eligible)
{
	struct selection *selection = ARENA_NEW(&stall->arena, struct selection);

	quotes_select(stall, selection);
	eligible_judge(selection, QUOTES_DAY, ELIGIBLE_WINDOW_DAYS, &stall->arena, ret_eligible);
}

/* The verdict on the quote of this price, of which there is one. */
static enum refusal verdict_on(const struct eligible *eligible, double usd)
{
	const struct selection *selection = eligible->selection;

	for (size_t i = 0; i < selection->count; i++) {
		double is = quote_usd(&selection->book->quotes[selection->quotes[i]]);

		if (is > usd - 1e-6 && is < usd + 1e-6)
			return (enum refusal)eligible->verdicts[i];
	}
	assert_true(false);
	return REFUSAL_COUNT;
}

static void expect(const struct eligible *eligible, double usd, enum refusal wanted)
{
	enum refusal verdict = verdict_on(eligible, usd);

	if (verdict != wanted)
		print_message("# %g USD: %s, not %s\n", usd, refusal_names[verdict],
			      refusal_names[wanted]);
	assert_int_equal(verdict, wanted);
}

/* Each alone in its book, so that none supersedes another. */
static void each_quote_gets_the_first_reason_that_fits(void **state)
{
	static const struct {
		struct offered row;
		enum refusal verdict;
	} cases[] = {
		{ { .usd = 2 }, REFUSAL_NONE },
		{ { .usd = 2, .observed = "2026-03-10T23:59:59Z" }, REFUSAL_NONE },
		{ { .usd = 2, .observed = "2026-03-11T00:00:00Z" }, REFUSAL_NOT_YET },
		/* The window is the day and the six before it. */
		{ { .usd = 2, .observed = "2026-03-04T00:00:00Z" }, REFUSAL_NONE },
		{ { .usd = 2, .observed = "2026-03-03T23:59:59Z" }, REFUSAL_STALE },
		{ { .usd = 2, .observed = "2025-01-01", .until = "2026-03-04" }, REFUSAL_NONE },
		{ { .usd = 2, .observed = "2025-01-01", .until = "2026-03-03" }, REFUSAL_STALE },
		{ { .usd = 2, .observed = "2025-01-01", .until = "2027-01-01" }, REFUSAL_NONE },
		{ { .usd = 2, .stock = STOCK_YES }, REFUSAL_NONE },
		{ { .usd = 2, .stock = STOCK_LOW }, REFUSAL_NONE },
		{ { .usd = 2, .stock = STOCK_NO }, REFUSAL_OUT_OF_STOCK },
		{ { .usd = 2, .stock = STOCK_WAITLIST }, REFUSAL_OUT_OF_STOCK },
		{ { .usd = 2, .reliability = 0.90 }, REFUSAL_NONE },
		{ { .usd = 2, .reliability = 0.8999 }, REFUSAL_UNRELIABLE },
		{ { .usd = 2, .reliability = 1 }, REFUSAL_NONE },
		{ { .usd = 2, .reliability = 0.5, .stock = STOCK_NO }, REFUSAL_OUT_OF_STOCK },
		{ { .usd = 2, .stock = STOCK_NO, .observed = "2026-01-01" }, REFUSAL_STALE },
		{ { .usd = 2, .reliability = 0.5, .observed = "2027-01-01" }, REFUSAL_NOT_YET },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct eligible eligible;

		quotes_put(&stall, &cases[i].row, 1);
		judge(&stall, &eligible);
		if (eligible.verdicts[0] != cases[i].verdict)
			print_message("# case %zu\n", i);
		expect(&eligible, 2, cases[i].verdict);
		assert_int_equal(eligible.counts[cases[i].verdict], 1);
	}
}

static void the_window_is_as_long_as_it_is_asked_to_be(void **state)
{
	static const struct offered row = { .usd = 2, .observed = "2026-03-01" };
	SCOPED_STALL(stall);
	struct selection selection;
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, &row, 1);
	quotes_select(&stall, &selection);
	for (unsigned days = 1; days <= 92; days++) {
		eligible_judge(&selection, QUOTES_DAY, days, &stall.arena, &eligible);
		expect(&eligible, 2, days >= 10 ? REFUSAL_NONE : REFUSAL_STALE);
	}
}

/* The counts are of the whole book. */
static void all_quotes_of_the_book_are_counted(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2 },
		{ .usd = 3, .provider = "b", .stock = STOCK_NO },
		{ .usd = 4, .rental = RENTAL_SPOT },
		{ .usd = 5, .rental = RENTAL_SPOT },
		{ .usd = 6, .rental = RENTAL_SERVERLESS },
		{ .usd = 7, .provider = "c", .observed = "2026-01-01" },
	};
	SCOPED_STALL(stall);
	struct eligible eligible;
	uint64_t sum = 0;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	judge(&stall, &eligible);
	assert_int_equal(eligible.counts[REFUSAL_NONE], 1);
	assert_int_equal(eligible.counts[REFUSAL_OUT_OF_STOCK], 1);
	assert_int_equal(eligible.counts[REFUSAL_OTHER_KEY], 2);
	assert_int_equal(eligible.counts[REFUSAL_SERVERLESS], 1);
	assert_int_equal(eligible.counts[REFUSAL_STALE], 1);
	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		sum += eligible.counts[i];
	assert_int_equal(sum, QUOTES_COUNT(rows));
}

/* Spans of ten minutes: 12:00, 12:10 and 12:20 are one look, 11:49 is one before it. */
static void a_newer_look_of_a_source_supersedes_what_it_did_not_see(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2, .source = "s", .observed = "2026-03-10T12:29:59Z" },
		{ .usd = 3, .source = "s", .observed = "2026-03-10T12:10:00Z", .provider = "b" },
		{ .usd = 4, .source = "s", .observed = "2026-03-10T12:00:00Z", .provider = "c" },
		{ .usd = 5, .source = "s", .observed = "2026-03-10T11:49:59Z", .provider = "d" },
		{ .usd = 6, .source = "t", .observed = "2026-03-06T11:00:00Z", .provider = "d" },
		{ .usd = 7,
		  .source = "s",
		  .observed = "2026-03-05",
		  .provider = "e",
		  .until = "2026-03-10T12:11:00Z" },
	};
	SCOPED_STALL(stall);
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	judge(&stall, &eligible);
	expect(&eligible, 2, REFUSAL_NONE);
	expect(&eligible, 3, REFUSAL_NONE);
	expect(&eligible, 4, REFUSAL_NONE);
	expect(&eligible, 5, REFUSAL_SUPERSEDED);
	expect(&eligible, 6, REFUSAL_NONE); /* of another source */
	expect(&eligible, 7, REFUSAL_NONE); /* confirmed in the newest look */
}

static void what_is_sold_out_still_tells_that_its_source_looked(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2, .source = "s", .observed = "2026-03-09" },
		{ .usd = 3, .source = "s", .observed = "2026-03-10", .stock = STOCK_NO },
	};
	SCOPED_STALL(stall);
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	judge(&stall, &eligible);
	expect(&eligible, 2, REFUSAL_SUPERSEDED);
	expect(&eligible, 3, REFUSAL_OUT_OF_STOCK);
}

static void a_look_from_after_the_day_supersedes_nothing(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2, .source = "s", .observed = "2026-03-10" },
		{ .usd = 3, .source = "s", .observed = "2026-03-11" },
	};
	SCOPED_STALL(stall);
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	judge(&stall, &eligible);
	expect(&eligible, 2, REFUSAL_NONE);
	expect(&eligible, 3, REFUSAL_NOT_YET);
}

/* A look without an empty span goes on for 144 of them, a day, and no longer. */
static void a_look_ends_after_a_day(void **state)
{
	SCOPED_STALL(stall);
	struct eligible eligible;
	unsigned count[2] = { 0, 0 };

	(void)state;
	for (unsigned slot = 0; slot < 200; slot++) {
		struct offered row = {
			.usd = 2 + slot / 1000.0,
			.source = "s",
			.product = arena_format(&stall.arena, "p%u", slot),
			.observed = arena_format(&stall.arena, "2026-03-%02uT%02u:%u0:00Z",
						 9 + slot / 144, slot % 144 / 6, slot % 6),
		};

		quotes_put(&stall, &row, 1);
	}
	judge(&stall, &eligible);
	count[0] = (unsigned)eligible.counts[REFUSAL_NONE];
	count[1] = (unsigned)eligible.counts[REFUSAL_SUPERSEDED];
	assert_int_equal(count[0], 144);
	assert_int_equal(count[1], 56);
	expect(&eligible, 2.055, REFUSAL_SUPERSEDED);
	expect(&eligible, 2.056, REFUSAL_NONE);
}

/* Looks are told from all quotes of the key, so that a scope does not change what is gone. */
static void a_scope_does_not_bring_back_what_is_gone(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2, .source = "s", .observed = "2026-03-09" },
		{ .usd = 3, .source = "s", .observed = "2026-03-10", .provider = "b" },
	};
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();
	struct selection all, own;
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	quotes_select(&stall, &all);
	filter.by_provider = true;
	filter.provider = names_find(&stall.book.names, SPAN("a"));
	selection_make(&stall.book, &all.key, &filter, &stall.arena, &own);
	eligible_judge(&own, QUOTES_DAY, ELIGIBLE_WINDOW_DAYS, &stall.arena, &eligible);
	expect(&eligible, 2, REFUSAL_SUPERSEDED);
}

static void without_a_source_the_same_offer_of_a_later_day_supersedes(void **state)
{
	static const struct {
		struct offered newer;
		enum refusal older;
	} cases[] = {
		{ { .usd = 3 }, REFUSAL_SUPERSEDED },
		{ { .usd = 3, .observed = "2026-03-09T23:59:59Z" }, REFUSAL_NONE },
		{ { .usd = 3, .provider = "b" }, REFUSAL_NONE },
		{ { .usd = 3, .product = "other" }, REFUSAL_NONE },
		{ { .usd = 3, .region = "other" }, REFUSAL_NONE },
		{ { .usd = 3, .host = "other" }, REFUSAL_NONE },
		{ { .usd = 3, .machine = "other" }, REFUSAL_NONE },
		{ { .usd = 3, .gpus = 4 }, REFUSAL_NONE },
		{ { .usd = 3, .source = "s" }, REFUSAL_NONE },
	};
	static const struct offered older = { .usd = 2, .observed = "2026-03-09T01:00:00Z" };

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct eligible eligible;

		quotes_put(&stall, &older, 1);
		quotes_put(&stall, &cases[i].newer, 1);
		judge(&stall, &eligible);
		expect(&eligible, 2, cases[i].older);
		expect(&eligible, 3, REFUSAL_NONE);
	}
}

/* 91 days to the end of the day: from the tenth of December. */
static void a_provider_is_stale_when_it_was_seen_but_not_lately(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2, .provider = "fresh" },
		{ .usd = 2, .provider = "sold out", .stock = STOCK_NO },
		{ .usd = 2, .provider = "both", .observed = "2026-01-01" },
		{ .usd = 3, .provider = "both" },
		{ .usd = 2, .provider = "stale", .observed = "2025-12-10" },
		{ .usd = 2, .provider = "forgotten", .observed = "2025-12-09T23:59:59Z" },
		{ .usd = 2, .provider = "to come", .observed = "2026-03-11" },
	};
	SCOPED_STALL(stall);
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	judge(&stall, &eligible);
	assert_int_equal(eligible.providers_seen, 4);
	assert_int_equal(eligible.providers_stale, 1);
}

static void a_changed_verdict_changes_the_counts_with_it(void **state)
{
	static const struct offered rows[] = { { .usd = 2 }, { .usd = 3, .provider = "b" } };
	SCOPED_STALL(stall);
	struct eligible eligible;
	const bool *taken;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	judge(&stall, &eligible);
	eligible_change(&eligible, 1, REFUSAL_OUTLIER);
	assert_int_equal(eligible.counts[REFUSAL_NONE], 1);
	assert_int_equal(eligible.counts[REFUSAL_OUTLIER], 1);
	taken = eligible_taken(&eligible, &stall.arena);
	assert_true(taken[0]);
	assert_false(taken[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_quote_gets_the_first_reason_that_fits),
		cmocka_unit_test(the_window_is_as_long_as_it_is_asked_to_be),
		cmocka_unit_test(all_quotes_of_the_book_are_counted),
		cmocka_unit_test(a_newer_look_of_a_source_supersedes_what_it_did_not_see),
		cmocka_unit_test(what_is_sold_out_still_tells_that_its_source_looked),
		cmocka_unit_test(a_look_from_after_the_day_supersedes_nothing),
		cmocka_unit_test(a_look_ends_after_a_day),
		cmocka_unit_test(a_scope_does_not_bring_back_what_is_gone),
		cmocka_unit_test(without_a_source_the_same_offer_of_a_later_day_supersedes),
		cmocka_unit_test(a_provider_is_stale_when_it_was_seen_but_not_lately),
		cmocka_unit_test(a_changed_verdict_changes_the_counts_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
