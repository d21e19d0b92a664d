/*
 * Whatever the bytes, json_read gives a tree that is written and read back the same, or an
 * error that is one line of text with the file's name before it.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_scalar(const struct node *node, struct json_writer *writer)
{
	int64_t integer;
	double real;

	assert(span_is_utf8(node->text, NULL));
	if (node->quoted)
		json_put_span(writer, node->text);
	else if (span_is(node->text, "null"))
		json_put_null(writer);
	else if (span_is(node->text, "true") || span_is(node->text, "false"))
		json_put_bool(writer, span_is(node->text, "true"));
	else if (span_to_i64(node->text, &integer))
		json_put_integer(writer, integer);
	else if (span_to_double(node->text, &real))
		json_put_number(writer, real);
	else
		assert(false);
}

static void write_tree(const struct node *node, struct json_writer *writer)
{
	switch (node->kind) {
	case NODE_SCALAR:
		write_scalar(node, writer);
		break;
	case NODE_LIST:
		json_open_array(writer);
		for (uint32_t i = 0; i < node->count; i++)
			write_tree(&node->items[i], writer);
		json_close_array(writer);
		break;
	case NODE_MAP:
		json_open_object(writer);
		for (uint32_t i = 0; i < node->count; i++) {
			json_key(writer, node->keys[i].text.at);
			write_tree(&node->items[i], writer);
		}
		json_close_object(writer);
		break;
	case NODE_ANY:
		assert(false);
	}
}

static void write_whole(const struct node *root, unsigned indent, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = indent };

	write_tree(root, &writer);
	assert(writer.depth == 0 && !into->overflowed);
}

/* Compact text, read and written with indent, read and written compact, is the same text. */
static void check_round_trip(const struct node *root, struct arena *arena)
{
	const struct node *again = NULL;

	SCOPED_TEXT(first);
	SCOPED_TEXT(indented);
	SCOPED_TEXT(second);
	write_whole(root, 0, &first);
	bool good = json_read(text_span(&first), "first", 1, arena, &again, NULL);
	assert(good);
	write_whole(again, 2, &indented);
	good = json_read(text_span(&indented), "indented", 1, arena, &again, NULL);
	assert(good);
	write_whole(again, 0, &second);
	assert(span_equal(text_span(&first), text_span(&second)));
	(void)good;
}

static void check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strncmp(err->text, "fuzz.json: ", strlen("fuzz.json: ")) == 0);
	assert(span_is_utf8(span_of(err->text), NULL));
	assert(!strchr(err->text, '\n'));
	(void)err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct node *root = NULL;
	struct error err = { .code = ERROR_NONE };
	struct span text = { .at = (const char *)data, .length = size };

	SCOPED_ARENA(arena);
	if (json_read(text, "fuzz.json", 1, &arena, &root, &err))
		check_round_trip(root, &arena);
	else
		check_error(&err);
	return 0;
}
