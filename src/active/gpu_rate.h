/*
 * How fast something on a GPU goes: repeated until the middle of the repeats is known well enough.
 */
#pragma once

#include "active/gpu_crew.h"
#include "base/repeats.h"

/* Starts the work once, in the stream. */
typedef bool gpu_action(struct gpu_child *child, void *what, struct gpu_stream *stream,
			struct error *err);

struct gpu_work {
	gpu_action *action;
	void *what;
	double bytes; /* that it moves each time */
};

struct gpu_effort {
	double width; /* of the interval of the median, as a share of it, that is enough */
	double limit_s;
};

/* The bytes per second that the work moves, by the GPU's own clock; once unmeasured before.
 * Stops at the limit, after REPEATS_LEAST repeats at least. */
bool gpu_rate(struct gpu_child *child, const struct gpu_work *work, const struct gpu_effort *effort,
	      struct repeats_summary *ret_rate, struct error *err);

/* Says the figure and its spread. */
void gpu_rate_say(struct worker_port *port, const char *device, enum measure measure,
		  const struct repeats_summary *rate);
