/*
 * What happened on a node: events of its findings and the standing of each, in one SQLite file of
 * bounded size that survives the end of the process at any instant. Nothing is written unless
 * something changed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "check/check.h"

enum {
	HISTORY_BYTES_DEFAULT = 16 << 20,
	HISTORY_BYTES_MINIMUM = 256 << 10,
	HISTORY_TEXT_MAXIMUM = 2000, /* bytes of one text that is kept; longer ones are cut */
};

struct history;

/* A change of a finding's standing: what a check says about a part of the node. */
struct history_event {
	int64_t time;      /* seconds since the epoch */
	const char *boot;  /* which start of the kernel it belongs to */
	const char *check; /* "gpu-error-log" */
	const char *about; /* the device; "" for the node */
	enum verdict before, after;
	bool is_sticky;            /* only another start of the kernel ends it */
	const char *text, *action; /* as the finding says; "" for none */
};

struct history_list {
	struct history_event *items;
	size_t count;
};

/* Opens the file, or makes it. A file that is no history, or is damaged, is moved aside as
 * FILE.broken and a new one begun; *ret_note then says so, else it is NULL. A history of a later
 * version is refused and left alone. `maximum_bytes` bounds the file: the oldest events go first,
 * standings never. */
bool history_open(const char *path, uint64_t maximum_bytes, struct arena *arena,
		  struct history **ret_history, const char **ret_note, struct error *err);

/* NULL is fine. */
void history_close(struct history *history);

/* Keeps the event and makes it the standing of its check and device, in one transaction; a standing
 * of PASS or NOT_APPLICABLE is forgotten. Durable when it returns true. When it fails (a full disk)
 * nothing has changed and it may be tried again. */
bool history_add(struct history *history, const struct history_event *event, struct error *err);

/* The events from `since` on, oldest first, at most `limit` of the newest. */
bool history_events(struct history *history, int64_t since, size_t limit, struct arena *arena,
		    struct history_list *ret_events, struct error *err);

/* The last event of each check and device that stands at anything but PASS, by check and device. */
bool history_standings(struct history *history, struct arena *arena,
		       struct history_list *ret_standings, struct error *err);
