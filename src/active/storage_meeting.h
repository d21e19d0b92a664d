/*
 * How the nodes that test one folder at once find each other: in the folder itself. The temporary
 * folder of rank 0 is where they meet; the others look for it, and it is removed as always when
 * rank 0 ends.
 */
#pragma once

#include "active/storage.h"

/* The last point: behind it rank 0 removes the folder. */
#define STORAGE_MEETING_OVER "over"

/* All ranks come here; returns the folder to work in, NULL when not all came in time, with the
 * reason recorded. Alone, that is the place's own temporary folder. */
const char *storage_meeting_open(struct active_run *run, const struct storage_place *place);

/* Waits until all ranks have come to the point; true at once when there is one. False, and the
 * reason recorded, when one does not come, or rank 0 has left before. */
bool storage_meeting_wait(struct active_run *run, const struct storage_place *place,
			  const char *path, const char *point);

/* Of the request; at least 1. */
unsigned storage_meeting_ranks(const struct active_request *request);
