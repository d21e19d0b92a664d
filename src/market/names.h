/*
 * Names by number: a quote holds numbers, the book holds each name once. Number 0 is the empty
 * name.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

typedef uint32_t name_t;

enum {
	NAME_NONE = 0,
	NAMES_MAXIMUM = 1 << 24,
	NAME_LENGTH_MAXIMUM = 400,
};

struct name_slot {
	uint32_t tag; /* of the text's hash */
	name_t name;  /* NAME_NONE: empty */
};

struct names {
	struct span *texts;      /* by number */
	struct name_slot *slots; /* open addressing, by hash of the text */
	size_t count, room, slot_count;
	char *piece; /* of the arena, where the next texts go, end to end */
	size_t piece_left;
	struct arena arena;
};

/* `struct names names = { 0 };` is ready. */
void names_release(struct names *names);

/* The same names by the same numbers, in memory of its own. */
void names_copy(const struct names *from, struct names *ret_names);

/* The number of `text`, new or not; NAME_NONE for an empty one. A text longer than
 * NAME_LENGTH_MAXIMUM, or one more than NAMES_MAXIMUM, is not taken: false. */
bool names_add(struct names *names, struct span text, name_t *ret_name);

/* The number of a text that may be there; NAME_NONE when it is not. */
name_t names_find(const struct names *names, struct span text);

enum {
	NAMES_AT_ONCE = 16,
};

/* As names_find of each of at most NAMES_AT_ONCE texts, but what one of them waits for from memory
 * does not hold up the others. */
void names_find_all(const struct names *names, const struct span *texts, size_t count,
		    name_t *ret_names);

/* "" for NAME_NONE. */
struct span names_text(const struct names *names, name_t name);
