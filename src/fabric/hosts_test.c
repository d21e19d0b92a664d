#include "fabric/hosts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/wires.h"
#include <cmocka.h>

static const struct wires small = { .groups = 2, .nodes = 6, .rails = 4, .spines = 2, .cables = 1 };

static struct graph make(struct arena *arena)
{
	struct graph graph = { .arena = arena };

	wires_make(&graph, &small);
	return graph;
}

static void say(struct host_facts *facts, const char *host, enum host_naming naming,
		const struct fabric_adapter *adapter)
{
	const struct host_fact fact = { .host = host, .naming = naming, .adapter = *adapter };

	assert_true(host_facts_add(facts, &fact, NULL));
}

static const struct fabric_host *host_of(const struct fabric_hosts *hosts, const char *name)
{
	uint32_t index = fabric_hosts_find(hosts, span_of(name));

	assert_int_not_equal(index, GRAPH_NONE);
	return &hosts->hosts[index];
}

static void descriptions_name_hosts_where_nothing_else_does(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = make(&arena);
	struct host_facts facts = { .arena = &arena };
	struct fabric_hosts hosts;

	(void)state;
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(hosts.host_count, 12);
	assert_int_equal(hosts.adapter_count, 48);
	assert_int_equal(hosts.unnamed, 0);
	for (uint32_t i = 0; i < 12; i++) {
		const struct fabric_host *host = &hosts.hosts[i];

		assert_string_equal(host->name, arena_format(&arena, "n%u", i + 1));
		assert_int_equal(host->naming, HOST_NAMED_BY_DESCRIPTION);
		assert_false(host->is_listed);
		assert_int_equal(host->adapter_count, 4);
		for (unsigned r = 0; r < 4; r++) {
			const struct fabric_adapter *adapter =
				&hosts.adapters[host->first_adapter + r];

			assert_int_equal(adapter->rail, r);
			assert_int_equal(adapter->node, wires_adapter(&graph, i, r));
			assert_int_equal(hosts.host_of_node[adapter->node], i);
		}
	}
	assert_int_equal(hosts.host_of_node[wires_leaf(&graph, 0, 0)], GRAPH_NONE);
	assert_int_equal(fabric_hosts_find(&hosts, SPAN("n13")), GRAPH_NONE);
}

static void a_host_s_own_word_is_the_strongest(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = make(&arena);
	struct host_facts facts = { .arena = &arena };
	uint64_t guid = graph.nodes[wires_adapter(&graph, 0, 0)].guid;
	struct fabric_hosts hosts;

	(void)state;
	say(&facts, "listed", HOST_NAMED_BY_LIST,
	    &(struct fabric_adapter){ .node_guid = guid, .device = "ib0" });
	say(&facts, "own", HOST_NAMED_BY_EVIDENCE,
	    &(struct fabric_adapter){
		    .node_guid = guid, .device = "mlx5_9", .pci = "0000:19:00.0" });
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(hosts.host_count, 14);
	assert_int_equal(host_of(&hosts, "own")->adapter_count, 1);
	assert_int_equal(host_of(&hosts, "own")->naming, HOST_NAMED_BY_EVIDENCE);
	assert_int_equal(hosts.adapters[host_of(&hosts, "own")->first_adapter].node,
			 wires_adapter(&graph, 0, 0));
	assert_true(host_of(&hosts, "listed")->is_listed);
	assert_int_equal(hosts.unseen, 1);
	assert_int_equal(host_of(&hosts, "n1")->adapter_count, 3);
	assert_int_equal(hosts.note_count, 1);
	assert_non_null(strstr(hosts.notes[0], "is said to be of 'own' and of 'listed'"));
}

static void ports_and_systems_join_too(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = make(&arena);
	struct host_facts facts = { .arena = &arena };
	uint32_t first = wires_adapter(&graph, 0, 0), second = wires_adapter(&graph, 0, 1);
	struct fabric_hosts hosts;

	(void)state;
	graph.nodes[first].system_guid = graph.nodes[second].system_guid = 0x77;
	graph.nodes[wires_adapter(&graph, 2, 0)].system_guid = 0x88;
	say(&facts, "a", HOST_NAMED_BY_EVIDENCE,
	    &(struct fabric_adapter){ .system_guid = 0x77, .device = "mlx5_0" });
	say(&facts, "b", HOST_NAMED_BY_LIST,
	    &(struct fabric_adapter){ .node_guid =
					      graph.nodes[wires_adapter(&graph, 1, 0)].guid + 1 });
	say(&facts, "c", HOST_NAMED_BY_LIST, &(struct fabric_adapter){ .system_guid = 0x88 });
	say(&facts, "d", HOST_NAMED_BY_LIST, &(struct fabric_adapter){ .system_guid = 0x88 });
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(host_of(&hosts, "a")->adapter_count, 2);
	assert_string_equal(hosts.hosts[hosts.host_of_node[first]].name, "a");
	assert_string_equal(hosts.hosts[hosts.host_of_node[second]].name, "a");
	assert_string_equal(hosts.hosts[hosts.host_of_node[wires_adapter(&graph, 1, 0)]].name, "b");
	/* Two hosts that say one system say nothing. */
	assert_string_equal(hosts.hosts[hosts.host_of_node[wires_adapter(&graph, 2, 0)]].name,
			    "n3");
	assert_int_equal(hosts.unseen, 2);
}

static void no_adapter_is_without_a_host(void **state)
{
	static const char *const useless[] = { "",
					       "MT4129 ConnectX7   Mellanox Technologies",
					       "localhost mlx5_0",
					       "-x mlx5_1",
					       "(none) mlx5_2",
					       "NVIDIA ConnectX-8" };
	SCOPED_ARENA(arena);
	struct graph graph = make(&arena);
	struct host_facts facts = { .arena = &arena };
	struct fabric_hosts hosts;

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		graph.nodes[wires_adapter(&graph, i, 0)].description = useless[i];
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(hosts.unnamed, 6);
	assert_int_equal(hosts.host_count, 18);
	for (unsigned n = 0; n < 12; n++)
		for (unsigned r = 0; r < 4; r++)
			assert_int_not_equal(hosts.host_of_node[wires_adapter(&graph, n, r)],
					     GRAPH_NONE);
	assert_int_equal(host_of(&hosts, "guid-b000000000000100")->naming, HOST_NAMED_BY_GUID);
	assert_int_equal(
		hosts.adapters[host_of(&hosts, "guid-b000000000000100")->first_adapter].rail,
		HOST_RAIL_UNKNOWN);
}

static void a_crowd_with_one_name_has_none(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct host_facts facts = { .arena = &arena };
	struct fabric_hosts hosts;

	(void)state;
	wires_make(&graph, &(struct wires){ .groups = 1, .nodes = 80, .rails = 1 });
	for (unsigned i = 0; i < 70; i++)
		graph.nodes[wires_adapter(&graph, i, 0)].description = "image mlx5_0";
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(hosts.host_count, 80);
	assert_int_equal(hosts.unnamed, 70);
	assert_int_equal(fabric_hosts_find(&hosts, SPAN("image")), GRAPH_NONE);
}

static void rails_go_by_address_then_by_device(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = make(&arena);
	struct host_facts facts = { .arena = &arena };
	struct fabric_hosts hosts;

	(void)state;
	/* The order on the bus is not that of the devices' names. */
	for (unsigned r = 0; r < 4; r++)
		say(&facts, "n1", HOST_NAMED_BY_EVIDENCE,
		    &(struct fabric_adapter){
			    .node_guid = graph.nodes[wires_adapter(&graph, 0, r)].guid,
			    .device = arena_format(&arena, "mlx5_%u", r),
			    .pci = arena_format(&arena, "0000:%02x:00.0", 0x90 - r) });
	say(&facts, "n1", HOST_NAMED_BY_EVIDENCE,
	    &(struct fabric_adapter){
		    .device = "mlx5_4", .pci = "0000:01:00.0", .is_ethernet = true });
	graph.nodes[wires_adapter(&graph, 1, 3)].description = "n2 mlx5_10";
	graph.nodes[wires_adapter(&graph, 2, 3)].description = "n3-hca3";
	graph.nodes[wires_adapter(&graph, 3, 3)].description = "n4 mlx5_2";
	fabric_hosts_join(&graph, &facts, &arena, &hosts);

	const struct fabric_host *first = host_of(&hosts, "n1");

	assert_int_equal(first->adapter_count, 5);
	for (unsigned r = 0; r < 4; r++)
		assert_int_equal(hosts.adapters[first->first_adapter + r].node,
				 wires_adapter(&graph, 0, 3 - r));
	assert_string_equal(hosts.adapters[first->first_adapter + 4].device, "mlx5_4");
	assert_int_equal(hosts.adapters[first->first_adapter + 4].rail, 0);
	assert_int_equal(hosts.adapters[host_of(&hosts, "n2")->first_adapter + 3].rail, 3);
	assert_int_equal(host_of(&hosts, "n3")->adapter_count, 4);
	/* One name twice is no order. */
	assert_int_equal(hosts.adapters[host_of(&hosts, "n4")->first_adapter].rail,
			 HOST_RAIL_UNKNOWN);
}

static void a_strange_description_is_noted(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = make(&arena);
	struct host_facts facts = { .arena = &arena };
	struct fabric_hosts hosts;

	(void)state;
	say(&facts, "n1", HOST_NAMED_BY_LIST,
	    &(struct fabric_adapter){ .node_guid = graph.nodes[wires_adapter(&graph, 1, 0)].guid });
	say(&facts, "n2", HOST_NAMED_BY_LIST,
	    &(struct fabric_adapter){ .node_guid = graph.nodes[wires_leaf(&graph, 0, 0)].guid });
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(hosts.note_count, 2);
	assert_non_null(strstr(hosts.notes[0], "which is a switch"));
	assert_non_null(strstr(hosts.notes[1], "of host 'n1' calls itself 'n2 mlx5_0'"));
}

static void domains_that_differ_are_none(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct host_facts facts = { .arena = &arena };
	struct fabric_hosts hosts;
	struct host_fact fact = { .host = "n1", .domain = "u.1" };

	(void)state;
	assert_true(host_facts_add(&facts, &fact, NULL));
	fact.host = "n2";
	assert_true(host_facts_add(&facts, &fact, NULL));
	fact.domain = "u.2";
	assert_true(host_facts_add(&facts, &fact, NULL));
	fabric_hosts_join(&graph, &facts, &arena, &hosts);
	assert_int_equal(hosts.host_count, 2);
	assert_string_equal(host_of(&hosts, "n1")->domain, "u.1");
	assert_string_equal(host_of(&hosts, "n2")->domain, "");
	assert_string_equal(host_of(&hosts, "n2")->domain_why,
			    "sources say NVLink domain u.1 and u.2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptions_name_hosts_where_nothing_else_does),
		cmocka_unit_test(a_host_s_own_word_is_the_strongest),
		cmocka_unit_test(ports_and_systems_join_too),
		cmocka_unit_test(no_adapter_is_without_a_host),
		cmocka_unit_test(a_crowd_with_one_name_has_none),
		cmocka_unit_test(rails_go_by_address_then_by_device),
		cmocka_unit_test(a_strange_description_is_noted),
		cmocka_unit_test(domains_that_differ_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
