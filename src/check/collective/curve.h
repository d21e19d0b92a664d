/*
 * What was measured of one collective on one way between the GPUs, by size: from the records of
 * node.test.collective, whose devices are "collective:KIND:WAY/BYTES".
 */
#pragma once

#include "check/check.h"
#include "fabric/alpha_beta.h"

enum {
	CURVE_POINTS_MAXIMUM = TIMINGS_MAXIMUM,
};

struct curve_point {
	double bytes, busbw, time_s;
	const struct record *record, *spread; /* of the bus bandwidth; the second may be NULL */
};

struct curve {
	const char *name; /* "collective:all-reduce:nvlink" */
	const char *way;  /* "nvlink" */
	enum collective collective;
	unsigned ranks, nodes;                           /* of one communicator; 0: not told */
	struct curve_point points[CURVE_POINTS_MAXIMUM]; /* by bytes, ascending */
	unsigned count;
};

/* Names of a collective's rows in figures.tsv. */
struct curve_rows {
	const char *metric, *threshold;
};

extern const struct curve_rows curve_rows[COLLECTIVE_COUNT];

/* Whether the curve is of the way that such rows are of. */
bool curve_is_usual(const struct curve *curve);

/* What others measured at one size on the same model with as many ranks. */
struct curve_band {
	double low, high; /* B/s: below the first a figure fails, the second is the best of them */
	uint32_t line;    /* of figures.tsv, the last of them */
	const char *source; /* of that row */
};

/* False when no row tells. */
bool curve_band(const struct handbook *handbook, const struct shape_row *shape,
		const struct curve *curve, double bytes, struct curve_band *ret_band);

/* One curve after the other that has a point; `at` starts at 0. False at the end. */
bool curve_next(const struct machine *machine, size_t *at, struct arena *arena,
		struct curve *ret_curve);

/* "1 GiB", "64 KiB", "8 B": for people; and "1GiB" as in figures.tsv. */
struct curve_size {
	char at[24];
};
struct curve_size curve_size(double bytes, bool for_people);

/* "all-reduce over nvlink, 8 ranks". */
const char *curve_label(const struct curve *curve, struct arena *arena);

/* What a way could reach. */
struct curve_bound {
	struct network network;
	struct rank_group group;
	const char *row; /* where the numbers are from */
};

/* The network that this machine's model and its adapters make, for a way; false with the reason
 * when too little is known. */
bool curve_network(const struct check_input *seen, const struct curve *curve, struct arena *arena,
		   struct curve_bound *ret_bound, const char **ret_reason);

/* "rank 3 (node7 gpu:0000:19:00.0)" of "collective:nvlink/rank:3"; of another device of the way
 * too, as "collective:all-reduce:nvlink/64/rank:3". */
const char *curve_rank_label(const struct machine *machine, const char *way, const char *device,
			     struct arena *arena);
