#include "model/preset.h"

#include <string.h>

#include "base/yaml.h"

/* "llama3" of "data/preset/llama3.yaml". */
static const char *name_of(const char *file, struct arena *arena)
{
	const char *slash = strrchr(file, '/');
	const char *start = slash ? slash + 1 : file;
	const char *dot = strrchr(start, '.');
	size_t length = dot && dot != start ? (size_t)(dot - start) : strlen(start);

	return arena_string(arena, (struct span){ .at = start, .length = length });
}

static const char *text_of(const struct node *map, const char *key, struct arena *arena)
{
	const struct node *value = node_find(map, key);

	return value ? arena_string(arena, value->text) : NULL;
}

bool preset_read(struct span text, const char *file, struct arena *arena, struct preset *ret_preset,
		 struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "schema", .kind = NODE_SCALAR, .required = true },
		{ .name = "model", .kind = NODE_SCALAR, .required = true },
		{ .name = "title", .kind = NODE_SCALAR, .required = true },
		{ .name = "source", .kind = NODE_SCALAR },
		{ .name = "note", .kind = NODE_SCALAR },
		{ .name = "parameters", .kind = NODE_MAP, .required = true },
		{ .name = "causes", .kind = NODE_LIST },
	};
	const struct node *root = NULL;

	if (!yaml_read(text, file, arena, &root, err))
		return false;

	const struct node *schema = node_find(root, "schema");
	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, PRESET_SCHEMA))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not " PRESET_SCHEMA, SPAN_ARGS(schema->text));
	if (!node_expect(root, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	*ret_preset = (struct preset){
		.name = name_of(file, arena),
		.model = text_of(root, "model", arena),
		.title = text_of(root, "title", arena),
		.source = text_of(root, "source", arena),
		.note = text_of(root, "note", arena),
		.parameters = node_find(root, "parameters"),
		.causes = node_find(root, "causes"),
		.file = arena_string(arena, span_of(file)),
	};
	return true;
}

bool preset_apply(const struct preset *preset, enum parameter_origin origin, struct arena *arena,
		  struct parameters *parameters, struct error *err)
{
	const struct parameter_table *table = parameters->table;

	if (strcmp(preset->model, table->name) != 0)
		return fail(err, ERROR_INVALID, "%s: it is of the model '%s', not of '%s'",
			    preset->file, preset->model, table->name);
	if (!parameters_read(parameters, preset->parameters, preset->file, origin, arena, err))
		return false;
	for (unsigned i = 0; i < table->count; i++) {
		if (node_find(preset->parameters, table->rows[i].name) && !parameters->sources[i])
			parameters->sources[i] = preset->source;
	}
	return true;
}
