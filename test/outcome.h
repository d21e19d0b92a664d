/*
 * What checks of a node said, invented: for tests of what is made of it.
 */
#pragma once

#include "check/checkup.h"

/* One finding. Findings of one check stand together. */
struct said {
	const char *check; /* NULL ends the list */
	bool required;
	enum verdict verdict;
	const char *about; /* NULL: the node */
	const char *text;
	const char *action; /* NULL for none */
	bool attested;
};

struct outcome {
	struct machine machine;
	struct checkup checkup;
	struct arena arena;
};

/* A checkup of these findings, judged. */
void outcome_make(struct outcome *outcome, const struct said *said);

void outcome_release(struct outcome *outcome);

#define SCOPED_OUTCOME(name) struct outcome name __attribute__((cleanup(outcome_release))) = { 0 }
