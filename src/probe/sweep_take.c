#include <string.h>

#include "probe/datagram.h"
#include "probe/sweep_parts.h"

/* Whether this can be the device that has the GUID already. */
static bool is_same(const struct graph_node *known, const struct smp_node *node)
{
	return known->kind == node->kind && known->port_count == node->port_count &&
	       known->system_guid == node->system_guid && known->device == node->device;
}

void sweep_arrive(struct sweeper *sweeper, uint32_t index, const struct smp_node *node)
{
	struct graph_port *port =
		&sweeper->graph->ports[graph_port(sweeper->graph, index, node->local_port)];

	if (node->kind != GRAPH_SWITCH) {
		port->guid = node->port_guid;
		sweep_set_bit(sweeper->devices[index].ports, node->local_port);
	}
	sweep_enqueue(sweeper, index);
}

static bool take_node(struct sweeper *sweeper, const struct exchange_question *question,
		      const struct mad *mad, struct error *err)
{
	struct graph *graph = sweeper->graph;
	uint32_t from = question->device;
	struct smp_node node;

	if (!smp_read_node(mad, &node)) {
		sweep_doubt(sweeper,
			    &(struct sweep_doubt){ DOUBT_RUBBISH, from, question->port, 0, 0 });
		return true;
	}
	uint32_t index = graph_find(graph, node.guid);
	bool is_new = index == GRAPH_NONE;

	if (is_new && !sweep_add(sweeper, &node, from, question->port, &index, err))
		return false;
	uint32_t port = graph_port(graph, from, question->port);
	uint32_t other = graph_port(graph, index, node.local_port);
	bool is_twice = !is_new && !is_same(&graph->nodes[index], &node);

	if (!is_twice && other != GRAPH_NONE && graph_link(graph, port, other)) {
		sweep_arrive(sweeper, index, &node);
		return true;
	}
	graph->ports[port].is_silent = true;
	sweep_doubt(sweeper, &(struct sweep_doubt){ port == other ? DOUBT_SELF : DOUBT_DUPLICATE,
						    from, question->port, node.guid, 0 });
	return true;
}

/* FDR10 is older than the names of the standard; devices of its time tell it apart from QDR. */
static void ask_speed(struct sweeper *sweeper, const struct exchange_question *question,
		      const struct graph_port *port)
{
	const struct graph_node *node = &sweeper->graph->nodes[question->device];
	struct sweep_device *device = &sweeper->devices[question->device];

	if (port->speed != SPEED_QDR || !smp_tells_fdr10(node->vendor, node->device))
		return;
	if (!device->speeds)
		device->speeds = ARENA_ARRAY(sweeper->graph->arena, uint64_t, SWEEP_PORT_WORDS);
	sweep_set_bit(device->speeds, question->port);
}

static void take_speed(struct sweeper *sweeper, const struct exchange_question *question,
		       const struct mad *mad)
{
	struct graph *graph = sweeper->graph;

	if (smp_is_fdr10(mad))
		graph->ports[graph_port(graph, question->device, question->port)].speed =
			SPEED_FDR10;
}

static void take_port(struct sweeper *sweeper, const struct exchange_question *question,
		      const struct mad *mad)
{
	struct graph *graph = sweeper->graph;
	struct sweep_device *device = &sweeper->devices[question->device];
	struct graph_port *port =
		&graph->ports[graph_port(graph, question->device, question->port)];
	struct smp_port answer;

	smp_read_port(mad, &answer);
	port->lid = answer.lid;
	port->lmc = answer.lmc;
	if (answer.key_protection && !device->is_keyed) {
		device->is_keyed = true;
		sweeper->result->keyed_nodes++;
	}
	if (graph_port(graph, question->device, question->port) == sweeper->result->root_port)
		sweeper->result->manager_lid = answer.sm_lid;
	if (!question->port || answer.physical != SMP_PHYSICAL_UP)
		return;
	port->width = answer.width;
	port->speed = (uint8_t)answer.speed;
	ask_speed(sweeper, question, port);
	if (!device->leads_on || port->peer != GRAPH_NONE)
		return;
	if (device->hops >= sweeper->hops_maximum) {
		port->is_silent = true;
		sweeper->result->far_ports++;
		sweep_doubt(sweeper, &(struct sweep_doubt){ DOUBT_TOO_FAR, question->device,
							    question->port, 0, 0 });
		return;
	}
	sweep_set_bit(device->behind, question->port);
}

static void take_description(struct sweeper *sweeper, uint32_t index, const struct mad *mad)
{
	struct graph_node *node = &sweeper->graph->nodes[index];
	char text[SMP_DESCRIPTION_SIZE];

	smp_read_description(mad, text);
	node->description = arena_string(sweeper->graph->arena, span_of(text));
	node->is_aggregator = node->kind == GRAPH_ADAPTER && strstr(text, "Aggregation Node");
}

static void take_nothing(struct sweeper *sweeper, const struct exchange_question *question,
			 uint16_t status)
{
	static const enum sweep_doubt_kind kinds[] = { [ASK_NODE] = DOUBT_SILENT_PORT,
						       [ASK_DESCRIPTION] = DOUBT_UNNAMED,
						       [ASK_PORT] = DOUBT_UNREAD_PORT,
						       [ASK_SPEED] = DOUBT_UNREAD_PORT };
	struct graph *graph = sweeper->graph;

	/* A device that does not know the question has no FDR10 either. */
	if (question->kind == ASK_SPEED && status)
		return;
	if (question->kind == ASK_NODE) {
		graph->ports[graph_port(graph, question->device, question->port)].is_silent = true;
		sweeper->result->unanswered_ports++;
	}
	if (question->kind == ASK_PORT || question->kind == ASK_SPEED)
		sweeper->result->unread_ports++;
	sweep_doubt(sweeper, &(struct sweep_doubt){ kinds[question->kind], question->device,
						    question->port, 0, status });
}

bool sweep_take(struct sweeper *sweeper, const struct exchange_question *question,
		const struct mad *mad, struct error *err)
{
	uint16_t status = mad ? datagram_status(mad) : 0;

	sweeper->devices[question->device].outstanding--;
	if (!mad || status)
		take_nothing(sweeper, question, status);
	else if (question->kind == ASK_NODE && !take_node(sweeper, question, mad, err))
		return false;
	else if (question->kind == ASK_PORT)
		take_port(sweeper, question, mad);
	else if (question->kind == ASK_SPEED)
		take_speed(sweeper, question, mad);
	else if (question->kind == ASK_DESCRIPTION)
		take_description(sweeper, question->device, mad);
	sweep_enqueue(sweeper, question->device);
	return true;
}
