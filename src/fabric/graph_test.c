#include "fabric/graph.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_node_is_found_by_its_guid_and_once(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct error err = { 0 };
	uint32_t node = GRAPH_NONE;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++) {
		const struct graph_node one = { .guid = i << 20, .port_count = 2 };

		assert_true(graph_add(&graph, &one, &node, &err));
	}
	for (uint64_t i = 1; i <= 1000; i++)
		assert_int_equal(graph_find(&graph, i << 20), i - 1);
	assert_int_equal(graph_find(&graph, 7), GRAPH_NONE);
	assert_false(graph_add(&graph, &(struct graph_node){ .guid = 1 << 20 }, &node, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_false(graph_add(&graph, &(struct graph_node){ .port_count = 1 }, &node, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_int_equal(graph.node_count, 1000);
	assert_int_equal(graph.port_count, 3000);
}

static void a_cable_has_two_ends(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	uint32_t a, b;

	(void)state;
	assert_true(
		graph_add(&graph, &(struct graph_node){ .guid = 1, .port_count = 2 }, &a, NULL));
	assert_true(
		graph_add(&graph, &(struct graph_node){ .guid = 2, .port_count = 2 }, &b, NULL));

	uint32_t first = graph_port(&graph, a, 1), second = graph_port(&graph, b, 2);

	assert_int_equal(graph_port(&graph, a, 3), GRAPH_NONE);
	assert_true(graph_link(&graph, first, second));
	assert_true(graph_link(&graph, second, first));
	assert_int_equal(graph.ports[first].peer, second);
	assert_int_equal(graph.ports[second].peer, first);
	assert_int_equal(graph.ports[first].peer_node, b);
	assert_int_equal(graph.ports[second].peer_node, a);
	assert_false(graph_link(&graph, first, graph_port(&graph, b, 1)));
	assert_false(graph_link(&graph, first, first));
	assert_int_equal(graph.ports[graph_port(&graph, b, 1)].peer, GRAPH_NONE);
}

/* Wherever it stands, and whatever stands around it. */
static void a_description_holds_no_control_character(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	const char text[] = "gpu00001 mlx5_0~end";
	uint32_t node;

	(void)state;
	assert_true(graph_add(&graph, &(struct graph_node){ .guid = 1 }, &node, NULL));
	assert_string_equal(graph.nodes[node].description, "");
	graph_describe(&graph, node, " gpu00001 mlx5_0~end\t");
	assert_string_equal(graph.nodes[node].description, text);
	/* At neither end, where a blank is taken off. */
	for (size_t at = 1; at < sizeof(text) - 2; at++)
		for (unsigned byte = 1; byte <= UCHAR_MAX; byte++) {
			char told[sizeof(text)], expected[sizeof(text)];

			memcpy(told, text, sizeof(text));
			memcpy(expected, text, sizeof(text));
			told[at] = (char)byte;
			expected[at] = (char)(byte < ' ' || byte >= 0x7f ? '?' : byte);
			graph_describe(&graph, node, told);
			assert_string_equal(graph.nodes[node].description, expected);
		}
	graph_describe(&graph, node, "r\xc3\xa9seau \xc2\x9b 1");
	assert_string_equal(graph.nodes[node].description, "r\xc3\xa9seau ?? 1");
}

static void notes_are_kept_up_to_a_maximum_and_all_counted(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };

	(void)state;
	for (unsigned i = 0; i < GRAPH_NOTES_MAXIMUM + 5; i++)
		graph_note(&graph, GRAPH_NOTE_CUT, GRAPH_NONE, GRAPH_NONE, "line %u", i);
	assert_int_equal(graph.note_count, GRAPH_NOTES_MAXIMUM + 5);
	assert_string_equal(graph.notes[GRAPH_NOTES_MAXIMUM - 1].text, "line 9999");
}

static void a_rate_is_lanes_by_speed_or_what_was_said(void **state)
{
	(void)state;
	assert_int_equal(graph_port_mbit(&(struct graph_port){ .width = 4, .speed = SPEED_NDR }),
			 400000);
	assert_int_equal(graph_port_mbit(&(struct graph_port){ .width = 1, .speed = SPEED_HDR }),
			 50000);
	assert_int_equal(graph_port_mbit(&(struct graph_port){ .mbit_per_s = 25000 }), 25000);
	assert_int_equal(graph_port_mbit(&(struct graph_port){ 0 }), 0);
	assert_string_equal(graph_speed_name(SPEED_XDR), "XDR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_is_found_by_its_guid_and_once),
		cmocka_unit_test(a_cable_has_two_ends),
		cmocka_unit_test(a_description_holds_no_control_character),
		cmocka_unit_test(notes_are_kept_up_to_a_maximum_and_all_counted),
		cmocka_unit_test(a_rate_is_lanes_by_speed_or_what_was_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
