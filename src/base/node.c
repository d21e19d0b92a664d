#include "base/node.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

const struct node *node_find(const struct node *map, const char *key)
{
	struct span wanted = span_of(key);

	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->count; i++) {
		if (span_equal(map->keys[i].text, wanted))
			return &map->items[i];
	}
	return NULL;
}

bool node_fail(const struct node *node, const char *file, struct error *err, enum error_code code,
	       const char *format, ...)
{
	char what[sizeof(err->text)];
	va_list args;

	va_start(args, format);
	if (vsnprintf(what, sizeof(what), format, args) < 0)
		what[0] = '\0';
	va_end(args);

	if (node->line == 0)
		return fail(err, code, "%s: %s", file, what);
	if (node->column == 0)
		return fail(err, code, "%s: line %u: %s", file, node->line, what);
	return fail(err, code, "%s: line %u, column %u: %s", file, node->line, node->column, what);
}

/* The field whose name is nearest to `name`, the first of equals; NULL when there is no field. */
static const struct node_field *nearest(struct span name, const struct node_field *fields,
					size_t field_count)
{
	const struct node_field *best = NULL;
	size_t best_edits = SIZE_MAX;

	for (size_t i = 0; i < field_count; i++) {
		size_t edits = span_distance(name, span_of(fields[i].name));

		if (edits < best_edits) {
			best_edits = edits;
			best = &fields[i];
		}
	}
	return best;
}

static const struct node_field *find_field(struct span name, const struct node_field *fields,
					   size_t field_count)
{
	for (size_t i = 0; i < field_count; i++) {
		if (span_is(name, fields[i].name))
			return &fields[i];
	}
	return NULL;
}

static const char *const kind_names[] = {
	[NODE_SCALAR] = "a single value",
	[NODE_LIST] = "a list",
	[NODE_MAP] = "a map",
};

static bool expect_known(const struct node *key, const struct node *value, const char *file,
			 const struct node_field *fields, size_t field_count, struct error *err)
{
	const struct node_field *field = find_field(key->text, fields, field_count);

	if (field && (field->kind == value->kind || field->kind == NODE_ANY))
		return true;
	if (field)
		return node_fail(value, file, err, ERROR_INVALID, "'%s' must be %s, not %s",
				 field->name, kind_names[field->kind], kind_names[value->kind]);

	const struct node_field *near = nearest(key->text, fields, field_count);
	if (!near)
		return node_fail(key, file, err, ERROR_INVALID,
				 "unknown field '%.*s'; this map must be empty",
				 SPAN_ARGS(key->text));
	return node_fail(key, file, err, ERROR_INVALID, "unknown field '%.*s'; the nearest is '%s'",
			 SPAN_ARGS(key->text), near->name);
}

bool node_expect(const struct node *node, const char *file, const struct node_field *fields,
		 size_t field_count, struct error *err)
{
	if (node->kind != NODE_MAP)
		return node_fail(node, file, err, ERROR_INVALID, "expected a map, found %s",
				 kind_names[node->kind]);

	for (uint32_t i = 0; i < node->count; i++) {
		if (!expect_known(&node->keys[i], &node->items[i], file, fields, field_count, err))
			return false;
	}
	for (size_t i = 0; i < field_count; i++) {
		if (fields[i].required && !node_find(node, fields[i].name))
			return node_fail(node, file, err, ERROR_INVALID,
					 "field '%s' is missing; add it", fields[i].name);
	}
	return true;
}
