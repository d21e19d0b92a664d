/*
 * What stands of each check and device over time: a finding is raised when it has held for as long
 * as its check asks (debounce in time, not in samples), and cleared when the check no longer says
 * it. A pure state machine; the clock is an argument.
 */
#pragma once

#include "check/checkup.h"

struct standing {
	const char *check;    /* name of the check, of the catalogue */
	char *about;          /* the device; "" for the node */
	enum verdict verdict; /* that stands: what was raised last */
	char *text, *action;  /* of what stands */
	int64_t since;        /* when `verdict` was raised, seconds since the epoch */
	enum verdict pending; /* what the check says now; as `verdict` when nothing changes */
	char *pending_text, *pending_action;
	int64_t pending_since;
	bool sticky;  /* stays until the machine starts anew: a log forgets, the fault does not */
	bool touched; /* named by the checkup that is being taken */
};

struct standings {
	struct standing *items;
	size_t count, room;
	uint64_t left_out; /* findings that there was no place for */
};

/* One change, for the history. The texts are the standing's, valid until the next call. */
struct transition {
	const char *check, *about, *text, *action;
	enum verdict before, after;
	bool is_sticky;
};

enum {
	STANDINGS_MAXIMUM = 4096, /* devices and checks together; further ones are not followed */
};

/* True for a check whose silence proves nothing, because a log only tells of the past. */
bool standing_reads_log(const struct check *check);

void standings_release(struct standings *standings);

/* One standing of the past, from a history. One of another start of the kernel is sticky no longer:
 * the caller knows. */
struct standing_past {
	const char *check, *about, *text, *action;
	enum verdict verdict;
	int64_t since;
	bool sticky;
};

/* Takes it over. One of a check that there is not is left out.
 */
void standings_restore(struct standings *standings, const struct standing_past *past);

/* Compares with what the checks say at `now`. Findings of checks that the checkup does not hold
 * stay as they are. A check that names a device no longer, though it was asked, clears it, unless
 * it is sticky. `settled` is called for each change that has held long enough; a new one that is
 * PASS or NOT_APPLICABLE is taken in silently. */
void standings_take(struct standings *standings, const struct checkup *checkup, int64_t now,
		    void (*settled)(void *context, const struct transition *transition),
		    void *context);

/* The worst verdict that stands, as a gate: FAIL, UNKNOWN (of required checks), WARN or PASS. */
enum verdict standings_gate(const struct standings *standings);

/* When the next pending change will have held long enough; 0 when nothing is pending. */
int64_t standings_next(const struct standings *standings);
