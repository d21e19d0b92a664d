/*
 * What one Xid in the kernel log means for the GPU: the class of its row in the handbook, and the
 * codes that only their text, their registers or their neighbours decide.
 */
#pragma once

#include "check/check.h"
#include "evidence/kernel_line.h"

enum {
	XID_PROBE = 0, /* not one of NVIDIA's: the driver could not take the GPU up */
	XID_LOST = 79, /* what a GPU that is gone counts as, with a number or without */
};

/* One line of the log. */
struct xid_event {
	const struct record *record;
	struct xid_line line;
	bool timed;
	double at_s;  /* Unix time, when timed */
	bool settled; /* the driver said later that this GPU needs nothing more */
};

/* All of one machine, by GPU, then code, time and text. */
struct xid_log {
	const struct check_input *seen;
	struct arena *arena;
	const struct xid_event *events;
	size_t count;
	double span_h;         /* that the log covers; 0 when not known */
	uint32_t driver_major; /* 0 when not known */
};

struct xid_opinion {
	enum verdict verdict;
	const char *why; /* a few words */
	const char *bar, *action;
};

/* Judges one of the log's events. The handbook has to be there. */
struct xid_opinion xid_judge(const struct xid_log *log, const struct xid_event *event);
