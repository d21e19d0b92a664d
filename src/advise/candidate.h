/*
 * An offer held against a need: what stands in its way, and what the job would cost there. Every
 * offer has exactly one obstacle or none; nothing is left out in silence.
 */
#pragma once

#include "advise/estimate.h"
#include "advise/rated.h"

/* What stands in the way. First what is known not to fit, then what nobody told: an offer that
 * would fit if it were shown is kept in a list of its own. The order is that of judging. */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_SERVERLESS,
	OBSTACLE_GPU,
	OBSTACLE_STALE,
	OBSTACLE_STOCK,
	OBSTACLE_FORM,
	OBSTACLE_MEMORY,
	OBSTACLE_REGION,
	OBSTACLE_NODE,  /* machines too small for a job within one */
	OBSTACLE_FEW,   /* not so many GPUs are listed */
	OBSTACLE_TAKEN, /* can be taken away, which the need does not allow */
	OBSTACLE_GRADE,
	OBSTACLE_COMPLIANCE,
	OBSTACLE_STANDSTILL, /* interruptions leave no time for work */
	OBSTACLE_DEADLINE,
	OBSTACLE_BUDGET,
	OBSTACLE_UNKNOWN, /* from here: nobody told */
	OBSTACLE_RATIO = OBSTACLE_UNKNOWN,
	OBSTACLE_FORM_UNKNOWN,
	OBSTACLE_MEMORY_UNKNOWN,
	OBSTACLE_REGION_UNKNOWN,
	OBSTACLE_NETWORK_UNKNOWN, /* machines of a market place, between nodes */
	OBSTACLE_NOT_RATED,
	OBSTACLE_COMPLIANCE_UNKNOWN,
	OBSTACLE_WAITLIST,
	OBSTACLE_COUNT,
};

extern const char *const obstacle_names[OBSTACLE_COUNT];  /* "gpu", "not-rated": for programs */
extern const char *const obstacle_titles[OBSTACLE_COUNT]; /* a clause for people */

struct candidate {
	const struct offer *offer;
	const struct need_gpu *gpu; /* NULL: not a family of the need */
	struct rated rated;
	enum obstacle obstacle; /* the first in the order of judging */
	uint32_t obstacles;     /* bit n: obstacle n; of another GPU no further one is looked for */
	const char *why;        /* of the first, with its figures; "" of none */
	bool estimated;         /* false: of another GPU, too few, without a ratio */
	struct estimate estimate;
};

/* What candidates are judged by. */
struct bench {
	const struct need *need;
	const struct parameters *assumptions;
	const struct catalogue *catalogue;
	const struct standard *standard; /* NULL: nothing is known of providers */
	const struct rating *rating;     /* NULL likewise */
	date_t today;
};

void candidate_judge(const struct bench *bench, const struct offer *offer, struct arena *arena,
		     struct candidate *ret_candidate);

/* What the estimate of the candidate rests on. */
struct situation candidate_situation(const struct bench *bench, const struct candidate *candidate);

/* True when a region's name is, begins with or holds the wanted one, part by part: "us" takes
 * "us-central1" and "California, US", and not "australia". */
bool region_matches(const char *region, const char *wanted);
