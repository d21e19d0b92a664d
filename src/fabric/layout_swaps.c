#include "fabric/layout_parts.h"

static const char *host_name(const struct layout *layout, uint32_t host)
{
	return layout->hosts->hosts[host].name;
}

static bool is_unnamed(const struct layout *layout, uint32_t host)
{
	return layout->hosts->hosts[host].naming == HOST_NAMED_BY_GUID;
}

static const char *leaf_end(const struct layout *layout, const struct layout_link *link)
{
	return layout_port_name(layout, link->peer, layout->arena);
}

/* Does the link lead to another host than its place says? */
static bool is_astray(const struct layout *layout, const struct layout_link *link)
{
	return link->expected != LAYOUT_NONE && link->expected != link->host &&
	       !is_unnamed(layout, link->host);
}

/* Of a host with three links or more, nearly all of which are in its home group, one that is not:
 * a cable that found its way to another group. */
static bool is_abroad(const struct layout *layout, const struct layout_link *link)
{
	uint32_t home = layout->home[link->host];
	uint32_t fabric = layout->switches[link->leaf].fabric, all = 0, at_home = 0;

	if (home == LAYOUT_NONE || layout->switches[link->leaf].group == home ||
	    layout->groups[home].fabric != fabric)
		return false;
	for (uint32_t i = layout->first_link[link->host]; i < layout->first_link[link->host + 1];
	     i++) {
		uint32_t leaf = layout->links[i].leaf;

		all += layout->switches[leaf].fabric == fabric;
		at_home += layout->switches[leaf].group == home;
	}
	return all >= 3 && at_home * 4 >= all * 3 - 1 && at_home * 2 > all;
}

static void say_swapped(struct layout_work *work, const struct layout_link *link,
			const struct layout_link *other)
{
	struct layout *layout = work->layout;
	bool one_leaf = link->leaf == other->leaf;
	struct layout_finding *finding;

	work->is_miswired[link->host] = true;
	work->is_miswired[other->host] = true;
	finding = layout_say(
		layout, FAULT_SWAPPED,
		"leads to %s and %s to %s: each is where the other belongs%s",
		layout_port_name(layout, link->port, layout->arena), leaf_end(layout, other),
		layout_port_name(layout, other->port, layout->arena),
		one_leaf ? " (same switch, so traffic keeps its way, but ports no longer tell "
			   "hosts)"
			 : "");
	if (!finding)
		return;
	/* Both on one leaf: labels and position disagree, bandwidth does not. */
	finding->weight = one_leaf ? WEIGHT_WARN : WEIGHT_FAIL;
	finding->node = layout->graph->ports[link->peer].node;
	finding->port = link->peer;
	finding->other = other->peer;
	finding->host = link->host;
	finding->place = leaf_end(layout, link);
}

/* The astray link of the expected host that in turn stands where this host is expected. */
static uint32_t find_partner(const struct layout *layout, const struct layout_link *link)
{
	uint32_t expected = link->expected;

	for (uint32_t i = layout->first_link[expected]; i < layout->first_link[expected + 1]; i++)
		if (is_astray(layout, &layout->links[i]) && layout->links[i].expected == link->host)
			return i;
	return LAYOUT_NONE;
}

static void say_misplaced(struct layout_work *work, const struct layout_link *link)
{
	struct layout *layout = work->layout;
	uint32_t group = layout->switches[link->leaf].group;
	uint32_t home = layout->home[link->host];
	bool is_away = home != LAYOUT_NONE && group != home;
	struct layout_finding *finding;

	work->is_miswired[link->host] |= is_away;
	if (is_away)
		finding = layout_say(layout, FAULT_MISPLACED,
				     "leads to %s, whose other links are in %s: this switch "
				     "belongs to %s",
				     layout_port_name(layout, link->port, layout->arena),
				     layout->groups[home].name,
				     group == LAYOUT_NONE ? "no leaf group"
							  : layout->groups[group].name);
	else
		finding = layout_say(layout, FAULT_MISPLACED,
				     "leads to %s; the same port of the group's other switches "
				     "leads to %s",
				     layout_port_name(layout, link->port, layout->arena),
				     host_name(layout, link->expected));
	if (!finding)
		return;
	finding->weight = is_away ? WEIGHT_FAIL : WEIGHT_WARN;
	finding->node = layout->graph->ports[link->peer].node;
	finding->port = link->peer;
	finding->host = link->host;
	finding->place = leaf_end(layout, link);
}

/* Links that are abroad, with nothing known about what is expected there, in pairs: each is on a
 * switch of the other's home, of the same rail where rails are known. */
static uint32_t find_exchange(const struct layout *layout, const uint32_t *abroad, uint32_t count,
			      uint32_t at)
{
	const struct layout_link *link = &layout->links[abroad[at]];
	uint32_t found = LAYOUT_NONE, matches = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct layout_link *other = &layout->links[abroad[i]];

		if (i == at || layout->switches[other->leaf].group != layout->home[link->host] ||
		    layout->switches[link->leaf].group != layout->home[other->host] ||
		    layout->switches[other->leaf].rail != layout->switches[link->leaf].rail)
			continue;
		found = abroad[i];
		matches++;
	}
	return matches == 1 ? found : LAYOUT_NONE;
}

enum {
	EXCHANGES_TRIED = 500, /* more cables abroad than so are no slip of a hand */
};

static void say_abroad(struct layout_work *work, const uint32_t *abroad, uint32_t count)
{
	const struct layout *layout = work->layout;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t other = count <= EXCHANGES_TRIED ? find_exchange(layout, abroad, count, i)
							  : LAYOUT_NONE;

		if (other == LAYOUT_NONE)
			say_misplaced(work, &layout->links[abroad[i]]);
		else if (abroad[i] < other)
			say_swapped(work, &layout->links[abroad[i]], &layout->links[other]);
	}
}

static void find_astray(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t *abroad = ARENA_ARRAY(work->scratch, uint32_t, layout->link_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->link_count; i++) {
		const struct layout_link *link = &layout->links[i];
		uint32_t partner = LAYOUT_NONE;

		if (is_astray(layout, link))
			partner = find_partner(layout, link);
		if (partner != LAYOUT_NONE) {
			if (i < partner)
				say_swapped(work, link, &layout->links[partner]);
		} else if (is_abroad(layout, link)) {
			abroad[count++] = i;
		} else if (is_astray(layout, link)) {
			say_misplaced(work, link);
		}
	}
	say_abroad(work, abroad, count);
}

static bool is_off_rail(const struct layout *layout, const struct layout_link *link)
{
	uint8_t rail = layout->switches[link->leaf].rail;

	return rail != HOST_RAIL_UNKNOWN && link->rail != HOST_RAIL_UNKNOWN && rail != link->rail;
}

/* Two adapters of one host on each other's rail. A host that lacks an adapter may count the rest
 * otherwise, which no exchange shows. */
static void find_swapped_rails(struct layout_work *work, uint32_t at)
{
	struct layout *layout = work->layout;
	const struct layout_link *link = &layout->links[at];

	for (uint32_t i = at + 1; i < layout->first_link[link->host + 1]; i++) {
		const struct layout_link *other = &layout->links[i];
		struct layout_finding *finding;

		if (!is_off_rail(layout, other) ||
		    layout->switches[other->leaf].rail != link->rail ||
		    layout->switches[link->leaf].rail != other->rail)
			continue;
		work->is_miswired[link->host] = true;
		finding = layout_say(layout, FAULT_RAILS,
				     "rail %u of the host is on %s, a switch of rail %u, and rail "
				     "%u on %s: its two cables are swapped",
				     link->rail, leaf_end(layout, link), other->rail, other->rail,
				     leaf_end(layout, other));
		if (!finding)
			continue;
		finding->node = layout->graph->ports[link->port].node;
		finding->port = link->port;
		finding->other = other->port;
		finding->host = link->host;
		finding->place = layout_port_name(layout, link->port, layout->arena);
	}
}

void layout_find_swaps(struct layout_work *work)
{
	const struct layout *layout = work->layout;

	layout_find_expected(work);
	find_astray(work);
	for (uint32_t i = 0; i < layout->link_count; i++)
		if (is_off_rail(layout, &layout->links[i]))
			find_swapped_rails(work, i);
}
