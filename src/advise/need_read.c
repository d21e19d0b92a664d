#include "advise/need_entry.h"
#include "base/yaml.h"

struct need_file {
	struct need *need;
	const char *file;
	struct arena *arena;
};

static bool fail_field(const struct need_file *from, const struct node *node,
		       const struct need_entry *field, struct error *err)
{
	return node_fail(node, from->file, err, ERROR_INVALID, "%s: '%.*s' is not %s", field->name,
			 SPAN_ARGS(node->text), field->may_be);
}

static bool read_one(const struct need_file *from, const struct need_entry *field,
		     const struct node *node, struct error *err)
{
	const struct need_setting setting = {
		.need = from->need, .text = node->text, .arena = from->arena, .field = field
	};

	if (node->kind != NODE_SCALAR)
		return node_fail(node, from->file, err, ERROR_INVALID, "%s is not a list or a map",
				 field->name);
	if (!field->set(&setting))
		return fail_field(from, node, field, err);
	need_entry_mark(from->need, field);
	return true;
}

/* "{ name: h200, performance: 1.1..1.3, source: … }" */
static bool read_gpu(const struct need_file *from, const struct need_entry *field,
		     const struct node *map, struct error *err)
{
	static const struct node_field known[] = {
		{ .name = "name", .kind = NODE_SCALAR, .required = true },
		{ .name = "performance", .kind = NODE_SCALAR },
		{ .name = "source", .kind = NODE_SCALAR },
	};
	const struct node *performance, *source;

	if (!node_expect(map, from->file, known, sizeof(known) / sizeof(known[0]), err) ||
	    !read_one(from, field, node_find(map, "name"), err))
		return false;

	struct need_gpu *gpu = &from->need->accepts[from->need->accept_count - 1];
	performance = node_find(map, "performance");
	source = node_find(map, "source");
	if (performance && (!quantity_parse(performance->text, &gpu->performance) ||
			    !(gpu->performance.low > 0) || !(gpu->performance.high <= 1000)))
		return node_fail(
			performance, from->file, err, ERROR_INVALID,
			"performance: '%.*s' is not a ratio, or a range of ratios, from above 0 "
			"to 1000",
			SPAN_ARGS(performance->text));
	gpu->source = source ? arena_string(from->arena, source->text) : NULL;
	return true;
}

static bool read_list(const struct need_file *from, const struct need_entry *field,
		      const struct node *node, struct error *err)
{
	need_entry_empty(from->need, field);
	if (node->kind == NODE_SCALAR)
		return read_one(from, field, node, err);
	if (node->kind == NODE_MAP && need_entry_is_gpu(field))
		return read_gpu(from, field, node, err);
	if (node->kind == NODE_MAP)
		return node_fail(node, from->file, err, ERROR_INVALID, "%s is not a map",
				 field->name);
	for (uint32_t i = 0; i < node->count; i++) {
		const struct node *item = &node->items[i];
		bool fine = item->kind == NODE_MAP && need_entry_is_gpu(field)
				    ? read_gpu(from, field, item, err)
				    : read_one(from, field, item, err);

		if (!fine)
			return false;
	}
	return true;
}

static bool fail_unknown(const struct need_file *from, const struct node *key, const char *name,
			 struct error *err)
{
	return node_fail(key, from->file, err, ERROR_INVALID,
			 "unknown field '%s'; the nearest is '%s'", name,
			 need_entry_nearest(span_of(name))->name);
}

static bool read_map(const struct need_file *from, const char *prefix, const struct node *map,
		     struct error *err)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->keys[i];
		const struct node *value = &map->items[i];
		const char *name =
			arena_format(from->arena, "%s%.*s", prefix, SPAN_ARGS(key->text));
		const struct need_entry *field = need_entry_find(span_of(name));

		if (*prefix == '\0' && span_is(key->text, "schema"))
			continue;
		if (!field && *prefix == '\0' && need_entry_is_group(key->text) &&
		    value->kind == NODE_MAP) {
			const char *inside = arena_format(from->arena, "%s.", name);

			if (!read_map(from, inside, value, err))
				return false;
			continue;
		}
		if (!field && need_entry_is_group(key->text) && *prefix == '\0')
			return node_fail(value, from->file, err, ERROR_INVALID, "%s is a map",
					 name);
		if (!field)
			return fail_unknown(from, key, name, err);
		if (field->list ? !read_list(from, field, value, err)
				: !read_one(from, field, value, err))
			return false;
	}
	return true;
}

bool need_read(struct need *need, struct span text, const char *file, struct arena *arena,
	       struct error *err)
{
	const struct need_file from = { .need = need, .file = file, .arena = arena };
	const struct node *root = NULL;

	if (!yaml_read(text, file, arena, &root, err))
		return false;

	const struct node *schema = node_find(root, "schema");
	if (root->kind != NODE_MAP || !schema || schema->kind != NODE_SCALAR)
		return fail(err, ERROR_INVALID,
			    "%s: a need is a map that begins with 'schema: " NEED_SCHEMA "'", file);
	if (!span_is(schema->text, NEED_SCHEMA))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not " NEED_SCHEMA, SPAN_ARGS(schema->text));
	return read_map(&from, "", root, err);
}
