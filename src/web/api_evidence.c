/* Records, page by page. */
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

static void evidence(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	struct store_query query = { .stream = STORE_EVIDENCE };
	struct error err = { 0 };
	struct listing listing;

	(void)segments;
	if (!web_field_or_refuse(request, "provider", &query.subject, answer) ||
	    !web_field_or_refuse(request, "criterion", &query.what, answer) ||
	    !listing_open(&listing, request, answer, "assay/evidence-page/v1", "records"))
		return;
	if (!web_has_store(web))
		add_loaded(web, &listing, query.subject, query.what);
	else if (!listing_add_stored(&listing, web, &query, NULL, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	listing_close(&listing, (const char *const[][2]){ { "provider", query.subject },
							  { "criterion", query.what },
							  { NULL, NULL } });
}

const struct web_route web_evidence_routes[] = {
	{ WEB_GET, "/api/v1/evidence", ACCESS_PUBLIC, "evidence", evidence, 0 },
	{ 0 },
};
