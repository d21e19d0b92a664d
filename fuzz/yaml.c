/*
 * Whatever the bytes, yaml_read gives a tree that keeps node.h's promises, or an error that is
 * one line of text with the file's name before it.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_place(const struct node *node)
{
	assert(node->line > 0 && node->column > 0);
	(void)node;
}

static void check_scalar(const struct node *node)
{
	assert(node->kind == NODE_SCALAR);
	assert(span_is_utf8(node->text, NULL));
	assert(node->text.at[node->text.length] == '\0');
	(void)node;
}

static void check_keys(const struct node *map)
{
	for (uint32_t i = 0; i < map->count; i++) {
		check_place(&map->keys[i]);
		check_scalar(&map->keys[i]);
		assert(node_find(map, map->keys[i].text.at) == &map->items[i]);
	}
}

static void check_tree(const struct node *node, unsigned depth)
{
	check_place(node);
	if (node->kind == NODE_SCALAR) {
		check_scalar(node);
		return;
	}
	assert(depth < YAML_DEPTH_MAXIMUM);
	if (node->kind == NODE_MAP)
		check_keys(node);
	for (uint32_t i = 0; i < node->count; i++)
		check_tree(&node->items[i], depth + 1);
}

static void check_error(const struct error *err)
{
	assert(err->code > ERROR_NONE && err->code < ERROR_CODE_COUNT);
	assert(strncmp(err->text, "fuzz.yaml: ", strlen("fuzz.yaml: ")) == 0);
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
	if (yaml_read(text, "fuzz.yaml", &arena, &root, &err))
		check_tree(root, 0);
	else
		check_error(&err);
	return 0;
}
