/*
 * The folders whose file systems were tested. A device about one is "storage:WHAT:MARK"; the mark
 * is the folder's path, or the end of a long one.
 */
#pragma once

#include "check/tally.h"

/* One after the other, the mark of each; `at` starts at 0, NULL at the end. One that could not be
 * used is said to be unknown and left out. */
const char *folder_next(struct tally *tally, size_t *at);

/* "storage:WHAT:MARK", in the arena of the findings. */
const char *folder_device(const struct tally *tally, const char *what, const char *mark);

/* The value of the measure about WHAT in the folder; false when it is not known. */
bool folder_value(const struct tally *tally, enum measure measure, const char *what,
		  const char *mark, double *ret_value);

/* What failed about WHAT in the folder, in the words of the test; "" when nothing was said. */
const char *folder_error(const struct tally *tally, const char *what, const char *mark);

/* WORK in the folder with the most clients, past the page cache, or through it when the file system
 * refuses that: its record of the measure, NULL when there is none. *ret_clients may be NULL. */
const struct record *folder_most(const struct tally *tally, enum measure measure, const char *work,
				 const char *way, const char *mark, unsigned *ret_clients);
