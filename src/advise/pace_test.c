#include "advise/estimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/random.h"
#include "test/deals.h"

#include <cmocka.h>

static struct pace pace_for(struct deals *deals, const struct offer *offer)
{
	const struct situation situation = {
		.need = &deals->need,
		.gpu = &deals->need.accepts[0],
		.offer = offer,
		.assumptions = &deals->assumptions,
	};

	return pace_of(&situation, CORNER_VALUE);
}

static void half_the_network_costs_a_tenth_of_dense_training(void **state)
{
	struct deals deals;
	struct offer *offer;

	(void)state;
	deals_init(&deals);
	offer = deals_add(&deals, "a");
	close_to(pace_for(&deals, offer).network, 1, 1e-12);
	offer->gbit_per_s = 200;
	close_to(pace_for(&deals, offer).network, 0.9, 0.0002);
	/* Twice the network that the hours were measured on is no gain that anybody has shown. */
	offer->gbit_per_s = 800;
	close_to(pace_for(&deals, offer).network, 1, 1e-12);
	deals_release(&deals);
}

static void an_unknown_network_is_as_slow_as_a_quarter(void **state)
{
	struct deals deals;
	struct offer *offer;
	double known;

	(void)state;
	deals_init(&deals);
	offer = deals_add(&deals, "a");
	offer->gbit_per_s = 100;
	known = pace_for(&deals, offer).network;
	offer->gbit_per_s = 0;
	close_to(pace_for(&deals, offer).network, known, 1e-12);
	deals.need.traffic = TRAFFIC_NODE;
	close_to(pace_for(&deals, offer).network, 1, 1e-12);
	deals_release(&deals);
}

static void only_spot_nodes_are_taken_away(void **state)
{
	struct deals deals;
	struct offer *offer;

	(void)state;
	deals_init(&deals);
	offer = deals_add(&deals, "a");
	close_to(pace_for(&deals, offer).reclaims, 0, 0);
	offer->rental = RENTAL_SPOT;
	/* Eight nodes at one reclaim in a hundred hours each. */
	close_to(pace_for(&deals, offer).reclaims, 0.08, 1e-12);
	deals_release(&deals);
}

static void pieces_that_do_not_wait_lose_only_their_own_node(void **state)
{
	struct deals deals;
	struct offer *offer;
	double together;

	(void)state;
	deals_init(&deals);
	offer = deals_add(&deals, "a");
	offer->rental = RENTAL_SPOT;
	together = pace_for(&deals, offer).useful;
	deals.need.tolerance = TOLERATES_ANY;
	assert_true(pace_for(&deals, offer).useful > together);
	deals_release(&deals);
}

static double uniform(uint32_t stream, uint32_t counter)
{
	return (random_u32(stream, counter) + 0.5) / 4294967296.0;
}

/* Hours from start to end of one run, counted interruption by interruption: each costs its
 * recovery, and what was done since the last checkpoint is done again. */
static double run_once(const struct pace *pace, double useful_h, uint32_t *counter)
{
	double needed = useful_h * (1 + pace->write_h / pace->interval_h);
	double clock = 0;

	while (true) {
		double next = -log(uniform(7, *counter)) / pace->failures;

		if (next >= needed)
			return clock + needed;
		clock += next + pace->recovery_h;
		needed += pace->interval_h * uniform(8, *counter) - next;
		(*counter)++;
	}
}

static void the_probability_of_the_deadline_is_that_of_a_simulation(void **state)
{
	const struct pace pace = {
		.performance = 1,
		.network = 1,
		.failures = 0.02,
		.interval_h = 2,
		.write_h = 0.05,
		.recovery_h = 0.5,
		.share = 1,
		.useful = 0.9,
	};
	static const double deadlines[] = { 104, 106, 110 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned in_time = 0, runs = 20000;
		uint32_t counter = 0;

		for (unsigned run = 0; run < runs; run++) {
			in_time += run_once(&pace, 100, &counter) <= deadlines[i];
			counter++;
		}
		close_to(pace_in_time(&pace, 100, deadlines[i]), in_time / (double)runs, 0.03);
	}
}

static void a_later_deadline_is_never_less_likely(void **state)
{
	struct deals deals;
	struct pace pace;
	double before = 0;

	(void)state;
	deals_init(&deals);
	deals_add(&deals, "a")->rental = RENTAL_SPOT;
	pace = pace_for(&deals, &deals.offers[0]);
	for (double deadline = 400; deadline < 1000; deadline += 7) {
		double in_time = pace_in_time(&pace, 500, deadline);

		assert_true(in_time >= before - 1e-9 && in_time <= 1);
		before = in_time;
	}
	close_to(before, 1, 1e-6);
	deals_release(&deals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_the_network_costs_a_tenth_of_dense_training),
		cmocka_unit_test(an_unknown_network_is_as_slow_as_a_quarter),
		cmocka_unit_test(only_spot_nodes_are_taken_away),
		cmocka_unit_test(pieces_that_do_not_wait_lose_only_their_own_node),
		cmocka_unit_test(the_probability_of_the_deadline_is_that_of_a_simulation),
		cmocka_unit_test(a_later_deadline_is_never_less_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
