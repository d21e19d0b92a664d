#include <string.h>

#include "base/json.h"
#include "fabric/lldp.h"

enum {
	HEAD = 512, /* bytes in which the first keys stand */
	HEARD_MAXIMUM = 65536,
};

static bool begins_with(struct span *text, const char *piece)
{
	while (text->length > 0 && strchr(" \t\r\n", text->at[0])) {
		text->at++;
		text->length--;
	}
	if (!span_starts(*text, piece))
		return false;
	text->at += strlen(piece);
	text->length -= strlen(piece);
	return true;
}

bool lldpcli_is(struct span text)
{
	text.length = text.length < HEAD ? text.length : HEAD;
	return begins_with(&text, "{") && begins_with(&text, "\"lldp\"") &&
	       begins_with(&text, ":") && (begins_with(&text, "[") || begins_with(&text, "{"));
}

/* In json0 everything is a list, mostly of one; in json a list of one is its only item. */
static const struct node *only(const struct node *node)
{
	return node && node->kind == NODE_LIST ? node->count > 0 ? &node->items[0] : NULL : node;
}

/* A text, or a map that holds it as its value. */
static struct span word_of(const struct node *map, const char *key)
{
	const struct node *found = only(node_find(map, key));

	if (found && found->kind == NODE_MAP)
		found = node_find(found, "value");
	if (!found || found->kind != NODE_SCALAR)
		return (struct span){ 0 };
	return found->text;
}

struct reading {
	const char *file;
	struct arena *arena;
	struct lldp_heard *heard;
	size_t count;
};

static bool keep_word(const struct reading *reading, const struct node *at, struct span word,
		      const char **ret_word, struct error *err)
{
	word = span_trim(word);
	if (word.length > LLDP_TEXT_MAXIMUM)
		return node_fail(at, reading->file, err, ERROR_LIMIT,
				 "a text of more than %d bytes", LLDP_TEXT_MAXIMUM);
	for (size_t i = 0; i < word.length; i++)
		if ((unsigned char)word.at[i] < ' ' || word.at[i] == 0x7f)
			return node_fail(at, reading->file, err, ERROR_INVALID,
					 "a text with control characters");
	*ret_word = arena_string(reading->arena, word);
	return true;
}

static void read_capabilities(const struct node *chassis, struct lldp_neighbour *neighbour)
{
	const struct node *list = node_find(chassis, "capability");
	uint32_t count = !list ? 0 : list->kind == NODE_LIST ? list->count : 1;

	neighbour->has_capabilities = count > 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct node *item = list->kind == NODE_LIST ? &list->items[i] : list;
		bool is_on = span_is(word_of(item, "enabled"), "true");

		neighbour->is_bridge |= is_on && span_is(word_of(item, "type"), "Bridge");
		neighbour->is_router |= is_on && span_is(word_of(item, "type"), "Router");
	}
}

/* In json0 the name is a field; in json it is the key that the rest stands below. */
static const struct node *find_chassis(const struct node *entry, struct span *ret_name)
{
	const struct node *chassis = only(node_find(entry, "chassis"));

	*ret_name = (struct span){ 0 };
	if (!chassis || chassis->kind != NODE_MAP)
		return NULL;
	if (!node_find(chassis, "id") && chassis->count == 1) {
		*ret_name = chassis->keys[0].text;
		return only(&chassis->items[0]);
	}
	*ret_name = word_of(chassis, "name");
	return chassis;
}

static bool read_entry(struct reading *reading, struct span interface, const struct node *entry,
		       struct error *err)
{
	struct lldp_heard *heard = &reading->heard[reading->count];
	const struct node *port = only(node_find(entry, "port"));
	const struct node *id, *port_id;
	const struct node *chassis;
	const char *kind, *text;
	struct span name, via = word_of(entry, "via");

	if (via.length > 0 && !span_is(via, "LLDP"))
		return true;
	chassis = find_chassis(entry, &name);
	id = only(node_find(chassis ? chassis : entry, "id"));
	port_id = only(node_find(port ? port : entry, "id"));
	if (!chassis || !port || !id || !port_id || word_of(id, "value").length == 0 ||
	    word_of(port_id, "value").length == 0 || interface.length == 0)
		return node_fail(entry, reading->file, err, ERROR_INVALID,
				 "a neighbour of '%.64s' without chassis or port",
				 arena_string(reading->arena, interface));
	if (!keep_word(reading, entry, interface, &heard->interface, err) ||
	    !keep_word(reading, id, word_of(id, "type"), &kind, err) ||
	    !keep_word(reading, id, word_of(id, "value"), &text, err) ||
	    !keep_word(reading, entry, name, &heard->neighbour.name, err) ||
	    !keep_word(reading, port_id, word_of(port_id, "value"), &heard->neighbour.port, err) ||
	    !keep_word(reading, port, word_of(port, "descr"), &heard->neighbour.description, err))
		return false;
	heard->neighbour.chassis = arena_format(reading->arena, "%s %s", kind, text);
	heard->neighbour.ttl_s = 1;
	read_capabilities(chassis, &heard->neighbour);
	reading->count++;
	return true;
}

/* A map with a name, or maps below the names of interfaces. */
static bool read_interface(struct reading *reading, const struct node *item, struct error *err)
{
	if (item->kind != NODE_MAP)
		return node_fail(item, reading->file, err, ERROR_INVALID,
				 "an interface is expected");
	if (node_find(item, "chassis"))
		return read_entry(reading, word_of(item, "name"), item, err);
	for (uint32_t i = 0; i < item->count; i++) {
		const struct node *entry = only(&item->items[i]);

		if (!entry || entry->kind != NODE_MAP)
			continue;
		if (reading->count == HEARD_MAXIMUM)
			return fail(err, ERROR_LIMIT, "%s: more than %d neighbours", reading->file,
				    HEARD_MAXIMUM);
		if (!read_entry(reading, item->keys[i].text, entry, err))
			return false;
	}
	return true;
}

static size_t count_entries(const struct node *list)
{
	size_t count = 1;

	if (list->kind != NODE_LIST)
		return list->count + 1;
	for (uint32_t i = 0; i < list->count; i++)
		count += list->items[i].kind == NODE_MAP ? list->items[i].count + 1 : 1;
	return count;
}

bool lldpcli_read(struct span text, const char *file, struct arena *arena,
		  const struct lldp_heard **ret_heard, size_t *ret_count, struct error *err)
{
	struct reading reading = { .file = file, .arena = arena };
	const struct node *root, *lldp, *list;

	SCOPED_ARENA(scratch);
	/* In json two neighbours at one interface repeat its key. */
	if (!json_read_repeating(text, file, &scratch, &root, err))
		return false;
	lldp = only(node_find(root, "lldp"));
	list = lldp ? node_find(lldp, "interface") : NULL;
	if (!lldp || lldp->kind != NODE_MAP)
		return fail(err, ERROR_INVALID,
			    "%s: is not what `lldpcli -f json0 show neighbors` prints", file);
	*ret_count = 0;
	*ret_heard = NULL;
	if (!list || list->kind == NODE_SCALAR)
		return true;
	reading.heard = ARENA_ARRAY(arena, struct lldp_heard, count_entries(list));
	if (list->kind == NODE_MAP && !read_interface(&reading, list, err))
		return false;
	for (uint32_t i = 0; list->kind == NODE_LIST && i < list->count; i++)
		if (!read_interface(&reading, &list->items[i], err))
			return false;
	*ret_heard = reading.heard;
	*ret_count = reading.count;
	return true;
}
