#include <string.h>

#include "base/yaml.h"
#include "model/rental.h"

enum {
	TITLE_MAXIMUM = 200,
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char *text_of(const struct node *map, const char *key, struct arena *arena)
{
	const struct node *value = node_find(map, key);

	return value ? arena_string(arena, value->text) : NULL;
}

static bool read_offer(const struct node *map, const char *file, struct arena *arena,
		       struct rental_offers *offers, struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "name", .kind = NODE_SCALAR, .required = true },
		{ .name = "parameters", .kind = NODE_MAP, .required = true },
	};
	struct rental_offer *offer = &offers->offers[offers->count];

	if (!node_expect(map, file, fields, LENGTH(fields), err))
		return false;
	offer->name = arena_string(arena, node_find(map, "name")->text);
	if (offer->name[0] == '\0' || strlen(offer->name) > TITLE_MAXIMUM)
		return node_fail(map, file, err, ERROR_INVALID, "a name has from 1 to %d bytes",
				 TITLE_MAXIMUM);
	for (unsigned i = 0; i < offers->count; i++) {
		if (strcmp(offers->offers[i].name, offer->name) == 0)
			return node_fail(map, file, err, ERROR_CONFLICT,
					 "a second offer is named '%s'; give each its own name",
					 offer->name);
	}
	if (!parameters_read(&offer->parameters, node_find(map, "parameters"), file, ORIGIN_FILE,
			     arena, err))
		return false;
	offers->count++;
	return true;
}

/* The file's source is that of all values that name none. */
static void add_sources(struct rental_offers *offers)
{
	for (unsigned i = 0; i < offers->count; i++) {
		struct parameters *parameters = &offers->offers[i].parameters;

		for (unsigned row = 0; row < RENT_COUNT; row++) {
			if (parameters->origins[row] == ORIGIN_FILE && !parameters->sources[row])
				parameters->sources[row] = offers->source;
		}
	}
}

static bool check_head(const struct node *root, const char *file, struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "schema", .kind = NODE_SCALAR, .required = true },
		{ .name = "title", .kind = NODE_SCALAR, .required = true },
		{ .name = "source", .kind = NODE_SCALAR },
		{ .name = "note", .kind = NODE_SCALAR },
		{ .name = "shared", .kind = NODE_MAP },
		{ .name = "offers", .kind = NODE_LIST, .required = true },
	};
	const struct node *schema = node_find(root, "schema");

	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, RENTAL_SCHEMA))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not " RENTAL_SCHEMA, SPAN_ARGS(schema->text));
	if (!node_expect(root, file, fields, LENGTH(fields), err))
		return false;

	const struct node *list = node_find(root, "offers");
	if (list->count == 0 || list->count > RENTAL_OFFERS_MAXIMUM)
		return node_fail(list, file, err, ERROR_LIMIT, "there are %u offers; give 1 to %d",
				 list->count, RENTAL_OFFERS_MAXIMUM);
	return true;
}

bool rental_read(struct span text, const char *file, const struct parameters *base,
		 struct arena *arena, struct rental_offers *ret_offers, struct error *err)
{
	struct parameters shared = *base;
	const struct node *root = NULL;

	if (!yaml_read(text, file, arena, &root, err) || !check_head(root, file, err))
		return false;

	const struct node *map = node_find(root, "shared");
	if (map && !parameters_read(&shared, map, file, ORIGIN_FILE, arena, err))
		return false;

	struct rental_offers *offers = ARENA_NEW(arena, struct rental_offers);
	offers->title = text_of(root, "title", arena);
	offers->source = text_of(root, "source", arena);
	offers->note = text_of(root, "note", arena);

	const struct node *list = node_find(root, "offers");
	for (uint32_t i = 0; i < list->count; i++) {
		offers->offers[i].parameters = shared;
		if (!read_offer(&list->items[i], file, arena, offers, err))
			return false;
	}
	add_sources(offers);
	*ret_offers = *offers;
	return true;
}
