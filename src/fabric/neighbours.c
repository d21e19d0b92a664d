#include "fabric/neighbours.h"

#include <stdlib.h>
#include <string.h>

#include "fabric/naming.h"

/* A switch as somebody hears it. */
struct far {
	const struct lldp_neighbour *neighbour; /* the first that tells of it */
	uint32_t node;
	uint16_t port_count;
};

/* A port of a switch that somebody heard. */
struct mouth {
	const struct neighbour_link *link;
	uint32_t far;
	uint16_t number;
};

struct joining {
	const struct neighbours *neighbours;
	struct arena scratch;
	struct far *fars; /* by chassis */
	uint32_t far_count;
	struct mouth *mouths;
	uint32_t mouth_count;
	const char **names; /* of ports, each once, in natural order */
	uint32_t name_count;
};

static uint64_t hash(uint64_t state, const char *text)
{
	for (; *text; text++)
		state = (state ^ (unsigned char)*text) * 0x100000001b3u; /* FNV-1a */
	return state;
}

static uint64_t guid_of_mac(uint64_t mac)
{
	return (mac >> 24) << 40 | (uint64_t)0xfffe << 24 | (mac & 0xffffff);
}

static uint64_t guid_of_text(const char *first, const char *second)
{
	uint64_t guid = hash(hash(0xcbf29ce484222325u, first), "\n");

	return hash(guid, second) | 1; /* 0 is none */
}

static int compare_mouths(const void *a, const void *b)
{
	const struct mouth *left = a, *right = b;
	int order = strcmp(left->link->neighbour.chassis, right->link->neighbour.chassis);

	if (order == 0)
		order = name_compare(left->link->neighbour.port, right->link->neighbour.port);
	return order != 0 ? order : left->link < right->link ? -1 : left->link > right->link;
}

static int compare_names(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return name_compare(*left, *right);
}

static void gather(struct joining *joining)
{
	const struct neighbours *neighbours = joining->neighbours;
	struct arena *arena = &joining->scratch;

	joining->mouths = ARENA_ARRAY(arena, struct mouth, neighbours->count);
	joining->fars = ARENA_ARRAY(arena, struct far, neighbours->count);
	joining->names = ARENA_ARRAY(arena, const char *, neighbours->count);
	for (uint32_t i = 0; i < neighbours->count; i++) {
		if (!neighbours->items[i].has_neighbour)
			continue;
		joining->names[joining->mouth_count] = neighbours->items[i].neighbour.port;
		joining->mouths[joining->mouth_count++].link = &neighbours->items[i];
	}
	if (joining->mouth_count == 0)
		return;
	qsort(joining->mouths, joining->mouth_count, sizeof(struct mouth), compare_mouths);
	qsort(joining->names, joining->mouth_count, sizeof(const char *), compare_names);
	for (uint32_t i = 0; i < joining->mouth_count; i++) {
		const struct lldp_neighbour *now = &joining->mouths[i].link->neighbour;

		if (i == 0 ||
		    strcmp(joining->mouths[i - 1].link->neighbour.chassis, now->chassis) != 0)
			joining->fars[joining->far_count++].neighbour = now;
		joining->mouths[i].far = joining->far_count - 1;
		if (joining->name_count == 0 ||
		    strcmp(joining->names[joining->name_count - 1], joining->names[i]) != 0)
			joining->names[joining->name_count++] = joining->names[i];
	}
}

/* "swp31" is 31; 0 when the name has no number, several, or one that no port can have. */
static unsigned number_of(const char *name)
{
	size_t start = strcspn(name, "0123456789");
	size_t length = strspn(name + start, "0123456789");
	uint64_t number = 0;

	if (name[start + length] != '\0' ||
	    !span_to_u64((struct span){ name + start, length }, &number) ||
	    number > GRAPH_PORT_MAXIMUM)
		return 0;
	return (unsigned)number;
}

/* Whether each name has a number, and no two the same one. */
static bool have_own_numbers(const struct joining *joining)
{
	bool is_taken[GRAPH_PORT_MAXIMUM + 1] = { false };

	for (uint32_t i = 0; i < joining->name_count; i++) {
		unsigned number = number_of(joining->names[i]);

		if (number == 0 || is_taken[number])
			return false;
		is_taken[number] = true;
	}
	return true;
}

static bool number_ports(struct joining *joining, struct error *err)
{
	bool have_own = have_own_numbers(joining);
	bool is_common = joining->name_count <= GRAPH_PORT_MAXIMUM;
	uint32_t rank = 0;

	for (uint32_t i = 0; i < joining->mouth_count; i++) {
		struct mouth *mouth = &joining->mouths[i];
		const char *name = mouth->link->neighbour.port;
		bool is_new = i == 0 || joining->mouths[i - 1].far != mouth->far;
		struct far *far = &joining->fars[mouth->far];

		if (is_new)
			rank = 1;
		else if (strcmp(joining->mouths[i - 1].link->neighbour.port, name) != 0)
			rank++;
		if (!have_own && is_common) {
			const char **found = bsearch(&name, joining->names, joining->name_count,
						     sizeof(const char *), compare_names);

			rank = (uint32_t)(found - joining->names) + 1;
		}
		if (rank > GRAPH_PORT_MAXIMUM)
			return fail(err, ERROR_LIMIT, "'%.64s' has more than %d ports",
				    far->neighbour->chassis, GRAPH_PORT_MAXIMUM);
		mouth->number = (uint16_t)(have_own ? number_of(name) : rank);
		if (mouth->number > far->port_count)
			far->port_count = mouth->number;
	}
	return true;
}

/* What is heard by name is no host that listens: who is the switch would be a guess. */
static bool check_hosts(const struct joining *joining, struct error *err)
{
	const struct neighbours *neighbours = joining->neighbours;
	SCOPED_ARENA(scratch);
	const char **hosts = ARENA_ARRAY(&scratch, const char *, neighbours->count);

	for (uint32_t i = 0; i < neighbours->count; i++)
		hosts[i] = neighbours->items[i].host;
	if (neighbours->count > 0)
		qsort(hosts, neighbours->count, sizeof(const char *), compare_names);
	for (uint32_t i = 0; i < joining->far_count; i++) {
		const char *name = joining->fars[i].neighbour->name;

		if (name[0] != '\0' &&
		    bsearch(&name, hosts, neighbours->count, sizeof(const char *), compare_names))
			return fail(err, ERROR_CONFLICT,
				    "'%.64s' listens and is heard by others: give only what hosts "
				    "heard, not what switches did",
				    name);
	}
	return true;
}

static bool add_switch(struct graph *graph, struct far *far, struct error *err)
{
	const struct lldp_neighbour *neighbour = far->neighbour;
	uint64_t mac = lldp_chassis_mac(neighbour);
	const struct graph_node node = {
		.guid = mac ? guid_of_mac(mac) : guid_of_text("chassis", neighbour->chassis),
		.kind = GRAPH_SWITCH,
		.port_count = far->port_count,
		.description = neighbour->name[0] ? neighbour->name : neighbour->chassis,
	};

	return graph_add(graph, &node, &far->node, err) ||
	       fail_while(err, "adding switch '%.64s'", node.description);
}

/* The device's own GUID, else what the address makes, else what the names do. */
static uint64_t guid_of_link(const struct graph *graph, const struct neighbour_link *link)
{
	if (link->node_guid != 0 && graph_find(graph, link->node_guid) == GRAPH_NONE)
		return link->node_guid;
	if (link->mac != 0 && graph_find(graph, guid_of_mac(link->mac)) == GRAPH_NONE)
		return guid_of_mac(link->mac);
	return guid_of_text(link->host, link->interface);
}

static bool add_adapter(struct graph *graph, struct host_facts *facts,
			const struct neighbour_link *link, uint32_t *ret_port, struct error *err)
{
	const char *device = link->device[0] ? link->device : link->interface;
	const struct graph_node node = {
		.guid = guid_of_link(graph, link),
		.kind = GRAPH_ADAPTER,
		.port_count = 1,
		.description = arena_format(graph->arena, "%s %s", link->host, device),
	};
	const struct host_fact fact = {
		.host = link->host,
		.naming = link->naming,
		.adapter = { .node_guid = node.guid,
			     .device = device,
			     .pci = link->pci,
			     .is_ethernet = true },
	};
	uint32_t index;

	if (!graph_add(graph, &node, &index, err))
		return fail_while(err, "adding '%.64s' of host '%.64s'", device, link->host);
	*ret_port = graph_port(graph, index, 1);
	graph->ports[*ret_port].mbit_per_s = link->mbit_per_s;
	return host_facts_add(facts, &fact, err);
}

static bool is_same_interface(const struct neighbour_link *a, const struct neighbour_link *b)
{
	return strcmp(a->host, b->host) == 0 && strcmp(a->interface, b->interface) == 0;
}

static int compare_links(const void *a, const void *b)
{
	const struct neighbour_link *left = *(const struct neighbour_link *const *)a;
	const struct neighbour_link *right = *(const struct neighbour_link *const *)b;
	int order = name_compare(left->host, right->host);

	if (order == 0)
		order = name_compare(left->interface, right->interface);
	return order != 0 ? order : left < right ? -1 : left > right;
}

/* One adapter for each interface, which a file may name several times; ret_ports has that of each
 * link that heard somebody, GRAPH_NONE for interfaces that neither did nor carry RDMA. */
static bool add_adapters(const struct joining *joining, struct graph *graph,
			 struct host_facts *facts, uint32_t *ret_ports, struct error *err)
{
	const struct neighbours *all = joining->neighbours;
	const struct neighbour_link **sorted =
		ARENA_ARRAY(facts->arena, const struct neighbour_link *, all->count);
	uint32_t port = GRAPH_NONE;

	for (uint32_t i = 0; i < all->count; i++)
		sorted[i] = &all->items[i];
	if (all->count > 0)
		qsort(sorted, all->count, sizeof(sorted[0]), compare_links);
	for (uint32_t i = 0; i < all->count; i++) {
		const struct neighbour_link *link = sorted[i];

		if (i == 0 || !is_same_interface(sorted[i - 1], link))
			port = GRAPH_NONE;
		if (port == GRAPH_NONE && (link->has_neighbour || link->device[0] != '\0') &&
		    !add_adapter(graph, facts, link, &port, err))
			return false;
		ret_ports[link - all->items] = port;
	}
	return true;
}

static void note_silent(const struct joining *joining, const uint32_t *ports, struct graph *graph)
{
	for (uint32_t i = 0; i < joining->neighbours->count; i++) {
		const struct neighbour_link *link = &joining->neighbours->items[i];

		if (link->has_neighbour || ports[i] == GRAPH_NONE)
			continue;
		graph->is_partial = true;
		graph_note(graph, GRAPH_NOTE_NO_ANSWER, graph->ports[ports[i]].node, ports[i],
			   "host '%s' heard no switch at %s (%s)", link->host, link->interface,
			   link->device);
	}
}

static void link_ports(const struct joining *joining, const uint32_t *ports, struct graph *graph)
{
	for (uint32_t i = 0; i < joining->mouth_count; i++) {
		const struct mouth *mouth = &joining->mouths[i];
		const struct neighbour_link *link = mouth->link;
		uint32_t node = joining->fars[mouth->far].node;
		uint32_t near = ports[link - joining->neighbours->items];
		uint32_t far = graph_port(graph, node, mouth->number);

		if (graph_link(graph, near, far)) {
			graph->ports[far].mbit_per_s = link->mbit_per_s;
			continue;
		}
		graph_note(graph, GRAPH_NOTE_ONE_SIDED, node, far,
			   "port %s of switch '%s' is heard by %s of host '%s' too, beside another "
			   "cable of one of them",
			   link->neighbour.port, graph->nodes[node].description, link->interface,
			   link->host);
	}
}

/* Hosts hear the switch beside them and none behind it. */
static void note_above(const struct joining *joining, struct graph *graph)
{
	if (joining->far_count < 2)
		return;
	graph->is_partial = true;
	graph_note(
		graph, GRAPH_NOTE_NO_ANSWER, GRAPH_NONE, GRAPH_NONE,
		"what joins the %u switches that hosts heard is not seen: LLDP tells of the next "
		"switch only",
		joining->far_count);
}

static bool join(struct joining *joining, struct graph *graph, struct host_facts *facts,
		 struct error *err)
{
	uint32_t *ports = ARENA_ARRAY(&joining->scratch, uint32_t, joining->neighbours->count);

	gather(joining);
	if (!check_hosts(joining, err) || !number_ports(joining, err))
		return false;
	for (uint32_t i = 0; i < joining->far_count; i++)
		if (!add_switch(graph, &joining->fars[i], err))
			return false;
	if (!add_adapters(joining, graph, facts, ports, err))
		return false;
	link_ports(joining, ports, graph);
	note_silent(joining, ports, graph);
	note_above(joining, graph);
	return true;
}

bool neighbours_join(const struct neighbours *neighbours, struct graph *graph,
		     struct host_facts *facts, struct error *err)
{
	struct joining joining = { .neighbours = neighbours };
	bool is_good = join(&joining, graph, facts, err);

	arena_release(&joining.scratch);
	return is_good;
}
