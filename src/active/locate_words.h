/*
 * The words of the two programs of a pair, and what became of the one that came.
 */
#pragma once

#include "active/locate.h"
#include "host/process.h"

/* One measurement in one direction. */
struct locate_errand {
	uint32_t from, to; /* hosts; the one that is connected to is `to` */
	uint8_t rail;
	unsigned port;
};

/* The side that waits, NULL-terminated. */
const char *const *locate_server_words(const struct locate_plan *plan,
				       const struct locate_errand *errand, struct arena *arena);

/* The side that comes. */
const char *const *locate_client_words(const struct locate_plan *plan,
				       const struct locate_errand *errand, struct arena *arena);

/* How long the launcher of either may take at most. */
int64_t locate_program_limit_ns(const struct locate_plan *plan);

enum locate_outcome {
	LOCATE_MEASURED,
	LOCATE_AWAY,    /* nobody listened: not yet, or there is no way */
	LOCATE_BROKEN,  /* it was reached, and no result came of it */
	LOCATE_UNABLE,  /* the launcher or the program did not run: nothing of the network */
	LOCATE_STOPPED, /* by the user or the clock */
};

/* What the side that came said; *ret_result has rate, lost and worst_part when it is
 * LOCATE_MEASURED, *ret_why a line otherwise. */
enum locate_outcome locate_read(const struct locate_plan *plan, const struct process_result *said,
				struct arena *arena, struct locate_result *ret_result,
				const char **ret_why);

/* NULL when the side that waited did listen, else a line on what it said instead. */
const char *locate_server_complaint(const struct locate_plan *plan,
				    const struct process_result *said, struct arena *arena);
