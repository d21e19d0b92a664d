/*
 * What stands in a request line and in forms: the target, taken apart and decoded, and the fields
 * of a query or of a form's body. Only one spelling of a path is accepted, so that nothing that
 * stands before the server can have read another.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

enum {
	TARGET_PATH_MAXIMUM = 1024,
	TARGET_QUERY_MAXIMUM = 2048,
	TARGET_SEGMENTS_MAXIMUM = 16,
	FIELDS_MAXIMUM = 512, /* of one query or form */
};

struct target {
	const char *path;  /* decoded UTF-8 without control characters, from '/', normal: no "//",
			      no segment "." or ".." */
	const char *query; /* as it was sent, printable ASCII; "" without */
};

/* 0, or the status to refuse with (400, 414) and why. Refused are, besides what is no path: an
 * encoded slash, backslash or control character, dots as segments in any spelling, a fragment, a
 * target with a scheme and host. */
unsigned target_read(struct span raw, struct arena *arena, struct target *ret_target,
		     const char **ret_why);

/* The fields of "a=1&b=2", decoded once: a form asks for many of them. */
struct fields {
	const struct field {
		const char *name, *value; /* NULL: not to be decoded */
	} * items;
	unsigned count;
};

/* Fails when there are more than FIELDS_MAXIMUM or when a name cannot be decoded. Takes about as
 * much of the arena as `encoded` has bytes. */
bool fields_read(struct span encoded, struct arena *arena, struct fields *ret_fields,
		 struct error *err);

/* The value of a field; NULL when it is not there. Fails when it is there twice, or when it is no
 * UTF-8 or holds a NUL or another control character than line ends and tabs. */
bool fields_get(const struct fields *fields, const char *name, const char **ret_value,
		struct error *err);

/* Both for one field. */
bool fields_find(struct span encoded, const char *name, struct arena *arena, const char **ret_value,
		 struct error *err);
