#include "base/tree.h"

/* A node is its kind and whether it is quoted in one byte, its line, its column and, of a scalar,
 * its length, its text and a NUL; of a list or map how many items or pairs it has, and these. Whole
 * numbers have seven bits a byte, the least first, and a set high bit where more follow. */

enum {
	KIND_MASK = 3,
	QUOTED = 4,
	MORE = 0x80,
	PART_BITS = 7,
};

static void put_number(struct text *into, size_t number)
{
	for (; number >= MORE; number >>= PART_BITS)
		text_add_char(into, (char)(MORE | (number & (MORE - 1))));
	text_add_char(into, (char)number);
}

void tree_pack(const struct node *root, struct text *into)
{
	text_add_char(into, (char)((unsigned)root->kind | (root->quoted ? QUOTED : 0u)));
	put_number(into, root->line);
	put_number(into, root->column);
	if (root->kind == NODE_SCALAR) {
		put_number(into, root->text.length);
		text_add_span(into, root->text);
		text_add_char(into, '\0');
		return;
	}
	put_number(into, root->count);
	for (uint32_t i = 0; i < root->count; i++) {
		if (root->kind == NODE_MAP)
			tree_pack(&root->keys[i], into);
		tree_pack(&root->items[i], into);
	}
}

static uint32_t take_number(const unsigned char **at)
{
	uint32_t number = 0;
	unsigned shift = 0;

	for (; **at >= MORE; shift += PART_BITS)
		number |= (uint32_t)(*(*at)++ & (MORE - 1)) << shift;
	return number | (uint32_t) * (*at)++ << shift;
}

static void take_node(const unsigned char **at, struct arena *arena, struct node *into)
{
	unsigned char what = *(*at)++;
	struct node *items, *keys;

	into->kind = (enum node_kind)(what & KIND_MASK);
	into->quoted = (what & QUOTED) != 0;
	into->line = take_number(at);
	into->column = take_number(at);
	if (into->kind == NODE_SCALAR) {
		into->text.length = take_number(at);
		into->text.at = (const char *)*at;
		*at += into->text.length + 1;
		return;
	}
	into->count = take_number(at);
	items = ARENA_ARRAY(arena, struct node, into->count);
	keys = into->kind == NODE_MAP ? ARENA_ARRAY(arena, struct node, into->count) : NULL;
	for (uint32_t i = 0; i < into->count; i++) {
		if (keys)
			take_node(at, arena, &keys[i]);
		take_node(at, arena, &items[i]);
	}
	into->items = items;
	into->keys = keys;
}

const struct node *tree_unpack(const unsigned char *bytes, struct arena *arena)
{
	struct node *root = ARENA_NEW(arena, struct node);

	take_node(&bytes, arena, root);
	return root;
}
