#include "base/json.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct reading {
	const char *file;
	uint32_t line; /* that nodes carry */
	struct arena *arena;
	struct error *err;
};

static bool convert(const struct reading *reading, json_t *value, unsigned depth,
		    struct node *ret_node);

static bool convert_list(const struct reading *reading, json_t *value, unsigned depth,
			 struct node *node)
{
	size_t count = json_array_size(value);
	struct node *items = ARENA_ARRAY(reading->arena, struct node, count);

	node->kind = NODE_LIST;
	node->count = (uint32_t)count;
	node->items = items;
	for (size_t i = 0; i < count; i++) {
		if (!convert(reading, json_array_get(value, i), depth, &items[i]))
			return false;
	}
	return true;
}

static struct span keep(const struct reading *reading, struct span text)
{
	return (struct span){ .at = arena_string(reading->arena, text), .length = text.length };
}

static bool convert_map(const struct reading *reading, json_t *value, unsigned depth,
			struct node *node)
{
	size_t count = json_object_size(value);
	struct node *items = ARENA_ARRAY(reading->arena, struct node, count);
	struct node *keys = ARENA_ARRAY(reading->arena, struct node, count);
	void *pair = json_object_iter(value);

	node->kind = NODE_MAP;
	node->count = (uint32_t)count;
	node->items = items;
	node->keys = keys;
	for (size_t i = 0; i < count; i++) {
		keys[i] = (struct node){
			.kind = NODE_SCALAR,
			.line = reading->line,
			.text = keep(reading, span_of(json_object_iter_key(pair))),
			.quoted = true,
		};
		if (!convert(reading, json_object_iter_value(pair), depth, &items[i]))
			return false;
		pair = json_object_iter_next(value, pair);
	}
	return true;
}

static void convert_scalar(const struct reading *reading, json_t *value, struct node *node)
{
	char number[32];

	node->kind = NODE_SCALAR;
	switch (json_typeof(value)) {
	case JSON_STRING:
		node->quoted = true;
		node->text = keep(reading, (struct span){ .at = json_string_value(value),
							  .length = json_string_length(value) });
		break;
	case JSON_INTEGER:
		(void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			       json_integer_value(value));
		node->text = keep(reading, span_of(number));
		break;
	case JSON_REAL:
		node->text = keep(reading, span_of(number_format(json_real_value(value), number)));
		break;
	case JSON_TRUE:
		node->text = SPAN("true");
		break;
	case JSON_FALSE:
		node->text = SPAN("false");
		break;
	case JSON_NULL:
		node->text = SPAN("null");
		break;
	case JSON_OBJECT:
	case JSON_ARRAY:
		assert(false);
	}
}

/* `depth` counts the lists and maps around `value`; the recursion ends with it. */
static bool convert(const struct reading *reading, json_t *value, unsigned depth,
		    struct node *ret_node)
{
	*ret_node = (struct node){ .line = reading->line };
	if (!json_is_object(value) && !json_is_array(value)) {
		convert_scalar(reading, value, ret_node);
		return true;
	}
	if (depth == JSON_DEPTH_MAXIMUM_NODES)
		return node_fail(ret_node, reading->file, reading->err, ERROR_LIMIT,
				 "nested deeper than %d levels; flatten it",
				 JSON_DEPTH_MAXIMUM_NODES);
	if (json_is_object(value))
		return convert_map(reading, value, depth + 1, ret_node);
	return convert_list(reading, value, depth + 1, ret_node);
}

static bool fail_syntax(const json_error_t *fault, const char *file, uint32_t line,
			struct error *err)
{
	struct node place = {
		.line = line + (fault->line > 1 ? (uint32_t)fault->line - 1 : 0),
		.column = fault->column > 0 ? (uint32_t)fault->column : 0,
	};
	const char *what = fault->text;
	enum error_code code = ERROR_PARSE;

	if (json_error_code(fault) == json_error_out_of_memory)
		memory_exhausted((size_t)fault->position);
	if (json_error_code(fault) == json_error_stack_overflow)
		code = ERROR_LIMIT;
	if (json_error_code(fault) == json_error_duplicate_key)
		code = ERROR_CONFLICT;
	if (json_error_code(fault) == json_error_null_character)
		what = "text with a NUL in it; remove the '\\u0000'";
	return node_fail(&place, file, err, code, "%s", what);
}

static bool has_lines(struct span text)
{
	while (text.length > 0 &&
	       (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r'))
		text.length--;
	return text.length > 0 && memchr(text.at, '\n', text.length);
}

static struct reading reading_of(struct span text, const char *file, uint32_t line,
				 struct arena *arena, struct error *err)
{
	return (struct reading){
		.file = file,
		.line = has_lines(text) ? 0 : line,
		.arena = arena,
		.err = err,
	};
}

/* `line` is the first one of the text. */
static bool read_with(size_t flags, const struct reading *reading, struct span text, uint32_t line,
		      const struct node **ret_root)
{
	json_error_t fault;
	json_t *value __attribute__((cleanup(json_decrefp))) =
		json_loadb(text.at ? text.at : "", text.length, flags | JSON_DECODE_ANY, &fault);

	if (!value)
		return fail_syntax(&fault, reading->file, line, reading->err);

	struct node *root = ARENA_NEW(reading->arena, struct node);
	if (!convert(reading, value, 0, root))
		return false;
	*ret_root = root;
	return true;
}

bool json_read(struct span text, const char *file, uint32_t line, struct arena *arena,
	       const struct node **ret_root, struct error *err)
{
	const struct reading reading = reading_of(text, file, line, arena, err);

	return read_with(JSON_REJECT_DUPLICATES, &reading, text, line, ret_root);
}

bool json_read_repeating(struct span text, const char *file, struct arena *arena,
			 const struct node **ret_root, struct error *err)
{
	const struct reading reading = reading_of(text, file, 1, arena, err);

	return read_with(0, &reading, text, 1, ret_root);
}
