#include <string.h>

#include "base/yaml.h"
#include "market/importers.h"
#include "market/plain.h"

enum {
	SECONDS_PER_DAY = 86400,
};

static bool claims(const char *file, struct span head)
{
	struct span line;

	(void)file;
	while (span_cut(&head, '\n', &line)) {
		if (span_starts(line, "quotes:"))
			return true;
	}
	return false;
}

static bool fail_field(const struct import *import, const struct node *key, struct error *err)
{
	struct span nearest = plain_name(PLAIN_PROVIDER);

	for (unsigned i = 0; i < PLAIN_COUNT; i++) {
		struct span name = plain_name((enum plain_field)i);

		if (span_distance(key->text, name) < span_distance(key->text, nearest))
			nearest = name;
	}
	return node_fail(key, import->file, err, ERROR_INVALID,
			 "unknown field '%.*s'; the nearest is '%.*s'", SPAN_ARGS(key->text),
			 SPAN_ARGS(nearest));
}

/* The fields of a map into the draft. What people write by hand has to be right by name. */
static bool read_fields(const struct import *import, const struct node *map, struct draft *draft,
			struct error *err)
{
	if (map->kind != NODE_MAP)
		return node_fail(map, import->file, err, ERROR_INVALID,
				 "a quote is a map of fields");
	for (uint32_t i = 0; i < map->count; i++) {
		enum plain_field field;
		enum refusal why;

		if (!plain_find(map->keys[i].text, &field))
			return fail_field(import, &map->keys[i], err);
		if (map->items[i].kind != NODE_SCALAR)
			return node_fail(&map->items[i], import->file, err, ERROR_INVALID,
					 "'%.*s' is one value", SPAN_ARGS(map->keys[i].text));
		why = plain_read(field, span_trim(map->items[i].text), draft);
		if (draft->refused == REFUSAL_NONE)
			draft->refused = why;
	}
	return true;
}

static bool take_quote(const struct import *import, const struct node *defaults,
		       const struct node *quote, struct error *err)
{
	struct draft draft;

	draft_init(&draft);
	draft.line = quote->line;
	if ((defaults && !read_fields(import, defaults, &draft, err)) ||
	    !read_fields(import, quote, &draft, err))
		return false;
	if (draft.observed == 0 && import->day != DATE_NONE)
		draft.observed = (int64_t)import->day * SECONDS_PER_DAY;
	return book_take(import->book, import->file, &draft, err);
}

static bool read_file(const struct import *import, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, false },
		{ "defaults", NODE_MAP, false },
		{ "quotes", NODE_LIST, true },
	};
	const struct node *root, *quotes, *schema;
	struct span text;

	if (!source_read_all(import->source, import->file, YAML_BYTES_MAXIMUM, import->arena, &text,
			     err) ||
	    !yaml_read(text, import->file, import->arena, &root, err) ||
	    !node_expect(root, import->file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	schema = node_find(root, "schema");
	if (schema && !span_is(schema->text, "assay/quotes/v1"))
		return node_fail(schema, import->file, err, ERROR_UNSUPPORTED,
				 "the schema has to be assay/quotes/v1");
	quotes = node_find(root, "quotes");
	for (uint32_t i = 0; i < quotes->count; i++) {
		if (!take_quote(import, node_find(root, "defaults"), &quotes->items[i], err))
			return false;
	}
	return true;
}

const struct importer from_yaml = {
	.name = "yaml",
	.title = "YAML: a list of quotes written by hand",
	.claims = claims,
	.read = read_file,
};
