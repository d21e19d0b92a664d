#include "fabric/ibnetdiscover.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fabric/ibnetdiscover_parts.h"
#include "test/wires.h"
#include <cmocka.h>

#define LEAF                                                                             \
	"vendid=0x2c9\ndevid=0xd2f2\nsysimgguid=0xb8ce\nswitchguid=0xa1(a1)\n"           \
	"Switch\t65 \"S-00000000000000a1\"\t\t# \"MF0;leaf \"1\":MQM9700/U1\" enhanced " \
	"port 0 lid 7 lmc 0\n"
#define LEAF_PORTS                                                                              \
	"[1]\t\"H-00000000000000b0\"[1](b1) \t\t# \"n1 mlx5_0\" lid 12 4xNDR\n"                 \
	"[65]\t\"H-00000000000000d0\"[1](d1) \t\t# \"Mellanox Technologies Aggregation Node\" " \
	"lid 9 4xHDR\n"                                                                         \
	"[33]\t\"S-00000000000000c1\"[2]\t\t# \"spine\" lid 3 2x???\n"
#define SPINE                                                                        \
	"vendid=0x2c9\ndevid=0xd2f2\nsysimgguid=0xc1\nswitchguid=0xc1(c1)\n"         \
	"Switch\t64 \"S-00000000000000c1\"\t\t# \"spine\" base port 0 lid 3 lmc 1\n" \
	"[2]\t\"S-00000000000000a1\"[33]\t\t# \"MF0;leaf \"1\":MQM9700/U1\" lid 7 2x???\n"
#define ADAPTER                                                                                \
	"vendid=0x2c9\ndevid=0x1021\nsysimgguid=0xb0\ncaguid=0xb0\n"                           \
	"Ca\t2 \"H-00000000000000b0\"\t\t# \"n1 mlx5_0\"\n"                                    \
	"[1](b1) \t\"S-00000000000000a1\"[1]\t\t# lid 12 lmc 2 \"MF0;leaf \"1\":MQM9700/U1\" " \
	"lid 7 4xNDR\n"
#define AGGREGATOR                                                                             \
	"vendid=0x2c9\ndevid=0xcf09\nsysimgguid=0xb8ce\ncaguid=0xd0\n"                         \
	"Ca\t1 \"H-00000000000000d0\"\t\t# \"Mellanox Technologies Aggregation Node\"\n"       \
	"[1](d1) \t\"S-00000000000000a1\"[65]\t\t# lid 9 lmc 0 \"MF0;leaf \"1\":MQM9700/U1\" " \
	"lid 7 4xHDR\n"
#define HEAD "#\n# Topology file: generated on Thu Nov 26 16:46:33 2026\n#\n"
#define WHOLE HEAD "\n" LEAF LEAF_PORTS "\n" SPINE "\n" ADAPTER "\n" AGGREGATOR

static struct graph read_text(struct arena *arena, const char *text)
{
	struct graph graph = { .arena = arena };
	struct error err = { .text = "" };

	(void)ibnetdiscover_read(&graph, span_of(text), "f", &err);
	assert_string_equal(err.text, "");
	return graph;
}

static uint32_t port_of(const struct graph *graph, uint64_t guid, unsigned number)
{
	return graph_port(graph, graph_find(graph, guid), number);
}

static void assert_linked(const struct graph *graph, uint32_t port, uint32_t other)
{
	assert_int_not_equal(port, GRAPH_NONE);
	assert_int_equal(graph->ports[port].peer, other);
	assert_int_equal(graph->ports[other].peer, port);
}

static void all_that_the_text_says_is_kept(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = read_text(&arena, WHOLE);
	const struct graph_node *leaf = &graph.nodes[graph_find(&graph, 0xa1)];
	const struct graph_node *adapter = &graph.nodes[graph_find(&graph, 0xb0)];
	const struct graph_port *port = &graph.ports[port_of(&graph, 0xb0, 1)];

	(void)state;
	assert_int_equal(graph.node_count, 4);
	assert_int_equal(graph.note_count, 0);
	assert_false(graph.is_partial);
	assert_string_equal(leaf->description, "MF0;leaf \"1\":MQM9700/U1");
	assert_int_equal(leaf->kind, GRAPH_SWITCH);
	assert_int_equal(leaf->port_count, 65);
	assert_int_equal(leaf->vendor, 0x2c9);
	assert_int_equal(leaf->device, 0xd2f2);
	assert_true(leaf->system_guid == 0xb8ce);
	assert_int_equal(graph.ports[leaf->first_port].lid, 7);
	assert_int_equal(graph.ports[port_of(&graph, 0xc1, 0)].lmc, 1);
	assert_string_equal(adapter->description, "n1 mlx5_0");
	assert_false(adapter->is_aggregator);
	assert_true(graph.nodes[graph_find(&graph, 0xd0)].is_aggregator);
	assert_true(port->guid == 0xb1);
	assert_int_equal(port->lid, 12);
	assert_int_equal(port->lmc, 2);
	assert_int_equal(port->width, 4);
	assert_int_equal(port->speed, SPEED_NDR);
	assert_linked(&graph, port_of(&graph, 0xb0, 1), port_of(&graph, 0xa1, 1));
	assert_linked(&graph, port_of(&graph, 0xc1, 2), port_of(&graph, 0xa1, 33));
	assert_linked(&graph, port_of(&graph, 0xd0, 1), port_of(&graph, 0xa1, 65));
	assert_int_equal(graph.ports[port_of(&graph, 0xc1, 2)].width, 2);
	assert_int_equal(graph.ports[port_of(&graph, 0xc1, 2)].speed, SPEED_UNKNOWN);
	assert_int_equal(graph.ports[port_of(&graph, 0xb0, 2)].peer, GRAPH_NONE);
}

static void every_rate_and_width_is_known(void **state)
{
	static const struct {
		const char *text;
		uint8_t width, speed;
	} rates[] = {
		{ "1xSDR", 1, SPEED_SDR },
		{ "4xDDR", 4, SPEED_DDR },
		{ "8xQDR", 8, SPEED_QDR },
		{ "12xFDR", 12, SPEED_FDR },
		{ "4xFDR10", 4, SPEED_FDR10 },
		{ "4xEDR", 4, SPEED_EDR },
		{ "2xHDR", 2, SPEED_HDR },
		{ "4xNDR", 4, SPEED_NDR },
		{ "4xXDR", 4, SPEED_XDR },
		{ "4x???", 4, 0 },
		{ "?????", 0, 0 },
		{ "4xGDR s=4 w=2", 4, 0 },
		{ "4xNDR s=4 w=2 v=4", 4, SPEED_NDR },
		{ "fast", 0, 0 },
		{ "300xNDR", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		SCOPED_ARENA(arena);
		const char *text = arena_format(
			&arena,
			"Switch\t2 \"S-00000000000000a1\"\t\t# \"\" base port 0 lid 1 lmc 0\n"
			"[1]\t\"S-00000000000000a1\"[2]\t\t# \"\" lid 1 %s\n"
			"[2]\t\"S-00000000000000a1\"[1]\t\t# \"\" lid 1 %s\n",
			rates[i].text, rates[i].text);
		struct graph graph = read_text(&arena, text);

		assert_int_equal(graph.note_count, 0);
		assert_int_equal(graph.ports[1].width, rates[i].width);
		assert_int_equal(graph.ports[1].speed, rates[i].speed);
		assert_linked(&graph, 1, 2);
	}
}

static void groups_of_chassis_are_read_too(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph =
		read_text(&arena, HEAD
			  "\nChassis 1 (guid 0xb8)\n\n# Spine Nodes\n"
			  "vendid=0x2c9\r\ndevid=0x1\r\nsysimgguid=0xb8\t\t# Chassis 1\r\n"
			  "switchguid=0xa1(a1)\t# ISR9024 spine 1\r\n"
			  "Switch\t36 \"S-00000000000000a1\"\t\t# \"x\" base port 0 lid 1 lmc 0\r\n"
			  "[3][ext 5]\t\"S-00000000000000a2\"[4][ext 6]\t\t# \"y\" lid 2 4xQDR\r\n"
			  "Non-Chassis Nodes\n"
			  "Switch\t36 \"S-00000000000000a2\"\t\t# \"y\" base port 0 lid 2 lmc 0\n"
			  "[4][ext 6]\t\"S-00000000000000a1\"[3][ext 5]\t\t# \"x\" lid 1 4xQDR\n");

	(void)state;
	assert_int_equal(graph.note_count, 0);
	assert_linked(&graph, port_of(&graph, 0xa1, 3), port_of(&graph, 0xa2, 4));
	assert_int_equal(graph.ports[port_of(&graph, 0xa1, 3)].speed, SPEED_QDR);
}

/* What is wrong, and the first note of it. */
static void what_contradicts_itself_is_noted(void **state)
{
	static const struct {
		const char *text;
		enum graph_note_kind kind;
		const char *note;
		uint32_t notes, nodes;
		bool is_partial;
	} cases[] = {
		{ HEAD LEAF LEAF_PORTS SPINE ADAPTER, GRAPH_NOTE_CUT, "only named by cables", 1, 4,
		  true },
		{ HEAD LEAF LEAF_PORTS SPINE ADAPTER "vendid=0x2c9\nde", GRAPH_NOTE_CUT,
		  "line 25: the text ends within a line: 'de'", 2, 4, true },
		{ WHOLE ADAPTER, GRAPH_NOTE_DUPLICATE_GUID, "GUID 00000000000000b0 again", 1, 4,
		  true },
		{ WHOLE "Switch\t4 \"S-00000000000000e1\"\t\t# \"late\" base port 0 lid 1 lmc 0\n"
			"[2]\t\"H-00000000000000b0\"[1](b1) \t\t# \"n1 mlx5_0\" lid 12 4xNDR\n",
		  GRAPH_NOTE_DUPLICATE_GUID,
		  "port 2 of 'late' (00000000000000e1) leads to port 1 of "
		  "'n1 mlx5_0'",
		  1, 5, true },
		{ WHOLE "Switch\t4 \"S-00000000000000e1\"\t\t# \"late\" base port 0 lid 1 lmc 0\n"
			"[2]\t\"H-00000000000000b0\"[2](b2) \t\t# \"n1 mlx5_0\" lid 12 4xNDR\n",
		  GRAPH_NOTE_ONE_SIDED, "which says of no cable there; it is linked", 1, 5, false },
		{ WHOLE "Switch\t4 \"S-00000000000000e1\"\t\t# \"late\" base port 0 lid 1 lmc 0\n"
			"[2]\t\"S-00000000000000e1\"[2]\t\t# \"late\" lid 1 4xNDR\n",
		  GRAPH_NOTE_SELF, "leads to itself", 1, 5, false },
		{ WHOLE "Switch\t4 \"S-00000000000000e1\"\t\t# \"late\" base port 0 lid 1 lmc 0\n"
			"[7]\t\"S-00000000000000e1\"[2]\t\t# \"late\" lid 1 4xNDR\n",
		  GRAPH_NOTE_UNREADABLE, "has not so many ports", 1, 5, true },
		{ WHOLE "Switch\t4 \"S-00000000000000e1\"\t\t# \"late\" base port 0 lid 1 lmc 0\n"
			"[3]\t\"S-00000000000000e1\"[12]\t\t# \"late\" lid 1 4xNDR\n",
		  GRAPH_NOTE_UNREADABLE, "leads to port 12 of 'late', which has 4", 1, 5, false },
		{ WHOLE "Switch\t9999 \"S-00000000000000e1\"\t\t# \"late\"\n"
			"[7]\t\"S-00000000000000e1\"[2]\t\t# \"late\" lid 1 4xNDR\n",
		  GRAPH_NOTE_UNREADABLE, "not a number of ports", 1, 4, true },
		{ WHOLE "Switch\t4 \"H-00000000000000e1\"\t\t# \"late\"\n", GRAPH_NOTE_UNREADABLE,
		  "not the name of such a device", 1, 4, true },
		{ WHOLE "vendid=0x1\n[1]\t\"S-00000000000000e1\"[2]\t\t# \"\" lid 1 4xNDR\n",
		  GRAPH_NOTE_UNREADABLE, "a port of no device", 1, 4, true },
		{ WHOLE "ibwarn: [77] mad_rpc: timeout\n", GRAPH_NOTE_NO_ANSWER, "complained", 1, 4,
		  true },
		{ WHOLE "Hello\033[2J\n", GRAPH_NOTE_UNREADABLE,
		  "not a line of ibnetdiscover's text: 'Hello?[2J'", 1, 4, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct graph graph = read_text(&arena, cases[i].text);

		assert_int_equal(graph.note_count, cases[i].notes);
		assert_int_equal(graph.notes[0].kind, cases[i].kind);
		assert_non_null(strstr(graph.notes[0].text, cases[i].note));
		assert_int_equal(graph.node_count, cases[i].nodes);
		assert_int_equal(graph.is_partial, cases[i].is_partial);
	}
}

/* The device that only a cable names is there, with what the cable says. */
static void no_device_is_dropped_from_a_text_that_was_cut(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = read_text(&arena, HEAD LEAF LEAF_PORTS);
	const struct graph_node *adapter = &graph.nodes[graph_find(&graph, 0xb0)];

	(void)state;
	assert_int_equal(graph.node_count, 4);
	assert_string_equal(adapter->description, "n1 mlx5_0");
	assert_int_equal(adapter->kind, GRAPH_ADAPTER);
	assert_true(graph.ports[adapter->first_port + 1].guid == 0xb1);
	assert_linked(&graph, port_of(&graph, 0xb0, 1), port_of(&graph, 0xa1, 1));
	assert_linked(&graph, port_of(&graph, 0xc1, 2), port_of(&graph, 0xa1, 33));
	assert_true(graph.nodes[graph_find(&graph, 0xd0)].is_aggregator);
	assert_int_equal(graph.ports[port_of(&graph, 0xb0, 1)].speed, SPEED_NDR);
}

static void two_texts_make_one_fabric(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = read_text(&arena, WHOLE);
	struct error err = { .text = "" };

	(void)state;
	assert_true(ibnetdiscover_read(&graph, SPAN(WHOLE), "again", &err));
	assert_int_equal(graph.node_count, 4);
	assert_int_equal(graph.note_count, 0);
}

static void what_is_no_such_text_is_refused(void **state)
{
	static const char *const texts[] = { "",   "\n\n", "hello\n",
					     "{}", HEAD,   "Switch\t4294967296 \"S-1\"\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		SCOPED_ARENA(arena);
		struct graph graph = { .arena = &arena };
		struct error err = { .text = "" };

		assert_false(ibnetdiscover_read(&graph, span_of(texts[i]), "f", &err));
		assert_int_equal(err.code, ERROR_PARSE);
		assert_memory_equal(err.text, "f: ", 3);
	}
	assert_true(ibnetdiscover_is(SPAN(WHOLE)));
	assert_true(ibnetdiscover_is(SPAN("\n\n" LEAF)));
	assert_false(ibnetdiscover_is(SPAN("node1: b83f:d203:00a1:b2c0\n")));
}

static void assert_same(const struct graph *a, const struct graph *b)
{
	assert_int_equal(a->node_count, b->node_count);
	assert_int_equal(a->port_count, b->port_count);
	for (uint32_t i = 0; i < a->node_count; i++) {
		struct graph_node left = a->nodes[i], right = b->nodes[i];

		assert_string_equal(left.description, right.description);
		left.description = right.description = NULL;
		assert_true(left.guid == right.guid && left.system_guid == right.system_guid);
		assert_int_equal(left.kind, right.kind);
		assert_int_equal(left.port_count, right.port_count);
	}
	for (uint32_t i = 0; i < a->port_count; i++) {
		assert_int_equal(a->ports[i].peer, b->ports[i].peer);
		assert_int_equal(a->ports[i].lid, b->ports[i].lid);
		assert_int_equal(a->ports[i].width, b->ports[i].width);
		assert_int_equal(a->ports[i].speed, b->ports[i].speed);
		assert_int_equal(a->ports[i].is_silent, b->ports[i].is_silent);
		if (a->ports[i].peer != GRAPH_NONE)
			assert_true(a->ports[i].guid == b->ports[i].guid);
	}
}

static void what_is_written_reads_back(void **state)
{
	static const struct wires shapes[] = {
		{ .groups = 2, .nodes = 3, .rails = 4, .spines = 2, .cables = 2 },
		{ .groups = 3,
		  .nodes = 2,
		  .rails = 2,
		  .spines = 1,
		  .cables = 1,
		  .is_classic = true },
		{ .groups = 1, .nodes = 1, .rails = 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(text);
		struct graph graph = { .arena = &arena }, again;

		wires_make(&graph, &shapes[i]);
		wires_cut(&graph, graph_port(&graph, wires_leaf(&graph, 0, 0), 1));
		graph.ports[graph_port(&graph, wires_leaf(&graph, 0, 0), 1)].is_silent = true;
		ibnetdiscover_write(&graph, &text);
		again = read_text(&arena, text_string(&text));
		assert_int_equal(again.note_count, 0);
		assert_true(again.is_partial);
		assert_same(&graph, &again);
	}
}

static void doubts_that_are_written_read_back(void **state)
{
	static const struct wires shape = { .groups = 2, .nodes = 3, .rails = 2, .spines = 2 };
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct graph graph = { .arena = &arena }, again;
	uint32_t leaf;

	(void)state;
	wires_make(&graph, &shape);
	ibnetdiscover_write(&graph, &text);
	assert_false(read_text(&arena, text_string(&text)).is_partial);
	text.length = 0;
	leaf = wires_leaf(&graph, 1, 1);
	graph.is_partial = true;
	graph_note(&graph, GRAPH_NOTE_CUT, GRAPH_NONE, GRAPH_NONE, "the sweep was ended");
	graph_note(&graph, GRAPH_NOTE_DUPLICATE_GUID, leaf, graph_port(&graph, leaf, 2),
		   "two of 100%% alike");
	ibnetdiscover_write(&graph, &text);
	text_add(&text, "# note on nothing\n# note cut x\n# partially\n");
	again = read_text(&arena, text_string(&text));
	assert_true(again.is_partial);
	assert_int_equal(again.note_count, 2);
	assert_int_equal(again.notes[0].kind, GRAPH_NOTE_CUT);
	assert_int_equal(again.notes[0].node, GRAPH_NONE);
	assert_string_equal(again.notes[0].text, "the sweep was ended");
	assert_int_equal(again.notes[1].kind, GRAPH_NOTE_DUPLICATE_GUID);
	assert_int_equal(again.notes[1].node, leaf);
	assert_int_equal(again.notes[1].port, graph_port(&again, leaf, 2));
	assert_string_equal(again.notes[1].text, "two of 100% alike");
}

/* A text that comes in pieces of odd sizes, and breaks where it is told to. */
struct crumbs {
	struct span text, rest;
	size_t breaks_behind; /* bytes; 0: never */
	unsigned opened;
};

static bool read_crumb(void *context, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	struct crumbs *crumbs = context;
	size_t length = crumbs->rest.length < 70001 ? crumbs->rest.length : 70001;

	if (crumbs->breaks_behind > 0 &&
	    crumbs->text.length - crumbs->rest.length > crumbs->breaks_behind)
		return (fail)(err, ERROR_IO, "the disk is broken");
	length = length < room ? length : room;
	memcpy(into, crumbs->rest.at, length);
	crumbs->rest.at += length;
	crumbs->rest.length -= length;
	*ret_length = length;
	return true;
}

static bool open_crumbs(void *context, struct byte_source *ret_source, struct error *err)
{
	struct crumbs *crumbs = context;

	(void)err;
	crumbs->opened++;
	crumbs->rest = crumbs->text;
	*ret_source = (struct byte_source){ read_crumb, crumbs };
	return true;
}

enum {
	LEAVES = 200,
	ADAPTERS = 60, /* of each */
};

static void add_pair(struct text *text, unsigned leaf, unsigned port)
{
	unsigned guid = 0x100000 + leaf * 0x100 + port;

	text_format(text,
		    "caguid=0x%x\nCa\t1 \"H-%016x\"\t\t# \"n%u mlx5_0\"\n[1](%x) "
		    "\t\"S-%016x\"[%u]\t\t# lid %u lmc 0 \"leaf%u\" lid %u 4xNDR\n\n",
		    guid, guid, guid, guid, 0xa000 + leaf, port, port, leaf, leaf);
}

/* Several pieces of a text in which much is wrong: every kind of line, doubles, lines that are
 * longer than a piece. */
static void add_large(struct text *text)
{
	for (unsigned leaf = 0; leaf < LEAVES; leaf++) {
		text_format(text,
			    "vendid=0x2c9\n\ndevid=0x%x\nSwitch\t64 \"S-%016x\"\t# \"leaf%u\" base "
			    "port 0 lid %u lmc 0\n",
			    leaf, 0xa000 + leaf, leaf, leaf + 1);
		for (unsigned port = 1; port <= ADAPTERS; port++)
			text_format(text,
				    "[%u]\t\"H-%016x\"[1](%x) \t\t# \"n mlx5_0\" lid 12 4xNDR\n",
				    port, 0x100000 + leaf * 0x100 + port,
				    0x100000 + leaf * 0x100 + port);
		text_format(
			text,
			"# [61] silent\n[65]\t\"S-01\"[1]\n[62]\t\"S-%016x\"[62]\t# \"x\" lid 1 "
			"2xHDR\r\n[63]\t\"S-0c\"[1]\t# \"gone\" lid 9 4xNDR\n",
			0xa000 + (leaf ^ 1) % 50);
		if (leaf % 40 == 7)
			text_add(text, "vendid=0x5\nibwarn: [1] no\n[3]\t\"S-0a\"[1]\nwhat is "
				       "this\nCa\tx\n");
		for (unsigned i = 0; leaf % 90 == 8 && i < 600000; i++)
			text_add_char(text, 'y');
		text_add(text, leaf % 90 == 8 ? "\n" : "\n\n");
	}
	for (unsigned leaf = 0; leaf < LEAVES; leaf++)
		for (unsigned port = 1; port <= ADAPTERS; port++)
			add_pair(text, leaf, port);
	add_pair(text, 3, 3);
	text_add(text, "vendid=0x2c9\nCa\t1 \"H-");
}

static void read_crumbs(struct graph *graph, struct crumbs *crumbs, unsigned threads,
			struct error *err)
{
	const struct ibnetdiscover_text text = {
		.open = open_crumbs,
		.context = crumbs,
		.threads = threads,
	};

	(void)ibnetdiscover_read_again(graph, &text, "f", err);
}

static void threads_do_not_show(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(large);
	SCOPED_TEXT(first);
	struct graph alone = { .arena = &arena };
	struct error err = { .text = "" };
	struct crumbs crumbs;

	(void)state;
	large.maximum = first.maximum = 64 << 20;
	add_large(&large);
	crumbs = (struct crumbs){ .text = text_span(&large) };
	read_crumbs(&alone, &crumbs, 0, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(crumbs.opened, 2);
	assert_int_equal(alone.node_count, LEAVES * (ADAPTERS + 1) + 1);
	assert_true(large.length > 8 * (256 << 10));
	ibnetdiscover_write(&alone, &first);
	for (unsigned threads = 2; threads <= 5; threads++) {
		SCOPED_TEXT(second);
		struct graph beside = { .arena = &arena };

		second.maximum = 64 << 20;
		read_crumbs(&beside, &crumbs, threads, &err);
		assert_string_equal(err.text, "");
		ibnetdiscover_write(&beside, &second);
		assert_string_equal(text_string(&first), text_string(&second));
		assert_int_equal(beside.note_count, alone.note_count);
		for (uint32_t i = 0; i < alone.note_count; i++)
			assert_string_equal(beside.notes[i].text, alone.notes[i].text);
	}
}

/* Which end a cable is looked up from hangs on what lines call the devices. */
static void a_line_may_call_a_device_by_another_kind(void **state)
{
	static const char kinds[] = "SHR";

	(void)state;
	for (unsigned i = 0; i < 81; i++) {
		SCOPED_ARENA(arena);
		const char *text =
			arena_format(&arena,
				     "Switch\t3 \"S-a1\"\n[1]\t\"%c-b0\"[1]\n[2]\t\"%c-c1\"[2]\n"
				     "Switch\t2 \"S-c1\"\n[2]\t\"%c-a1\"[2]\n"
				     "Ca\t2 \"H-b0\"\n[1]\t\"%c-a1\"[1]\n"
				     "[2]\t\"H-b2\"[1]\nCa\t1 \"H-b2\"\n[1]\t\"%c-b0\"[2]\n",
				     kinds[i % 3], kinds[i / 3 % 3], kinds[i / 9 % 3],
				     kinds[i / 27], kinds[i % 3]);
		struct graph graph = read_text(&arena, text);

		assert_int_equal(graph.note_count, 0);
		assert_int_equal(graph.node_count, 4);
		assert_linked(&graph, port_of(&graph, 0xa1, 1), port_of(&graph, 0xb0, 1));
		assert_linked(&graph, port_of(&graph, 0xa1, 2), port_of(&graph, 0xc1, 2));
		assert_linked(&graph, port_of(&graph, 0xb0, 2), port_of(&graph, 0xb2, 1));
	}
}

/* What comes first in the text is told, whoever met it first. */
static void a_broken_source_is_told_at_its_place(void **state)
{
	SCOPED_TEXT(large);

	(void)state;
	large.maximum = 64 << 20;
	add_large(&large);
	for (unsigned threads = 1; threads <= 4; threads++) {
		SCOPED_ARENA(arena);
		struct graph graph = { .arena = &arena };
		struct error err = { .text = "" };
		struct crumbs crumbs = { .text = text_span(&large), .breaks_behind = 2 << 20 };

		read_crumbs(&graph, &crumbs, threads, &err);
		assert_string_equal(err.text, "the disk is broken");
		assert_int_equal(crumbs.opened, 1);
	}
}

/* A second look for names says nothing twice. */
static void a_long_line_is_noted_once(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct graph graph;

	(void)state;
	text_add(&text, LEAF LEAF_PORTS);
	for (unsigned i = 0; i <= IBNETDISCOVER_LINE_MAXIMUM; i++)
		text_add_char(&text, 'y');
	text_add_char(&text, '\n');
	graph = read_text(&arena, text_string(&text));
	assert_int_equal(graph.note_count, 2);
	assert_int_equal(graph.notes[0].kind, GRAPH_NOTE_UNREADABLE);
	assert_int_equal(graph.notes[1].kind, GRAPH_NOTE_CUT);
}

static void try_digit(unsigned place, int byte)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *digit = strchr(digits, byte);
	char text[] = "\"S-1234567890abCDEF\"";
	struct cursor cursor = { text, text + sizeof(text) - 1 };
	const unsigned shift = 60 - 4 * place;
	enum graph_kind kind = GRAPH_KIND_COUNT;
	uint64_t guid = 0, value;

	text[3 + place] = (char)byte;
	assert_int_equal(cursor_device(&cursor, &kind, &guid), digit != NULL);
	if (!digit)
		return;
	value = (uint64_t)(digit - digits);
	value -= value > 15 ? 6 : 0;
	assert_true((guid >> shift & 0xf) == value);
	assert_true(((guid ^ 0x1234567890abcdefu) & ~(0xfull << shift)) == 0);
}

/* Every byte at every place: a digit of base 16 or not one. A quote ends the name. */
static void a_guid_is_sixteen_digits(void **state)
{
	(void)state;
	for (unsigned place = 0; place < 16; place++)
		for (int byte = 1; byte < 256; byte++)
			if (byte != '"')
				try_digit(place, byte);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_the_text_says_is_kept),
		cmocka_unit_test(every_rate_and_width_is_known),
		cmocka_unit_test(groups_of_chassis_are_read_too),
		cmocka_unit_test(what_contradicts_itself_is_noted),
		cmocka_unit_test(no_device_is_dropped_from_a_text_that_was_cut),
		cmocka_unit_test(two_texts_make_one_fabric),
		cmocka_unit_test(what_is_no_such_text_is_refused),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(doubts_that_are_written_read_back),
		cmocka_unit_test(threads_do_not_show),
		cmocka_unit_test(a_line_may_call_a_device_by_another_kind),
		cmocka_unit_test(a_broken_source_is_told_at_its_place),
		cmocka_unit_test(a_long_line_is_noted_once),
		cmocka_unit_test(a_guid_is_sixteen_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
