/* Hosts with fewer links than their like, adapters that no host owns, and what the sources of graph
 * and hosts noted themselves. */
#include <assert.h>

#include "fabric/layout_parts.h"

static const double hosts_agree = 0.75;

static uint32_t count_links(const struct layout *layout, uint32_t host, uint32_t fabric)
{
	uint32_t count = 0;

	for (uint32_t i = layout->first_link[host]; i < layout->first_link[host + 1]; i++)
		count += layout->switches[layout->links[i].leaf].fabric == fabric;
	return count;
}

static bool is_unnamed(const struct layout *layout, uint32_t host)
{
	return layout->hosts->hosts[host].naming == HOST_NAMED_BY_GUID;
}

static void say_unnamed(struct layout_work *work, uint32_t host)
{
	struct layout *layout = work->layout;
	uint32_t from = layout->first_link[host], count = layout->first_link[host + 1] - from;
	const struct layout_link *link = count > 0 ? &layout->links[from] : NULL;
	const struct fabric_host *one = &layout->hosts->hosts[host];
	uint32_t node = layout->hosts->adapters[one->first_adapter].node;
	const char *likely = "";
	struct layout_finding *finding;

	if (link && link->expected != LAYOUT_NONE) {
		likely = arena_format(layout->arena, "; by its port it is probably one of %s's",
				      layout->hosts->hosts[link->expected].name);
		work->probable_links[link->expected]++;
	}
	finding = layout_say(layout, FAULT_UNNAMED,
			     "nothing names the host of adapter %016llx (\"%s\")%s",
			     (unsigned long long)layout->graph->nodes[node].guid,
			     layout->graph->nodes[node].description, likely);
	if (!finding)
		return;
	finding->host = host;
	finding->node = node;
	finding->port = link ? link->peer : GRAPH_NONE;
	finding->place = link ? layout_port_name(layout, link->peer, layout->arena) : one->name;
}

static void say_unseen(struct layout *layout, uint32_t host)
{
	const struct fabric_host *one = &layout->hosts->hosts[host];

	for (uint32_t i = 0; i < one->adapter_count; i++) {
		const struct fabric_adapter *adapter =
			&layout->hosts->adapters[one->first_adapter + i];
		struct layout_finding *finding;

		if (adapter->node != GRAPH_NONE || adapter->is_ethernet)
			continue;
		finding = layout_say(layout, FAULT_ADAPTER_UNSEEN,
				     "the host reports %s (%016llx), which the fabric does not "
				     "show",
				     adapter->device[0] != '\0' ? adapter->device : "an adapter",
				     (unsigned long long)adapter->node_guid);
		if (!finding)
			return;
		finding->host = host;
		finding->place =
			adapter->device[0] != '\0'
				? arena_format(layout->arena, "%s %s", one->name, adapter->device)
				: one->name;
	}
}

static uint32_t count_unseen(const struct layout *layout, uint32_t host)
{
	const struct fabric_host *one = &layout->hosts->hosts[host];
	uint32_t count = 0;

	for (uint32_t i = 0; i < one->adapter_count; i++) {
		const struct fabric_adapter *adapter =
			&layout->hosts->adapters[one->first_adapter + i];

		count += adapter->node == GRAPH_NONE && !adapter->is_ethernet;
	}
	return count;
}

/* The switches of its group that the host has no link to: where to look. */
static const char *lacking_leaves(const struct layout *layout, uint32_t host)
{
	uint32_t home = layout->home[host], count = 0;
	const char *name = "";

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		bool has = false;

		if (layout->switches[i].group != home)
			continue;
		for (uint32_t j = layout->first_link[host]; j < layout->first_link[host + 1]; j++)
			has |= layout->links[j].leaf == i;
		if (has)
			continue;
		count++;
		name = layout_node_name(layout, layout->switches[i].node, layout->arena);
	}
	if (count == 0)
		return "";
	return count == 1 ? arena_format(layout->arena, "; none is on %s", name)
			  : arena_format(layout->arena,
					 "; %u switches of its group have none, as "
					 "%s",
					 count, name);
}

static void judge_host(struct layout_work *work, uint32_t host, uint32_t usual, uint32_t links)
{
	struct layout *layout = work->layout;
	uint32_t unseen = count_unseen(layout, host);
	struct layout_finding *finding;

	if (links >= usual || links + work->probable_links[host] >= usual)
		return;
	work->is_miswired[host] = true;
	if (unseen > 0 && links + unseen <= usual) {
		say_unseen(layout, host);
		return;
	}
	/* With half as many and fewer it is a host of another kind: a login node, a gateway. */
	if (links * 2 < usual || usual < 3) {
		work->is_miswired[host] = false;
		return;
	}
	finding = layout_say(layout, FAULT_ADAPTER_MISSING, "%u of %u links, as other hosts have%s",
			     links, usual, lacking_leaves(layout, host));
	if (!finding)
		return;
	finding->host = host;
	finding->place = layout->hosts->hosts[host].name;
	finding->size = links;
	finding->expected = usual;
}

static void judge_fabric(struct layout_work *work, uint32_t fabric)
{
	struct layout *layout = work->layout;
	uint32_t *counts = ARENA_ARRAY(work->scratch, uint32_t, layout->hosts->host_count + 1);
	uint32_t *values = ARENA_ARRAY(work->scratch, uint32_t, layout->hosts->host_count + 1);
	uint32_t known = 0;
	double share;

	for (uint32_t i = 0; i < layout->hosts->host_count; i++) {
		counts[i] = count_links(layout, i, fabric);
		layout->fabrics[fabric].host_count += counts[i] > 0;
		if (counts[i] > 0 && !is_unnamed(layout, i))
			values[known++] = counts[i];
	}
	/* An adapter that nothing names is as a rule one of a host that others name. */
	if (known > 0)
		layout->fabrics[fabric].host_count = known;
	layout->fabrics[fabric].host_links = layout_most(values, known, &share);
	/* One link that many hosts have in common with none is no rule. */
	if (share < hosts_agree || known < 2)
		return;
	for (uint32_t i = 0; i < layout->hosts->host_count; i++)
		if (counts[i] > 0 && !is_unnamed(layout, i))
			judge_host(work, i, layout->fabrics[fabric].host_links, counts[i]);
}

void layout_find_adapters(struct layout_work *work)
{
	struct layout *layout = work->layout;

	for (uint32_t i = 0; i < layout->hosts->host_count; i++)
		if (is_unnamed(layout, i) && layout->hosts->hosts[i].adapter_count > 0)
			say_unnamed(work, i);
	for (uint32_t i = 0; i < layout->fabric_count; i++)
		if (layout->fabrics[i].link_count > 0)
			judge_fabric(work, i);
}

static const enum layout_fault fault_of_note[] = {
	[GRAPH_NOTE_DUPLICATE_GUID] = FAULT_DUPLICATE_GUID,
	[GRAPH_NOTE_ONE_SIDED] = FAULT_ONE_SIDED,
	[GRAPH_NOTE_SELF] = FAULT_SELF,
	[GRAPH_NOTE_NO_ANSWER] = FAULT_NO_ANSWER,
	[GRAPH_NOTE_CUT] = FAULT_CUT,
	[GRAPH_NOTE_UNREADABLE] = FAULT_UNREADABLE,
};
static_assert(sizeof(fault_of_note) / sizeof(fault_of_note[0]) == GRAPH_NOTE_KIND_COUNT,
	      "a fault for each kind of note");

static uint32_t kept(uint32_t count, uint32_t maximum)
{
	return count < maximum ? count : maximum;
}

void layout_find_notes(struct layout_work *work)
{
	struct layout *layout = work->layout;
	const struct graph *graph = layout->graph;
	uint32_t count = kept(graph->note_count, GRAPH_NOTES_MAXIMUM);

	for (uint32_t i = 0; i < count; i++) {
		const struct graph_note *note = &graph->notes[i];
		struct layout_finding *finding =
			layout_say(layout, fault_of_note[note->kind], "%s", note->text);

		if (!finding)
			break;
		finding->node = note->node;
		finding->port = note->port;
		if (note->port != GRAPH_NONE)
			finding->place = layout_port_name(layout, note->port, layout->arena);
		else if (note->node != GRAPH_NONE)
			finding->place = layout_node_name(layout, note->node, layout->arena);
	}
	for (uint32_t i = 0; i < kept(layout->hosts->note_count, HOST_NOTES_MAXIMUM); i++)
		if (!layout_say(layout, FAULT_HOST_DOUBT, "%s", layout->hosts->notes[i]))
			break;
}
