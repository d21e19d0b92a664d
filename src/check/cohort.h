/*
 * What other nodes measured: the middle and the width of one figure over the nodes of a cohort, one
 * value a node, so that a node with many devices does not outvote the others.
 */
#pragma once

#include "check/check.h"

/* One figure of the cohort. */
struct cohort_figure {
	size_t nodes;     /* that measured it */
	double median;    /* of them */
	double deviation; /* median absolute deviation times 1.4826 */
};

/* What a device is apart from its address, so that devices of several nodes compare:
 * "gpu:~/bf16:8192x8192x8192" of "gpu:0000:19:00.0/bf16:8192x8192x8192", "gpu:~/to:~" of a pair.
 * Mounts, tests and what is no address stay as they are. */
const char *device_role(const char *device, struct arena *arena);

/* True when the other machine may teach about this one: of another name, the same model of GPU (of
 * processor where there is no GPU) and the same driver. */
bool cohort_is_like(const struct machine *machine, const struct machine *other);

/* The figure over the machines of the cohort that are like it. Of several devices of one role the
 * one at the same place counts: the third GPU is compared with third GPUs. `device` may be NULL. */
struct cohort_figure cohort_find(const struct check_input *seen, enum measure measure,
				 const char *device, struct arena *arena);

/* How many deviations below the median a healthy figure lies in one of a hundred cases, when so
 * many nodes told the median and the deviation. */
double cohort_width(size_t nodes);

/* Those of the machines that pass the quick checks and the judges of active tests, without a
 * cohort: a broken node teaches nothing. *ret_refused gets how many were left out; NULL: not asked.
 */
size_t cohort_choose(const struct check_input *seen, const struct machine *machines, size_t count,
		     struct arena *arena, const struct machine **ret_cohort, size_t *ret_refused);
