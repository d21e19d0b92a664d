/*
 * How far the kernel log that was read reaches: what is not in it cannot be judged by it.
 */
#pragma once

#include "check/check.h"

struct log_reach {
	double lines;
	double span_h;     /* that it covers; 0 when not known */
	const char *words; /* "since the start of the kernel", "only from 300 s after …" */
};

/* False when the log was not read, is empty, or lines of `topic` could not be looked for. */
bool log_reach(const struct machine *machine, enum measure topic, struct arena *arena,
	       struct log_reach *ret_reach);

/* UNKNOWN about the node, because log_reach() is false. */
void log_add_unknown(const struct machine *machine, enum measure topic, struct findings *found);

/* Lets a PASS rest on what says how far the log reaches. */
void log_rests_on(const struct machine *machine, struct finding *finding);

/* Whether another look, whose records stand among these too, tells of the same message. Of several
 * looks one tells it for all. */
bool log_is_told_twice(const struct machine *machine, enum measure topic,
		       const struct record *message);
