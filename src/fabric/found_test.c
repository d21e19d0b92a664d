#include "fabric/found.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
	"{\"schema\":\"assay/fabric-found/v1\",\"source\":\"x\",\"partial\":false,\"sweep\":null," \
	"\"counted_ports\":0,\"uncounted_ports\":0,\"interval_s\":0,\"note_count\":0,"
#define DEVICE(guid, kind, ports, list)                                                          \
	"{\"guid\":\"" guid "\",\"system_guid\":null,\"kind\":\"" kind                           \
	"\",\"description\":\"d " guid "\",\"vendor\":713,\"device\":4119,\"port_count\":" ports \
	",\"ports\":[" list "]}"
#define A "0x00000000000000a1"
#define B "0x00000000000000b1"
#define PORT_OF_A \
	"{\"number\":3,\"lanes\":4,\"speed\":\"FDR10\",\"peer\":\"" B "\",\"peer_port\":1}"
#define PORT_OF_B "{\"number\":1,\"guid\":\"" B "\",\"lid\":7,\"lmc\":1,\"mbit_per_s\":400000}"
#define DEVICES(list) "\"devices\":[" list "]}\n"
#define NOTES(list) "\"notes\":[" list "],"
#define GOOD                                                                                       \
	HEAD NOTES("{\"kind\":\"self\",\"text\":\"a loop\",\"device\":\"" A "\",\"port\":4}")      \
		DEVICES(DEVICE(A, "switch", "4",                                                   \
			       PORT_OF_A                                                           \
			       ",{\"number\":4,\"silent\":true}") "," DEVICE(B, "aggregator", "1", \
									     PORT_OF_B))

static bool read_text(struct arena *arena, const char *text, struct graph *ret_graph,
		      struct error *err)
{
	*ret_graph = (struct graph){ .arena = arena };
	*err = (struct error){ .text = "" };
	return found_read(ret_graph, span_of(text), "f", err);
}

static void all_that_the_file_says_is_kept(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph;
	struct error err;

	(void)state;
	assert_true(found_is(SPAN(" \n" GOOD)));
	assert_true(read_text(&arena, GOOD, &graph, &err));
	assert_int_equal(graph.node_count, 2);
	const struct graph_node *one = &graph.nodes[graph_find(&graph, 0xa1)];
	const struct graph_node *other = &graph.nodes[graph_find(&graph, 0xb1)];
	const struct graph_port *near = &graph.ports[one->first_port + 3];
	const struct graph_port *far = &graph.ports[other->first_port + 1];

	assert_int_equal(one->kind, GRAPH_SWITCH);
	assert_int_equal(one->vendor, 713);
	assert_string_equal(one->description, "d " A);
	assert_int_equal(other->kind, GRAPH_ADAPTER);
	assert_true(other->is_aggregator && !one->is_aggregator);
	assert_int_equal(near->speed, SPEED_FDR10);
	assert_int_equal(near->width, 4);
	assert_int_equal(near->peer, other->first_port + 1);
	assert_int_equal(far->peer, one->first_port + 3);
	assert_int_equal(far->lid, 7);
	assert_int_equal(far->lmc, 1);
	assert_int_equal(far->mbit_per_s, 400000);
	assert_true(graph.ports[one->first_port + 4].is_silent);
	assert_int_equal(graph.note_count, 1);
	assert_int_equal(graph.notes[0].kind, GRAPH_NOTE_SELF);
	assert_int_equal(graph.notes[0].port, one->first_port + 4);
	assert_string_equal(graph.notes[0].text, "a loop");
	assert_false(graph.is_partial);
}

static void a_cable_that_ends_nowhere_is_noted(void **state)
{
	static const struct {
		const char *ports, *says;
		enum graph_note_kind kind;
	} cases[] = {
		{ "{\"number\":1,\"peer\":\"0x00000000000000c1\",\"peer_port\":2}",
		  "described nowhere", GRAPH_NOTE_CUT },
		{ "{\"number\":1,\"peer\":\"" A "\",\"peer_port\":9}", "described nowhere",
		  GRAPH_NOTE_CUT },
		{ "{\"number\":1,\"peer\":\"" A "\",\"peer_port\":2},"
		  "{\"number\":3,\"peer\":\"" A "\",\"peer_port\":2}",
		  "where another cable ends", GRAPH_NOTE_ONE_SIDED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct graph graph;
		struct error err;
		const char *text =
			arena_format(&arena, HEAD NOTES("") DEVICES(DEVICE(A, "switch", "4", "%s")),
				     cases[i].ports);

		assert_true(read_text(&arena, text, &graph, &err));
		assert_int_equal(graph.note_count, 1);
		assert_int_equal(graph.notes[0].kind, cases[i].kind);
		assert_non_null(strstr(graph.notes[0].text, cases[i].says));
		assert_true(graph.is_partial);
	}
}

static void what_is_not_of_the_schema_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"{}",
		HEAD NOTES("") "\"devices\":{}}",
		HEAD NOTES("") DEVICES(DEVICE("0xa1g", "switch", "4", "")),
		HEAD NOTES("") DEVICES(DEVICE(A, "bridge", "4", "")),
		HEAD NOTES("") DEVICES(DEVICE(A, "switch", "5000", "")),
		HEAD NOTES("") DEVICES(DEVICE(A, "switch", "4", "{\"number\":5}")),
		HEAD NOTES("") DEVICES(DEVICE(A, "switch", "4", "{\"number\":1,\"speed\":\"?\"}")),
		HEAD NOTES("")
			DEVICES(DEVICE(A, "switch", "4", "") "," DEVICE(A, "router", "1", "")),
		HEAD NOTES("{\"kind\":\"rumour\",\"text\":\"x\"}") DEVICES(""),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		SCOPED_ARENA(arena);
		struct graph graph;
		struct error err;

		assert_false(read_text(&arena, wrong[i], &graph, &err));
		assert_memory_equal(err.text, "f: ", 3);
	}
	assert_false(found_is(SPAN("{\"schema\":\"assay/evidence/v1\"}")));
}

static void two_files_make_one_fabric(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph;
	struct error err;

	(void)state;
	assert_true(read_text(&arena, GOOD, &graph, &err));
	assert_true(found_read(&graph, SPAN(GOOD), "again", &err));
	assert_int_equal(graph.node_count, 2);
	assert_false(graph.is_partial);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_the_file_says_is_kept),
		cmocka_unit_test(a_cable_that_ends_nowhere_is_noted),
		cmocka_unit_test(what_is_not_of_the_schema_is_refused),
		cmocka_unit_test(two_files_make_one_fabric),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
