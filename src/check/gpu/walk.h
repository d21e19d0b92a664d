/*
 * The GPUs of one machine one after the other: what is wrong with one is a finding of its own, and
 * those that are well make one pass together.
 */
#pragma once

#include "check/check.h"

struct gpu_walk {
	const struct machine *machine;
	const char *vendor; /* "nvidia", "amd"; NULL for all */
	struct findings *found;
	size_t at, before;
	size_t visited, well;
	struct finding rests; /* what the pass rests on */
};

/* `vendor` as above. */
void gpu_walk_start(struct gpu_walk *walk, const struct check_input *seen, struct findings *found,
		    const char *vendor);

/* The device of the next GPU, "gpu:0000:19:00.0"; NULL at the end. One whose vendor could not be
 * told is left out and said to be unknown. */
const char *gpu_walk_next(struct gpu_walk *walk);

/* This GPU is well because of the record, which may be NULL. */
void gpu_walk_well(struct gpu_walk *walk, const struct record *record);

/* A finding about the device that rests on the record, which may be NULL. Its text begins with the
 * device's name for people. */
struct finding *gpu_walk_say(struct gpu_walk *walk, enum verdict verdict, const char *device,
			     const struct record *record, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The newest record of a measure that the verdict needs; NULL, and said to be unknown, when there
 * is none or it is unknown. */
const struct record *gpu_walk_need(struct gpu_walk *walk, enum measure measure, const char *device);

/* Adds the pass of those that are well, "8 GPUs: TEXT", when all that was said of others is that
 * they pass too, or that it does not apply to them; and UNKNOWN when there was no GPU to look at.
 */
void gpu_walk_end(struct gpu_walk *walk, const char *text);

/* "gpu:0000:19:00.0" of its records; NULL when the record is about the whole node. */
const char *record_device(const struct record *record);

/* True when the state is one of the words that stand in it with '+' between them. */
bool state_has(const char *state, const char *word);
