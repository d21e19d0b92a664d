/*
 * What a node was measured to have of what can be claimed: each kind of claim with the measures
 * that tell it, the best kind of measure first.
 */
#pragma once

#include "check/check.h"
#include "check/claims.h"

/* How much a figure can be relied on. */
enum confidence {
	CONFIDENCE_NONE,
	CONFIDENCE_LOW,    /* what links or limits allow: more is not delivered, less may be */
	CONFIDENCE_MEDIUM, /* told by the driver or the kernel, or measured once */
	CONFIDENCE_HIGH,   /* measured under load, repeated, the interval known */
	CONFIDENCE_COUNT,
};

extern const char *const confidence_names[CONFIDENCE_COUNT]; /* "none", "low" … */

struct delivered {
	bool is_known;
	bool is_bound; /* it cannot be better than `value`, and may be worse */
	double value, low,
		high;        /* in the unit of the claim's row; low is high without an interval */
	const char *word;    /* of CLAIM_GPU_MODEL */
	const char *how;     /* "8 rails, the slowest 92.1 Gb/s"; "" for nothing to add */
	const char *why_not; /* when it is not known */
	enum confidence confidence;
	const struct record *evidence[4]; /* NULL-terminated unless full */
};

/* Never fails: what cannot be told is not known, with the reason. */
void claim_find_delivered(const struct machine *machine, const struct claim *claim,
			  struct arena *arena, struct delivered *ret_delivered);

/* How far what was delivered is from what was promised, as a share of it: negative is less than was
 * sold, or slower. */
double claim_difference(const struct claim *claim, const struct delivered *delivered);

/* PASS, WARN, FAIL or UNKNOWN, by the tolerance of the claim's row and the interval: what lies on
 * both sides warns, and so does what was sold as "up to" or "about". */
enum verdict claim_verdict(const struct claim *claim, const struct delivered *delivered);
