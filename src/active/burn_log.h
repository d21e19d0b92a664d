/*
 * What one GPU did and how warm it was during a burn-in of any length, in memory that does not
 * grow: windows of a minute, shorter in a burn-in of less than eight hours and longer in a longer
 * one. Only full load counts. Nothing here asks a GPU or a clock.
 */
#pragma once

#include "active/burn_fit.h"
#include "active/burn_pace.h"
#include "active/heat_read.h"

enum {
	BURN_SAMPLES_KEPT = 128, /* by which slices that come later find their temperature */
};

struct burn_window {
	double seconds, work; /* of full load */
	double warm_seconds;  /* of these, how many had a temperature */
	double heat;          /* temperature times these seconds */
	double power, clock;  /* sums of the samples under full load … */
	unsigned powers, clocks;
};

struct burn_log {
	struct burn_pace pace;
	int64_t window_ns;
	struct burn_window windows[BURN_POINTS_MAXIMUM];
	struct {
		int64_t time_ns;
		double temperature_c;
	} kept[BURN_SAMPLES_KEPT];
	unsigned kept_count; /* all that there were */
	/* Samples under full load, those that told reasons, and how often each was among them. */
	unsigned samples, told, reasons[HEAT_REASON_COUNT];
	double lowest_c, highest_c; /* of them; NAN: none */
	struct {
		double power; /* sum in W of the samples … */
		unsigned powers;
	} steps[BURN_IDLE + 1];    /* of each phase, from when it has settled */
	int64_t first_ns, last_ns; /* begin of the first slice and end of the last, of any phase */
};

void burn_log_start(struct burn_log *log, const struct burn_pace *pace);

/* Samples come in the order of time. */
void burn_log_sample(struct burn_log *log, const struct heat_sample *sample);

/* A slice of work that was done from one moment to another, so fast. Its temperature is that
 * between the samples around it: it has to come after them. */
void burn_log_slice(struct burn_log *log, int64_t start_ns, int64_t end_ns, double speed);

/* One point a window of full load, in the order of time. Returns how many. */
size_t burn_log_points(const struct burn_log *log,
		       struct burn_point ret_points[static BURN_POINTS_MAXIMUM]);

/* The middle of the speeds of the windows that begin within a time. */
struct burn_middle burn_log_speed(const struct burn_log *log, int64_t from_ns, int64_t to_ns);

/* Mean power in W of all samples within such a phase; its count is 0 when there was none. */
struct burn_middle burn_log_step(const struct burn_log *log, enum burn_phase phase);

/* Of the windows' mean power in W and clock in MHz. */
struct burn_middle burn_log_power(const struct burn_log *log);
struct burn_middle burn_log_clock(const struct burn_log *log);

/* How much of the beginning is compared with as much of the end: an hour, of less than ten hours a
 * tenth, but a cycle at least. 0: the burn-in was too short for both. */
int64_t burn_log_edge_ns(const struct burn_log *log);
