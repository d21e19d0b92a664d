/* The public pages, made anew when the store has changed. */
#include <malloc.h>
#include <stdio.h>

#include "host/file.h"
#include "web/feedback.h"
#include "web/grades.h"
#include "web/parts.h"

enum {
	NUMBER_SIZE = 32,
};

/* Leaves out what this standard does not know, as records of a later one: one of them must not
 * keep all others from being shown. */
static size_t keep_accepted(const struct web *web, struct evidence_set *set, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (standard_accepts(web->how->standard, &set->records[i], date_from_unix(now),
				     NULL))
			set->records[kept++] = set->records[i];
	}
	return kept;
}

static bool load_store(struct web *web, struct evidence_set *set, int64_t now,
		       int64_t *ret_sequence, struct error *err)
{
	const struct store_query query = { .stream = STORE_EVIDENCE };
	struct store *store = web_store_take(web, SQL_READ, err);
	int64_t last = 0;
	size_t kept;
	bool good;

	if (!store)
		return false;
	/* Asked first: what comes in between is in the set, and loaded once more later. */
	good = store_last(store, &last, err) && store_load(store, &query, set, err) &&
	       feedback_into(store, web->how->standard, &(struct said_query){ 0 }, web->how->as_of,
			     set, err);
	web_store_end(web, SQL_READ, store, err);
	if (!good)
		return false;
	kept = keep_accepted(web, set, now);
	if (kept < set->count) {
		char left[NUMBER_SIZE];

		(void)snprintf(left, sizeof(left), "%zu", set->count - kept);
		log_event(web, "left-out", "records", left, "why",
			  "the standard does not accept them", NULL);
	}
	set->count = kept;
	*ret_sequence = last;
	return evidence_set_finish(set, err);
}

static void swap(struct web *web, struct snapshot *fresh)
{
	struct snapshot *old;

	lock_take(&web->lock);
	old = web->snapshot;
	web->snapshot = fresh;
	lock_give(&web->lock);
	snapshot_drop(old);
}

static void log_prices(struct web *web, const struct served_market *market)
{
	char read[NUMBER_SIZE], quotes[NUMBER_SIZE];
	uint64_t read_count;
	size_t count;

	served_market_count(market, &read_count, &count);
	(void)snprintf(read, sizeof(read), "%llu", (unsigned long long)read_count);
	(void)snprintf(quotes, sizeof(quotes), "%zu", count);
	log_event(web, "prices", "read", read, "quotes", quotes, NULL);
}

/* The prices, of the snapshot before where nothing has come since. What is wrong with them is said
 * and does not keep the ratings from being shown. */
static struct served_market *find_market(struct web *web)
{
	struct served_market *market = NULL;
	struct snapshot *before;
	struct error err = { 0 };

	lock_take(&web->lock);
	before = web->snapshot ? snapshot_use(web->snapshot) : NULL;
	lock_give(&web->lock);
	if (!served_market_make(web, before ? before->market : NULL, &market, &err))
		log_event(web, "prices-failed", "why", err.text, NULL);
	else if (market && (!before || market != before->market))
		log_prices(web, market);
	snapshot_drop(before);
	return market;
}

/* The grades that were published, into the snapshot. Without them it is shown as it is. */
static void find_history(struct web *web, struct snapshot *fresh)
{
	struct error err = { 0 };
	struct store *store;

	if (!web_has_store(web))
		return;
	store = web_store_take(web, SQL_READ, &err);
	if (!store ||
	    !grades_published(store, &fresh->arena, &fresh->history, &fresh->history_count, &err))
		log_event(web, "history-failed", "why", err.text, NULL);
	if (store)
		web_store_end(web, SQL_READ, store, &err);
}

/* Rates the set; that of a store goes over to the snapshot. */
static void rate(struct web *web, struct evidence_set *loaded, int64_t now, int64_t sequence)
{
	const struct web_settings *how = web->how;
	struct snapshot *fresh = snapshot_new();
	const struct evidence_set *set = &web->evidence;

	if (web_has_store(web)) {
		fresh->evidence = *loaded;
		*loaded = (struct evidence_set){ 0 };
		set = &fresh->evidence;
	}

	struct rating_request request = {
		.standard = how->standard,
		.evidence = set,
		.handbook = how->handbook,
		.as_of = how->as_of == DATE_NONE ? evidence_set_newest(set) : how->as_of,
		.profile = how->profile,
		.seed = how->seed,
		.draws = how->draws,
		.threads = how->threads,
		.arrived_by = DATE_NONE,
	};

	if (request.as_of == DATE_NONE)
		request.as_of = date_from_unix(now);
	fresh->market = find_market(web);
	find_history(web, fresh);
	snapshot_rate(fresh, &request,
		      SITE_SERVES |
			      (web_has_store(web) ? SITE_SERVES_NODES | SITE_SERVES_FEEDBACK : 0) |
			      (fresh->market ? SITE_SERVES_GUIDE : 0),
		      how->market);
	fresh->made = now;
	fresh->sequence = sequence;
	swap(web, fresh);
}

static bool renew(struct web *web, struct error *err)
{
	int64_t now = host_unix_time(NULL), began = web_now_ms(), sequence = 0;
	char records[NUMBER_SIZE], pages[NUMBER_SIZE], took[NUMBER_SIZE];
	SCOPED_EVIDENCE(loaded);

	lock_take(&web->lock);
	web->is_stale = false;
	lock_give(&web->lock);
	if (web_has_store(web) && !load_store(web, &loaded, now, &sequence, err))
		return false;
	rate(web, &loaded, now, sequence);
	/* What rating took is given back at once rather than kept for the next. */
	(void)malloc_trim(0);
	(void)snprintf(records, sizeof(records), "%zu", web->snapshot->records);
	(void)snprintf(pages, sizeof(pages), "%zu", web->snapshot->count);
	(void)snprintf(took, sizeof(took), "%lld", (long long)(web_now_ms() - began));
	log_event(web, "rated", "records", records, "files", pages, "ms", took, NULL);
	return true;
}

bool renew_first(struct web *web, struct error *err)
{
	const struct web_settings *how = web->how;

	if (!how->store && !how->load(how->context, &web->evidence, err))
		return false;
	return renew(web, err);
}

bool renew_is_due(struct web *web)
{
	struct error err = { 0 };
	struct store *store;
	int64_t last = 0;
	bool due;

	if (!web_has_store(web))
		return false;
	lock_take(&web->lock);
	due = web->is_stale;
	lock_give(&web->lock);
	store = due ? NULL : web_store_take(web, SQL_READ, &err);
	if (!store)
		return due;
	if (store_last(store, &last, &err)) {
		lock_take(&web->lock);
		due = !web->snapshot || last != web->snapshot->sequence;
		lock_give(&web->lock);
	}
	web_store_end(web, SQL_READ, store, &err);
	return due;
}

void renew_work(void *context)
{
	struct web *web = context;

	for (;;) {
		struct error err = { 0 };

		bell_wait(&web->renew);
		if (atomic_load(&web->is_ending))
			return;
		uses_keep(web);
		if (renew_is_due(web) && !renew(web, &err))
			log_event(web, "rating-failed", "why", err.text, NULL);
	}
}
