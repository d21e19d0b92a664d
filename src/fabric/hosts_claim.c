#include <string.h>

#include "fabric/hosts_parts.h"

/* The graph's adapters by the GUIDs that are not their own. */
struct guids {
	struct guid_map ports;   /* GUID of a port: its node */
	struct guid_map systems; /* GUID of a system: the first of its adapters … */
	uint32_t *next;          /* … and the next one of the same system */
};

static struct guids index_graph(const struct joining *joining)
{
	const struct graph *graph = joining->graph;
	uint32_t ports = 0;
	struct guids guids = {
		.systems = guid_map_make(joining->scratch, graph->node_count),
		.next = ARENA_ARRAY(joining->scratch, uint32_t, graph->node_count),
	};

	for (uint32_t i = 0; i < graph->node_count; i++)
		ports += is_host_adapter(graph, i) ? graph->nodes[i].port_count : 0;
	guids.ports = guid_map_make(joining->scratch, ports);
	for (uint32_t i = 0; i < graph->node_count; i++) {
		const struct graph_node *node = &graph->nodes[i];
		uint32_t *first;

		if (!is_host_adapter(graph, i))
			continue;
		for (unsigned n = 1; n <= node->port_count; n++)
			if (graph->ports[node->first_port + n].guid != 0)
				*guid_map_at(&guids.ports,
					     graph->ports[node->first_port + n].guid) = i;
		if (node->system_guid == 0)
			continue;
		first = guid_map_at(&guids.systems, node->system_guid);
		guids.next[i] = *first;
		*first = i;
	}
	return guids;
}

/* The adapter of the host that the fact is about, when it was told of before. */
static struct adapter_draft *find_adapter(struct joining *joining, uint32_t host,
					  const struct fabric_adapter *told)
{
	uint32_t i = joining->first_of[host];

	for (; i != GRAPH_NONE; i = joining->adapters[i].next) {
		struct fabric_adapter *known = &joining->adapters[i].adapter;

		if ((told->device[0] != '\0' && strcmp(told->device, known->device) == 0) ||
		    (told->node_guid != 0 && told->node_guid == known->node_guid))
			return &joining->adapters[i];
	}
	return NULL;
}

static void fill(struct fabric_adapter *known, const struct fabric_adapter *told)
{
	known->node_guid = known->node_guid != 0 ? known->node_guid : told->node_guid;
	known->system_guid = known->system_guid != 0 ? known->system_guid : told->system_guid;
	known->port_guid = known->port_guid != 0 ? known->port_guid : told->port_guid;
	known->device = known->device[0] != '\0' ? known->device : told->device;
	known->pci = known->pci[0] != '\0' ? known->pci : told->pci;
	known->is_ethernet = known->is_ethernet || told->is_ethernet;
	known->downs = known->has_downs ? known->downs : told->downs;
	known->has_downs = known->has_downs || told->has_downs;
}

static void take_domain(struct joining *joining, struct fabric_host *host,
			const struct host_fact *fact)
{
	if (fact->domain_why && fact->domain_why[0] != '\0') {
		host->domain = "";
		host->domain_why = arena_string(joining->arena, span_of(fact->domain_why));
	} else if (fact->domain && fact->domain[0] != '\0' && host->domain_why[0] == '\0') {
		if (host->domain[0] != '\0' && strcmp(host->domain, fact->domain) != 0) {
			host->domain_why =
				arena_format(joining->arena, "sources say NVLink domain %s and %s",
					     host->domain, fact->domain);
			host->domain = "";
		} else {
			host->domain = arena_string(joining->arena, span_of(fact->domain));
		}
	}
}

/* Hosts and their adapters as told, none of them in the graph yet. */
static void take_fact(struct joining *joining, const struct host_fact *fact, bool *is_crowded)
{
	uint32_t host = joining_host(joining, span_of(fact->host), fact->naming);
	struct fabric_adapter adapter = fact->adapter;
	struct adapter_draft *known;

	joining->drafts[host].host.is_listed = true;
	take_domain(joining, &joining->drafts[host].host, fact);
	if (adapter.node_guid == 0 && adapter.system_guid == 0 && adapter.port_guid == 0 &&
	    adapter.device[0] == '\0')
		return;
	known = find_adapter(joining, host, &adapter);
	if (known) {
		fill(&known->adapter, &adapter);
		return;
	}
	if (joining->drafts[host].adapter_count >= HOST_ADAPTERS_MAXIMUM) {
		if (!*is_crowded)
			joining_note(joining,
				     "host '%s' is said to have more than %d adapters; the others "
				     "are left out",
				     fact->host, HOST_ADAPTERS_MAXIMUM);
		*is_crowded = true;
		return;
	}
	adapter.device = arena_string(joining->arena, span_of(adapter.device));
	adapter.pci = arena_string(joining->arena, span_of(adapter.pci));
	adapter.node = GRAPH_NONE;
	(void)joining_add(joining, host, &adapter);
}

static void take_node(struct joining *joining, uint32_t draft, uint32_t node)
{
	const struct graph_node *from = &joining->graph->nodes[node];
	struct fabric_adapter *adapter = &joining->adapters[draft].adapter;

	adapter->node = node;
	adapter->node_guid = from->guid;
	adapter->system_guid = from->system_guid != 0 ? from->system_guid : adapter->system_guid;
	if (from->port_count > 0 && joining->graph->ports[from->first_port + 1].guid != 0)
		adapter->port_guid = joining->graph->ports[from->first_port + 1].guid;
	joining->draft_of_node[node] = joining->adapters[draft].host;
}

/* By the GUID of the adapter or of a port, which are its own. */
static void claim_own(struct joining *joining, const struct guids *guids, uint32_t draft)
{
	const struct fabric_adapter *adapter = &joining->adapters[draft].adapter;
	uint32_t host = joining->adapters[draft].host, owner;
	uint32_t node = graph_find(joining->graph, adapter->node_guid);

	if (node != GRAPH_NONE && !is_host_adapter(joining->graph, node)) {
		joining_note(joining,
			     "host '%s' is said to have the adapter %016llx, which is a switch "
			     "or a part of one",
			     joining->drafts[host].host.name,
			     (unsigned long long)adapter->node_guid);
		return;
	}
	if (node == GRAPH_NONE)
		node = guid_map_find(&guids->ports, adapter->port_guid);
	/* A list may mean the port's. */
	if (node == GRAPH_NONE)
		node = guid_map_find(&guids->ports, adapter->node_guid);
	if (node == GRAPH_NONE)
		return;
	owner = joining->draft_of_node[node];
	if (owner == GRAPH_NONE) {
		take_node(joining, draft, node);
		return;
	}
	if (owner != host)
		joining_note(joining,
			     "adapter %016llx is said to be of '%s' and of '%s'; it counts "
			     "as the first's",
			     (unsigned long long)joining->graph->nodes[node].guid,
			     joining->drafts[owner].host.name, joining->drafts[host].host.name);
}

static uint64_t system_of(const struct joining *joining, const struct guids *guids, uint32_t draft)
{
	const struct fabric_adapter *adapter = &joining->adapters[draft].adapter;

	if (adapter->node != GRAPH_NONE)
		return 0;
	if (guid_map_find(&guids->systems, adapter->system_guid) != GRAPH_NONE)
		return adapter->system_guid;
	return guid_map_find(&guids->systems, adapter->node_guid) != GRAPH_NONE ? adapter->node_guid
										: 0;
}

/* By the GUID of the system, where one host alone says it: the first adapter that is left takes the
 * told one's place, others of the system come beside it. */
static void claim_systems(struct joining *joining, const struct guids *guids)
{
	struct guid_map said = guid_map_make(joining->scratch, joining->adapter_count);
	uint32_t count = joining->adapter_count;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t system = system_of(joining, guids, i);
		uint32_t *host = system != 0 ? guid_map_at(&said, system) : NULL;

		if (host && *host == GRAPH_NONE)
			*host = joining->adapters[i].host;
		else if (host && *host != joining->adapters[i].host)
			*host = GRAPH_NONE - 1;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint64_t system = system_of(joining, guids, i);
		uint32_t host = joining->adapters[i].host;

		if (system == 0 || guid_map_find(&said, system) != host)
			continue;
		for (uint32_t node = guid_map_find(&guids->systems, system); node != GRAPH_NONE;
		     node = guids->next[node]) {
			struct fabric_adapter more = { .device = "", .pci = "", .node = node };

			if (joining->draft_of_node[node] != GRAPH_NONE)
				continue;
			take_node(joining,
				  joining->adapters[i].adapter.node == GRAPH_NONE
					  ? i
					  : joining_add(joining, host, &more),
				  node);
		}
	}
}

void joining_claim(struct joining *joining, const struct host_facts *facts)
{
	struct guids guids;
	bool is_crowded = false;

	if (facts->count == 0)
		return;
	/* What a host says itself comes before what a list says of it. */
	for (int naming = HOST_NAMED_BY_EVIDENCE; naming <= HOST_NAMED_BY_LIST; naming++)
		for (uint32_t i = 0; i < facts->count; i++)
			if ((int)facts->items[i].naming == naming)
				take_fact(joining, &facts->items[i], &is_crowded);
	guids = index_graph(joining);
	for (uint32_t i = 0, count = joining->adapter_count; i < count; i++)
		claim_own(joining, &guids, i);
	claim_systems(joining, &guids);
}
