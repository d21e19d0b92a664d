/*
 * What devices of a fabric answer: subnet management by directed route and by LID, performance, and
 * the records of subnet administration. Volumes 1 of the InfiniBand specification, chapters 13 to
 * 16, have the forms.
 */
#include <stdlib.h>
#include <string.h>

#include "ibumad_wiring.h"

enum {
	CLASS_SUBNET_LID = 0x01,
	CLASS_ADMINISTRATION = 0x03,
	CLASS_PERFORMANCE = 0x04,
	CLASS_SUBNET_DIRECTED = 0x81,
	METHOD_GET = 0x01,
	METHOD_GET_TABLE = 0x12,
	METHOD_ANSWER = 0x80,
	STATUS_UNSUPPORTED = 0x000c,
	STATUS_INVALID_FIELD = 0x001c,
	AT_STATUS = 4,
	AT_ATTRIBUTE = 16,
	AT_MODIFIER = 20,
	AT_KEY = 24,
	AT_DATA = 64,
	AT_INITIAL_PATH = 128,
	AT_RETURN_PATH = 192,
	AT_RECORDS = 56,
	ATTRIBUTE_CLASS = 0x01,
	ATTRIBUTE_DESCRIPTION = 0x10,
	ATTRIBUTE_NODE = 0x11,
	ATTRIBUTE_SWITCH = 0x12,
	ATTRIBUTE_PORT = 0x15,
	ATTRIBUTE_PARTITIONS = 0x16,
	ATTRIBUTE_MANAGER = 0x20,
	ATTRIBUTE_EXTENDED_PORT = 0xff90,
	RECORD_NODE = 0x11,
	RECORD_PORT = 0x12,
	NODE_RECORD_SIZE = 112,
	PORT_RECORD_SIZE = 72,
	KIND_SWITCH = 2,
	MANAGER_MASTER = 3,
};

/* Who answers, and the port of it that the question came in by. */
struct place {
	int node;
	unsigned port;
};

static void put(unsigned char *at, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

static uint64_t get(const unsigned char *at, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static void put_node(const struct wiring_node *node, unsigned port, unsigned char *into)
{
	uint64_t guid = node->answers_as ? node->answers_as : node->guid;

	into[0] = 1;
	into[1] = 1;
	into[2] = (unsigned char)node->kind;
	into[3] = (unsigned char)node->port_count;
	put(into + 4, 8, node->system_guid);
	put(into + 12, 8, guid);
	put(into + 20, 8,
	    node->kind == KIND_SWITCH || !node->ports[port].guid ? guid : node->ports[port].guid);
	put(into + 28, 2, 64);
	put(into + 30, 2, node->device);
	into[36] = (unsigned char)port;
	put(into + 37, 3, node->vendor);
}

static bool put_port(const struct wiring *wiring, const struct wiring_node *node, unsigned number,
		     bool shows_key, unsigned char *into)
{
	if (number > node->port_count)
		return false;
	const struct wiring_port *port = &node->ports[number];
	bool is_inner = node->kind == KIND_SWITCH && number == 0;
	bool is_up = is_inner || port->peer_node != WIRING_NONE;
	unsigned lid = node->kind == KIND_SWITCH ? node->ports[0].lid : port->lid;

	if (shows_key)
		put(into, 8, node->key);
	put(into + 8, 8, 0xfe80000000000000u);
	put(into + 16, 2, node->kind == KIND_SWITCH && number ? 0 : lid);
	put(into + 18, 2, wiring->manager_lid);
	put(into + 20, 4, 1u << 14); /* extended speeds */
	into[28] = (unsigned char)number;
	into[29] = into[30] = 3;
	into[31] = port->width;
	into[32] = (unsigned char)(7 << 4 | (is_up ? 4 : 1));
	into[33] = (unsigned char)((is_up ? 5 : 2) << 4 | 2);
	into[34] = (unsigned char)(node->key_level << 6 | (port->lmc & 7));
	into[35] = (unsigned char)(port->speed << 4 | 7);
	into[36] = 5 << 4;
	into[56] = (unsigned char)(port->speed_extended_2 << 5 | 1 << 3 | 1);
	into[62] = (unsigned char)(port->speed_extended << 4 | 15);
	into[63] = 15;
	return true;
}

/* Follows the path of the datagram, writing the way back; false when it is lost. */
static bool follow(struct wiring *wiring, const struct wiring_local *local, unsigned char *data,
		   struct place *ret_place)
{
	unsigned hops = data[7];
	struct place here = { .node = local->node, .port = (unsigned)local->port };

	if (hops > 63 || (wiring->hops_maximum && hops > wiring->hops_maximum))
		return false;
	for (unsigned i = 1; i <= hops; i++) {
		unsigned out = data[AT_INITIAL_PATH + i];
		const struct wiring_node *node = &wiring->nodes[here.node];

		if (out < 1 || out > node->port_count || (i > 1 && node->kind != KIND_SWITCH))
			return false;
		const struct wiring_port *port = &node->ports[out];

		if (port->peer_node == WIRING_NONE || port->is_silent)
			return false;
		here = (struct place){ .node = port->peer_node, .port = (unsigned)port->peer_port };
		data[AT_RETURN_PATH + i] = (unsigned char)here.port;
	}
	*ret_place = here;
	return true;
}

/* False when no answer comes. */
static bool answer_subnet(const struct wiring *wiring, const struct place *place,
			  unsigned char *data, unsigned *ret_status)
{
	const struct wiring_node *node = &wiring->nodes[place->node];
	unsigned attribute = (unsigned)get(data + AT_ATTRIBUTE, 2);
	unsigned modifier = (unsigned)get(data + AT_MODIFIER, 4);
	bool has_key = !node->key || get(data + AT_KEY, 8) == node->key;
	unsigned char *into = data + AT_DATA;

	if (!has_key && node->key_level >= 2)
		return false;
	*ret_status = node->attribute_status[attribute & 0xff];
	memset(into, 0, 64);
	if (*ret_status)
		return true;
	if (attribute == ATTRIBUTE_NODE) {
		put_node(node, place->port, into);
	} else if (attribute == ATTRIBUTE_DESCRIPTION) {
		memcpy(into, node->description, 64);
	} else if (attribute == ATTRIBUTE_PORT) {
		unsigned number = modifier || node->kind == KIND_SWITCH ? modifier : place->port;

		if (!put_port(wiring, node, number, has_key || node->key_level == 0, into))
			*ret_status = STATUS_INVALID_FIELD;
	} else if (attribute == ATTRIBUTE_EXTENDED_PORT && modifier >= 1 &&
		   modifier <= node->port_count) {
		/* Supported, enabled, active. */
		into[7] = into[11] = 1;
		into[15] = node->ports[modifier].is_fdr10;
	} else if (attribute == ATTRIBUTE_SWITCH && node->kind == KIND_SWITCH) {
		put(into, 2, 0xbfff);
		into[16] = node->is_enhanced ? 8 : 0;
	} else if (attribute == ATTRIBUTE_PARTITIONS) {
		put(into, 2, 0xffff);
	} else if (attribute == ATTRIBUTE_MANAGER && wiring->manager_guid &&
		   node == &wiring->nodes[wiring_find(wiring, wiring->manager_guid)]) {
		put(into, 8, wiring->manager_guid);
		put(into + 16, 4, 1);
		into[20] = MANAGER_MASTER;
	} else {
		*ret_status = STATUS_UNSUPPORTED;
	}
	return true;
}

/* Offset and bytes of each counter in PortCounters; 0 bytes: half of one, the upper and the lower.
 */
static const unsigned char counter_places[WIRING_COUNTERS][2] = {
	{ 4, 2 },  { 6, 1 },  { 7, 1 },  { 8, 2 },  { 10, 2 },
	{ 14, 2 }, { 19, 0 }, { 19, 0 }, { 22, 2 }, { 40, 4 },
};

static void answer_performance(struct wiring *wiring, const struct place *place,
			       unsigned char *data, unsigned *ret_status)
{
	const struct wiring_node *node = &wiring->nodes[place->node];
	unsigned attribute = (unsigned)get(data + AT_ATTRIBUTE, 2);
	unsigned number = data[AT_DATA + 1];
	unsigned char *into = data + AT_DATA;

	memset(into, 0, 192);
	into[1] = (unsigned char)number;
	if (attribute == ATTRIBUTE_CLASS) {
		into[0] = into[1] = 1;
		return;
	}
	if (attribute != ATTRIBUTE_SWITCH || number > node->port_count) {
		*ret_status =
			attribute != ATTRIBUTE_SWITCH ? STATUS_UNSUPPORTED : STATUS_INVALID_FIELD;
		return;
	}
	struct wiring_port *port = &node->ports[number];

	for (unsigned i = 0; i < WIRING_COUNTERS; i++) {
		unsigned bytes = counter_places[i][1];
		uint32_t most = bytes == 4 ? UINT32_MAX : bytes ? (1u << 8 * bytes) - 1 : 15;
		uint32_t value = port->counters[i] < most ? port->counters[i] : most;

		if (bytes)
			put(into + counter_places[i][0], bytes, value);
		else
			into[counter_places[i][0]] |= (unsigned char)(value << (i == 6 ? 4 : 0));
		port->counters[i] += port->growth[i];
	}
}

/* Appends a node's records; returns the bytes. */
static size_t put_records(const struct wiring *wiring, const struct wiring_node *node,
			  unsigned attribute, unsigned char *into)
{
	unsigned first = node->kind == KIND_SWITCH ? 0 : 1;
	unsigned last =
		node->kind == KIND_SWITCH && attribute == RECORD_NODE ? 0 : node->port_count;
	size_t size = attribute == RECORD_NODE ? NODE_RECORD_SIZE : PORT_RECORD_SIZE;
	unsigned char *at = into;

	for (unsigned port = first; port <= last; port++, at += size) {
		unsigned lid = node->ports[node->kind == KIND_SWITCH ? 0 : port].lid;

		put(at, 2, lid);
		if (attribute == RECORD_NODE) {
			put_node(node, port, at + 4);
			memcpy(at + 44, node->description, 64);
		} else {
			at[2] = (unsigned char)port;
			(void)put_port(wiring, node, port, false, at + 4);
		}
	}
	return (size_t)(at - into);
}

/* The length of the answer; 0: none comes. */
static size_t answer_administration(const struct wiring *wiring, const struct wiring_local *local,
				    unsigned char *data, unsigned char **ret_table)
{
	unsigned attribute = (unsigned)get(data + AT_ATTRIBUTE, 2);
	bool is_own = wiring->administration == ADMINISTRATION_OWN;
	size_t size = attribute == RECORD_NODE ? NODE_RECORD_SIZE : PORT_RECORD_SIZE;
	size_t room = AT_RECORDS + 200, length = AT_RECORDS;

	if (wiring->administration == ADMINISTRATION_SILENT || !wiring->manager_guid)
		return 0;
	if (data[3] != METHOD_GET_TABLE || (attribute != RECORD_NODE && attribute != RECORD_PORT)) {
		put(data + AT_STATUS, 2, STATUS_UNSUPPORTED);
		data[3] |= METHOD_ANSWER;
		return 256;
	}
	for (int i = 0; i < wiring->node_count; i++)
		room += size * (wiring->nodes[i].port_count + 1);
	unsigned char *table = calloc(1, room);

	if (!table)
		return 0;
	memcpy(table, data, AT_RECORDS);
	table[3] |= METHOD_ANSWER;
	put(table + 44, 2, size / 8);
	for (int i = 0; i < wiring->node_count; i++) {
		if ((is_own && i != local->node) || wiring->nodes[i].is_silent)
			continue;
		length += put_records(wiring, &wiring->nodes[i], attribute, table + length);
	}
	if (length <= 256) {
		memcpy(data, table, 256);
		free(table);
		return length;
	}
	*ret_table = table;
	return length;
}

/* False when this one gets lost on the way or at the device. */
static bool hears(struct wiring_node *node)
{
	node->asked++;
	if (node->is_silent || (node->drop_each && node->asked % node->drop_each == 0))
		return false;
	if (node->answers_maximum && node->answered >= node->answers_maximum)
		return false;
	node->answered++;
	return true;
}

size_t wiring_answer(struct wiring *wiring, const struct wiring_local *local, unsigned lid,
		     unsigned char data[static 256], unsigned char **ret_table,
		     unsigned *ret_delay_us)
{
	unsigned class = data[1];
	unsigned status = wiring->class_status[class];
	struct place place = { .node = wiring_find_lid(wiring, lid) };

	*ret_delay_us = wiring->delay_us;
	if (status == CLASS_SILENT)
		return 0;
	if (class == CLASS_SUBNET_DIRECTED && !follow(wiring, local, data, &place))
		return 0;
	if (place.node < 0 || !hears(&wiring->nodes[place.node]))
		return 0;
	if (wiring->nodes[place.node].delay_us)
		*ret_delay_us = wiring->nodes[place.node].delay_us;
	if (class == CLASS_ADMINISTRATION && !status)
		return answer_administration(wiring, local, data, ret_table);
	if (!status && (class == CLASS_SUBNET_DIRECTED || class == CLASS_SUBNET_LID)) {
		if (!answer_subnet(wiring, &place, data, &status))
			return 0;
	} else if (!status && class == CLASS_PERFORMANCE) {
		answer_performance(wiring, &place, data, &status);
	} else if (!status && class != CLASS_ADMINISTRATION) {
		return 0;
	}
	data[3] = METHOD_GET | METHOD_ANSWER;
	put(data + AT_STATUS, 2, (class == CLASS_SUBNET_DIRECTED ? 0x8000 : 0) | status);
	return 256;
}
