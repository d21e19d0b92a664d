/*
 * Whatever the devices of a fabric answer, and whether they do, a sweep of it ends with a graph
 * that is whole: links have two ends, notes a place in it; what is written of it reads back. The
 * input is what becomes of one question after the other.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fabric/ibnetdiscover.h"
#include "probe/datagram.h"
#include "probe/sweep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	WINDOW = 8,
	WAY_MAXIMUM = 64,
	QUESTIONS_MAXIMUM = 500, /* then the adapter breaks */
	NS_PER_MS = 1000000,
	ANSWER_BYTES = 64,
	STATUS_UNKNOWN_ATTRIBUTE = 0x0c,
};

/* What becomes of a question; a lesser number is an answer of the right form. */
enum fate {
	FATE_SILENCE = 0xf8,
	FATE_REFUSED,
	FATE_STRAY,
	FATE_TIMED_OUT,
	FATE_RAW, /* and what follows */
};

struct hostile {
	const uint8_t *at;
	size_t left;
	int64_t now_ns;
	unsigned asked, count;
	struct mad way[WAY_MAXIMUM];
};

static uint8_t take(struct hostile *hostile)
{
	if (hostile->left == 0)
		return 0;
	hostile->left--;
	return *hostile->at++;
}

static void take_bytes(struct hostile *hostile, uint8_t *into, size_t count)
{
	for (size_t i = 0; i < count; i++)
		into[i] = take(hostile);
}

/* Few bytes make an answer that a sweep goes on from. */
static void shape(struct hostile *hostile, uint8_t first, struct mad *mad)
{
	uint8_t *data = mad->data + AT_DATA;

	memset(data, 0, ANSWER_BYTES);
	switch (datagram_get(mad->data + AT_ATTRIBUTE, 2)) {
	case SMP_NODE_INFO:
		data[2] = first & 3;
		data[3] = first >> 2 & 15;
		data[19] = take(hostile);
		data[11] = data[27] = data[19];
		data[36] = take(hostile) & 15;
		datagram_put(data + 30, 2, 0x1013); /* a ConnectX-4, which is asked about FDR10 */
		break;
	case SMP_PORT_INFO:
		data[17] = first;
		data[31] = 2;
		data[33] = (uint8_t)((first & 1 ? SMP_PHYSICAL_UP : 2) << 4);
		data[34] = (uint8_t)(first << 5);
		data[35] = (uint8_t)(first << 3);
		break;
	default:
		data[0] = first;
		take_bytes(hostile, data + 1, first & 15);
	}
}

static bool hostile_send(void *self, const struct mad *mad, unsigned timeout_ms, struct error *err)
{
	struct hostile *hostile = self;

	(void)timeout_ms;
	assert(mad_only_asks(mad, err));
	assert(mad->data[AT_HOPS] <= MAD_HOPS_MAXIMUM);
	if (++hostile->asked > QUESTIONS_MAXIMUM)
		return fail(err, ERROR_IO, "the adapter is gone");
	if (hostile->count < WAY_MAXIMUM)
		hostile->way[hostile->count++] = *mad;
	return true;
}

static enum mad_outcome decide(struct hostile *hostile, uint8_t first, struct mad *mad)
{
	if (first == FATE_TIMED_OUT)
		return MAD_TIMED_OUT;
	mad->data[AT_METHOD] |= MAD_METHOD_ANSWER;
	if (first < FATE_SILENCE)
		shape(hostile, first, mad);
	else if (first == FATE_REFUSED)
		mad->data[AT_STATUS + 1] = STATUS_UNKNOWN_ATTRIBUTE;
	else if (first == FATE_STRAY)
		take_bytes(hostile, mad->data + AT_NUMBER, 4);
	else
		take_bytes(hostile, mad->data + AT_DATA, ANSWER_BYTES);
	return MAD_ANSWER;
}

static enum mad_outcome hostile_receive(void *self, int wait_ms, struct mad *ret_mad,
					struct error *err)
{
	struct hostile *hostile = self;
	uint8_t first;

	(void)err;
	hostile->now_ns += NS_PER_MS / 100;
	if (hostile->count > 0 && hostile->left > 0) {
		*ret_mad = hostile->way[--hostile->count];
		first = take(hostile);
		if (first != FATE_SILENCE)
			return decide(hostile, first, ret_mad);
	}
	hostile->count = hostile->left > 0 ? hostile->count : 0;
	hostile->now_ns += (int64_t)wait_ms * NS_PER_MS;
	return MAD_NOTHING;
}

static int64_t hostile_now(void *self)
{
	return ((struct hostile *)self)->now_ns;
}

static void hostile_pause(void *self, int64_t ns)
{
	((struct hostile *)self)->now_ns += ns;
}

static void check(const struct graph *graph)
{
	for (uint32_t i = 0; i < graph->node_count; i++) {
		assert(graph_find(graph, graph->nodes[i].guid) == i);
		assert(graph->nodes[i].description);
	}
	for (uint32_t i = 0; i < graph->port_count; i++) {
		const struct graph_port *port = &graph->ports[i];

		assert(port->peer == GRAPH_NONE || graph->ports[port->peer].peer == i);
		assert(graph->nodes[port->node].first_port + port->number == i);
	}
	for (uint32_t i = 0; i < graph->note_count && i < GRAPH_NOTES_MAXIMUM; i++) {
		assert(graph->notes[i].node == GRAPH_NONE ||
		       graph->notes[i].node < graph->node_count);
		assert(graph->notes[i].port == GRAPH_NONE ||
		       graph->notes[i].port < graph->port_count);
	}
}

static void check_written(const struct graph *graph, struct arena *arena)
{
	SCOPED_TEXT(written);
	struct graph again = { .arena = arena };

	ibnetdiscover_write(graph, &written);
	assert(ibnetdiscover_read(&again, text_span(&written), "written", NULL));
	assert(again.node_count == graph->node_count);
	for (uint32_t i = 0; i < graph->port_count; i++) {
		assert(again.ports[i].peer == graph->ports[i].peer);
		assert(graph->ports[i].peer == GRAPH_NONE ||
		       again.ports[i].speed == graph->ports[i].speed);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	struct hostile *hostile = ARENA_NEW(&arena, struct hostile);
	const struct mad_door door = { .send = hostile_send,
				       .receive = hostile_receive,
				       .now_ns = hostile_now,
				       .pause = hostile_pause,
				       .self = hostile,
				       .device = "hostile0",
				       .port = 1 };
	const struct sweep_request request = { .door = &door, .window = WINDOW, .tries = 2 };
	struct graph graph = { .arena = &arena };
	struct sweep_result result;

	hostile->at = data;
	hostile->left = size;
	if (sweep(&request, &graph, &result, NULL)) {
		assert(result.root < graph.node_count && result.root_port < graph.port_count);
		(void)sweep_read_counters(&request, &graph, NS_PER_MS, &result, NULL);
	}
	check(&graph);
	if (graph.node_count > 0)
		check_written(&graph, &arena);
	return 0;
}
