/* Links between switches that siblings have and a switch has not. */
#include <stdlib.h>
#include <string.h>

#include "fabric/layout_parts.h"

enum {
	SIBLINGS_ASKED = 4, /* how many are asked which port leads where */
};

/* Siblings that disagree more than so about the number of their uplinks were built so. */
static const double members_agree = 0.5;

/* So many have a cable to the same switch before one that lies elsewhere is called moved. */
static const double clearly = 0.8;

/* How many links a switch has to one above. */
struct trunk {
	uint32_t above, below, links;
};

/* The switches of one label. */
struct family {
	struct layout_work *work;
	const uint32_t *members; /* in order */
	uint32_t count;
	struct trunk *trunks; /* by the switch above, then by the member */
	uint32_t trunk_count;
	uint32_t *aboves; /* in order */
	uint32_t *first;  /* of each of those, where its trunks begin; above_count + 1 */
	uint32_t above_count;
	struct trunk *unsorted;
	uint32_t *at;     /* of a switch above: the trunk of the member at hand; its place */
	uint32_t *values; /* for layout_most */
	uint32_t *usual;  /* of a switch above: links that most members have to it */
	double *share;    /* and how many of them */
	uint32_t links;   /* up, that most members have */
};

static int compare_trunks(const void *a, const void *b)
{
	const struct trunk *left = a, *right = b;

	if (left->above != right->above)
		return left->above < right->above ? -1 : 1;
	return left->below < right->below ? -1 : left->below > right->below;
}

static int compare_indices(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* One for each switch above that the member has links to. */
static void gather_of(struct family *family, uint32_t one)
{
	const struct layout *layout = family->work->layout;
	uint32_t port, end = layout_ports(layout, one, &port);
	uint32_t before = family->trunk_count;

	for (; port < end; port++) {
		uint32_t peer = layout_peer_switch(layout, port), at;

		if (peer == LAYOUT_NONE ||
		    layout->switches[peer].tier <= layout->switches[one].tier)
			continue;
		at = family->at[peer];
		if (at < before || at >= family->trunk_count ||
		    family->unsorted[at].above != peer) {
			at = family->at[peer] = family->trunk_count++;
			family->unsorted[at] = (struct trunk){ .above = peer, .below = one };
		}
		family->unsorted[at].links++;
	}
}

/* The switches above, each once, in order. `at` of each is its place then. */
static void find_aboves(struct family *family)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < family->trunk_count; i++)
		family->at[family->unsorted[i].above] = LAYOUT_NONE;
	for (uint32_t i = 0; i < family->trunk_count; i++) {
		uint32_t above = family->unsorted[i].above;

		if (family->at[above] == LAYOUT_NONE)
			family->aboves[kept++] = above;
		family->at[above] = 0;
	}
	qsort(family->aboves, kept, sizeof(*family->aboves), compare_indices);
	for (uint32_t i = 0; i < kept; i++)
		family->at[family->aboves[i]] = i;
	family->above_count = kept;
}

static void gather_trunks(struct family *family)
{
	uint32_t *first = family->first;

	family->trunk_count = 0;
	for (uint32_t i = 0; i < family->count; i++)
		gather_of(family, family->members[i]);
	find_aboves(family);
	/* Two places on, so that filling moves each beginning to where it belongs. */
	memset(first, 0, sizeof(*first) * (family->above_count + 2));
	for (uint32_t i = 0; i < family->trunk_count; i++)
		first[family->at[family->unsorted[i].above] + 2]++;
	for (uint32_t i = 0; i < family->above_count; i++)
		first[i + 2] += first[i + 1];
	for (uint32_t i = 0; i < family->trunk_count; i++) {
		uint32_t *next = &first[family->at[family->unsorted[i].above] + 1];

		family->trunks[(*next)++] = family->unsorted[i];
	}
}

/* What most members have to each switch above, those without a link counted as 0. */
static void find_usual(struct family *family)
{
	for (uint32_t i = 0; i < family->above_count; i++) {
		uint32_t above = family->aboves[i], count = 0;

		for (uint32_t j = family->first[i]; j < family->first[i + 1]; j++)
			family->values[count++] = family->trunks[j].links;
		while (count < family->count)
			family->values[count++] = 0;
		family->usual[above] = layout_most(family->values, count, &family->share[above]);
	}
}

/* The free port of `one` that leads, at its siblings, to the switch above; 0: they do not agree. */
static unsigned guess_port(const struct family *family, uint32_t one, uint32_t above)
{
	const struct layout *layout = family->work->layout;
	uint32_t port, end = layout_ports(layout, one, &port);

	for (; port < end; port++) {
		uint32_t asked = 0, agree = 0;

		if (layout->graph->ports[port].peer != GRAPH_NONE)
			continue;
		for (uint32_t i = 0; i < family->count && asked < SIBLINGS_ASKED; i++) {
			uint32_t its =
				graph_port(layout->graph, layout->switches[family->members[i]].node,
					   layout->graph->ports[port].number);

			if (family->members[i] == one || its == GRAPH_NONE)
				continue;
			asked++;
			agree += layout_peer_switch(layout, its) == above;
		}
		if (agree > 0 && agree * 2 >= asked)
			return layout->graph->ports[port].number;
	}
	return 0;
}

static void say_missing(const struct family *family, uint32_t one, uint32_t above, uint32_t links,
			uint32_t usual)
{
	struct layout *layout = family->work->layout;
	const struct layout_switch *its = &layout->switches[one];
	unsigned port = guess_port(family, one, above);
	struct layout_finding *finding = layout_say(
		layout, FAULT_UPLINK_MISSING,
		"%u of %u link%s to %s; %u of %u uplinks in all, so that %.2f times the bandwidth "
		"of its uplinks is below it%s",
		links, usual, usual == 1 ? "" : "s",
		layout_node_name(layout, layout->switches[above].node, layout->arena), its->up,
		family->links,
		its->up_mbit > 0 ? (double)its->down_mbit / (double)its->up_mbit : 0.0,
		port > 0 ? arena_format(layout->arena,
					"; port %u leads there at its siblings and is free here",
					port)
			 : "");

	if (!finding)
		return;
	finding->node = its->node;
	finding->size = links;
	finding->expected = usual;
	finding->port = port > 0 ? graph_port(layout->graph, its->node, port) : GRAPH_NONE;
	finding->place = port > 0 ? layout_port_name(layout, finding->port, layout->arena)
				  : layout_node_name(layout, its->node, layout->arena);
	finding->other = layout->graph->nodes[layout->switches[above].node].first_port;
}

static uint32_t trunk_links(const struct family *family, uint32_t above, uint32_t below)
{
	const struct trunk wanted = { .above = above, .below = below };
	const struct trunk *found = bsearch(&wanted, family->trunks, family->trunk_count,
					    sizeof(wanted), compare_trunks);

	return found ? found->links : 0;
}

static void say_moved(const struct family *family, uint32_t one, uint32_t from, uint32_t to)
{
	struct layout *layout = family->work->layout;
	struct layout_finding *finding = layout_say(
		layout, FAULT_UPLINK_MOVED,
		"%u of %u link%s to %s, and %u where its siblings have %u to %s: a cable is on "
		"the wrong switch",
		trunk_links(family, from, one), family->usual[from],
		family->usual[from] == 1 ? "" : "s",
		layout_node_name(layout, layout->switches[from].node, layout->arena),
		trunk_links(family, to, one), family->usual[to],
		layout_node_name(layout, layout->switches[to].node, layout->arena));

	if (!finding)
		return;
	finding->node = layout->switches[one].node;
	finding->place = layout_node_name(layout, finding->node, layout->arena);
	finding->size = trunk_links(family, from, one);
	finding->expected = family->usual[from];
}

/* What the member has to each switch above; `next` of each is its first trunk of this member or of
 * those behind it. */
static void judge_member(const struct family *family, uint32_t one, uint32_t *next)
{
	struct layout *layout = family->work->layout;
	struct layout_switch *its = &layout->switches[one];
	uint32_t less = LAYOUT_NONE, more = LAYOUT_NONE;

	if (its->up < family->links)
		its->missing_up = (uint16_t)(family->links - its->up);
	for (uint32_t i = 0; i < family->above_count; i++) {
		uint32_t above = family->aboves[i], links = 0;

		if (next[i] < family->first[i + 1] && family->trunks[next[i]].below == one)
			links = family->trunks[next[i]++].links;
		if (links < family->usual[above] && its->missing_up > 0)
			say_missing(family, one, above, links, family->usual[above]);
		else if (links < family->usual[above] && family->share[above] >= clearly)
			less = above;
		else if (links > family->usual[above] && family->share[above] >= clearly)
			more = above;
	}
	if (less != LAYOUT_NONE && more != LAYOUT_NONE && its->missing_up == 0)
		say_moved(family, one, less, more);
}

static void judge_family(struct family *family)
{
	const struct layout *layout = family->work->layout;
	uint32_t *next = family->at;
	double share;

	for (uint32_t i = 0; i < family->count; i++)
		family->values[i] = layout->switches[family->members[i]].up;
	family->links = layout_most(family->values, family->count, &share);
	if (share < members_agree)
		return;
	for (uint32_t i = 0; i < family->above_count; i++)
		next[i] = family->first[i];
	for (uint32_t i = 0; i < family->count; i++)
		judge_member(family, family->members[i], next);
}

static uint32_t *by_siblings(struct layout_work *work, uint32_t *first)
{
	const struct layout *layout = work->layout;
	uint32_t *sorted = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);
	uint32_t *next = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 1);

	for (uint32_t i = 0; i < layout->switch_count; i++)
		first[layout->switches[i].siblings + 1]++;
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		first[i + 1] += first[i];
		next[i] = first[i];
	}
	for (uint32_t i = 0; i < layout->switch_count; i++)
		sorted[next[layout->switches[i].siblings]++] = i;
	return sorted;
}

void layout_find_uplinks(struct layout_work *work)
{
	const struct layout *layout = work->layout;
	uint32_t *first = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 1);
	const uint32_t *sorted = by_siblings(work, first);
	struct family family = {
		.work = work,
		.trunks = ARENA_ARRAY(work->scratch, struct trunk, layout->graph->port_count),
		.unsorted = ARENA_ARRAY(work->scratch, struct trunk, layout->graph->port_count),
		.aboves = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count),
		.first = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 2),
		.at = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count),
		.values = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count),
		.usual = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count),
		.share = ARENA_ARRAY(work->scratch, double, layout->switch_count),
	};

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		family.members = sorted + first[i];
		family.count = first[i + 1] - first[i];
		if (family.count < 2 || layout->switches[sorted[first[i]]].up == 0)
			continue;
		gather_trunks(&family);
		find_usual(&family);
		judge_family(&family);
	}
}
