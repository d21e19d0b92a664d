#include "fabric/hosts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "fabric/hosts_parts.h"
#include "fabric/naming.h"

enum {
	ROOM_FIRST = 256,
	HOSTS_AT_ONCE = 512, /* that a thread finishes before it looks for more */
	RAILS_MAXIMUM = HOST_RAIL_UNKNOWN,
};

const char *const host_naming_names[HOST_NAMING_COUNT] = {
	[HOST_NAMED_BY_EVIDENCE] = "evidence",
	[HOST_NAMED_BY_LIST] = "list",
	[HOST_NAMED_BY_DESCRIPTION] = "description",
	[HOST_NAMED_BY_GUID] = "GUID",
};

struct guid_map guid_map_make(struct arena *arena, uint32_t count)
{
	struct guid_map map = { .slot_count = 2 };

	while (map.slot_count < count * 2ull)
		map.slot_count *= 2;
	map.keys = ARENA_ARRAY(arena, uint64_t, map.slot_count);
	map.values = ARENA_ARRAY(arena, uint32_t, map.slot_count);
	return map;
}

static uint32_t slot_of(const struct guid_map *map, uint64_t guid)
{
	uint32_t slot = guid_slot(guid, map->slot_count);

	while (map->keys[slot] != 0 && map->keys[slot] != guid)
		slot = (slot + 1) & (map->slot_count - 1);
	return slot;
}

uint32_t *guid_map_at(struct guid_map *map, uint64_t guid)
{
	uint32_t slot = slot_of(map, guid);

	if (map->keys[slot] == 0) {
		map->keys[slot] = guid;
		map->values[slot] = GRAPH_NONE;
	}
	return &map->values[slot];
}

uint32_t guid_map_find(const struct guid_map *map, uint64_t guid)
{
	uint32_t slot = slot_of(map, guid);

	return guid != 0 && map->keys[slot] == guid ? map->values[slot] : GRAPH_NONE;
}

/* FNV-1a. */
static uint32_t hash_name(struct span name)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < name.length; i++)
		hash = (hash ^ (unsigned char)name.at[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static bool is_named(const struct host_draft *draft, struct span name)
{
	return draft->name_length == name.length &&
	       memcmp(draft->host.name, name.at, name.length) == 0;
}

static uint32_t name_slot(const struct joining *joining, struct span name)
{
	uint32_t slot = hash_name(name) & (joining->slot_count - 1);

	while (joining->slots[slot] != GRAPH_NONE &&
	       !is_named(&joining->drafts[joining->slots[slot]], name))
		slot = (slot + 1) & (joining->slot_count - 1);
	return slot;
}

uint32_t joining_find(const struct joining *joining, struct span name)
{
	return joining->slot_count > 0 ? joining->slots[name_slot(joining, name)] : GRAPH_NONE;
}

/* Twice the room, with what is there. */
static void *grown(struct arena *arena, const void *array, size_t size, uint32_t count,
		   uint32_t *room)
{
	void *larger;

	*room = *room > 0 ? *room * 2 : ROOM_FIRST;
	larger = arena_take_array(arena, *room, size);
	if (count > 0)
		memcpy(larger, array, size * count);
	return larger;
}

static void make_room_for_host(struct joining *joining)
{
	uint32_t room = joining->draft_room, again = joining->draft_room;

	if (joining->draft_count < room)
		return;
	joining->drafts = grown(joining->scratch, joining->drafts, sizeof(*joining->drafts),
				joining->draft_count, &joining->draft_room);
	joining->first_of = grown(joining->scratch, joining->first_of, sizeof(*joining->first_of),
				  joining->draft_count, &room);
	joining->last_of = grown(joining->scratch, joining->last_of, sizeof(*joining->last_of),
				 joining->draft_count, &again);
	joining->slot_count = joining->draft_room * 2;
	joining->slots = ARENA_ARRAY(joining->scratch, uint32_t, joining->slot_count);
	memset(joining->slots, 0xff, joining->slot_count * sizeof(*joining->slots));
	for (uint32_t i = 0; i < joining->draft_count; i++)
		joining->slots[name_slot(joining, span_of(joining->drafts[i].host.name))] = i;
}

uint32_t joining_host(struct joining *joining, struct span name, enum host_naming naming)
{
	bool is_latest = joining->latest < joining->draft_count &&
			 is_named(&joining->drafts[joining->latest], name);
	uint32_t index = is_latest ? joining->latest : joining_find(joining, name);
	struct fabric_host *host;

	if (index == GRAPH_NONE) {
		make_room_for_host(joining);
		index = joining->draft_count++;
		joining->drafts[index] = (struct host_draft){
			.host = {
				.name = arena_string(joining->arena, name),
				.naming = naming,
				.domain = "",
				.domain_why = "",
			},
			.name_length = (uint32_t)name.length,
		};
		joining->first_of[index] = GRAPH_NONE;
		joining->slots[name_slot(joining, name)] = index;
	}
	joining->latest = index;
	host = &joining->drafts[index].host;
	if (naming < host->naming)
		host->naming = naming;
	return index;
}

void joining_note(struct joining *joining, const char *format, ...)
{
	struct fabric_hosts *hosts = joining->hosts;
	uint32_t index = hosts->note_count++;
	va_list args;

	if (index >= HOST_NOTES_MAXIMUM)
		return;
	if (!hosts->notes)
		hosts->notes = ARENA_ARRAY(joining->arena, const char *, HOST_NOTES_MAXIMUM);
	va_start(args, format);
	hosts->notes[index] = arena_format_list(joining->arena, format, args);
	va_end(args);
}

uint32_t joining_add(struct joining *joining, uint32_t host, const struct fabric_adapter *adapter)
{
	uint32_t index = joining->adapter_count++;

	if (index == joining->adapter_room)
		joining->adapters =
			grown(joining->scratch, joining->adapters, sizeof(*joining->adapters),
			      index, &joining->adapter_room);
	joining->adapters[index] = (struct adapter_draft){
		.adapter = *adapter,
		.host = host,
		.next = GRAPH_NONE,
	};
	if (joining->first_of[host] == GRAPH_NONE)
		joining->first_of[host] = index;
	else
		joining->adapters[joining->last_of[host]].next = index;
	joining->last_of[host] = index;
	joining->drafts[host].adapter_count++;
	if (adapter->node != GRAPH_NONE)
		joining->draft_of_node[adapter->node] = host;
	return index;
}

/* Indices of drafts with their names, for sorting. */
struct draft_order {
	const char *name;
	uint32_t draft;
};

static int compare_names(const void *left, const void *right)
{
	const struct draft_order *a = left, *b = right;

	return name_compare(a->name, b->name);
}

/* Most stand in order already. */
static void sort(void *items, uint32_t count, size_t size,
		 int (*compare)(const void *left, const void *right))
{
	for (uint32_t i = 1; i < count; i++) {
		const char *item = (const char *)items + size * i;

		if (compare(item - size, item) > 0) {
			qsort(items, count, size, compare);
			return;
		}
	}
}

static int compare_places(const struct fabric_adapter *a, const struct fabric_adapter *b)
{
	return a->node < b->node ? -1 : a->node > b->node;
}

static int compare_devices(const void *left, const void *right)
{
	const struct fabric_adapter *a = left, *b = right;
	int order = (int)a->is_ethernet - (int)b->is_ethernet;

	order = order != 0 ? order : name_compare(a->device, b->device);
	return order != 0 ? order : compare_places(a, b);
}

static int compare_addresses(const void *left, const void *right)
{
	const struct fabric_adapter *a = left, *b = right;
	int order = (int)a->is_ethernet - (int)b->is_ethernet;

	order = order != 0 ? order : strcmp(a->pci, b->pci);
	return order != 0 ? order : compare_devices(left, right);
}

/* Rails of adapters of one kind of link, which stand together in order. */
static void number_rails(struct fabric_adapter *adapters, uint32_t count, bool has_addresses)
{
	bool is_known = true;

	/* An order that not all of them have a place in is none. */
	for (uint32_t i = 0; i < count && !has_addresses; i++)
		is_known = is_known && adapters[i].device[0] != '\0' &&
			   (i == 0 || strcmp(adapters[i - 1].device, adapters[i].device) != 0);
	for (uint32_t i = 0; i < count; i++)
		adapters[i].rail = is_known && i < RAILS_MAXIMUM ? (uint8_t)i : HOST_RAIL_UNKNOWN;
}

static void order_adapters(struct fabric_adapter *adapters, uint32_t count)
{
	bool has_addresses = true;
	uint32_t first = 0;

	for (uint32_t i = 0; i < count; i++)
		has_addresses = has_addresses && adapters[i].pci[0] != '\0';
	sort(adapters, count, sizeof(*adapters),
	     has_addresses ? compare_addresses : compare_devices);
	for (uint32_t last = 1; last <= count; last++) {
		if (last < count && adapters[last].is_ethernet == adapters[first].is_ethernet)
			continue;
		number_rails(adapters + first, last - first, has_addresses);
		first = last;
	}
}

/* The host of a draft, with what is told of its adapters and room for those of the graph. */
static void start_host(struct joining *joining, uint32_t draft, uint32_t index)
{
	struct fabric_hosts *hosts = joining->hosts;
	struct fabric_host *host = &hosts->hosts[index];
	struct fabric_adapter *adapters = hosts->adapters + hosts->adapter_count;

	*host = joining->drafts[draft].host;
	host->first_adapter = hosts->adapter_count;
	for (uint32_t i = joining->first_of[draft]; i != GRAPH_NONE; i = joining->adapters[i].next)
		adapters[host->adapter_count++] = joining->adapters[i].adapter;
	hosts->adapter_count += host->adapter_count + joining->drafts[draft].node_count;
	hosts->unnamed += host->naming == HOST_NAMED_BY_GUID;
}

static void finish_host(struct fabric_hosts *hosts, uint32_t index)
{
	const struct fabric_host *host = &hosts->hosts[index];
	struct fabric_adapter *adapters = hosts->adapters + host->first_adapter;

	order_adapters(adapters, host->adapter_count);
	for (uint32_t i = 0; i < host->adapter_count; i++)
		if (adapters[i].node != GRAPH_NONE)
			hosts->host_of_node[adapters[i].node] = index;
}

/* Each writes to its own adapters and to their nodes. */
static void finish_some(void *context, size_t item, unsigned worker)
{
	struct fabric_hosts *hosts = context;
	uint32_t first = (uint32_t)item * HOSTS_AT_ONCE, last = first + HOSTS_AT_ONCE;

	(void)worker;
	for (uint32_t i = first; i < last && i < hosts->host_count; i++)
		finish_host(hosts, i);
}

static void add_left(struct joining *joining, const uint32_t *host_of_draft)
{
	struct fabric_hosts *hosts = joining->hosts;

	for (uint32_t i = 0; i < joining->graph->node_count; i++) {
		struct fabric_host *host;

		if (joining->left[i].draft == LEFT_NOT)
			continue;
		host = &hosts->hosts[host_of_draft[joining->left[i].draft]];
		hosts->adapters[host->first_adapter + host->adapter_count++] =
			joining_left(joining, i);
	}
}

static void finish(struct joining *joining)
{
	struct fabric_hosts *hosts = joining->hosts;
	struct draft_order *order =
		ARENA_ARRAY(joining->scratch, struct draft_order, joining->draft_count);
	uint32_t *host_of_draft = ARENA_ARRAY(joining->scratch, uint32_t, joining->draft_count);
	uint32_t adapter_count = joining->adapter_count;

	for (uint32_t i = 0; i < joining->draft_count; i++) {
		order[i] = (struct draft_order){ joining->drafts[i].host.name, i };
		adapter_count += joining->drafts[i].node_count;
	}
	sort(order, joining->draft_count, sizeof(*order), compare_names);
	hosts->hosts = ARENA_ARRAY(joining->arena, struct fabric_host, joining->draft_count);
	hosts->adapters = ARENA_ARRAY(joining->arena, struct fabric_adapter, adapter_count);
	/* One that only a description named which named a crowd has no adapters, and is none. */
	for (uint32_t i = 0; i < joining->draft_count; i++) {
		const struct host_draft *draft = &joining->drafts[order[i].draft];

		if (draft->adapter_count == 0 && draft->node_count == 0 && !draft->host.is_listed)
			continue;
		host_of_draft[order[i].draft] = hosts->host_count;
		start_host(joining, order[i].draft, hosts->host_count++);
	}
	add_left(joining, host_of_draft);
	parallel_for((hosts->host_count + HOSTS_AT_ONCE - 1) / HOSTS_AT_ONCE,
		     graph_threads(joining->graph), finish_some, hosts);
	for (uint32_t i = 0; i < hosts->adapter_count; i++)
		hosts->unseen += hosts->adapters[i].node == GRAPH_NONE;
}

void fabric_hosts_join(const struct graph *graph, const struct host_facts *facts,
		       struct arena *arena, struct fabric_hosts *ret_hosts)
{
	SCOPED_ARENA(scratch);
	struct fabric_hosts hosts = {
		.arena = arena,
		.host_of_node = ARENA_ARRAY(arena, uint32_t, graph->node_count),
	};
	struct joining joining = {
		.graph = graph,
		.arena = arena,
		.scratch = &scratch,
		.hosts = &hosts,
		.draft_of_node = ARENA_ARRAY(&scratch, uint32_t, graph->node_count),
	};

	memset(hosts.host_of_node, 0xff, graph->node_count * sizeof(*hosts.host_of_node));
	memset(joining.draft_of_node, 0xff, graph->node_count * sizeof(*joining.draft_of_node));
	joining_claim(&joining, facts);
	joining_name(&joining);
	finish(&joining);
	*ret_hosts = hosts;
}

uint32_t fabric_hosts_find(const struct fabric_hosts *hosts, struct span name)
{
	SCOPED_ARENA(scratch);
	const char *wanted = arena_string(&scratch, name);
	uint32_t first = 0, last = hosts->host_count;

	while (first < last) {
		uint32_t middle = first + (last - first) / 2;
		int order = name_compare(wanted, hosts->hosts[middle].name);

		if (order == 0)
			return middle;
		if (order < 0)
			last = middle;
		else
			first = middle + 1;
	}
	return GRAPH_NONE;
}
