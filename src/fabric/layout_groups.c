#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fabric/layout_parts.h"
#include "fabric/overlap.h"

enum {
	NAME_LEAST = 3, /* characters that a name of a group has at least */
	NAME_MAXIMUM = 48,
};

/* Has the host two links in this fabric, and so tells what they have in common? */
static bool has_two_links(const struct layout *layout, uint32_t host, uint32_t fabric)
{
	uint32_t count = 0;

	for (uint32_t i = layout->first_link[host]; i < layout->first_link[host + 1] && count < 2;
	     i++)
		count += layout->switches[layout->links[i].leaf].fabric == fabric;
	return count == 2;
}

static bool is_leaf(const struct layout_work *work, uint32_t one)
{
	return work->host_links[one] > 0 && work->layout->switches[one].tier == 0;
}

/* The hosts of each leaf, those with one link only left out: they tell nothing about which leaves
 * belong together. */
static void find_sets(struct layout_work *work, struct overlap_sets *sets)
{
	struct layout *layout = work->layout;
	uint32_t *first = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 1);
	uint32_t *members = ARENA_ARRAY(work->scratch, uint32_t, layout->link_count);
	uint32_t *colours = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);
	uint32_t count = 0;

	for (uint32_t leaf = 0; leaf < layout->switch_count; leaf++) {
		uint32_t last = LAYOUT_NONE;

		first[leaf] = count;
		colours[leaf] = layout->switches[leaf].fabric;
		if (!is_leaf(work, leaf))
			continue;
		for (uint32_t i = work->first_link_of_leaf[leaf];
		     i < work->first_link_of_leaf[leaf + 1]; i++) {
			uint32_t host = layout->links[work->links_of_leaf[i]].host;

			/* Links of one host stand together. */
			if (host != last && has_two_links(layout, host, colours[leaf]))
				members[count++] = host;
			last = host;
		}
	}
	first[layout->switch_count] = count;
	*sets = (struct overlap_sets){
		.item_count = layout->switch_count,
		.member_count = layout->hosts->host_count,
		.first = first,
		.members = members,
		.colours = colours,
	};
}

/* The label that most links of the host have in this fabric. */
static uint32_t label_in(const struct layout *layout, uint32_t host, uint32_t fabric,
			 const uint32_t *labels)
{
	uint32_t from = layout->first_link[host], to = layout->first_link[host + 1];
	uint32_t best = LAYOUT_NONE, best_count = 0;

	/* No other has more than one that has half of them. */
	for (uint32_t i = from; i < to && best_count * 2 < to - from; i++) {
		uint32_t leaf = layout->links[i].leaf, count = 0;

		if (layout->switches[leaf].fabric != fabric || layout->switches[leaf].tier != 0)
			continue;
		for (uint32_t j = from; j < to; j++)
			count += labels[layout->links[j].leaf] == labels[leaf];
		if (count > best_count) {
			best_count = count;
			best = labels[leaf];
		}
	}
	return best;
}

/* The first fabric, from this one on, of which a leaf has a link of the host: compute is before
 * others. */
static uint32_t next_fabric(const struct layout *layout, uint32_t host, uint32_t from)
{
	uint32_t fabric = LAYOUT_NONE;

	for (uint32_t i = layout->first_link[host]; i < layout->first_link[host + 1]; i++) {
		const struct layout_switch *one = &layout->switches[layout->links[i].leaf];

		if (one->tier == 0 && one->fabric >= from && one->fabric < fabric)
			fabric = one->fabric;
	}
	return fabric;
}

static uint32_t group_of_label(struct layout *layout, uint32_t *group_of, uint32_t label)
{
	if (group_of[label] == LAYOUT_NONE) {
		group_of[label] = layout->group_count;
		layout->groups[layout->group_count++] = (struct layout_group){
			.name = "",
			.fabric = layout->switches[label].fabric,
			.pod = LAYOUT_NONE,
			.agreement = NAN,
		};
	}
	return group_of[label];
}

/* Goes through the members of all groups: counts them at two places ahead, or puts them there. */
static void go_through(struct layout *layout, const uint32_t *labels, bool puts)
{
	for (uint32_t i = 0; i < layout->hosts->host_count; i++) {
		uint32_t fabric = next_fabric(layout, i, 0);

		for (; fabric != LAYOUT_NONE; fabric = next_fabric(layout, i, fabric + 1)) {
			uint32_t leaf = label_in(layout, i, fabric, labels);
			uint32_t group = layout->switches[leaf].group;

			if (puts)
				layout->members[layout->first_member[group + 1]++] = i;
			else
				layout->first_member[group + 2]++;
		}
	}
}

static void find_members(struct layout *layout, const uint32_t *labels)
{
	layout->first_member = ARENA_ARRAY(layout->arena, uint32_t, layout->group_count + 2);
	go_through(layout, labels, false);
	for (uint32_t i = 2; i < layout->group_count + 2; i++)
		layout->first_member[i] += layout->first_member[i - 1];
	layout->members = ARENA_ARRAY(layout->arena, uint32_t,
				      (size_t)layout->first_member[layout->group_count + 1] + 1);
	go_through(layout, labels, true);
}

/* Hosts that something names count; those that are an adapter without a name each only where a
 * group has no others. */
static void count_hosts(struct layout *layout)
{
	for (uint32_t i = 0; i < layout->group_count; i++) {
		uint32_t first = layout->first_member[i], end = layout->first_member[i + 1];
		uint32_t named = 0;

		for (uint32_t k = first; k < end; k++)
			named += layout->hosts->hosts[layout->members[k]].naming !=
				 HOST_NAMED_BY_GUID;
		layout->groups[i].host_count = named > 0 ? named : end - first;
	}
}

void layout_find_groups(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t *labels = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);
	uint32_t *group_of = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);
	struct overlap_sets sets;

	find_sets(work, &sets);
	overlap_join(&sets, work->scratch, labels);
	memset(group_of, 0xff, sizeof(*group_of) * layout->switch_count);
	layout->groups = ARENA_ARRAY(layout->arena, struct layout_group, layout->switch_count);
	layout->home = ARENA_ARRAY(layout->arena, uint32_t, layout->hosts->host_count);
	for (uint32_t i = 0; i < layout->hosts->host_count; i++) {
		uint32_t fabric = next_fabric(layout, i, 0);

		layout->home[i] = LAYOUT_NONE;
		if (fabric != LAYOUT_NONE)
			layout->home[i] = group_of_label(layout, group_of,
							 label_in(layout, i, fabric, labels));
	}
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		if (!is_leaf(work, i))
			continue;
		layout->switches[i].group = group_of_label(layout, group_of, labels[i]);
		layout->groups[layout->switches[i].group].leaf_count++;
	}
	find_members(layout, labels);
	count_hosts(layout);
}

/* Names */

static bool is_name_character(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

static size_t common_length(const char *a, const char *b)
{
	size_t length = 0;

	while (a[length] != '\0' && a[length] == b[length])
		length++;
	return length;
}

/* What the group's leaves have in common of their names, without half a number at its end. */
static void shorten_name(char *name, size_t length, bool is_whole)
{
	while (!is_whole && length > 0 && isdigit((unsigned char)name[length - 1]))
		length--;
	while (length > 0 && !isalnum((unsigned char)name[length - 1]))
		length--;
	name[length < NAME_MAXIMUM ? length : NAME_MAXIMUM] = '\0';
	for (char *c = name; *c != '\0'; c++)
		if (!is_name_character(*c))
			*c = '-';
}

struct naming {
	char **names; /* of groups; NULL before the first leaf */
	bool *is_whole;
};

static void take_leaf(const struct layout_work *work, struct naming *naming, uint32_t leaf)
{
	const struct layout *layout = work->layout;
	uint32_t group = layout->switches[leaf].group;
	const char *name = layout_node_name(layout, layout->switches[leaf].node, work->scratch);
	size_t length;

	if (!naming->names[group]) {
		naming->names[group] =
			(char *)(uintptr_t)arena_string(work->scratch, span_of(name));
		naming->is_whole[group] = true;
		return;
	}
	length = common_length(naming->names[group], name);
	naming->names[group][length] = '\0';
	naming->is_whole[group] = false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Would it be taken for what units of higher tiers are called? */
static bool is_taken(const char *name)
{
	return strncmp(name, "pod-", 4) == 0 || strncmp(name, "compute", 7) == 0;
}

/* True when each group has a name that says something and no two have the same. */
static bool are_names_good(const struct layout_work *work, const struct naming *naming)
{
	uint32_t count = work->layout->group_count;
	char **sorted = ARENA_ARRAY(work->scratch, char *, count);

	memcpy(sorted, naming->names, sizeof(*sorted) * count);
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (uint32_t i = 0; i < count; i++)
		if (strlen(sorted[i]) < NAME_LEAST || is_taken(sorted[i]) ||
		    (i > 0 && strcmp(sorted[i], sorted[i - 1]) == 0))
			return false;
	return true;
}

void layout_name_groups(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct naming naming = {
		.names = ARENA_ARRAY(work->scratch, char *, layout->group_count),
		.is_whole = ARENA_ARRAY(work->scratch, bool, layout->group_count),
	};
	bool are_good;

	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (layout->switches[i].group != LAYOUT_NONE)
			take_leaf(work, &naming, i);
	for (uint32_t i = 0; i < layout->group_count; i++)
		shorten_name(naming.names[i], strlen(naming.names[i]), naming.is_whole[i]);
	are_good = layout->group_count > 0 && are_names_good(work, &naming);
	for (uint32_t i = 0; i < layout->group_count; i++)
		layout->groups[i].name =
			are_good ? arena_string(layout->arena, span_of(naming.names[i]))
				 : arena_format(layout->arena, "leafgroup-%u", i + 1);
}
