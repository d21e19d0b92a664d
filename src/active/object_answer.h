/*
 * What an object store answers in XML, as far as it is asked: elements without attributes whose
 * content is text. Everything else is passed over; nothing is believed but what it looks like.
 */
#pragma once

#include "base/arena.h"
#include "base/span.h"

enum {
	OBJECT_ANSWER_MAXIMUM = 4 << 20, /* bytes of an answer that is read */
	OBJECT_KEY_MAXIMUM = 1024,       /* bytes of a key, as S3 has it */
};

/* The text of the next element of the name, entities resolved, and *rest behind it. False when
 * there is none, or it is longer than OBJECT_KEY_MAXIMUM or is no text. */
bool answer_next(struct span *rest, const char *name, struct arena *arena, const char **ret_text);

/* The same of the first one; NULL when there is none. */
const char *answer_first(struct span answer, const char *name, struct arena *arena);

/* As it stands in a URL: what is not unreserved becomes "%2F". */
const char *answer_quote(const char *text, struct arena *arena);
