#include "web/bucket.h"

#include <math.h>

enum {
	MS_PER_S = 1000,
	WAIT_MAXIMUM_S = 3600,
};

/* FNV-1a behind a salt; a last mix spreads it over the low bits. */
static uint64_t key_of(uint64_t salt, struct span who)
{
	uint64_t hash = 14695981039346656037u ^ salt;

	for (size_t i = 0; i < who.length; i++)
		hash = (hash ^ (unsigned char)who.at[i]) * 1099511628211u;
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93u;
	return hash ^ (hash >> 32);
}

static struct bucket *find(struct buckets *buckets, uint64_t key)
{
	struct bucket *ways = &buckets->items[key % (BUCKETS_COUNT / BUCKETS_WAYS) * BUCKETS_WAYS];
	struct bucket *oldest = ways;

	for (unsigned i = 0; i < BUCKETS_WAYS; i++) {
		if (ways[i].time_ms != 0 && ways[i].key == key)
			return &ways[i];
		if (ways[i].time_ms < oldest->time_ms)
			oldest = &ways[i];
	}
	*oldest = (struct bucket){ .key = key };
	return oldest;
}

bool bucket_take_rate(struct buckets *buckets, struct span who, const struct bucket_rate *rate,
		      int64_t now_ms, unsigned *ret_wait_s)
{
	double per_s = rate->per_s, most = fmax(rate->at_once, 1), passed;
	struct bucket *bucket;

	if (!(per_s > 0))
		return true;
	bucket = find(buckets, key_of(buckets->salt, who));
	/* A new one is full. A clock that steps back gives nothing and takes nothing. */
	passed = (double)(now_ms - bucket->time_ms) / MS_PER_S;
	bucket->permits =
		bucket->time_ms == 0 ? most : fmin(most, bucket->permits + fmax(passed, 0) * per_s);
	bucket->time_ms = now_ms > 0 ? now_ms : 1;
	if (bucket->permits >= 1) {
		bucket->permits -= 1;
		return true;
	}
	*ret_wait_s = (unsigned)fmin(ceil((1 - bucket->permits) / per_s), WAIT_MAXIMUM_S);
	return false;
}

bool bucket_take(struct buckets *buckets, struct span who, double per_s, int64_t now_ms,
		 unsigned *ret_wait_s)
{
	const struct bucket_rate rate = { per_s, per_s * BUCKETS_BURST };

	return bucket_take_rate(buckets, who, &rate, now_ms, ret_wait_s);
}
