/*
 * A batch of measurements side by side: all that wait are started, then all that come; then each is
 * awaited, and nothing of it is left.
 */
#pragma once

#include "active/locate_words.h"

/* Measures all errands at once; ret_answers[i] belongs to errands[i]. Texts live in `arena`.
 * `deadline_ns` by host_boot_ns of plan->here. */
void locate_batch(const struct locate_plan *plan, const struct locate_errand *errands, size_t count,
		  int64_t deadline_ns, struct arena *arena, struct locate_answer *ret_answers);
