#include "advise/estimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "test/deals.h"

#include <cmocka.h>

static struct estimate estimate_for(struct deals *deals, const struct offer *offer)
{
	const struct situation situation = {
		.need = &deals->need,
		.gpu = &deals->need.accepts[0],
		.offer = offer,
		.assumptions = &deals->assumptions,
	};
	struct estimate estimate;

	assert_true(estimate_make(&situation, &estimate));
	return estimate;
}

static void the_lines_add_up_to_the_cost(void **state)
{
	struct deals deals;
	struct estimate estimate;
	double sum = 0;

	(void)state;
	deals_init(&deals);
	deals_need(&deals, "data.stored_tb", "10");
	deals_need(&deals, "data.out_gb", "500");
	deals_need(&deals, "team_usd_per_h", "100");
	estimate = estimate_for(&deals, deals_add(&deals, "a"));
	for (unsigned line = 0; line < BILL_COUNT; line++)
		sum += estimate.lines[line].value;
	close_to(sum, estimate.usd.value, 1e-6);
	close_to(estimate.lines[BILL_UNUSED].value, 0, 1e-6);
	assert_true(estimate.lines[BILL_GOODPUT].value > 0);
	assert_true(estimate.usd.low < estimate.usd.value &&
		    estimate.usd.value < estimate.usd.high);
	deals_release(&deals);
}

/* GPU-hours that do work are those of the need, written checkpoints apart. */
static void what_does_work_is_what_was_asked_for(void **state)
{
	struct deals deals;
	struct estimate estimate;

	(void)state;
	deals_init(&deals);
	estimate = estimate_for(&deals, deals_add(&deals, "a"));
	close_to(estimate.lines[BILL_GPU].value, 64 * 500 * 2.5, 1e-6);
	close_to(estimate.hours.value * estimate.paces[CORNER_VALUE].useful, 500, 1e-9);
	deals_release(&deals);
}

static void a_contract_bills_its_whole_term(void **state)
{
	static const struct {
		const char *hours;
		double billed;
	} cases[] = { { "10", 730 }, { "650", 730 }, { "1000", 1460 } };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct deals deals;
		struct offer *offer;
		struct estimate estimate;

		deals_init(&deals);
		deals_need(&deals, "hours", cases[i].hours);
		offer = deals_add(&deals, "a");
		offer->rental = RENTAL_CONTRACT;
		offer->term_months = 1;
		estimate = estimate_for(&deals, offer);
		close_to(estimate.gpu_hours, cases[i].billed * 64, 1e-6);
		close_to(estimate.lines[BILL_GPU].value + estimate.lines[BILL_GOODPUT].value +
				 estimate.lines[BILL_UNUSED].value,
			 cases[i].billed * 64 * 2.5, 1e-6);
		deals_release(&deals);
	}
}

static void whole_machines_are_paid(void **state)
{
	struct deals deals;
	struct offer *offer;
	struct estimate estimate;

	(void)state;
	deals_init(&deals);
	deals_need(&deals, "gpus", "12");
	offer = deals_add(&deals, "a");
	close_to(estimate_for(&deals, offer).paid_gpus, 16, 0);
	offer->minimum_gpus = 32;
	estimate = estimate_for(&deals, offer);
	close_to(estimate.paid_gpus, 32, 0);
	close_to(estimate.lines[BILL_UNUSED].value, estimate.hours.value * 20 * 2.5, 1e-6);
	deals_release(&deals);
}

static void what_is_not_told_is_charged_at_its_dear_end_and_named(void **state)
{
	struct deals deals;
	struct offer *offer;
	struct estimate known, unknown;

	(void)state;
	deals_init(&deals);
	deals_need(&deals, "data.stored_tb", "50");
	deals_need(&deals, "data.out_gb", "1000");
	offer = deals_add(&deals, "a");
	known = estimate_for(&deals, offer);
	assert_false(known.unknown & (1u << BILL_STORAGE | 1u << BILL_NETWORK));
	offer->storage_usd = (double)NAN;
	offer->egress_usd = (double)NAN;
	unknown = estimate_for(&deals, offer);
	assert_true(unknown.unknown & 1u << BILL_STORAGE);
	assert_true(unknown.unknown & 1u << BILL_NETWORK);
	assert_true(unknown.usd.value > known.usd.value);
	close_to(unknown.lines[BILL_NETWORK].value, 90, 1e-9);
	close_to(unknown.lines[BILL_NETWORK].low, 0, 1e-9);
	offer->told = offer->includes = INCLUDES_STORAGE | INCLUDES_EGRESS;
	known = estimate_for(&deals, offer);
	close_to(known.lines[BILL_STORAGE].value, 0, 0);
	close_to(known.lines[BILL_NETWORK].value, 0, 0);
	deals_release(&deals);
}

/* The probability that 8 nodes all survive 4 h at one reclaim in 100 h each is exp(-0.32). */
static void spot_shows_how_likely_all_nodes_are_kept(void **state)
{
	struct deals deals;
	struct offer *offer;
	struct estimate estimate;

	(void)state;
	deals_init(&deals);
	deals_need(&deals, "hours", "4");
	deals_need(&deals, "checkpoint.write_s", "0.1");
	offer = deals_add(&deals, "a");
	close_to(estimate_for(&deals, offer).survival, 1, 0);
	offer->rental = RENTAL_SPOT;
	estimate = estimate_for(&deals, offer);
	close_to(estimate.survival, exp(-0.08 * estimate.hours.value), 1e-12);
	assert_true(estimate.hours.value >= 4);
	deals_release(&deals);
}

static void it_is_done_surely_when_the_deadline_is_that_likely(void **state)
{
	struct deals deals;
	struct estimate estimate;
	double sure_h;

	(void)state;
	deals_init(&deals);
	estimate = estimate_for(&deals, deals_add(&deals, "a"));
	sure_h = estimate_sure_h(&estimate, 500, 0.9);
	assert_true(sure_h > 500 && sure_h < 700);
	close_to(estimate_in_time(&estimate, 500, sure_h), 0.9, 0.02);
	close_to(estimate_in_time(&estimate, 500, 499), 0, 0);
	deals_release(&deals);
}

static void too_many_interruptions_leave_no_time_for_work(void **state)
{
	struct deals deals;
	struct offer *offer;
	struct estimate estimate;

	(void)state;
	deals_init(&deals);
	deals.assumptions.values[ASSUMES_RECLAIM] =
		(struct quantity){ .value = 100, .low = 100, .high = 100 };
	offer = deals_add(&deals, "a");
	offer->rental = RENTAL_SPOT;
	estimate = estimate_for(&deals, offer);
	assert_false(estimate.usd.value < 1e9);
	deals_release(&deals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lines_add_up_to_the_cost),
		cmocka_unit_test(what_does_work_is_what_was_asked_for),
		cmocka_unit_test(a_contract_bills_its_whole_term),
		cmocka_unit_test(whole_machines_are_paid),
		cmocka_unit_test(what_is_not_told_is_charged_at_its_dear_end_and_named),
		cmocka_unit_test(spot_shows_how_likely_all_nodes_are_kept),
		cmocka_unit_test(it_is_done_surely_when_the_deadline_is_that_likely),
		cmocka_unit_test(too_many_interruptions_leave_no_time_for_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
