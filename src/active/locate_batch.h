/*
 * A batch of measurements side by side: all that wait are started, then all that come; then each is
 * awaited, and nothing of it is left.
 */
#pragma once

#include "active/locate_words.h"

struct locate_answer {
	enum locate_outcome outcome;
	struct locate_result result; /* rate, lost, worst_part of LOCATE_MEASURED */
	const char *why;             /* of the others */
	bool is_server_unable;       /* of LOCATE_UNABLE: it is the host that was connected to */
};

/* Measures all errands at once; ret_answers[i] belongs to errands[i]. Texts live in `arena`.
 * `deadline_ns` by host_boot_ns of plan->here. */
void locate_batch(const struct locate_plan *plan, const struct locate_errand *errands, size_t count,
		  int64_t deadline_ns, struct arena *arena, struct locate_answer *ret_answers);
