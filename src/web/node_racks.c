/* Which racks the nodes of a cluster stand in, as who keeps them says. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fabric/hostlist.h"
#include "web/node_look.h"

enum {
	RACKS_MAXIMUM = 1000,
	RACKED_NODES_MAXIMUM = 8192,
	RACK_NAME_MAXIMUM = 64,
};

static const char racks_schema[] = "assay/racks/v1";

struct racked {
	const char *node, *rack;
};

/* Nodes by name, and the list that told of them. */
struct racks {
	const struct node *told;
	struct racked *items;
	uint32_t count;
};

static int by_node(const void *left, const void *right)
{
	return strcmp(((const struct racked *)left)->node, ((const struct racked *)right)->node);
}

static const char *rack_of(const struct racks *racks, const char *node)
{
	const struct racked wanted = { .node = node };
	const struct racked *found =
		racks->count == 0
			? NULL
			: bsearch(&wanted, racks->items, racks->count, sizeof(wanted), by_node);

	return found ? found->rack : NULL;
}

static bool is_rack(struct span name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~')
			return false;
	return name.length > 0 && name.length <= RACK_NAME_MAXIMUM;
}

/* Adds the nodes of one rack. */
static bool read_rack(const struct node *map, const char *file, struct arena *arena,
		      struct racks *racks, struct error *err)
{
	static const struct node_field fields[] = { { "rack", NODE_SCALAR, true },
						    { "nodes", NODE_SCALAR, true } };
	struct hostlist nodes = { 0 };
	const char *rack;
	struct span name;

	if (!node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	name = node_find(map, "rack")->text;
	if (!is_rack(name))
		return node_fail(node_find(map, "rack"), file, err, ERROR_INVALID,
				 "rack has 1 to %d characters without blanks", RACK_NAME_MAXIMUM);
	if (!hostlist_read(node_find(map, "nodes")->text, arena, &nodes, err))
		return fail_while(err, "nodes of rack '%.*s'", SPAN_ARGS(name));
	if (racks->count + nodes.count > RACKED_NODES_MAXIMUM)
		return node_fail(map, file, err, ERROR_LIMIT, "there are more than %d nodes",
				 RACKED_NODES_MAXIMUM);
	rack = arena_string(arena, name);
	for (uint32_t i = 0; i < nodes.count; i++)
		racks->items[racks->count++] = (struct racked){ nodes.names[i], rack };
	return true;
}

/* Brings the nodes in order; one that stands in two racks is refused. */
static bool sort_racks(struct racks *racks, const char *file, struct error *err)
{
	if (racks->count > 1)
		qsort(racks->items, racks->count, sizeof(*racks->items), by_node);
	for (uint32_t i = 1; i < racks->count; i++)
		if (by_node(&racks->items[i - 1], &racks->items[i]) == 0)
			return fail(err, ERROR_CONFLICT, "%s: '%s' stands in rack '%s' already",
				    file, racks->items[i].node, racks->items[i - 1].rack);
	return true;
}

static bool read_racks(struct span text, const char *file, struct arena *arena,
		       struct racks *ret_racks, struct error *err)
{
	static const struct node_field fields[] = { { "schema", NODE_SCALAR, true },
						    { "racks", NODE_LIST, true } };
	struct racks racks = {
		.items = ARENA_ARRAY(arena, struct racked, RACKED_NODES_MAXIMUM),
	};
	const struct node *map;

	if (!json_read(text, file, 1, arena, &map, err) ||
	    !node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!span_is(node_find(map, "schema")->text, racks_schema))
		return fail(err, ERROR_INVALID, "the schema is not %s", racks_schema);
	racks.told = node_find(map, "racks");
	if (racks.told->count > RACKS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "there are more than %d racks", RACKS_MAXIMUM);
	for (uint32_t i = 0; i < racks.told->count; i++)
		if (!read_rack(&racks.told->items[i], file, arena, &racks, err))
			return false;
	*ret_racks = racks;
	return sort_racks(ret_racks, file, err);
}

/* ---- in the store ---- */

/* The newest that the party has said of the cluster of the place; empty when it never did. */
static bool load_said(struct store *store, const struct node_place *place, struct arena *arena,
		      struct span *ret_line, struct error *err)
{
	const struct store_query query = {
		.stream = STORE_LIVES,
		.subject = node_place_subject(place, arena),
		.what = NODE_RACKS_WHAT,
		.device = place->party,
		.newest_first = true,
		.limit = 1,
	};
	struct store_cursor *cursor;
	struct store_found found;
	bool more = false, fine;

	*ret_line = SPAN("");
	if (!store_find(store, &query, &cursor, err))
		return false;
	fine = store_next(cursor, &found, &more, err);
	if (fine && more && strcmp(found.party, place->party) == 0)
		*ret_line = span_of(arena_string(arena, found.entry.line));
	store_cursor_close(cursor);
	return fine;
}

static bool are_side_by_side(const struct node_brief *one, const struct node_brief *other)
{
	return strcmp(one->provider, other->provider) == 0 &&
	       strcmp(one->cluster, other->cluster) == 0;
}

bool node_racks_find(struct store *store, const char *party, struct arena *arena,
		     struct node_brief *briefs, uint32_t count, struct error *err)
{
	struct racks racks = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		struct node_brief *brief = &briefs[i];
		const struct node_place place = { party, brief->provider, brief->cluster, NULL };
		bool is_next = i == 0 || !are_side_by_side(brief, &briefs[i - 1]);
		struct span line = SPAN("");
		const char *rack;

		if (is_next && !load_said(store, &place, arena, &line, err))
			return false;
		if (is_next)
			racks = (struct racks){ 0 };
		if (line.length > 0 && !read_racks(line, "the store", arena, &racks, err))
			return false;
		rack = rack_of(&racks, brief->node);
		if (rack)
			brief->rack = rack;
	}
	return true;
}

static void write_line(const struct node *list, struct text *into)
{
	struct json_writer json = { .into = into };

	json_open_object(&json);
	json_key(&json, "racks");
	json_open_array(&json);
	for (uint32_t i = 0; i < list->count; i++) {
		json_open_object(&json);
		json_key(&json, "nodes");
		json_put_span(&json, node_find(&list->items[i], "nodes")->text);
		json_key(&json, "rack");
		json_put_span(&json, node_find(&list->items[i], "rack")->text);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_pair_string(&json, "schema", racks_schema);
	json_close_object(&json);
}

bool node_racks_say(struct store *store, const struct node_place *place, struct span said,
		    int64_t now, bool *ret_is_new, struct error *err)
{
	struct racks racks;
	struct span before;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(line);

	if (!read_racks(said, "the body", &arena, &racks, err) ||
	    !load_said(store, place, &arena, &before, err))
		return false;
	write_line(racks.told, &line);
	*ret_is_new = span_compare(before, text_span(&line)) != 0;
	return !*ret_is_new || node_place_append(store, place,
						 (struct store_entry){ .line = text_span(&line),
								       .what = NODE_RACKS_WHAT,
								       .device = place->party },
						 now, err);
}
