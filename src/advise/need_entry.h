/*
 * The fields of a need, one row each: how a text sets it and what it may be. Private to need.c and
 * need_read.c.
 */
#pragma once

#include "advise/need.h"

/* What a field is set with. */
struct need_setting {
	struct need *need;
	struct span text; /* one item, of a list */
	struct arena *arena;
	const struct need_entry *field;
};

struct need_entry {
	const char *name;
	/* Sets one value or adds one item; false when the text is not of the field. */
	bool (*set)(const struct need_setting *setting);
	size_t offset; /* of a number or a quantity */
	double minimum, maximum;
	const char *may_be; /* for errors */
	bool list;
};

/* By its dotted name; NULL when there is none. */
const struct need_entry *need_entry_find(struct span name);

/* By edit distance, for "did you mean". */
const struct need_entry *need_entry_nearest(struct span name);

/* True when some field's name begins with "name.". */
bool need_entry_is_group(struct span name);

/* True for the list of families, whose items may be maps. */
bool need_entry_is_gpu(const struct need_entry *field);

/* A list that is said again begins anew. */
void need_entry_empty(struct need *need, const struct need_entry *field);

void need_entry_mark(struct need *need, const struct need_entry *field);
bool need_entry_marked(const struct need *need, const struct need_entry *field);
