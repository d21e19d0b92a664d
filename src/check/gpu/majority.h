/*
 * What most of several equal parts say, as text.
 */
#pragma once

#include "base/arena.h"
#include "evidence/record.h"

/* The state, or the value with its unit; NULL when there is no record or it is unknown. */
const char *record_words(const struct record *record, struct arena *arena);

/* The text that more than half of those that say something say; NULL when there is none. A text
 * that is NULL says nothing. *ret_said is how many say something. */
const char *majority_of(const char *const *texts, size_t count, size_t *ret_said);
