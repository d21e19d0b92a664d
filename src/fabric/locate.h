/*
 * Which endpoint of a network is slow, loses packets or comes and goes, from measurements of pairs
 * that run side by side: random perfect matchings until most endpoints are known to be sound, then
 * each of the others against sound ones, until each is decided or the rounds are spent. Endpoints
 * are hosts, or leaves whose hosts measure to those of another leaf; each has rails, which are told
 * apart. Nothing here runs anything: what is measured is handed in.
 */
#pragma once

#include "base/error.h"
#include "fabric/locate_decode.h"

enum {
	LOCATE_ENDPOINTS_MAXIMUM = 1 << 17,
	LOCATE_RAILS_MAXIMUM = 64,
	LOCATE_ROUNDS_MAXIMUM = 1000,
	LOCATE_ENDPOINTS_LEAST = 4, /* fewer cannot tell which end of a pair it is */
};

#define LOCATE_NONE UINT32_MAX

enum locate_symptom {
	LOCATE_SLOW,
	LOCATE_LOSSY,    /* packets are lost and sent again */
	LOCATE_FLAPPING, /* no connection at times, or nothing for a part of the measurement */
	LOCATE_SYMPTOM_COUNT,
};

extern const char *const locate_symptom_names[LOCATE_SYMPTOM_COUNT]; /* "slow" … */

struct locate_options {
	double slow;      /* least share of the rate whose lack is a fault: 0.05 */
	double expected;  /* rate of a healthy pair; 0: what most pairs reach */
	double doubt;     /* probability of being wrong about one endpoint that is let pass: 1e-5;
			   * once the rounds are spent, a thousandth */
	double prior;     /* share of endpoints thought to be at fault beforehand: 0.01 */
	unsigned screens; /* rounds of everybody before anybody is decided: 3 */
	unsigned rounds;  /* at most: 9 */
	unsigned rails;   /* of each endpoint, at least 1 */
	uint64_t seed;    /* of the matchings */
};

extern const struct locate_options locate_defaults;

struct locate_pair {
	uint32_t a, b;
};

/* One measurement of a pair on one rail. */
struct locate_result {
	uint32_t a, b;
	uint16_t round;
	uint8_t rail;
	bool failed;       /* no connection, or it broke off; the rest is not known then */
	double rate;       /* in any one unit, above 0 */
	double lost;       /* share of packets that were sent again; negative: not known */
	double worst_part; /* rate of the worst piece of time over that of the middle one; negative:
			    * not known */
};

enum locate_verdict {
	LOCATE_OPEN, /* the rounds did not suffice */
	LOCATE_SOUND,
	LOCATE_FAULTY,
	LOCATE_UNTESTED, /* it was never measured */
	LOCATE_VERDICT_COUNT,
};

extern const char *const locate_verdict_names[LOCATE_VERDICT_COUNT];

/* What is known of one rail of one endpoint. */
struct locate_finding {
	enum locate_verdict verdict;
	enum locate_symptom symptom; /* of a faulty one: what accounts for most; of an open one:
				      * what is suspected */
	double fault[LOCATE_SYMPTOM_COUNT]; /* probability of each */
	double lacks;        /* share of the rate, by measurements with sound partners */
	double lacks_within; /* standard error of it */
	double lost;         /* share of packets, in the middle; negative: not known */
	unsigned tests, failures;
	unsigned partners; /* of the tests, those with sound ones */
};

struct locate {
	struct arena *arena;
	struct locate_options options;
	uint32_t count;   /* of endpoints */
	uint32_t *groups; /* of each endpoint, within which it is paired; NULL: any */
	bool *is_away;    /* endpoints that take no part any more */
	struct locate_result *results;
	size_t result_count, result_room;
	unsigned round; /* rounds that were planned */
	/* As of the last locate_judge: of endpoint e on rail r at [e * rails + r]. */
	struct locate_finding *findings;
	double rates[LOCATE_RAILS_MAXIMUM];  /* of healthy pairs; 0: not known */
	double noises[LOCATE_RAILS_MAXIMUM]; /* standard deviation of one measurement, a share */
};

/* ERROR_INVALID when there are too few or too many endpoints or an option cannot be. The groups are
 * borrowed. */
bool locate_init(struct locate *locate, const struct locate_options *options, uint32_t count,
		 uint32_t *groups, struct arena *arena, struct error *err);

/* The pairs of the next round, each endpoint in one at most. 0: everything is decided, the rounds
 * are spent, or nobody is left to be paired. `ret_pairs` has room for count / 2. The arena takes
 * what is needed meanwhile. */
uint32_t locate_plan(struct locate *locate, struct arena *scratch, struct locate_pair *ret_pairs);

/* Takes a measurement of the round that was planned last. */
void locate_add(struct locate *locate, const struct locate_result *result);

/* The endpoint could not be used at all, which is no fault of the network. */
void locate_leave_out(struct locate *locate, uint32_t endpoint);

/* Fills in findings, rates and noises from all results so far. */
void locate_judge(struct locate *locate, struct arena *scratch);

/* The worst of an endpoint's rails: faulty before open before untested before sound. */
enum locate_verdict locate_verdict_of(const struct locate *locate, uint32_t endpoint);

/* Whether all rails of the endpoint are decided. */
bool locate_is_decided(const struct locate *locate, uint32_t endpoint);
