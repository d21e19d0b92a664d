#include <string.h>

#include "base/json.h"
#include "fabric/naming.h"
#include "fabric/neighbours.h"

enum {
	HEAD = 256,
};

bool neighbours_is(struct span text)
{
	const struct span head = { text.at, text.length < HEAD ? text.length : HEAD };

	return lldpcli_is(text) || span_contains(head, "\"" NEIGHBOURS_SCHEMA "\"");
}

bool neighbours_add(struct neighbours *neighbours, const struct neighbour_link *link,
		    struct error *err)
{
	if (neighbours->count == NEIGHBOURS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "there are more than %d neighbours",
			    NEIGHBOURS_MAXIMUM);
	if (neighbours->count == neighbours->room) {
		uint32_t room = neighbours->room > 0 ? 2 * neighbours->room : 64;
		struct neighbour_link *more =
			ARENA_ARRAY(neighbours->arena, struct neighbour_link, room);

		if (neighbours->count > 0)
			memcpy(more, neighbours->items, neighbours->count * sizeof(*more));
		neighbours->items = more;
		neighbours->room = room;
	}
	neighbours->items[neighbours->count++] = *link;
	return true;
}

/* The file's name without folder and ending, which has to be a host's. */
static const char *host_of_file(const char *file, struct arena *arena)
{
	const char *slash = strrchr(file, '/');
	struct span name = span_of(slash ? slash + 1 : file);

	for (size_t i = name.length; i-- > 1;) {
		if (name.at[i] == '.') {
			name.length = i;
			break;
		}
	}
	return arena_string(arena, name);
}

static bool read_lldpcli(struct neighbours *neighbours, struct span text, const char *file,
			 struct error *err)
{
	const char *host = host_of_file(file, neighbours->arena);
	const struct lldp_heard *heard;
	size_t count;

	if (!lldpcli_read(text, file, neighbours->arena, &heard, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct neighbour_link link = {
			.host = host,
			.naming = HOST_NAMED_BY_LIST,
			.interface = heard[i].interface,
			.device = "",
			.pci = "",
			.has_neighbour = true,
			.neighbour = heard[i].neighbour,
		};

		if (!neighbours_add(neighbours, &link, err))
			return false;
	}
	return true;
}

/* Our own document, whose fields are known. */
struct reading {
	const char *file;
	struct arena *arena;
};

static bool read_text(const struct reading *reading, const struct node *map, const char *key,
		      const char **ret_text, struct error *err)
{
	const struct node *found = node_find(map, key);

	*ret_text = "";
	if (!found ||
	    (found->kind == NODE_SCALAR && !found->quoted && span_is(found->text, "null")))
		return true;
	if (found->kind != NODE_SCALAR || found->text.length > LLDP_TEXT_MAXIMUM)
		return node_fail(found, reading->file, err, ERROR_INVALID,
				 "'%s' is no text of at most %d bytes", key, LLDP_TEXT_MAXIMUM);
	for (size_t i = 0; i < found->text.length; i++)
		if ((unsigned char)found->text.at[i] < ' ' || found->text.at[i] == 0x7f)
			return node_fail(found, reading->file, err, ERROR_INVALID,
					 "'%s' has control characters", key);
	*ret_text = arena_string(reading->arena, found->text);
	return true;
}

static bool read_number(const struct reading *reading, const struct node *map, const char *key,
			uint32_t *ret_number, struct error *err)
{
	const struct node *found = node_find(map, key);
	uint64_t number = 0;

	*ret_number = 0;
	if (!found || (found->kind == NODE_SCALAR && span_is(found->text, "null")))
		return true;
	if (found->kind != NODE_SCALAR || !span_to_u64(found->text, &number) || number > UINT32_MAX)
		return node_fail(found, reading->file, err, ERROR_INVALID, "'%s' is no number",
				 key);
	*ret_number = (uint32_t)number;
	return true;
}

static bool read_neighbour(const struct reading *reading, const struct node *map,
			   struct neighbour_link *link, struct error *err)
{
	struct lldp_neighbour *neighbour = &link->neighbour;
	const char *bridge, *router;
	uint32_t ttl;

	if (!read_text(reading, map, "chassis", &neighbour->chassis, err) ||
	    !read_text(reading, map, "name", &neighbour->name, err) ||
	    !read_text(reading, map, "port", &neighbour->port, err) ||
	    !read_text(reading, map, "description", &neighbour->description, err) ||
	    !read_text(reading, map, "bridge", &bridge, err) ||
	    !read_text(reading, map, "router", &router, err) ||
	    !read_number(reading, map, "ttl_s", &ttl, err))
		return false;
	if (neighbour->chassis[0] == '\0' || neighbour->port[0] == '\0')
		return node_fail(map, reading->file, err, ERROR_INVALID,
				 "a neighbour without chassis or port");
	neighbour->ttl_s = ttl;
	neighbour->has_capabilities = bridge[0] != '\0';
	neighbour->is_bridge = strcmp(bridge, "true") == 0;
	neighbour->is_router = strcmp(router, "true") == 0;
	link->has_neighbour = true;
	return true;
}

static bool read_interface(const struct reading *reading, const struct node *map,
			   struct neighbour_link *link, struct error *err)
{
	const char *guid, *mac;

	if (!read_text(reading, map, "name", &link->interface, err) ||
	    !read_text(reading, map, "device", &link->device, err) ||
	    !read_text(reading, map, "pci", &link->pci, err) ||
	    !read_text(reading, map, "node_guid", &guid, err) ||
	    !read_text(reading, map, "mac", &mac, err) ||
	    !read_number(reading, map, "mbit_per_s", &link->mbit_per_s, err))
		return false;
	if (link->interface[0] == '\0')
		return node_fail(map, reading->file, err, ERROR_INVALID,
				 "an interface without a name");
	if ((guid[0] != '\0' && !guid_parse(span_of(guid), &link->node_guid)) ||
	    (mac[0] != '\0' && !mac_parse(span_of(mac), &link->mac)))
		return node_fail(map, reading->file, err, ERROR_INVALID,
				 "interface '%s' has no good GUID or MAC address", link->interface);
	return true;
}

static bool read_interfaces(struct neighbours *neighbours, const struct reading *reading,
			    const struct node *root, const char *host, struct error *err)
{
	const struct node *list = node_find(root, "interfaces");

	if (!list || list->kind != NODE_LIST)
		return fail(
			err, ERROR_INVALID,
			"%s: has no list of interfaces; it is to be what assay fabric neighbours "
			"--format json wrote",
			reading->file);
	for (uint32_t i = 0; i < list->count; i++) {
		struct neighbour_link link = { .host = host, .naming = HOST_NAMED_BY_EVIDENCE };
		const struct node *heard = node_find(&list->items[i], "neighbours");

		if (!read_interface(reading, &list->items[i], &link, err))
			return false;
		for (uint32_t k = 0; heard && heard->kind == NODE_LIST && k < heard->count; k++)
			if (!read_neighbour(reading, &heard->items[k], &link, err) ||
			    !neighbours_add(neighbours, &link, err))
				return false;
		if (!link.has_neighbour && !neighbours_add(neighbours, &link, err))
			return false;
	}
	return true;
}

/* Where the cloud says that the host lies. */
static bool read_place(struct cloud_hosts *clouds, const struct reading *reading,
		       const struct node *place, const char *host, struct error *err)
{
	const struct node *units = node_find(place, "units");
	struct cloud_host told = { .name = host };
	const char *source;

	if (!read_text(reading, place, "source", &source, err) ||
	    !read_text(reading, place, "domain", &told.domain, err) ||
	    !read_text(reading, place, "subdomain", &told.subdomain, err))
		return false;
	for (uint32_t i = 0; units && units->kind == NODE_LIST && i < units->count; i++) {
		const struct node *unit = &units->items[i];

		if (unit->kind != NODE_SCALAR || i == PLACEMENT_TIERS_MAXIMUM ||
		    unit->text.length == 0 || unit->text.length > CLOUD_NAME_MAXIMUM)
			return node_fail(unit, reading->file, err, ERROR_INVALID,
					 "a unit is no name, or one of too many");
		told.units[told.unit_count++] = arena_string(reading->arena, unit->text);
	}
	if (told.unit_count == 0)
		told.why =
			arena_format(reading->arena, "%s does not say which unit it is in", source);
	if (!clouds->source)
		clouds->source = source;
	return cloud_add(clouds, &told, err);
}

static bool read_own(struct neighbours *neighbours, struct cloud_hosts *clouds, struct span text,
		     const char *file, struct error *err)
{
	const struct reading reading = { .file = file, .arena = neighbours->arena };
	const struct node *root, *place;
	const char *host;

	SCOPED_ARENA(scratch);
	if (!json_read(text, file, 0, &scratch, &root, err) ||
	    !read_text(&reading, root, "host", &host, err))
		return false;
	if (host[0] == '\0')
		return fail(err, ERROR_INVALID,
			    "%s: does not name its host; it is to be what assay fabric neighbours "
			    "--format json wrote",
			    file);
	place = node_find(root, "place");
	if (place && place->kind == NODE_MAP && !read_place(clouds, &reading, place, host, err))
		return false;
	return read_interfaces(neighbours, &reading, root, host, err);
}

bool neighbours_read(struct neighbours *neighbours, struct cloud_hosts *clouds, struct span text,
		     const char *file, struct error *err)
{
	return lldpcli_is(text) ? read_lldpcli(neighbours, text, file, err)
				: read_own(neighbours, clouds, text, file, err);
}
