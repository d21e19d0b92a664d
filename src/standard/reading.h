/*
 * What the readers of the standard's three kinds of file share: a file, an arena and typed fields
 * with one clear error each.
 */
#pragma once

#include "base/node.h"
#include "standard/standard.h"

struct reading {
	const char *file;
	struct arena *arena;
	struct standard *standard;
	struct error *err;
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The text of a required scalar, not empty, at most 2,000 bytes. */
bool reading_text(const struct reading *from, const struct node *map, const char *field,
		  const char **ret_text);

/* As reading_text, of a name: at most 40 lower-case letters, digits and '-'. */
bool reading_name(const struct reading *from, const struct node *map, const char *field,
		  const char **ret_name);

/* A whole number within [low, high]. */
bool reading_whole(const struct reading *from, const struct node *map, const char *field,
		   uint32_t low, uint32_t high, uint32_t *ret_value);

/* A number from 0 to 1, in steps of 1/parts (WORTH_ONE or 1000). */
bool reading_share(const struct reading *from, const struct node *node, const char *field,
		   uint32_t parts, uint16_t *ret_value);

/* One file each; the map is the whole document. Grades need categories and criteria before. */
bool standard_read_head(const struct reading *from, const struct node *map);
bool standard_read_grades(const struct reading *from, const struct node *map);

/* Appends to standard->criteria, which has room; `*count` grows. Parents are found later. */
bool standard_read_criteria(const struct reading *from, const struct node *map,
			    const char **parents, uint32_t *count);

/* How many criteria the document holds. */
uint32_t standard_count_criteria(const struct node *map);
