/*
 * How often somebody may ask: a bucket of permits for each address and each token, which fills at a
 * steady rate. Their number is bounded; a new one takes the place of the one that was longest
 * unused of the few that it may take.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

enum {
	BUCKETS_COUNT = 8192,
	BUCKETS_WAYS = 8,
	BUCKETS_BURST = 10, /* seconds' worth that may come at once */
};

struct bucket {
	uint64_t key;
	int64_t time_ms; /* when it was last used; 0: never */
	double permits;
};

struct buckets {
	struct bucket items[BUCKETS_COUNT];
	uint64_t salt; /* so that nobody can choose names that fall together */
};

/* Takes one permit of who; false when there is none, and *ret_wait_s is when there is one. A rate
 * of 0 asks nothing. */
bool bucket_take(struct buckets *buckets, struct span who, double per_s, int64_t now_ms,
		 unsigned *ret_wait_s);

struct bucket_rate {
	double per_s, at_once; /* at_once: 1 at least */
};

/* The same where more may come at once than in ten seconds. */
bool bucket_take_rate(struct buckets *buckets, struct span who, const struct bucket_rate *rate,
		      int64_t now_ms, unsigned *ret_wait_s);
