/*
 * What a recorder is, private to this room.
 */
#pragma once

#include "host/journal.h"

struct recorder {
	struct host live; /* what it looks at */
	struct journal journal;
};

/* Where capture.json and the tree of a capture lie in its folder. */
#define CAPTURE_FILE "capture.json"
#define CAPTURE_TREE "root"
#define CAPTURE_SCHEMA "assay/capture/v1"

/* How codes of errors, kinds of files and ends of requests are written in capture.json. */
extern const char *const capture_codes[ERROR_CODE_COUNT];
extern const char *const capture_kinds[HOST_OTHER + 1];
extern const char *const capture_ends[WORKER_CANCELLED + 1];
