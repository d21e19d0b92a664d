/*
 * What many comparisons of units told together: who differed from most, with which kernel, in which
 * lanes, at which operating point and whether it does so again. Pure but for the records that it
 * writes at the end.
 */
#pragma once

#include "active/vote.h"
#include "base/arena.h"
#include "probe/sighting.h"

/* What the units are doing when they are compared. */
enum corruption_point {
	CORRUPTION_ALONE,  /* one unit after the other, the rest idle and cool */
	CORRUPTION_ALL,    /* all at once, and hot */
	CORRUPTION_BURSTS, /* all at once, in turns of work and rest: steps of the current */
	CORRUPTION_COPIES, /* all at once, while data is moved */
	CORRUPTION_POINT_COUNT,
};

extern const char *const corruption_point_names[CORRUPTION_POINT_COUNT]; /* "alone", "all", … */

/* The same input again on a unit that differed. */
enum corruption_repeats {
	CORRUPTION_NOT_REPEATED,
	CORRUPTION_TRANSIENT,    /* it was right each time */
	CORRUPTION_INTERMITTENT, /* it was wrong some times */
	CORRUPTION_PERSISTENT,   /* it was wrong each time */
};

/* One kernel on one unit. */
struct corruption_count {
	uint32_t mismatches, lanes, points; /* lanes and points as bits */
	uint32_t reruns, again;             /* how often it ran again, and was wrong again */
	bool is_witness_well; /* a unit of the majority that ran again with it was right */
};

struct corruption_tally {
	const char *test;         /* "corruption-cpu" */
	const char *const *units; /* "cpu:3", "gpu:0000:19:00.0/sm:17": devices of evidence */
	size_t unit_count;
	const char *const *kernels;
	unsigned kernel_count, lanes;
	/* private: */
	struct corruption_count *counts; /* unit * kernel_count + kernel */
	uint64_t *rounds;                /* of each unit */
	uint64_t *points;                /* rounds of each operating point */
	uint32_t *undecided, *decided;   /* of each kernel: votes */
	uint32_t *known_well, *known_ill;
	uint64_t *chosen; /* digests of the units that are present */
	uint32_t *chosen_odd;
	struct arena *arena;
};

/* `tally` has its public part; units of one tally are alike and are given the same input. */
void corruption_tally_start(struct corruption_tally *tally, struct arena *arena);

/* What all units gave of one kernel. */
struct corruption_ballot {
	unsigned kernel;
	enum corruption_point point;
	const uint64_t *digests; /* unit_count times `lanes` */
	const bool *present;     /* units that are not count for nothing; NULL: all are */
};

/* Votes on one kernel. ret_odd as that of vote(). */
enum vote_says corruption_tally_vote(struct corruption_tally *tally,
				     const struct corruption_ballot *ballot,
				     uint64_t *ret_reference, uint32_t *ret_odd);

/* The same where the reference is known, for too few units. */
void corruption_tally_against(struct corruption_tally *tally,
			      const struct corruption_ballot *ballot, const uint64_t *reference,
			      uint32_t *ret_odd);

/* Nobody could say which result is the right one. */
void corruption_tally_undecided(struct corruption_tally *tally, unsigned kernel);

/* So many rounds of all kernels were compared, on the units that are present. */
void corruption_tally_rounds(struct corruption_tally *tally, enum corruption_point point,
			     uint64_t rounds, const bool *present);

/* Whether a result was the one that is published for its seed. */
void corruption_tally_known(struct corruption_tally *tally, unsigned kernel, bool is_known);

/* True when the kernel has differed on the unit and not been run again there. */
bool corruption_tally_wants_rerun(const struct corruption_tally *tally, size_t unit,
				  unsigned kernel);

/* It was run again, on it and on a witness of the majority. */
void corruption_tally_rerun(struct corruption_tally *tally, size_t unit, unsigned kernel,
			    bool is_wrong, bool is_witness_right);

enum corruption_repeats corruption_repeats_of(const struct corruption_count *count);

/* The records: of each whole (the "gpu:0000:19:00.0" of its SMs) how many rounds and mismatches, of
 * each unit and kernel that differed its lanes, operating points and whether it did again, of each
 * kernel that could not be voted on that it is unknown. */
void corruption_tally_write(const struct corruption_tally *tally, struct sightings *sightings);
