/*
 * The face of libyaml. One document; anchors, aliases, tags and directives are refused, and so
 * are duplicate keys, keys that are not scalars, NUL, bytes that are not UTF-8.
 */
#pragma once

#include "base/node.h"

enum {
	YAML_DEPTH_MAXIMUM = 32,
	YAML_BYTES_MAXIMUM = 8 << 20, /* what people write by hand stays far below */
	YAML_NODES_MAXIMUM = 1 << 20, /* bounds the memory that a hostile file can take */
};

/* `file` names the source in errors, which read "FILE: line L, column C: what; what to do".
 * An empty document gives an empty map. */
bool yaml_read(struct span text, const char *file, struct arena *arena,
	       const struct node **ret_root, struct error *err);
