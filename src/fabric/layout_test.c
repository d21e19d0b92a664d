#include "fabric/layout.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "test/wires.h"

static const struct wires rails = { .groups = 3, .nodes = 8, .rails = 4, .spines = 4, .cables = 2 };
static const struct wires racks = {
	.groups = 3, .nodes = 8, .rails = 4, .spines = 4, .cables = 8, .is_classic = true
};

/* A fabric that a test may break before it is looked at. */
struct seen {
	struct arena arena;
	struct graph graph;
	struct host_facts facts;
	struct fabric_hosts hosts;
	struct layout layout;
};

static void wire(struct seen *seen, const struct wires *wires)
{
	*seen = (struct seen){ 0 };
	seen->graph.arena = &seen->arena;
	seen->facts.arena = &seen->arena;
	wires_make(&seen->graph, wires);
}

static void look(struct seen *seen)
{
	fabric_hosts_join(&seen->graph, &seen->facts, &seen->arena, &seen->hosts);
	layout_find(&seen->graph, &seen->hosts, &seen->arena, &seen->layout);
}

/* The one finding that there is. */
static const struct layout_finding *only(const struct seen *seen, enum layout_fault fault)
{
	for (uint32_t i = 0; i < seen->layout.finding_count; i++)
		if (seen->layout.findings[i].fault != fault || i > 0)
			print_message(
				"# %s: %s: %s\n", layout_fault_name(seen->layout.findings[i].fault),
				seen->layout.findings[i].place, seen->layout.findings[i].text);
	assert_int_equal(seen->layout.finding_count, 1);
	assert_int_equal(seen->layout.findings[0].fault, fault);
	return &seen->layout.findings[0];
}

static void nothing_found(const struct seen *seen)
{
	for (uint32_t i = 0; i < seen->layout.finding_count; i++)
		print_message("# %s: %s: %s\n", layout_fault_name(seen->layout.findings[i].fault),
			      seen->layout.findings[i].place, seen->layout.findings[i].text);
	assert_int_equal(seen->layout.finding_count, 0);
	assert_int_equal(layout_worst(&seen->layout), WEIGHT_COUNT);
}

static uint32_t leaf_port(const struct seen *seen, unsigned group, unsigned rail, unsigned number)
{
	return graph_port(&seen->graph, wires_leaf(&seen->graph, group, rail), number);
}

/* Puts the cables of two ports at each other's place. */
static void swap(struct seen *seen, uint32_t port, uint32_t other)
{
	struct graph_port *ports = seen->graph.ports;
	uint32_t peer = ports[port].peer, far = ports[other].peer;

	ports[port].peer = ports[far].peer = GRAPH_NONE;
	ports[other].peer = ports[peer].peer = GRAPH_NONE;
	assert_true(graph_link(&seen->graph, port, far));
	assert_true(graph_link(&seen->graph, other, peer));
}

static void a_sound_fabric_gives_no_finding(void **state)
{
	struct seen seen;
	const struct layout_fabric *fabric;

	(void)state;
	wire(&seen, &rails);
	look(&seen);
	nothing_found(&seen);
	assert_int_equal(seen.layout.fabric_count, 1);
	fabric = &seen.layout.fabrics[0];
	assert_int_equal(fabric->role, ROLE_COMPUTE);
	assert_int_equal(fabric->style, STYLE_RAIL_OPTIMISED);
	assert_float_equal(fabric->score, 1, 0);
	assert_int_equal(fabric->host_count, 24);
	assert_int_equal(fabric->host_links, 4);
	assert_int_equal(fabric->mbit, 400000);
	assert_int_equal(fabric->group_count, 3);
	assert_int_equal(fabric->group_middle, 8);
	assert_int_equal(fabric->tier_count, 2);
	assert_int_equal(fabric->tiers[0].switches, 12);
	assert_int_equal(fabric->tiers[1].switches, 4);
	assert_float_equal(fabric->tiers[0].blocking_most, 1, 1e-9);
	assert_true(isnan(fabric->tiers[1].blocking_most));
	assert_float_equal(seen.layout.groups[0].agreement, 1, 0);
	assert_string_equal(seen.layout.groups[0].name, "leaf-1");
	assert_int_equal(layout_hops(&seen.layout, 0, 1, HOST_RAIL_UNKNOWN), 1);
	assert_int_equal(layout_hops(&seen.layout, 0, 23, HOST_RAIL_UNKNOWN), 3);
	assert_int_equal(layout_hops(&seen.layout, 0, 1, 2), 1);
	arena_release(&seen.arena);
}

static void racks_are_classic(void **state)
{
	struct seen seen;

	(void)state;
	wire(&seen, &racks);
	look(&seen);
	nothing_found(&seen);
	assert_int_equal(seen.layout.fabrics[0].style, STYLE_CLASSIC);
	assert_float_equal(seen.layout.fabrics[0].score, 1, 0);
	assert_int_equal(seen.layout.fabrics[0].group_count, 3);
	arena_release(&seen.arena);
}

static void rails_that_do_not_meet_are_one_fabric(void **state)
{
	const struct wires apart = { .groups = 1, .nodes = 8, .rails = 4 };
	struct seen seen;

	(void)state;
	wire(&seen, &apart);
	look(&seen);
	nothing_found(&seen);
	assert_int_equal(seen.layout.fabric_count, 1);
	assert_int_equal(seen.layout.fabrics[0].planes, 4);
	assert_int_equal(seen.layout.fabrics[0].style, STYLE_RAIL_ONLY);
	arena_release(&seen.arena);
}

/* One more adapter for each node, all on one switch of their own. */
static void add_storage(struct seen *seen, unsigned nodes, enum graph_speed speed)
{
	const struct graph_node hub = { .guid = 0xd0,
					.kind = GRAPH_SWITCH,
					.port_count = (uint16_t)nodes,
					.description = "storage-1" };
	uint32_t one, node;

	assert_true(graph_add(&seen->graph, &hub, &one, NULL));
	for (unsigned i = 0; i < nodes; i++) {
		const struct graph_node adapter = {
			.guid = 0xd100 + i,
			.port_count = 1,
			.description = arena_format(&seen->arena, "n%u mlx5_9", i + 1),
		};
		uint32_t port, peer;

		assert_true(graph_add(&seen->graph, &adapter, &node, NULL));
		port = graph_port(&seen->graph, node, 1);
		peer = graph_port(&seen->graph, one, i + 1);
		assert_true(graph_link(&seen->graph, port, peer));
		seen->graph.ports[port].width = seen->graph.ports[peer].width = 4;
		seen->graph.ports[port].speed = seen->graph.ports[peer].speed = (uint8_t)speed;
	}
}

static void storage_is_a_fabric_of_its_own(void **state)
{
	struct placement placement;
	struct seen seen;

	(void)state;
	wire(&seen, &rails);
	add_storage(&seen, 24, SPEED_HDR);
	look(&seen);
	nothing_found(&seen);
	assert_int_equal(seen.layout.fabric_count, 2);
	assert_int_equal(seen.layout.fabrics[0].role, ROLE_COMPUTE);
	assert_int_equal(seen.layout.fabrics[0].style, STYLE_RAIL_OPTIMISED);
	assert_int_equal(seen.layout.fabrics[0].host_links, 4);
	assert_int_equal(seen.layout.fabrics[1].role, ROLE_STORAGE);
	assert_int_equal(seen.layout.fabrics[1].mbit, 200000);
	layout_place(&seen.layout, "a test", &placement);
	assert_int_equal(placement.placed, 24);
	assert_int_equal(placement.unit_count, 4);
	arena_release(&seen.arena);

	wire(&seen, &rails);
	add_storage(&seen, 24, SPEED_QDR);
	look(&seen);
	assert_int_equal(seen.layout.fabrics[1].role, ROLE_MANAGEMENT);
	arena_release(&seen.arena);
}

static void a_leaf_without_uplinks_is_cut_off(void **state)
{
	struct seen seen;

	(void)state;
	wire(&seen, &rails);
	for (unsigned i = 1; i <= 8; i++)
		wires_cut(&seen.graph, leaf_port(&seen, 1, 2, 8 + i));
	look(&seen);
	assert_string_equal(only(&seen, FAULT_CUT_OFF)->place, "leaf-2-2");
	assert_int_equal(seen.layout.fabric_count, 1);
	arena_release(&seen.arena);
}

static void cables_at_each_others_place_are_named(void **state)
{
	static const struct {
		unsigned group, rail, number, other_group, other_rail, other_number;
		enum layout_fault fault;
		enum layout_weight weight;
	} cases[] = {
		{ 0, 1, 3, 0, 1, 5, FAULT_SWAPPED, WEIGHT_WARN }, /* on one leaf */
		{ 0, 1, 3, 2, 1, 5, FAULT_SWAPPED, WEIGHT_FAIL }, /* of two groups */
		{ 0, 1, 3, 1, 2, 3, FAULT_SWAPPED, WEIGHT_FAIL }, /* and of two rails */
		{ 0, 0, 8, 0, 3, 1, FAULT_SWAPPED, WEIGHT_FAIL },
		{ 1, 1, 4, 1, 2, 4, FAULT_RAILS, WEIGHT_FAIL }, /* of one host */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen seen;
		const struct layout_finding *finding;
		uint32_t one, other;

		wire(&seen, &rails);
		one = leaf_port(&seen, cases[i].group, cases[i].rail, cases[i].number);
		other = leaf_port(&seen, cases[i].other_group, cases[i].other_rail,
				  cases[i].other_number);
		swap(&seen, one, other);
		look(&seen);
		finding = only(&seen, cases[i].fault);
		assert_int_equal(finding->weight, cases[i].weight);
		if (cases[i].fault == FAULT_SWAPPED)
			assert_true((finding->port == one && finding->other == other) ||
				    (finding->port == other && finding->other == one));
		assert_true(seen.layout.fabrics[0].score < 1);
		arena_release(&seen.arena);
	}
}

static void a_cable_to_another_rack_is_found_without_rails(void **state)
{
	struct seen seen;
	const struct layout_finding *finding;

	(void)state;
	wire(&seen, &racks);
	swap(&seen, leaf_port(&seen, 0, 0, 6), leaf_port(&seen, 1, 0, 10));
	look(&seen);
	finding = only(&seen, FAULT_SWAPPED);
	assert_int_equal(finding->weight, WEIGHT_FAIL);
	assert_int_equal(finding->port, leaf_port(&seen, 1, 0, 10));
	assert_int_equal(finding->other, leaf_port(&seen, 0, 0, 6));
	arena_release(&seen.arena);
}

static void two_ports_of_one_rack_are_found_by_its_blocks(void **state)
{
	struct seen seen;
	const struct layout_finding *finding;

	(void)state;
	for (unsigned other = 5; other <= 13; other += 4) {
		wire(&seen, &racks);
		swap(&seen, leaf_port(&seen, 0, 0, other - 4), leaf_port(&seen, 0, 0, other));
		look(&seen);
		finding = only(&seen, FAULT_SWAPPED);
		assert_int_equal(finding->weight, WEIGHT_WARN);
		arena_release(&seen.arena);
	}
}

static void a_missing_uplink_is_named_with_its_port(void **state)
{
	struct seen seen;
	const struct layout_finding *finding;
	uint32_t port;

	(void)state;
	wire(&seen, &rails);
	port = leaf_port(&seen, 1, 2, 8 + 3);
	wires_cut(&seen.graph, port);
	look(&seen);
	finding = only(&seen, FAULT_UPLINK_MISSING);
	assert_int_equal(finding->port, port);
	assert_float_equal(finding->size, 1, 0);
	assert_float_equal(finding->expected, 2, 0);
	assert_string_equal(finding->place, "leaf-2-2 port 11");
	assert_non_null(strstr(finding->text, "spine-2"));
	assert_non_null(strstr(finding->text, "7 of 8 uplinks"));
	arena_release(&seen.arena);
}

static void a_lost_spine_and_a_moved_uplink_are_told_apart(void **state)
{
	const struct wires single = {
		.groups = 3, .nodes = 8, .rails = 4, .spines = 8, .cables = 1
	};
	struct seen seen;
	uint32_t port;

	(void)state;
	wire(&seen, &single);
	wires_cut(&seen.graph, leaf_port(&seen, 1, 2, 8 + 3));
	look(&seen);
	assert_float_equal(only(&seen, FAULT_UPLINK_MISSING)->size, 0, 0);
	arena_release(&seen.arena);

	wire(&seen, &rails);
	port = leaf_port(&seen, 1, 2, 8 + 3);
	wires_cut(&seen.graph, port);
	wires_cut(&seen.graph, leaf_port(&seen, 0, 0, 8 + 5));
	assert_true(graph_link(&seen.graph, port,
			       graph_port(&seen.graph, wires_spine(&seen.graph, 2), 1)));
	look(&seen);
	assert_int_equal(seen.layout.found[FAULT_UPLINK_MOVED], 1);
	assert_int_equal(seen.layout.found[FAULT_UPLINK_MISSING], 1);
	arena_release(&seen.arena);
}

static void a_slow_link_and_unequal_ends_are_named(void **state)
{
	struct seen seen;
	const struct layout_finding *finding;
	uint32_t port;

	(void)state;
	wire(&seen, &rails);
	port = leaf_port(&seen, 2, 1, 4);
	seen.graph.ports[port].width = 1;
	seen.graph.ports[seen.graph.ports[port].peer].width = 1;
	look(&seen);
	finding = only(&seen, FAULT_SLOW);
	assert_int_equal(finding->port, port);
	assert_float_equal(finding->size, 100000, 0);
	assert_float_equal(finding->expected, 400000, 0);
	assert_non_null(strstr(finding->text, "1xNDR"));
	arena_release(&seen.arena);

	wire(&seen, &rails);
	port = leaf_port(&seen, 2, 1, 9);
	seen.graph.ports[port].speed = SPEED_HDR;
	look(&seen);
	finding = only(&seen, FAULT_UNEQUAL);
	assert_int_equal(finding->other, port);
	arena_release(&seen.arena);
}

static void lost_and_unnamed_adapters_are_told_apart(void **state)
{
	struct seen seen;
	const struct layout_finding *finding;

	(void)state;
	wire(&seen, &rails);
	wires_cut(&seen.graph, leaf_port(&seen, 0, 3, 2));
	look(&seen);
	finding = only(&seen, FAULT_ADAPTER_MISSING);
	assert_string_equal(finding->place, "n2");
	assert_non_null(strstr(finding->text, "leaf-1-3"));
	arena_release(&seen.arena);

	wire(&seen, &rails);
	seen.graph.nodes[wires_adapter(&seen.graph, 1, 3)].description =
		"MT4129 ConnectX7   Mellanox Technologies";
	look(&seen);
	finding = only(&seen, FAULT_UNNAMED);
	assert_int_equal(finding->port, leaf_port(&seen, 0, 3, 2));
	assert_non_null(strstr(finding->text, "n2"));
	arena_release(&seen.arena);
}

static void slow_down(struct seen *seen, uint32_t port)
{
	seen->graph.ports[port].speed = SPEED_HDR;
}

/* One fault of each kind that is looked for beside the others. */
static void break_some(struct seen *seen, const struct wires *wires)
{
	uint32_t slow = leaf_port(seen, 0, 2, 2);

	swap(seen, leaf_port(seen, 0, 1, 1), leaf_port(seen, 1, 1, 1));
	wires_cut(&seen->graph, leaf_port(seen, 1, 3, wires->nodes + 1));
	slow_down(seen, slow);
	slow_down(seen, seen->graph.ports[slow].peer);
	slow_down(seen, leaf_port(seen, 1, 0, 3));
	wires_cut(&seen->graph, leaf_port(seen, 1, 2, 4));
}

/* What is large is looked at on two threads. */
static void a_large_fabric_is_looked_at_like_a_small_one(void **state)
{
	struct wires sizes[2] = { rails, rails };
	struct seen seen[2];

	(void)state;
	sizes[0].nodes = sizes[1].nodes = 360;
	sizes[1].groups = 16;
	for (unsigned i = 0; i < 2; i++) {
		wire(&seen[i], &sizes[i]);
		break_some(&seen[i], &sizes[i]);
		look(&seen[i]);
	}
	assert_true(seen[0].graph.port_count < GRAPH_LARGE);
	assert_true(seen[1].graph.port_count >= GRAPH_LARGE);
	assert_int_equal(seen[1].hosts.host_count, sizes[1].groups * sizes[1].nodes);
	assert_int_equal(seen[1].layout.link_count, seen[1].hosts.adapter_count - 1);
	assert_int_equal(seen[1].layout.group_count, sizes[1].groups);
	assert_int_equal(seen[0].layout.finding_count, 5);
	assert_int_equal(seen[1].layout.finding_count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		const struct layout_finding *small = &seen[0].layout.findings[i];
		const struct layout_finding *large = &seen[1].layout.findings[i];

		assert_int_equal(large->fault, small->fault);
		assert_string_equal(large->place, small->place);
		assert_string_equal(large->text, small->text);
	}
	arena_release(&seen[0].arena);
	arena_release(&seen[1].arena);
}

static void notes_of_the_source_are_findings(void **state)
{
	struct seen seen;

	(void)state;
	wire(&seen, &rails);
	graph_note(&seen.graph, GRAPH_NOTE_DUPLICATE_GUID, 3, GRAPH_NONE, "line 7: twice");
	look(&seen);
	assert_string_equal(only(&seen, FAULT_DUPLICATE_GUID)->text, "line 7: twice");
	assert_int_equal(layout_worst(&seen.layout), WEIGHT_FAIL);
	arena_release(&seen.arena);

	wire(&seen, &rails);
	seen.graph.is_partial = true;
	look(&seen);
	assert_int_equal(layout_worst(&seen.layout), WEIGHT_PARTIAL);
	arena_release(&seen.arena);
}

static void nothing_and_a_lone_host_are_no_trouble(void **state)
{
	struct seen seen = { 0 };
	uint32_t node;

	(void)state;
	seen.graph.arena = seen.facts.arena = &seen.arena;
	look(&seen);
	nothing_found(&seen);
	assert_int_equal(seen.layout.fabric_count, 0);
	assert_true(graph_add(
		&seen.graph,
		&(struct graph_node){ .guid = 7, .port_count = 1, .description = "alone mlx5_0" },
		&node, NULL));
	look(&seen);
	nothing_found(&seen);
	assert_int_equal(seen.layout.unlinked_hosts, 1);
	arena_release(&seen.arena);
}

static void hosts_are_placed_in_leaf_groups(void **state)
{
	struct placement placement;
	struct seen seen;

	(void)state;
	wire(&seen, &rails);
	for (unsigned rail = 0; rail < 4; rail++)
		wires_cut(&seen.graph, leaf_port(&seen, 0, rail, 2));
	look(&seen);
	layout_place(&seen.layout, "a test", &placement);
	assert_int_equal(placement.tier_count, 2);
	assert_int_equal(placement.unit_count, 4);
	assert_int_equal(placement.host_count, 24);
	assert_int_equal(placement.placed, 23);
	assert_string_equal(placement.units[placement.hosts[0].unit].name, "leaf-1");
	assert_int_equal(placement.units[placement.hosts[0].unit].switches, 4);
	assert_string_equal(placement.units[placement.units[placement.hosts[0].unit].parent].name,
			    "compute");
	assert_string_equal(placement.hosts[1].name, "n2");
	assert_int_equal(placement.hosts[1].unit, UINT32_MAX);
	assert_string_not_equal(placement.hosts[1].why, "");
	arena_release(&seen.arena);
}

struct chance {
	uint64_t key, count;
};

static uint32_t draw(struct chance *chance, uint32_t below)
{
	return (uint32_t)(random_u64(chance->key, chance->count++) % below);
}

/* Devices of all kinds with cables at random, some to themselves where a graph allows it. */
static void wire_at_random(struct seen *seen, struct chance *chance)
{
	*seen = (struct seen){ 0 };
	seen->graph.arena = &seen->arena;
	seen->facts.arena = &seen->arena;
	for (unsigned i = 0; i < 60; i++) {
		uint32_t node;
		const struct graph_node one = {
			.guid = i + 1,
			.kind = (enum graph_kind)draw(chance, GRAPH_KIND_COUNT),
			.port_count = (uint16_t)draw(chance, 12),
			.is_aggregator = draw(chance, 9) == 0,
			.description = draw(chance, 3) == 0 ? "n1 mlx5_0" : "x",
		};

		assert_true(graph_add(&seen->graph, &one, &node, NULL));
	}
	for (unsigned i = 0; i < 400; i++) {
		uint32_t port = (uint32_t)draw(chance, seen->graph.port_count);
		uint32_t other = (uint32_t)draw(chance, seen->graph.port_count);

		seen->graph.ports[port].width = (uint8_t)(1 << draw(chance, 4));
		seen->graph.ports[port].speed = (uint8_t)draw(chance, SPEED_COUNT);
		(void)graph_link(&seen->graph, port, other);
	}
}

static void any_wiring_is_borne(void **state)
{
	struct chance chance = { .key = 1 };

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		struct layout_distances distances;
		struct placement placement;
		struct seen seen;

		wire_at_random(&seen, &chance);
		look(&seen);
		layout_place(&seen.layout, "chance", &placement);
		layout_distances(&seen.layout, 4, &distances);
		assert_int_equal(placement.host_count, seen.hosts.host_count);
		for (uint32_t j = 0; j < placement.host_count; j++)
			assert_true((placement.hosts[j].unit == UINT32_MAX) ==
				    (placement.hosts[j].why[0] != '\0'));
		for (uint32_t j = 0; j < placement.unit_count; j++)
			assert_true(placement.units[j].parent == UINT32_MAX ||
				    placement.units[placement.units[j].parent].tier >
					    placement.units[j].tier);
		arena_release(&seen.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_fabric_gives_no_finding),
		cmocka_unit_test(racks_are_classic),
		cmocka_unit_test(rails_that_do_not_meet_are_one_fabric),
		cmocka_unit_test(storage_is_a_fabric_of_its_own),
		cmocka_unit_test(a_leaf_without_uplinks_is_cut_off),
		cmocka_unit_test(cables_at_each_others_place_are_named),
		cmocka_unit_test(a_cable_to_another_rack_is_found_without_rails),
		cmocka_unit_test(two_ports_of_one_rack_are_found_by_its_blocks),
		cmocka_unit_test(a_missing_uplink_is_named_with_its_port),
		cmocka_unit_test(a_lost_spine_and_a_moved_uplink_are_told_apart),
		cmocka_unit_test(a_slow_link_and_unequal_ends_are_named),
		cmocka_unit_test(lost_and_unnamed_adapters_are_told_apart),
		cmocka_unit_test(a_large_fabric_is_looked_at_like_a_small_one),
		cmocka_unit_test(notes_of_the_source_are_findings),
		cmocka_unit_test(nothing_and_a_lone_host_are_no_trouble),
		cmocka_unit_test(hosts_are_placed_in_leaf_groups),
		cmocka_unit_test(any_wiring_is_borne),
	};

	return cmocka_run_group_tests_name("fabric/layout", tests, NULL, NULL);
}
