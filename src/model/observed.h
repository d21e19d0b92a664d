/*
 * What evidence says of failures and recoveries, as parameters of goodput:
 *   reliability.failure-interval, GPU-hours   mtbf
 *   reliability.detection-time, min           detect
 *   reliability.return-time, min              replace
 * Of several records of one thing the range counts, with the geometric mean as likely value.
 * Announced facts, expired ones and what says no value do not count.
 */
#pragma once

#include "evidence/set.h"
#include "model/parameter.h"

/* Sets what the records tell, unless --set says it already; a value's source is the record's id.
 * Refused: records of several providers, and sets that tell nothing of these. */
bool observed_apply(const struct evidence_set *set, date_t as_of, struct arena *arena,
		    struct parameters *parameters, struct error *err);
