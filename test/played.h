/*
 * Nodes with NVIDIA GPUs that the stand-in for their library plays, for the tests of what asks it.
 */
#pragma once

#include "test/watch.h"

enum {
	PLAYED_GPUS_MAXIMUM = 8,
};

/* A kind of machine, where its GPUs are and what they tell when they are healthy. */
struct played_kind {
	const char *name;
	const char *addresses[PLAYED_GPUS_MAXIMUM];
	unsigned links;
	bool is_old_link; /* the counters of NVLink up to 4 */
	const char *peer; /* of the first link of the first GPU */
	const char *fabric, *partition, *margin;
};

enum played {
	PLAYED_H100,
	PLAYED_H100_PCIE,
	PLAYED_A100,
	PLAYED_B200,
	PLAYED_GB200,
	PLAYED_COUNT,
};

extern const struct played_kind played_kinds[PLAYED_COUNT];

unsigned played_count(const struct played_kind *kind);

/* "gpu:0000:1b:00.0" */
const char *played_name(struct watch *watch, const struct played_kind *kind, unsigned gpu);

/* A machine of that kind, with faults added to its scenario. */
void played_make(struct watch *watch, const struct played_kind *kind, const char *faults);

/* Which stand-in answers: a folder below $ASSAY_VENDOR. */
void played_library(struct watch *watch, const char *below);

/* A function on the bus, of class 0302; the vendor as the kernel writes it. */
void played_function(struct watch *watch, const char *address, const char *vendor);

/* Fails the test unless the GPU tells all that every GPU tells in a full look, or in a quick one.
 */
void played_expect_usual(const struct watch *watch, const char *gpu, bool is_full);
