/*
 * What a node is held against: a golden node, other nodes, and what was sold. Read once, by the
 * options of the session; all of it lives in the session's arena.
 */
#pragma once

#include "check/check.h"
#include "check/claims.h"
#include "cli/load.h"

struct against {
	const struct machine *golden; /* NULL without --golden */
	const struct machine *cohort; /* those that are fit to teach */
	size_t cohort_count;
	const struct claims *claims; /* NULL without --claims */
};

bool against_read(const struct session *session, const struct handbook *handbook,
		  struct against *ret_against, struct error *err);
