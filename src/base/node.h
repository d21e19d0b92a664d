/*
 * A document as a tree, with the place of every value: what YAML and JSON are read into before
 * a schema looks at them. Scalars stay text until the schema types them, so `no` is not false
 * and `1.10` is not 1.1. Everything lives in the arena given to the reader.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

enum node_kind {
	NODE_SCALAR,
	NODE_LIST,
	NODE_MAP,
	NODE_ANY, /* in a schema only: any of the three */
};

struct node {
	enum node_kind kind;
	uint32_t line;    /* from 1; 0 when the format does not tell */
	uint32_t column;  /* from 1 */
	struct span text; /* NODE_SCALAR */
	bool quoted;      /* NODE_SCALAR: the writer put it in quotes, or JSON had a string */
	uint32_t count;   /* items or pairs */
	const struct node *items; /* NODE_LIST: count items; NODE_MAP: count values */
	const struct node *keys;  /* NODE_MAP: count scalars, in the order written, no duplicates */
};

/* The value of `key`, NULL when the map has none or `map` is not a map. */
const struct node *node_find(const struct node *map, const char *key);

/* Fails with "FILE: line L, column C: …" (place left out when unknown). Always false. */
bool node_fail(const struct node *node, const char *file, struct error *err, enum error_code code,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));

/* One row of a map's schema: fields that the map may have. */
struct node_field {
	const char *name;
	enum node_kind kind;
	bool required;
};

/* True when `node` is a map that has all required fields, each of its kind, and no other field;
 * an unknown field is named together with the nearest known one. */
bool node_expect(const struct node *node, const char *file, const struct node_field *fields,
		 size_t field_count, struct error *err);
