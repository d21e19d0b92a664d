/*
 * A document's tree as bytes: for documents that are read when the program is built, so that it
 * need not read them each time that it starts.
 */
#pragma once

#include "base/node.h"
#include "base/text.h"

/* Appends the tree, with the place of every value. No scalar has a NUL in it. */
void tree_pack(const struct node *root, struct text *into);

/* The tree that was packed. Its scalars end with a NUL and stay where they are, in `bytes`; all
 * else is in the arena. The bytes are the program's own: nothing in them is checked. */
const struct node *tree_unpack(const unsigned char *bytes, struct arena *arena);
