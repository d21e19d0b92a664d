/*
 * Many parts of one machine one after the other: what is wrong with one is a finding of its own,
 * and all that are well make one pass together.
 */
#pragma once

#include "check/check.h"

struct tally {
	const struct machine *machine;
	struct findings *found;
	size_t before;
	size_t well;          /* parts that are well */
	struct finding rests; /* what the pass rests on */
};

void tally_start(struct tally *tally, const struct check_input *seen, struct findings *found);

/* One more part is well because of the record, which may be NULL. */
void tally_well(struct tally *tally, const struct record *record);

/* A finding about the device (NULL: the node) that rests on the record, which may be NULL. The text
 * begins with the device's name for people. */
struct finding *tally_say(struct tally *tally, enum verdict verdict, const char *device,
			  const struct record *record, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The newest record of a measure that the verdict needs; NULL, and said to be unknown, when there
 * is none or it is unknown. */
const struct record *tally_need(struct tally *tally, enum measure measure, const char *device);

/* True when all that was said so far passes or does not apply. */
bool tally_is_clean(const struct tally *tally);

/* Adds one pass about the node for those that are well, when nothing else than passes was said.
 * Returns it, or NULL. */
struct finding *tally_pass(struct tally *tally, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "s" unless there is one. */
const char *plural(size_t count);
