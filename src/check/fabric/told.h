/* What was told of fabrics among the records of a unit. */
#pragma once

#include "check/check.h"
#include "evidence/fabric_measure.h"
#include "fabric/layout.h"

/* One after the other: of each subject the newest record of the measure. `at` starts at 0; NULL at
 * the end. */
const struct record *fabric_next(const struct check_input *seen, enum fabric_measure measure,
				 size_t *at);

/* The value of the newest record of the measure about the same as `like`, whose device is a fabric;
 * false when there is none or it is unknown. */
bool fabric_value(const struct check_input *seen, enum fabric_measure measure,
		  const struct record *like, double *ret_value);

/* Judges each cluster of which a fabric is told; `whole` is its record of FABRIC_SEEN. */
void fabric_judge_each(const struct check_input *seen,
		       void (*judge_cluster)(const struct check_input *seen,
					     const struct record *whole, struct findings *found),
		       struct findings *found);

/* "cluster-a/fabric:compute/tier:0": what a record is about. */
const char *fabric_place_name(const struct record *record, struct arena *arena);

/* One kind of fault, and what a fabric that has it gets. */
struct fabric_fault_row {
	enum layout_fault fault;
	enum verdict verdict; /* VERDICT_FAIL or VERDICT_WARN */
};

/* Adds a finding about the cluster of `whole`, a record of FABRIC_SEEN: the worst of the rows whose
 * fault it has, with where; UNKNOWN when one is not told, else PASS with the text `none`. */
struct finding *fabric_judge_faults(const struct check_input *seen, const struct record *whole,
				    const struct fabric_fault_row *rows, size_t count,
				    const char *none, struct findings *found);
