/* The verbs of `assay evidence` that have a file of their own. */
#pragma once

#include "cli/load.h"

/* Names every faulty record of --evidence. */
int evidence_lint(const struct session *session, struct error *err);

/* Appends the records of `sources` ("-" is standard input) to the file of --to. */
int evidence_add(const struct session *session, const char *const *sources, size_t source_count,
		 struct error *err);
