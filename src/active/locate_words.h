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

/* Whether one measurement loads both directions at once. */
bool locate_is_both_ways(const struct locate_plan *plan);

/* How long the launcher of either may take at most. */
int64_t locate_program_limit_ns(const struct locate_plan *plan);

enum locate_outcome {
	LOCATE_MEASURED,
	LOCATE_AWAY,    /* nobody listened: not yet, or there is no way */
	LOCATE_BROKEN,  /* it was reached, and no result came of it */
	LOCATE_UNABLE,  /* the launcher or the program did not run: nothing of the network */
	LOCATE_STOPPED, /* by the user or the clock */
};

struct locate_answer {
	enum locate_outcome outcome;
	struct locate_result result; /* rate, lost, worst_part of LOCATE_MEASURED */
	const char *why;             /* of the others */
	bool is_server_unable;       /* of LOCATE_UNABLE: it is the host that was connected to */
};

/* Takes what the side that came said. */
void locate_read(const struct locate_plan *plan, const struct locate_errand *errand,
		 const struct process_result *said, struct arena *arena,
		 struct locate_answer *ret_answer);

/* NULL when the side that waited did listen, else a line on what it said instead. */
const char *locate_server_complaint(const struct locate_plan *plan,
				    const struct process_result *said, struct arena *arena);
