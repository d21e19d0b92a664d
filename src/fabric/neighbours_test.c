#include "fabric/neighbours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* A host's interfaces, each on one port of one switch: "eth2 leaf1 swp3". */
static const char *document(const char *host, const char *const ways[][3])
{
	const char *text = arena_format(
		&arena, "{\"schema\": \"assay/neighbours/v1\", \"host\": \"%s\", \"interfaces\": [",
		host);

	for (unsigned i = 0; ways[i][0]; i++)
		text = arena_format(
			&arena,
			"%s%s{\"name\": \"%s\", \"device\": \"mlx5_%u\", \"mbit_per_s\": 400000, "
			"\"neighbours\": [{\"chassis\": \"local %s\", \"name\": \"%s\", \"port\": "
			"\"%s\"}]}",
			text, i > 0 ? ", " : "", ways[i][0], i, ways[i][1], ways[i][1], ways[i][2]);
	return arena_format(&arena, "%s]}", text);
}

struct joined {
	struct graph graph;
	struct host_facts facts;
	struct cloud_hosts clouds;
};

static bool join(const char *const *texts, const char *const *files, struct joined *ret_joined,
		 struct error *err)
{
	struct neighbours neighbours = { .arena = &arena };

	*ret_joined = (struct joined){ .graph = { .arena = &arena },
				       .facts = { .arena = &arena },
				       .clouds = { .arena = &arena } };
	for (unsigned i = 0; texts[i]; i++) {
		assert_true(neighbours_is(span_of(texts[i])));
		if (!neighbours_read(&neighbours, &ret_joined->clouds, span_of(texts[i]),
				     files ? files[i] : "node.json", err))
			return false;
	}
	return neighbours_join(&neighbours, &ret_joined->graph, &ret_joined->facts, err);
}

static uint32_t find(const struct graph *graph, const char *description)
{
	for (uint32_t i = 0; i < graph->node_count; i++)
		if (strcmp(graph->nodes[i].description, description) == 0)
			return i;
	fail_msg("there is no '%s'", description);
	return GRAPH_NONE;
}

/* "leaf1 3": what the only port of the adapter is cabled to. */
static const char *peer_of(const struct graph *graph, const char *description)
{
	uint32_t port = graph_port(graph, find(graph, description), 1);
	uint32_t peer = graph->ports[port].peer;

	if (peer == GRAPH_NONE)
		return "";
	return arena_format(&arena, "%s %u", graph->nodes[graph->ports[peer].node].description,
			    graph->ports[peer].number);
}

static void what_hosts_hear_is_the_wiring_of_their_leaves(void **state)
{
	static const char *const n1[][3] = { { "eth2", "leaf1", "swp3" },
					     { "eth3", "leaf2", "swp3" },
					     { NULL } };
	static const char *const n2[][3] = { { "eth2", "leaf1", "swp12" },
					     { "eth3", "leaf2", "swp12" },
					     { NULL } };
	const char *const texts[] = { document("n1", n1), document("n2", n2), NULL };
	struct error err = { .code = ERROR_NONE };
	struct fabric_hosts hosts;
	struct joined joined;

	(void)state;
	if (!join(texts, NULL, &joined, &err))
		fail_msg("%s", err.text);
	assert_int_equal(joined.graph.node_count, 2 + 4);
	/* What joins the two leaves is not known, and that is said. */
	assert_true(joined.graph.is_partial);
	assert_int_equal(joined.graph.note_count, 1);
	assert_non_null(strstr(joined.graph.notes[0].text, "2 switches"));
	assert_string_equal(peer_of(&joined.graph, "n1 mlx5_0"), "leaf1 3");
	assert_string_equal(peer_of(&joined.graph, "n2 mlx5_1"), "leaf2 12");
	assert_int_equal(graph_port_mbit(&joined.graph.ports[graph_port(
				 &joined.graph, find(&joined.graph, "leaf2"), 12)]),
			 400000);
	fabric_hosts_join(&joined.graph, &joined.facts, &arena, &hosts);
	assert_int_equal(hosts.host_count, 2);
	assert_string_equal(hosts.hosts[1].name, "n2");
	assert_int_equal(hosts.hosts[1].naming, HOST_NAMED_BY_EVIDENCE);
	assert_int_equal(hosts.hosts[1].adapter_count, 2);
	assert_int_equal(hosts.unseen, 0);
}

static void ports_of_one_name_have_one_number(void **state)
{
	static const char *const n1[][3] = { { "eth2", "leaf1", "swp2s1" },
					     { "eth3", "leaf2", "swp10s0" },
					     { NULL } };
	static const char *const n2[][3] = { { "eth2", "leaf1", "swp10s0" },
					     { "eth3", "leaf2", "swp2s1" },
					     { NULL } };
	const char *const texts[] = { document("n1", n1), document("n2", n2), NULL };
	struct joined joined;

	(void)state;
	assert_true(join(texts, NULL, &joined, NULL));
	assert_string_equal(peer_of(&joined.graph, "n1 mlx5_0"), "leaf1 1");
	assert_string_equal(peer_of(&joined.graph, "n2 mlx5_1"), "leaf2 1");
	assert_string_equal(peer_of(&joined.graph, "n1 mlx5_1"), "leaf2 2");
}

static void what_lldpcli_prints_belongs_to_the_host_of_its_file(void **state)
{
	static const char *const texts[] = {
		"{\"lldp\":[{\"interface\":[{\"name\":\"eth2\",\"via\":\"LLDP\",\"chassis\":[{"
		"\"id\":[{\"type\":\"mac\",\"value\":\"44:38:39:00:00:01\"}],"
		"\"name\":[{\"value\":\"leaf1\"}]}],\"port\":[{\"id\":[{\"type\":\"ifname\","
		"\"value\":\"swp7\"}]}]}]}]}",
		NULL
	};
	static const char *const files[] = { "heard/gpu-07.json" };
	struct joined joined;

	(void)state;
	assert_true(join(texts, files, &joined, NULL));
	assert_string_equal(peer_of(&joined.graph, "gpu-07 eth2"), "leaf1 7");
	assert_int_equal(joined.graph.nodes[find(&joined.graph, "leaf1")].guid, 0x443839fffe000001);
	assert_string_equal(joined.facts.items[0].host, "gpu-07");
	assert_int_equal(joined.facts.items[0].naming, HOST_NAMED_BY_LIST);
}

static void silence_and_contradiction_are_noted(void **state)
{
	static const char *const n1[][3] = { { "eth2", "leaf1", "swp3" }, { NULL } };
	static const char *const n2[][3] = { { "eth2", "leaf1", "swp3" }, { NULL } };
	const char *const texts[] = {
		document("n1", n1), document("n2", n2),
		"{\"schema\": \"assay/neighbours/v1\", \"host\": \"n3\", \"interfaces\": ["
		"{\"name\": \"eth0\", \"neighbours\": []},"
		"{\"name\": \"eth2\", \"device\": \"mlx5_0\", \"neighbours\": []}]}",
		NULL
	};
	struct joined joined;

	(void)state;
	assert_true(join(texts, NULL, &joined, NULL));
	assert_true(joined.graph.is_partial);
	assert_int_equal(joined.graph.note_count, 2);
	assert_int_equal(joined.graph.notes[0].kind, GRAPH_NOTE_ONE_SIDED);
	assert_non_null(strstr(joined.graph.notes[0].text, "swp3"));
	assert_int_equal(joined.graph.notes[1].kind, GRAPH_NOTE_NO_ANSWER);
	assert_non_null(strstr(joined.graph.notes[1].text, "'n3'"));
	assert_string_equal(peer_of(&joined.graph, "n3 mlx5_0"), "");
}

static void an_interface_that_is_named_again_is_one_adapter(void **state)
{
	static const char *const texts[] = {
		"{\"schema\": \"assay/neighbours/v1\", \"host\": \"n1\", \"interfaces\": ["
		"{\"name\": \"eth2\", \"neighbours\": []}, "
		"{\"name\": \"eth2\", \"device\": \"mlx5_0\", \"neighbours\": [{\"chassis\": "
		"\"local leaf1\", \"name\": \"leaf1\", \"port\": \"swp3\"}]}, "
		"{\"name\": \"eth2\", \"neighbours\": []}]}",
		NULL,
	};
	struct error err = { .code = ERROR_NONE };
	struct joined joined;

	(void)state;
	if (!join(texts, NULL, &joined, &err))
		fail_msg("%s", err.text);
	assert_int_equal(joined.graph.node_count, 1 + 1);
	assert_int_equal(joined.facts.count, 1);
	assert_string_equal(peer_of(&joined.graph, "n1 mlx5_0"), "leaf1 3");
}

static void a_place_goes_to_the_clouds(void **state)
{
	static const char *const texts[] = {
		"{\"schema\": \"assay/neighbours/v1\", \"host\": \"n3\", \"interfaces\": [],"
		"\"place\": {\"source\": \"OCI rdmaTopologyData\", \"units\": [\"lb\", \"nb\"], "
		"\"domain\": \"g\"}}",
		NULL
	};
	struct joined joined;

	(void)state;
	assert_true(join(texts, NULL, &joined, NULL));
	assert_int_equal(joined.clouds.count, 1);
	assert_string_equal(joined.clouds.source, "OCI rdmaTopologyData");
	assert_int_equal(joined.clouds.items[0].unit_count, 2);
	assert_string_equal(joined.clouds.items[0].units[1], "nb");
	assert_string_equal(joined.clouds.items[0].domain, "g");
}

static void what_cannot_be_is_refused(void **state)
{
	static const char *const switch_too[][3] = { { "swp1", "n1", "eth2" }, { NULL } };
	static const char *const host[][3] = { { "eth2", "leaf1", "swp1" }, { NULL } };
	const struct {
		const char *texts[3];
		const char *says;
	} cases[] = {
		{ { document("n1", host), document("leaf1", switch_too) }, "is heard by others" },
		{ { "{\"schema\": \"assay/neighbours/v1\", \"interfaces\": []}" }, "its host" },
		{ { "{\"schema\": \"assay/neighbours/v1\", \"host\": \"n1\"}" }, "interfaces" },
		{ { "{\"schema\": \"assay/neighbours/v1\", \"host\": \"n1\", \"interfaces\": "
		    "[{}]}" },
		  "without a name" },
		{ { "{\"schema\": \"assay/neighbours/v1\", \"host\": \"n1\", \"interfaces\": "
		    "[{\"name\": \"e\", \"mac\": \"zz\"}]}" },
		  "MAC address" },
		{ { "{\"schema\": \"assay/neighbours/v1\", \"host\": \"n1\", \"interfaces\": "
		    "[{\"name\": \"e\", \"neighbours\": [{\"port\": \"p\"}]}]}" },
		  "without chassis" },
		{ { "{\"schema\": \"assay/neighbours/v1\"" }, "node.json" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { .code = ERROR_NONE };
		struct joined joined;

		assert_false(join(cases[i].texts, NULL, &joined, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_hosts_hear_is_the_wiring_of_their_leaves),
		cmocka_unit_test(ports_of_one_name_have_one_number),
		cmocka_unit_test(what_lldpcli_prints_belongs_to_the_host_of_its_file),
		cmocka_unit_test(silence_and_contradiction_are_noted),
		cmocka_unit_test(an_interface_that_is_named_again_is_one_adapter),
		cmocka_unit_test(a_place_goes_to_the_clouds),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
