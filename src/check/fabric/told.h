/* What was told of fabrics among the records of a unit. */
#pragma once

#include "check/check.h"
#include "evidence/fabric_measure.h"

/* One after the other: of each subject the newest record of the measure. `at` starts at 0; NULL at
 * the end. */
const struct record *fabric_next(const struct check_input *seen, enum fabric_measure measure,
				 size_t *at);

/* The value of the newest record of the measure about the same as `like`, whose device is a fabric;
 * false when there is none or it is unknown. */
bool fabric_value(const struct check_input *seen, enum fabric_measure measure,
		  const struct record *like, double *ret_value);

/* "cluster-a/fabric:compute/tier:0": what a record is about. */
const char *fabric_place_name(const struct record *record, struct arena *arena);
