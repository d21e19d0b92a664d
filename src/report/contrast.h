/* What tells two providers apart. */
#pragma once

#include "report/report.h"

struct contrast {
	uint32_t criterion;
	double points; /* of the overall score that a has more than b, by this criterion */
};

/* Criteria that the two units answer differently or of which only one is known, the most points
 * first. */
void contrasts_of(const struct standard *standard, const struct unit *a, const struct unit *b,
		  struct arena *arena, struct contrast **ret_items, uint32_t *ret_count);
