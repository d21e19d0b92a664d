#include <string.h>

#include "fabric/hosts_parts.h"

/* What an adapter's description says, within it: "gpu017 mlx5_3" by the usual daemon, "gpu017
 * HCA-1" before it, "gpu017-hca3" by some operators. Either is empty when it says nothing. */
struct description {
	struct span host, device;
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || (unsigned char)c >= 0x80;
}

static bool is_name(struct span word)
{
	if (word.length == 0 || word.length > HOST_NAME_MAXIMUM || word.at[0] == '-' ||
	    word.at[0] == '.')
		return false;
	for (size_t i = 0; i < word.length; i++)
		if (!is_name_char(word.at[i]))
			return false;
	return true;
}

/* What adapters call themselves as they leave the factory, and what hosts call themselves before
 * they have a name. */
static bool names_nobody(struct span description, struct span host)
{
	static const char *const makers[] = { "Mellanox", "ConnectX", "NVIDIA", "HCA card",
					      "InfiniBand" };
	static const char *const hosts[] = { "localhost", "localhost.localdomain", "unknown" };

	bool has_capital = false;

	for (size_t i = 0; i < description.length; i++)
		has_capital |= description.at[i] >= 'A' && description.at[i] <= 'Z';
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]) && has_capital; i++)
		if (span_contains(description, makers[i]))
			return true;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (span_is(host, hosts[i]))
			return true;
	return false;
}

/* Cuts "-hca3" off the name; the word behind the dash is the device then. */
static void cut_device(struct description *said)
{
	static const char *const kinds[] = { "hca", "mlx5_", "mlx4_", "ib", "rail", "nic" };
	size_t end = said->host.length;
	size_t start = end;

	while (start > 0 && said->host.at[start - 1] >= '0' && said->host.at[start - 1] <= '9')
		start--;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && start < end; i++) {
		size_t length = strlen(kinds[i]);

		if (start < length + 2 ||
		    memcmp(said->host.at + start - length, kinds[i], length) != 0 ||
		    !strchr("-_.:", said->host.at[start - length - 1]))
			continue;
		said->device =
			(struct span){ said->host.at + start - length, end - start + length };
		said->host.length = start - length - 1;
		return;
	}
}

static struct description read_description(const char *text)
{
	struct span all = span_of(text), rest = all;
	struct description said = { SPAN(""), SPAN("") };

	if (!span_cut(&rest, ' ', &said.host) || !is_name(said.host) ||
	    names_nobody(all, said.host))
		return (struct description){ SPAN(""), SPAN("") };
	said.device = span_trim(rest);
	if (!is_name(said.device))
		said.device = SPAN("");
	if (rest.length == 0)
		cut_device(&said);
	return said;
}

static void check_claimed(struct joining *joining, uint32_t node)
{
	struct description said = read_description(joining->graph->nodes[node].description);
	uint32_t owner = joining->draft_of_node[node];
	uint32_t other = said.host.length > 0 ? joining_find(joining, said.host) : GRAPH_NONE;

	if (other != GRAPH_NONE && other != owner)
		joining_note(joining, "adapter %016llx of host '%s' calls itself '%s'",
			     (unsigned long long)joining->graph->nodes[node].guid,
			     joining->drafts[owner].host.name,
			     joining->graph->nodes[node].description);
}

static uint32_t host_by_guid(struct joining *joining, const struct graph_node *node)
{
	SCOPED_ARENA(scratch);
	const char *name = arena_format(
		&scratch, "guid-%016llx",
		(unsigned long long)(node->system_guid != 0 ? node->system_guid : node->guid));

	return joining_host(joining, span_of(name), HOST_NAMED_BY_GUID);
}

/* The end of a description ends with a NUL, and need not be copied. */
static const char *word(const struct joining *joining, struct span device)
{
	if (device.length == 0)
		return "";
	return device.at[device.length] == '\0' ? device.at : arena_string(joining->arena, device);
}

struct fabric_adapter joining_left(const struct joining *joining, uint32_t node)
{
	const struct graph_node *from = &joining->graph->nodes[node];
	const struct left_node *left = &joining->left[node];
	const struct span device = { from->description + left->device, left->device_length };

	return (struct fabric_adapter){
		.node_guid = from->guid,
		.system_guid = from->system_guid,
		.port_guid =
			from->port_count > 0 ? joining->graph->ports[from->first_port + 1].guid : 0,
		.device = word(joining, device),
		.pci = "",
		.node = node,
		.rail = HOST_RAIL_UNKNOWN,
	};
}

static struct left_node look_at(struct joining *joining, uint32_t node)
{
	const char *text = joining->graph->nodes[node].description;
	struct description said = read_description(text);
	struct left_node left = { .draft = GRAPH_NONE };

	if (said.host.length > 0)
		left.draft = joining_host(joining, said.host, HOST_NAMED_BY_DESCRIPTION);
	if (said.device.length > 0) {
		left.device = (uint32_t)(said.device.at - text);
		left.device_length = (uint32_t)said.device.length;
	}
	return left;
}

void joining_name(struct joining *joining)
{
	const struct graph *graph = joining->graph;
	uint32_t *crowds;

	joining->left = ARENA_ARRAY(joining->scratch, struct left_node, graph->node_count);
	for (uint32_t i = 0; i < graph->node_count; i++) {
		joining->left[i].draft = LEFT_NOT;
		if (graph->nodes[i].kind != GRAPH_ADAPTER || graph->nodes[i].is_aggregator)
			continue;
		if (joining->draft_of_node[i] != GRAPH_NONE)
			check_claimed(joining, i);
		else
			joining->left[i] = look_at(joining, i);
	}
	crowds = ARENA_ARRAY(joining->scratch, uint32_t, joining->draft_count);
	for (uint32_t i = 0; i < graph->node_count; i++)
		if (joining->left[i].draft < LEFT_NOT)
			crowds[joining->left[i].draft]++;
	/* What many adapters call themselves names no host. */
	for (uint32_t i = 0; i < graph->node_count; i++) {
		uint32_t draft = joining->left[i].draft;

		if (draft == LEFT_NOT)
			continue;
		if (draft == GRAPH_NONE || crowds[draft] > HOST_ADAPTERS_MAXIMUM)
			draft = host_by_guid(joining, &graph->nodes[i]);
		joining->left[i].draft = draft;
		joining->drafts[draft].node_count++;
	}
}
