/* Records and prices, page by page. */
#include <string.h>

#include "web/listing.h"
#include "web/parts.h"

static bool concerns(const struct record *record, const char *provider, const char *what)
{
	return (!provider || strcmp(record->subject.parts[SUBJECT_PROVIDER], provider) == 0) &&
	       (!what || strcmp(record->what, what) == 0);
}

/* Without a store: the records in memory, whose order never changes. */
static void add_loaded(const struct web *web, struct listing *listing, const char *provider,
		       const char *what)
{
	const struct evidence_set *set = &web->evidence;
	SCOPED_TEXT(line);

	for (size_t i = (size_t)listing->after; i < set->count; i++) {
		if (!concerns(&set->records[i], provider, what))
			continue;
		text_clear(&line);
		record_write(&set->records[i], true, &line);
		if (!listing_add(listing, (int64_t)i + 1, text_span(&line)))
			return;
	}
}

static bool add_stored(struct web *web, struct listing *listing, struct store_query *query,
		       struct error *err)
{
	struct store *store = web_store_take(web, SQL_READ, err);
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true, good;

	if (!store)
		return false;
	query->after = listing->after;
	query->limit = (size_t)listing->limit + 1;
	good = store_find(store, query, &cursor, err);
	while (good && more) {
		good = store_next(cursor, &found, &more, err);
		if (good && more)
			more = listing_add(listing, found.place, found.entry.line);
	}
	store_cursor_close(cursor);
	web_store_end(web, SQL_READ, store, err);
	return good;
}

static void evidence(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	struct store_query query = { .stream = STORE_EVIDENCE };
	struct error err = { 0 };
	struct listing listing;

	(void)segments;
	if (!listing_field(request, "provider", &query.subject, answer) ||
	    !listing_field(request, "criterion", &query.what, answer) ||
	    !listing_open(&listing, request, answer, "assay/evidence-page/v1", "records"))
		return;
	if (!web_has_store(web))
		add_loaded(web, &listing, query.subject, query.what);
	else if (!add_stored(web, &listing, &query, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	listing_close(&listing, (const char *const[][2]){ { "provider", query.subject },
							  { "criterion", query.what },
							  { NULL, NULL } });
}

static void prices(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	struct store_query query = { .stream = STORE_QUOTES };
	struct error err = { 0 };
	struct listing listing;

	(void)segments;
	if (!listing_field(request, "key", &query.what, answer) ||
	    !listing_field(request, "provider", &query.subject, answer) ||
	    !listing_open(&listing, request, answer, "assay/price-page/v1", "quotes"))
		return;
	if (web_has_store(web) && !add_stored(web, &listing, &query, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	listing_close(&listing, (const char *const[][2]){ { "key", query.what },
							  { "provider", query.subject },
							  { NULL, NULL } });
}

const struct web_route web_evidence_routes[] = {
	{ WEB_GET, "/api/v1/evidence", ACCESS_PUBLIC, "evidence", evidence, 0 },
	{ WEB_GET, "/api/v1/prices", ACCESS_PUBLIC, "prices", prices, 0 },
	{ 0 },
};
