/*
 * How fast parts of a node's GPUs are, as an active test measured it: each figure against what is
 * known of the model (check/reference.h), and against the same figure of its neighbours.
 */
#pragma once

#include "check/reference.h"
#include "check/tally.h"

struct gpu_rate_kind {
	/* Figures of one group are alike on a healthy node, and are compared; NULL: with none. */
	const char *group;
	struct reference_query query;
	bool is_left_out; /* told, and not judged */
	bool is_relative; /* the neighbours are all that it is held against */
};

/* What the figure of that device is held against. */
typedef void gpu_rate_tell(const struct machine *machine, const char *device, struct arena *arena,
			   struct gpu_rate_kind *ret_kind);

/* Judges every figure of the measure. Those that have no reference at all make one UNKNOWN
 * together, after the neighbours were compared. */
void gpu_rates_judge(struct tally *tally, const struct check_input *seen, enum measure measure,
		     gpu_rate_tell *tell);

/* Whether a record of NODE_GPU_VENDOR is of a maker whose GPUs are tested: NVIDIA, AMD. */
bool gpu_is_tested(const struct record *vendor);

/* Says UNKNOWN about each GPU of the node that is tested and about which the measure has nothing.
 */
void gpu_rates_missing(struct tally *tally, enum measure measure);

/* Fails each copy whose data were not what had been sent; `part` begins what stands behind the GPU,
 * as "host:". */
void gpu_rates_wrong(struct tally *tally, const char *const *parts);

/* What stands behind the GPU: "to:numa:0" of "gpu:0000:19:00.0/to:numa:0"; "" for the whole. */
const char *gpu_rate_part(const char *device);
