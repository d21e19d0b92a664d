/*
 * Measured figures for people: a scale that the field reads, and many alike in one line.
 */
#pragma once

#include "base/arena.h"
#include "evidence/measure.h"

/* "702.1 TFLOP/s", "3.35 TB/s", "12.4 us", "16.0 GiB", "0.7 %": four digits at most; a unit without
 * a scale of its own stays as it is. Rates are decimal, sizes in bytes binary. */
const char *figure_text(double value, const char *unit, struct arena *arena);

/* What a device is, whichever it is: each PCI address in it becomes a star, so that
 * "gpu:0000:19:00.0/bf16" of eight GPUs is one role; without an address it is itself. */
const char *figure_role(const char *device, struct arena *arena);

/* Records of one measure and role. */
struct figure_group {
	enum measure measure;
	const char *role;            /* NULL: the node */
	size_t count;                /* that have a value */
	double least, middle, most;  /* of the values */
	const struct record *lowest; /* the record with the least; NULL when none has a value */
	const struct record *other;  /* the first that says something else: a state, a text */
	size_t other_count, unknown_count;
	const struct record *unknown; /* the first that is not known */
};

/* Groups the records of nodes among these, in the order in which they come first. Others are left
 * out. */
size_t figure_groups(const struct record *records, size_t count, struct arena *arena,
		     struct figure_group **ret_groups);
