#include "fabric/network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum {
	GPUS = 8,
};

static struct network make(double ring, double nvls, uint32_t gbit)
{
	struct network network = {
		.gpus_per_node = GPUS,
		.domain_gpus = GPUS,
		.domain_ring_gb_per_s = ring,
		.domain_switch_gb_per_s = nvls,
		.rail_count = 8,
		.wire_share = 0.965,
		.is_rail_optimised = true,
		.radix = 64,
		.tiers = 3,
		.oversubscription = { 1, 1 },
		.message_us = 14,
		.hop_us = 0.5,
	};

	for (unsigned i = 0; i < network.rail_count; i++)
		network.rail_mbit_per_s[i] = gbit * 1000;
	return network;
}

static double bound(const struct network *network, unsigned nodes, enum pattern pattern)
{
	struct rank_group group = network_group(network, nodes * network->gpus_per_node, 1);

	return network_bound(network, &group, pattern);
}

/* Figures to the digits printed, of the bounds that docs/training.md derives. */
static void the_bounds_of_8_gpu_nodes_are_the_published_ones(void **state)
{
	static const unsigned nodes[] = { 2, 4, 8, 16, 64 };
	static const struct {
		double ring, nvls;
		uint32_t gbit;
		double bounds[5][2];
	} rows[] = {
		{ 366,
		  475,
		  400,
		  { { 366, 475 }, { 366, 475 }, { 366, 434 }, { 366, 409 }, { 366, 391 } } },
		{ 682,
		  838,
		  400,
		  { { 386, 724 }, { 386, 499 }, { 386, 434 }, { 386, 409 }, { 386, 391 } } },
		{ 680,
		  838,
		  800,
		  { { 680, 838 }, { 680, 838 }, { 680, 838 }, { 680, 817 }, { 680, 783 } } },
	};

	(void)state;
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		struct network network = make(rows[row].ring, rows[row].nvls, rows[row].gbit);

		for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
			double ring = bound(&network, nodes[i], PATTERN_RING);
			double hierarchical = bound(&network, nodes[i], PATTERN_HIERARCHICAL);

			assert_true(fabs(round(ring) - rows[row].bounds[i][0]) < 0.5);
			assert_true(fabs(round(hierarchical) - rows[row].bounds[i][1]) < 0.5);
		}
	}
}

static void a_dead_rail_is_diluted_when_the_others_take_over(void **state)
{
	struct network network = make(366, 475, 400);

	(void)state;
	network.rail_mbit_per_s[3] = 0;
	assert_true(fabs(bound(&network, 4, PATTERN_HIERARCHICAL) - 436) < 0.5);
	assert_true(fabs(bound(&network, 2, PATTERN_HIERARCHICAL) - 475) < 0.5);
}

static void two_rails_on_one_nic_set_the_pace_when_split_statically(void **state)
{
	struct network network = make(366, 475, 400);
	struct error err = { 0 };

	(void)state;
	network.is_split_statically = true;
	network.rail_mbit_per_s[2] = 200000;
	network.rail_mbit_per_s[3] = 200000;
	assert_true(fabs(bound(&network, 4, PATTERN_HIERARCHICAL) - 249) < 0.5);
	network.rail_mbit_per_s[3] = 0;
	assert_false(network_check(&network, &err));
}

static void one_domain_needs_no_network(void **state)
{
	struct network network = make(366, 475, 400);
	struct network none = make(366, 475, 1);

	(void)state;
	for (int i = 0; i < PATTERN_COUNT; i++) {
		double with = bound(&network, 1, (enum pattern)i);
		double without = bound(&none, 1, (enum pattern)i);

		assert_true(fabs(with - without) <= 0);
	}
}

static void sharp_and_all_to_all_have_their_own_bounds(void **state)
{
	struct network network = make(366, 475, 200);
	double node = 8 * 25 * 0.965;

	(void)state;
	assert_true(fabs(bound(&network, 8, PATTERN_SHARP) - 2 * node * 63 / 64) < 1e-9);
	assert_true(fabs(bound(&network, 8, PATTERN_ALL_TO_ALL) - node / 8 * 63 / 56) < 1e-9);
	assert_true(fabs(bound(&network, 8, PATTERN_PAIR) - node / 8) < 1e-9);
}

/* A measured 16 GiB all-to-all of four B200 nodes with EFA: 59.44 GB/s, of what the wire could
 * do about 92 %. */
static void a_measured_all_to_all_is_below_its_bound(void **state)
{
	struct network network = make(682, 838, 400);

	(void)state;
	network.wire_share = 1;
	double share = 59.44 / bound(&network, 4, PATTERN_ALL_TO_ALL);
	assert_true(share > 0.90 && share < 0.94);
}

static void order_of_rails_changes_nothing(void **state)
{
	struct network network = make(366, 475, 400);
	struct network turned = network;

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		network.rail_mbit_per_s[i] = 100001 + 37 * i;
		turned.rail_mbit_per_s[7 - i] = network.rail_mbit_per_s[i];
	}
	for (int split = 0; split < 2; split++) {
		network.is_split_statically = turned.is_split_statically = split == 1;
		for (int i = 0; i < PATTERN_COUNT; i++)
			assert_true(fabs(bound(&network, 64, (enum pattern)i) -
					 bound(&turned, 64, (enum pattern)i)) <= 0);
	}
}

static void oversubscription_is_felt_where_it_is_crossed(void **state)
{
	struct network plain = make(366, 475, 400);
	struct network over = plain;

	(void)state;
	over.oversubscription[0] = 4;
	for (int i = 0; i < PATTERN_COUNT; i++) {
		enum pattern pattern = (enum pattern)i;

		/* 32 nodes lie below one group of leaves. */
		assert_true(fabs(bound(&over, 32, pattern) - bound(&plain, 32, pattern)) <= 0);
		assert_true(bound(&over, 128, pattern) <= bound(&plain, 128, pattern));
	}
	/* 96 of 127 other nodes are above the leaves. */
	double expected = bound(&plain, 128, PATTERN_ALL_TO_ALL) / (1 + 96.0 / 127 * 3);
	assert_true(fabs(bound(&over, 128, PATTERN_ALL_TO_ALL) - expected) < 1e-9);

	over.scatter = 1;
	double scattered = bound(&over, 128, PATTERN_RING);
	over.scatter = 0;
	assert_true(scattered < bound(&over, 128, PATTERN_RING));
	over.oversubscription[0] = 1;
	over.scatter = 1;
	assert_true(fabs(bound(&over, 128, PATTERN_RING) - bound(&plain, 128, PATTERN_RING)) <= 0);
}

static void expect_growth(unsigned nodes, enum pattern pattern)
{
	double before = 0;

	for (uint32_t gbit = 50; gbit <= 1600; gbit *= 2) {
		struct network network = make(366, 475, gbit);
		double now = bound(&network, nodes, pattern);

		assert_true(now >= before);
		before = now;
	}
}

static void more_bandwidth_never_lowers_a_bound(void **state)
{
	(void)state;
	for (unsigned nodes = 1; nodes <= 512; nodes *= 2) {
		for (int i = 0; i < PATTERN_COUNT; i++)
			expect_growth(nodes, (enum pattern)i);
	}
}

static void tiers_hold_what_their_ports_allow(void **state)
{
	struct network network = make(366, 475, 400);
	struct error err = { 0 };

	(void)state;
	assert_int_equal(network_tier_nodes(&network, 1) * GPUS, 256);
	assert_int_equal(network_tier_nodes(&network, 2) * GPUS, 2048);
	assert_int_equal(network_tier_nodes(&network, 3) * GPUS, 65536);
	network.is_rail_optimised = false;
	assert_int_equal(network_tier_nodes(&network, 1), 4);
	assert_true(network_holds(&network, 65536, &err));
	assert_false(network_holds(&network, 65544, &err));
	assert_non_null(strstr(err.text, "65536 GPUs"));
}

static void hops_are_counted_by_tier(void **state)
{
	struct network network = make(366, 475, 400);
	static const struct {
		unsigned other, hops;
	} rows[] = {
		{ 0, 0 },   { 7, 0 },    { 8, 1 },    { 15, 1 },    { 255, 1 },
		{ 256, 3 }, { 2047, 3 }, { 2048, 5 }, { 60000, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(network_hops(&network, 0, rows[i].other), rows[i].hops);
		assert_int_equal(network_hops(&network, rows[i].other, 0), rows[i].hops);
	}
	struct rank_group group = network_group(&network, 1024, 1);
	assert_true(network_mean_hops(&network, &group, PATTERN_RING) > 1);
	assert_true(network_mean_hops(&network, &group, PATTERN_ALL_TO_ALL) < 3);
	group = network_group(&network, 8, 1);
	assert_true(network_mean_hops(&network, &group, PATTERN_RING) <= 0);
}

static void a_rack_wide_domain_counts_as_one_node(void **state)
{
	struct network network = make(800, 870, 400);
	struct error err = { 0 };

	(void)state;
	network.gpus_per_node = 4;
	network.rail_count = 4;
	network.domain_gpus = 72;
	assert_true(network_check(&network, &err));
	struct rank_group group = network_group(&network, 72, 1);
	assert_int_equal(group.domains, 1);
	group = network_group(&network, 144, 1);
	assert_int_equal(group.domains, 2);
	assert_true(fabs(network_domain_bandwidth(&network) - 72 * 50 * 0.965) < 1e-9);
	assert_true(network_hops(&network, 0, 71) == 0 && network_hops(&network, 0, 72) == 1);
	network.domain_gpus = 70;
	assert_false(network_check(&network, &err));
}

static void groups_with_a_stride_share_the_nics(void **state)
{
	struct network network = make(366, 475, 400);
	struct rank_group group = network_group(&network, 16, 8);

	(void)state;
	/* One GPU of each node: an eighth of the NICs, and no NVLink stage. */
	assert_int_equal(group.domains, 16);
	assert_true(fabs(network_bound(&network, &group, PATTERN_RING) - 386.0 / 8) < 1e-9);
	group = network_group(&network, 16, 2);
	assert_int_equal(group.domains, 4);
	assert_true(fabs(network_bound(&network, &group, PATTERN_RING) - 386.0 / 2) < 1e-9);
	group = network_group(&network, 4, 32);
	assert_int_equal(group.domains, 4);
	assert_int_equal(group.domain_stride, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bounds_of_8_gpu_nodes_are_the_published_ones),
		cmocka_unit_test(a_dead_rail_is_diluted_when_the_others_take_over),
		cmocka_unit_test(two_rails_on_one_nic_set_the_pace_when_split_statically),
		cmocka_unit_test(one_domain_needs_no_network),
		cmocka_unit_test(sharp_and_all_to_all_have_their_own_bounds),
		cmocka_unit_test(a_measured_all_to_all_is_below_its_bound),
		cmocka_unit_test(order_of_rails_changes_nothing),
		cmocka_unit_test(oversubscription_is_felt_where_it_is_crossed),
		cmocka_unit_test(more_bandwidth_never_lowers_a_bound),
		cmocka_unit_test(tiers_hold_what_their_ports_allow),
		cmocka_unit_test(hops_are_counted_by_tier),
		cmocka_unit_test(a_rack_wide_domain_counts_as_one_node),
		cmocka_unit_test(groups_with_a_stride_share_the_nics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
