#include <string.h>

#include "probe/sweep_parts.h"

enum {
	ROOM_FIRST = 1024,
};

void sweep_set_bit(uint64_t *words, unsigned bit)
{
	words[bit / 64] |= 1ull << bit % 64;
}

/* The lowest bit, which is cleared; -1: none is set. */
static int take_bit(uint64_t *words)
{
	for (unsigned i = 0; i < SWEEP_PORT_WORDS; i++) {
		if (!words[i])
			continue;
		int bit = __builtin_ctzll(words[i]);

		words[i] &= words[i] - 1;
		return (int)(i * 64) + bit;
	}
	return -1;
}

static bool has_bit(const uint64_t *words)
{
	return words && (words[0] || words[1] || words[2] || words[3]);
}

static bool has_work(const struct sweep_device *device)
{
	return device->wants_description || has_bit(device->ports) || has_bit(device->behind) ||
	       has_bit(device->speeds);
}

void sweep_enqueue(struct sweeper *sweeper, uint32_t index)
{
	struct sweep_device *device = &sweeper->devices[index];

	if (device->is_queued || device->outstanding >= SWEEP_OF_ONE_DEVICE || !has_work(device))
		return;
	device->is_queued = true;
	device->next = GRAPH_NONE;
	if (sweeper->head == GRAPH_NONE)
		sweeper->head = index;
	else
		sweeper->devices[sweeper->tail].next = index;
	sweeper->tail = index;
}

static uint32_t dequeue(struct sweeper *sweeper)
{
	uint32_t index = sweeper->head;

	sweeper->head = sweeper->devices[index].next;
	sweeper->devices[index].is_queued = false;
	return index;
}

static struct sweep_device *device_at(struct sweeper *sweeper, uint32_t index)
{
	if (index >= sweeper->device_room) {
		uint32_t room = sweeper->device_room ? sweeper->device_room * 2 : ROOM_FIRST;
		struct sweep_device *larger =
			ARENA_ARRAY(sweeper->graph->arena, struct sweep_device, room);

		if (sweeper->device_room)
			memcpy(larger, sweeper->devices, sweeper->device_room * sizeof(*larger));
		sweeper->devices = larger;
		sweeper->device_room = room;
	}
	return &sweeper->devices[index];
}

/* The way to the device; `hops` of it are the device's. */
static void find_route(const struct sweeper *sweeper, uint32_t index, struct smp_route *route)
{
	const struct sweep_device *device = &sweeper->devices[index];

	route->hops = device->hops;
	for (unsigned hop = device->hops; hop > 0; hop--) {
		route->ports[hop] = device->way;
		device = &sweeper->devices[device->parent];
	}
	route->ports[0] = 0;
}

static bool ask(struct sweeper *sweeper, uint32_t index, enum sweep_question kind, unsigned port,
		struct error *err)
{
	static const enum smp_attribute attributes[] = { [ASK_NODE] = SMP_NODE_INFO,
							 [ASK_DESCRIPTION] = SMP_NODE_DESCRIPTION,
							 [ASK_PORT] = SMP_PORT_INFO,
							 [ASK_SPEED] = SMP_EXTENDED_PORT_INFO };
	bool is_of_port = kind == ASK_PORT || kind == ASK_SPEED;
	const struct exchange_question question = { .device = index,
						    .port = port,
						    .kind = (uint8_t)kind };
	struct smp_route route;
	struct mad mad;

	find_route(sweeper, index, &route);
	if (kind == ASK_NODE)
		route.ports[++route.hops] = (uint8_t)port;
	smp_ask(&mad, attributes[kind], is_of_port ? port : 0, &route,
		exchange_number(&sweeper->exchange));
	if (!exchange_send(&sweeper->exchange, &mad, &question, err))
		return false;
	sweeper->devices[index].outstanding++;
	return true;
}

/* One question about the first device of the queue. What leads on goes first. */
bool sweep_ask_next(struct sweeper *sweeper, struct error *err)
{
	uint32_t index = dequeue(sweeper);
	struct sweep_device *device = &sweeper->devices[index];
	const struct graph_node *node = &sweeper->graph->nodes[index];
	int port = take_bit(device->behind);
	bool is_good = true;

	if (port >= 0) {
		/* The other end may have been asked meanwhile, and have named this one. */
		if (sweeper->graph->ports[node->first_port + (unsigned)port].peer == GRAPH_NONE)
			is_good = ask(sweeper, index, ASK_NODE, (unsigned)port, err);
	} else if (has_bit(device->ports)) {
		is_good = ask(sweeper, index, ASK_PORT, (unsigned)take_bit(device->ports), err);
	} else if (has_bit(device->speeds)) {
		is_good = ask(sweeper, index, ASK_SPEED, (unsigned)take_bit(device->speeds), err);
	} else if (device->wants_description) {
		device->wants_description = false;
		is_good = ask(sweeper, index, ASK_DESCRIPTION, 0, err);
	}
	sweep_enqueue(sweeper, index);
	return is_good;
}

/* Of a switch all ports are asked; of an adapter those that something of the fabric leads to. */
bool sweep_add(struct sweeper *sweeper, const struct smp_node *node, uint32_t parent, unsigned way,
	       uint32_t *ret_index, struct error *err)
{
	const struct graph_node added = { .guid = node->guid,
					  .system_guid = node->system_guid,
					  .kind = node->kind,
					  .vendor = node->vendor,
					  .device = node->device,
					  .port_count = node->port_count };

	if (!graph_add(sweeper->graph, &added, ret_index, err))
		return false;
	struct sweep_device *device = device_at(sweeper, *ret_index);

	*device = (struct sweep_device){
		.parent = parent,
		.next = GRAPH_NONE,
		.hops = parent == SWEEP_NO_PARENT ? 0 : sweeper->devices[parent].hops + 1,
		.way = (uint8_t)way,
		.leads_on = node->kind == GRAPH_SWITCH || parent == SWEEP_NO_PARENT,
		.wants_description = true,
	};
	for (unsigned i = 0; node->kind == GRAPH_SWITCH && i <= node->port_count; i++)
		sweep_set_bit(device->ports, i);
	return true;
}
