#include "probe/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	WAY_MAXIMUM = 64,
	RING = 5, /* switches, each cabled with the next; the local adapter hangs at the first */
	PORTS = 4,
};

/* A ring of switches that answers at once. `loop` is a switch whose port 3 leads into itself. */
struct ring {
	int64_t now_ns;
	int loop;
	bool is_old;           /* QDR by its PortInfo, and FDR10 by what its maker adds */
	bool is_plain;         /* the maker's addition is not known to it */
	bool is_recent;        /* made after FDR10: nobody asks it */
	unsigned speeds_asked; /* questions for the maker's addition */
	unsigned broken_after; /* questions; 0: never */
	unsigned asked, count;
	struct mad way[WAY_MAXIMUM];
};

/* Where the route ends, and the port that it comes in by; false when it leads nowhere. */
static bool follow(const struct ring *ring, const struct mad *mad, int *ret_at, uint8_t *ret_port)
{
	int at = -1; /* the adapter */

	*ret_port = 1;
	for (unsigned hop = 1; hop <= mad->data[7]; hop++) {
		uint8_t out = mad->data[128 + hop];

		if (at < 0 && out == 1) {
			at = 0;
			*ret_port = 4;
		} else if (at >= 0 && out == 1) {
			at = (at + 1) % RING;
			*ret_port = 2;
		} else if (at >= 0 && out == 2) {
			at = (at + RING - 1) % RING;
			*ret_port = 1;
		} else if (at == 0 && out == 4) {
			at = -1;
			*ret_port = 1;
		} else if (at < 0 || out != 3 || at != ring->loop) {
			return false;
		} else {
			*ret_port = 3;
		}
	}
	*ret_at = at;
	return true;
}

static void answer(struct ring *ring, struct mad *mad, int at, uint8_t port)
{
	uint8_t *data = mad->data + 64;
	uint8_t number = mad->data[23];
	bool is_up = at < 0 || number == 1 || number == 2 || (number == 3 && at == ring->loop) ||
		     (number == 4 && at == 0);

	mad->data[3] |= MAD_METHOD_ANSWER;
	memset(data, 0, 64);
	if (mad->data[17] == SMP_NODE_INFO) {
		data[2] = at < 0 ? 1 : 2;
		data[3] = at < 0 ? 1 : PORTS;
		data[19] = data[27] = data[11] = (uint8_t)(at < 0 ? 0xb1 : 0xa0 + at);
		data[36] = port;
		data[39] = 0xc9;
		data[38] = 0x02;
		data[30] = 0x10;
		data[31] = ring->is_recent ? 0x21 : 0x11;
	} else if (mad->data[16] == 0xff && mad->data[17] == 0x90) {
		ring->speeds_asked++;
		assert_true(is_up);
		mad->data[5] = ring->is_plain ? 0x0c : 0;
		data[7] = data[11] = data[15] = 1;
	} else if (mad->data[17] == SMP_PORT_INFO) {
		data[31] = 2;
		data[33] = (uint8_t)((is_up ? SMP_PHYSICAL_UP : 2) << 4);
		data[35] = 4 << 4;
		data[62] = ring->is_old ? 0 : 8 << 4;
	} else {
		data[0] = (uint8_t)(at < 0 ? 'n' : 'a' + at);
	}
}

static bool ring_send(void *self, const struct mad *mad, unsigned timeout_ms, struct error *err)
{
	struct ring *ring = self;
	struct mad *answered = &ring->way[ring->count];
	uint8_t port;
	int at;

	(void)timeout_ms;
	assert_true(mad_only_asks(mad, err));
	if (ring->broken_after && ++ring->asked > ring->broken_after)
		return (fail)(err, ERROR_IO, "the adapter is gone");
	*answered = *mad;
	if (!follow(ring, mad, &at, &port))
		return true;
	answer(ring, answered, at, port);
	ring->count++;
	assert_true(ring->count < WAY_MAXIMUM);
	return true;
}

static enum mad_outcome ring_receive(void *self, int wait_ms, struct mad *ret_mad,
				     struct error *err)
{
	struct ring *ring = self;

	(void)err;
	ring->now_ns += 1000;
	if (!ring->count) {
		ring->now_ns += (int64_t)wait_ms * 1000000;
		return MAD_NOTHING;
	}
	*ret_mad = ring->way[--ring->count];
	return MAD_ANSWER;
}

static int64_t ring_now(void *self)
{
	return ((struct ring *)self)->now_ns;
}

static bool sweep_ring(struct ring *ring, struct graph *graph, struct sweep_result *result,
		       struct error *err)
{
	const struct mad_door door = { .send = ring_send,
				       .receive = ring_receive,
				       .now_ns = ring_now,
				       .self = ring,
				       .device = "ring0",
				       .port = 1 };
	const struct sweep_request request = { .door = &door, .window = 16 };

	return sweep(&request, graph, result, err);
}

static void a_ring_is_walked_once(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct ring ring = { .loop = -1 };
	struct sweep_result result;

	(void)state;
	assert_true(sweep_ring(&ring, &graph, &result, NULL));
	assert_int_equal(graph.node_count, RING + 1);
	assert_int_equal(graph.note_count, 0);
	assert_false(graph.is_partial);
	assert_int_equal(graph.nodes[result.root].guid, 0xb1);
	assert_string_equal(graph.nodes[graph_find(&graph, 0xa3)].description, "d");
	for (unsigned i = 0; i < RING; i++) {
		uint32_t node = graph_find(&graph, 0xa0 + i);
		uint32_t next = graph_find(&graph, 0xa0 + (i + 1) % RING);
		const struct graph_port *port = &graph.ports[graph_port(&graph, node, 1)];

		assert_int_equal(port->peer, graph_port(&graph, next, 2));
		assert_int_equal(port->width, 4);
		assert_int_equal(port->speed, SPEED_NDR);
		assert_int_equal(graph.ports[graph_port(&graph, node, 3)].peer, GRAPH_NONE);
	}
	/* Each device: who it is and its name; each port of a switch with 0; the adapter's port;
	 * and at most both ends of each of the six cables. */
	assert_true(result.tally.sent <= (RING + 1) + RING * (PORTS + 1) + 1 + 2 * (RING + 1) + 1);
}

static void a_port_of_qdr_is_asked_whether_it_is_fdr10(void **state)
{
	static const struct {
		bool is_plain, is_recent;
		enum graph_speed speed;
	} cases[] = { { false, false, SPEED_FDR10 },
		      { true, false, SPEED_QDR },
		      { false, true, SPEED_QDR } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct graph graph = { .arena = &arena };
		struct ring ring = { .loop = -1,
				     .is_old = true,
				     .is_plain = cases[i].is_plain,
				     .is_recent = cases[i].is_recent };
		struct sweep_result result;
		uint32_t port;

		assert_true(sweep_ring(&ring, &graph, &result, NULL));
		assert_int_equal(ring.speeds_asked > 0, !cases[i].is_recent);
		assert_int_equal(graph.note_count, 0);
		assert_int_equal(result.unread_ports, 0);
		for (uint32_t node = 0; node < graph.node_count; node++) {
			port = graph_port(&graph, node, 1);
			assert_int_equal(graph.ports[port].speed, cases[i].speed);
		}
	}
}

static void a_cable_into_itself_is_named(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct ring ring = { .loop = 2 };
	struct sweep_result result;

	(void)state;
	assert_true(sweep_ring(&ring, &graph, &result, NULL));
	assert_int_equal(graph.note_count, 1);
	assert_int_equal(graph.notes[0].kind, GRAPH_NOTE_SELF);
	assert_int_equal(graph.notes[0].node, graph_find(&graph, 0xa2));
	assert_int_equal(graph.notes[0].port, graph_port(&graph, graph.notes[0].node, 3));
	assert_non_null(strstr(graph.notes[0].text, "\"c\" port 3"));
}

static void what_was_found_before_the_adapter_broke_is_kept(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct ring ring = { .loop = -1, .broken_after = 12 };
	struct sweep_result result;
	struct error err;

	(void)state;
	assert_false(sweep_ring(&ring, &graph, &result, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "the adapter is gone"));
	assert_true(graph.node_count >= 2);
}

static void an_adapter_that_says_nothing_is_an_error(void **state)
{
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct ring ring = { .loop = -1, .broken_after = 1 };
	struct sweep_result result;
	struct error err;

	(void)state;
	ring.asked = 1;
	assert_false(sweep_ring(&ring, &graph, &result, &err));
	assert_non_null(strstr(err.text, "ring0"));
	assert_int_equal(graph.node_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_is_walked_once),
		cmocka_unit_test(a_port_of_qdr_is_asked_whether_it_is_fdr10),
		cmocka_unit_test(a_cable_into_itself_is_named),
		cmocka_unit_test(what_was_found_before_the_adapter_broke_is_kept),
		cmocka_unit_test(an_adapter_that_says_nothing_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
