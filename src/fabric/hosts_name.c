#include <string.h>

#include "base/parallel.h"
#include "fabric/hosts_parts.h"

enum {
	NODES_AT_ONCE = 4096, /* that a thread looks at before it looks for more */
};

/* What an adapter's description says, within it: "gpu017 mlx5_3" by the usual daemon, "gpu017
 * HCA-1" before it, "gpu017-hca3" by some operators. Either is empty when it says nothing. */
struct description {
	struct span host, device;
};

/* Letters and digits, '-', '_', '.', and what is no ASCII. */
static const bool name_chars[256] = {
	['-'] = true,         ['.'] = true,         ['_'] = true,           ['0' ... '9'] = true,
	['A' ... 'Z'] = true, ['a' ... 'z'] = true, [0x80 ... 0xff] = true,
};

static bool is_name(struct span word)
{
	if (word.length == 0 || word.length > HOST_NAME_MAXIMUM || word.at[0] == '-' ||
	    word.at[0] == '.')
		return false;
	for (size_t i = 0; i < word.length; i++)
		if (!name_chars[(unsigned char)word.at[i]])
			return false;
	return true;
}

/* What adapters call themselves as they leave the factory, and what hosts call themselves before
 * they have a name. */
static bool names_nobody(struct span description, struct span host)
{
	static const char *const makers[] = { "Mellanox", "ConnectX", "NVIDIA", "HCA card",
					      "InfiniBand" };
	static const struct span hosts[] = { SPAN("localhost"), SPAN("localhost.localdomain"),
					     SPAN("unknown") };

	bool has_capital = false;

	for (size_t i = 0; i < description.length; i++)
		has_capital |= description.at[i] >= 'A' && description.at[i] <= 'Z';
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]) && has_capital; i++)
		if (span_contains(description, makers[i]))
			return true;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (host.length == hosts[i].length && span_equal(host, hosts[i]))
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

static struct left_node look_at(const char *text)
{
	struct description said = read_description(text);
	struct left_node left = { .draft = GRAPH_NONE };

	left.host_length = (uint32_t)said.host.length;
	if (said.device.length > 0) {
		left.device = (uint32_t)(said.device.at - text);
		left.device_length = (uint32_t)said.device.length;
	}
	return left;
}

static void look_at_some(void *context, size_t item, unsigned worker)
{
	const struct joining *joining = context;
	uint32_t first = (uint32_t)item * NODES_AT_ONCE, last = first + NODES_AT_ONCE;

	(void)worker;
	for (uint32_t i = first; i < last && i < joining->graph->node_count; i++) {
		joining->left[i].draft = LEFT_NOT;
		if (is_host_adapter(joining->graph, i) && joining->draft_of_node[i] == GRAPH_NONE)
			joining->left[i] = look_at(joining->graph->nodes[i].description);
	}
}

/* What each adapter that nobody claims says of itself. */
static void look_at_all(struct joining *joining)
{
	uint32_t count = joining->graph->node_count;

	joining->left = ARENA_ARRAY(joining->scratch, struct left_node, count);
	parallel_for((count + NODES_AT_ONCE - 1) / NODES_AT_ONCE, graph_threads(joining->graph),
		     look_at_some, joining);
}

void joining_name(struct joining *joining)
{
	const struct graph *graph = joining->graph;
	uint32_t *crowds;

	look_at_all(joining);
	for (uint32_t i = 0; i < graph->node_count; i++) {
		struct left_node *left = &joining->left[i];
		struct span host = { graph->nodes[i].description, left->host_length };

		if (left->draft == LEFT_NOT && is_host_adapter(graph, i))
			check_claimed(joining, i);
		else if (left->draft != LEFT_NOT && host.length > 0)
			left->draft = joining_host(joining, host, HOST_NAMED_BY_DESCRIPTION);
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
