/* The counters of every linked port, by performance management. */
#include <string.h>

#include "probe/datagram.h"
#include "probe/sweep.h"

enum {
	TOLD_EACH_NS = 100000000,
};

struct reader {
	const struct sweep_request *request;
	const struct graph *graph;
	struct sweep_result *result;
	struct exchange exchange;
	uint32_t next; /* port of the graph */
	bool is_second;
};

/* Datagrams to a switch go to the LID of its port 0. */
static uint16_t lid_of(const struct graph *graph, uint32_t port)
{
	const struct graph_node *node = &graph->nodes[graph->ports[port].node];

	return graph->ports[node->kind == GRAPH_SWITCH ? node->first_port : port].lid;
}

/* The next port that can be asked, GRAPH_NONE behind the last. */
static uint32_t find_next(struct reader *reader)
{
	const struct graph *graph = reader->graph;

	for (; reader->next < graph->port_count; reader->next++) {
		const struct graph_port *port = &graph->ports[reader->next];

		if (port->number == 0 || (port->peer == GRAPH_NONE && !port->is_silent))
			continue;
		if (lid_of(graph, reader->next))
			return reader->next;
		reader->result->uncounted_ports += !reader->is_second;
	}
	return GRAPH_NONE;
}

static bool ask_more(struct reader *reader, struct error *err)
{
	while (exchange_has_room(&reader->exchange)) {
		uint32_t port = find_next(reader);
		struct mad mad;

		if (port == GRAPH_NONE)
			return true;
		performance_ask(&mad, lid_of(reader->graph, port),
				(uint8_t)reader->graph->ports[port].number,
				exchange_number(&reader->exchange));
		reader->next++;
		if (!exchange_send(&reader->exchange, &mad,
				   &(struct exchange_question){ .port = port }, err))
			return false;
	}
	return true;
}

static void take(struct reader *reader, uint32_t port, const struct mad *mad)
{
	struct port_counters *counters = &reader->result->counters[port];

	if (!mad || datagram_status(mad)) {
		reader->result->uncounted_ports += !reader->is_second;
		return;
	}
	performance_read(mad, reader->is_second ? counters->second : counters->first);
	if (reader->is_second) {
		counters->has_second = true;
	} else {
		counters->has_first = true;
		reader->result->counted_ports++;
	}
}

/* Once over all ports; false also when the device is broken. */
static bool read_all(struct reader *reader, struct error *err)
{
	const struct sweep_request *request = reader->request;
	const struct mad_door *door = request->door;
	int64_t told_ns = door->now_ns(door->self);

	reader->next = 0;
	while (!reader->result->is_cut) {
		struct exchange_question question;
		struct mad mad;

		if (!ask_more(reader, err))
			return false;
		enum exchange_outcome outcome =
			exchange_next(&reader->exchange, &question, &mad, err);

		if (outcome == EXCHANGE_BROKEN)
			return false;
		if (outcome == EXCHANGE_IDLE)
			return true;
		if (outcome != EXCHANGE_WAIT)
			take(reader, question.port, outcome == EXCHANGE_ANSWER ? &mad : NULL);
		int64_t now_ns = door->now_ns(door->self);

		if (now_ns - told_ns < TOLD_EACH_NS)
			continue;
		told_ns = now_ns;
		reader->result->is_cut =
			request->goes_on &&
			!request->goes_on(request->self, reader->graph, &reader->exchange.tally);
	}
	return true;
}

/* In steps, so that who wants to end it need not wait. */
static void wait(struct reader *reader, int64_t interval_ns)
{
	const struct sweep_request *request = reader->request;
	const struct mad_door *door = request->door;
	int64_t until_ns = door->now_ns(door->self) + interval_ns;

	while (!reader->result->is_cut) {
		int64_t left_ns = until_ns - door->now_ns(door->self);

		if (left_ns <= 0)
			return;
		door->pause(door->self, left_ns < TOLD_EACH_NS ? left_ns : TOLD_EACH_NS);
		reader->result->is_cut =
			request->goes_on &&
			!request->goes_on(request->self, reader->graph, &reader->exchange.tally);
	}
}

bool sweep_read_counters(const struct sweep_request *request, const struct graph *graph,
			 int64_t interval_ns, struct sweep_result *result, struct error *err)
{
	struct reader reader = {
		.request = request,
		.graph = graph,
		.result = result,
		.exchange = { .door = request->door,
			      .arena = graph->arena,
			      .window_limit = request->window,
			      .tries = request->tries },
	};

	exchange_start(&reader.exchange);
	result->counters = ARENA_ARRAY(graph->arena, struct port_counters, graph->port_count);
	bool is_good = read_all(&reader, err);

	if (is_good && interval_ns > 0) {
		wait(&reader, interval_ns);
		reader.is_second = true;
		is_good = read_all(&reader, err);
	}
	return is_good || fail_while(err, "reading counters of ports");
}
