#include "probe/sweep_parts.h"

#include "probe/datagram.h"

enum {
	GOES_ON_EACH_NS = 100000000,
};

/* Whether there is time and somebody wants to know. */
static bool goes_on(struct sweeper *sweeper, int64_t start_ns, int64_t now_ns)
{
	const struct sweep_request *request = sweeper->request;

	sweeper->result->is_cut =
		(request->limit_ns && now_ns - start_ns > request->limit_ns) ||
		(request->goes_on &&
		 !request->goes_on(request->self, sweeper->graph, &sweeper->exchange.tally));
	return !sweeper->result->is_cut;
}

static bool walk(struct sweeper *sweeper, struct error *err)
{
	const struct mad_door *door = sweeper->request->door;
	int64_t start_ns = door->now_ns(door->self);
	int64_t told_ns = start_ns;

	for (;;) {
		struct exchange_question question;
		struct mad mad;

		while (sweeper->head != GRAPH_NONE && exchange_has_room(&sweeper->exchange)) {
			if (!sweep_ask_next(sweeper, err))
				return false;
		}
		enum exchange_outcome outcome =
			exchange_next(&sweeper->exchange, &question, &mad, err);

		if (outcome == EXCHANGE_BROKEN ||
		    (outcome == EXCHANGE_ANSWER && !sweep_take(sweeper, &question, &mad, err)) ||
		    (outcome == EXCHANGE_SILENCE && !sweep_take(sweeper, &question, NULL, err)))
			return false;
		if (outcome == EXCHANGE_IDLE && sweeper->head == GRAPH_NONE)
			return true;
		int64_t now_ns = door->now_ns(door->self);

		if (now_ns - told_ns < GOES_ON_EACH_NS)
			continue;
		told_ns = now_ns;
		if (!goes_on(sweeper, start_ns, now_ns))
			return true;
	}
}

/* The local device, and the port of it that the sweep goes out by. */
static bool begin(struct sweeper *sweeper, struct error *err)
{
	const struct mad_door *door = sweeper->request->door;
	const struct smp_route here = { .hops = 0 };
	struct exchange_question question = { .device = 0, .kind = ASK_NODE };
	struct mad mad;
	struct smp_node node;
	enum exchange_outcome outcome = EXCHANGE_WAIT;

	smp_ask(&mad, SMP_NODE_INFO, 0, &here, exchange_number(&sweeper->exchange));
	if (!exchange_send(&sweeper->exchange, &mad, &question, err))
		return fail_while(err, "asking the local adapter %s", door->device);
	while (outcome == EXCHANGE_WAIT)
		outcome = exchange_next(&sweeper->exchange, &question, &mad, err);
	if (outcome == EXCHANGE_BROKEN)
		return false;
	if (outcome != EXCHANGE_ANSWER || datagram_status(&mad) || !smp_read_node(&mad, &node))
		return fail(err, ERROR_IO,
			    "the local adapter %s port %u does not answer datagrams of subnet "
			    "management: a virtual function, or a port without link; --device "
			    "chooses another",
			    door->device, door->port);
	uint32_t index;

	if (!sweep_add(sweeper, &node, SWEEP_NO_PARENT, 0, &index, err))
		return false;
	sweeper->result->root = index;
	sweeper->result->root_port = graph_port(sweeper->graph, index, node.local_port);
	sweep_arrive(sweeper, index, &node);
	return true;
}

bool sweep(const struct sweep_request *request, struct graph *graph,
	   struct sweep_result *ret_result, struct error *err)
{
	const struct mad_door *door = request->door;
	int64_t start_ns = door->now_ns(door->self);
	unsigned hops = request->hops_maximum;
	struct sweeper sweeper = {
		.request = request,
		.graph = graph,
		.result = ret_result,
		.exchange = { .door = door,
			      .arena = graph->arena,
			      .window_limit = request->window,
			      .tries = request->tries },
		.head = GRAPH_NONE,
		.tail = GRAPH_NONE,
		.doubts = ARENA_ARRAY(graph->arena, struct sweep_doubt, SWEEP_DOUBTS_MAXIMUM),
		.hops_maximum = hops && hops < MAD_HOPS_MAXIMUM ? hops : MAD_HOPS_MAXIMUM,
	};

	*ret_result = (struct sweep_result){ .root = GRAPH_NONE };
	exchange_start(&sweeper.exchange);
	bool is_good = begin(&sweeper, err) && walk(&sweeper, err);

	sweep_tell_doubts(&sweeper);
	if (ret_result->is_cut) {
		graph->is_partial = true;
		graph_note(graph, GRAPH_NOTE_CUT, GRAPH_NONE, GRAPH_NONE,
			   "the sweep was ended before it was done");
	}
	ret_result->tally = sweeper.exchange.tally;
	ret_result->round_trip_us = sweeper.exchange.round_trip_us;
	ret_result->duration_ns = door->now_ns(door->self) - start_ns;
	return is_good;
}
