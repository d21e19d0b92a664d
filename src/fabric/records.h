/*
 * What is told of a fabric, as records of evidence: measures of a fabric, and criteria that its
 * wiring settles. Nothing here looks at a clock: the caller says when it was seen.
 */
#pragma once

#include "evidence/fabric_measure.h"
#include "fabric/layout.h"
#include "fabric/slurm_topology.h"

/* `.arena`, `.subject`, `.command` and `.time` are the caller's to set; the rest begins empty. */
struct fabric_records {
	struct arena *arena;
	struct subject subject; /* provider to cluster, no node */
	const char *command;    /* "describe": it stands in the ids and in the source */
	int64_t time;
	struct record *items;
	size_t count, room;
};

/* Each returns the record, valid until the next. `device` is copied; NULL: the whole fabric. A
 * value that is not finite is unknown instead. */
struct record *fabric_saw_value(struct fabric_records *records, enum fabric_measure measure,
				const char *device, double value);
struct record *fabric_saw_state(struct fabric_records *records, enum fabric_measure measure,
				const char *device, const char *state);
struct record *fabric_saw_unknown(struct fabric_records *records, enum fabric_measure measure,
				  const char *device, const char *why);

/* What the layout tells. Of a fabric that was not seen whole, what more of it could change is
 * unknown, and no criterion is settled. */
void layout_tell(const struct layout *layout, struct fabric_records *records);

/* What was found wrong with a scheduler's file. `placement` is what it was held against; NULL:
 * nothing, and then a file without a fault is unknown. */
void slurm_tell(const struct slurm_file *file, const struct slurm_findings *findings,
		const struct placement *placement, struct fabric_records *records);
