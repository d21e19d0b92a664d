/* Which racks the nodes of a cluster stand in, as who keeps them says. */
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

/* Nodes and their racks, in the same order. */
struct racks {
	struct hostlist nodes;
	const char **names;
};

static const char *rack_of(const struct racks *racks, const char *node)
{
	for (uint32_t i = 0; i < racks->nodes.count; i++)
		if (strcmp(racks->nodes.names[i], node) == 0)
			return racks->names[i];
	return NULL;
}

static bool is_rack(struct span name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~')
			return false;
	return name.length > 0 && name.length <= RACK_NAME_MAXIMUM;
}

/* Adds the nodes of one rack; one that stands in another already is refused. */
static bool read_rack(const struct node *map, const char *file, struct arena *arena,
		      struct racks *racks, struct error *err)
{
	static const struct node_field fields[] = { { "rack", NODE_SCALAR, true },
						    { "nodes", NODE_SCALAR, true } };
	struct hostlist nodes = { 0 };
	struct span name;

	if (!node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	name = node_find(map, "rack")->text;
	if (!is_rack(name))
		return node_fail(node_find(map, "rack"), file, err, ERROR_INVALID,
				 "rack has 1 to %d characters without blanks", RACK_NAME_MAXIMUM);
	if (!hostlist_read(node_find(map, "nodes")->text, arena, &nodes, err))
		return fail_while(err, "nodes of rack '%.*s'", SPAN_ARGS(name));
	if (racks->nodes.count + nodes.count > RACKED_NODES_MAXIMUM)
		return node_fail(map, file, err, ERROR_LIMIT, "there are more than %d nodes",
				 RACKED_NODES_MAXIMUM);
	for (uint32_t i = 0; i < nodes.count; i++) {
		if (rack_of(racks, nodes.names[i]))
			return node_fail(map, file, err, ERROR_CONFLICT,
					 "'%s' stands in rack '%s' already", nodes.names[i],
					 rack_of(racks, nodes.names[i]));
		racks->names[racks->nodes.count] = arena_string(arena, name);
		racks->nodes.names[racks->nodes.count++] = nodes.names[i];
	}
	return true;
}

static bool read_racks(struct span text, const char *file, struct arena *arena,
		       struct racks *ret_racks, struct error *err)
{
	static const struct node_field fields[] = { { "schema", NODE_SCALAR, true },
						    { "racks", NODE_LIST, true } };
	struct racks racks = {
		.nodes.names = ARENA_ARRAY(arena, const char *, RACKED_NODES_MAXIMUM),
		.names = ARENA_ARRAY(arena, const char *, RACKED_NODES_MAXIMUM),
	};
	const struct node *map, *list;

	if (!json_read(text, file, 1, arena, &map, err) ||
	    !node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!span_is(node_find(map, "schema")->text, racks_schema))
		return fail(err, ERROR_INVALID, "the schema is not %s", racks_schema);
	list = node_find(map, "racks");
	if (list->count > RACKS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "there are more than %d racks", RACKS_MAXIMUM);
	for (uint32_t i = 0; i < list->count; i++)
		if (!read_rack(&list->items[i], file, arena, &racks, err))
			return false;
	*ret_racks = racks;
	return true;
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
	const struct node *map;
	struct racks racks;
	struct span before;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(line);

	if (!read_racks(said, "the body", &arena, &racks, err) ||
	    !json_read(said, "the body", 1, &arena, &map, err) ||
	    !load_said(store, place, &arena, &before, err))
		return false;
	write_line(node_find(map, "racks"), &line);
	*ret_is_new = span_compare(before, text_span(&line)) != 0;
	return !*ret_is_new || node_place_append(store, place,
						 (struct store_entry){ .line = text_span(&line),
								       .what = NODE_RACKS_WHAT,
								       .device = place->party },
						 now, err);
}
