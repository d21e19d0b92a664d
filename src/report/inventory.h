/*
 * What a machine is made of: the facts of one look, in the order in which people think of a
 * machine. Nothing here judges; what could not be read is listed with its reason.
 */
#pragma once

#include "check/drift.h"
#include "report/report.h"

struct inventory {
	const struct machine *machine;
	const struct machine *golden; /* the good node it was compared with; NULL for none */
	const struct drift *drifts;   /* from the golden node */
	size_t drift_count;
	struct record *records; /* of the look; sealed when they are written as lines */
	size_t count;
	const char *provider; /* who rents the machine out; NULL when not said */
	int64_t time;         /* of the look, seconds since the epoch */
};

/* FORMAT_TABLE for people. FORMAT_JSON is assay/inventory/v1 (data/schema/inventory.v1.json).
 * FORMAT_LINES is records in canonical form, one a line: those that drift_find compares, as a
 * golden node is recorded; what was unknown is left out. */
void inventory_write(const struct inventory *inventory, enum report_format format,
		     const struct report_style *style, struct text *into);
