/*
 * What is told of a fabric, for the tests of checks that judge it, written as text:
 *
 *   blocking fabric:compute/tier:0 2        measure without "fabric.", device or -, value or state
 *   link.downs fabric:compute ? no counter  unknown, with the reason
 *
 * A line may begin with "DAYS c2 ", which says the same so many days earlier or later, of another
 * cluster.
 */
#pragma once

#include "check/check.h"

struct fabric_told {
	struct arena arena;
	struct findings found;
	struct check_input input;
};

/* Reads the lines; one that cannot be read fails the test. */
void fabric_told_make(struct fabric_told *told, const char *lines);

/* Runs the check on them and gives the verdict of its only finding. */
enum verdict fabric_told_verdict(struct fabric_told *told, const char *check);

void fabric_told_release(struct fabric_told *told);

/* Both at once, of a check and the lines. */
enum verdict fabric_verdict_of(const char *check, const char *lines);

#define SCOPED_FABRIC_TOLD(name) \
	struct fabric_told name __attribute__((cleanup(fabric_told_release))) = { 0 }
