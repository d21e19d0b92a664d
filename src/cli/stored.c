#include "cli/stored.h"

#include <stdlib.h>

#include "web/feedback.h"

const char *stored_place(const struct session *session)
{
	const struct options *options = session->options;
	const char *given = getenv("ASSAY_STORE");

	if (options->store)
		return options->store;
	return options->evidence_count == 0 && given && given[0] != '\0' ? given : NULL;
}

bool stored_open(const struct session *session, enum sql_access access, struct store **ret_store,
		 struct error *err)
{
	const char *place = stored_place(session);

	if (!place)
		return fail(err, ERROR_INVALID,
			    "no store is named; give --store WHERE, a file or postgresql://..., or "
			    "set ASSAY_STORE");
	return store_open(place, access, ret_store, err);
}

bool stored_load(const struct session *session, const struct standard *standard,
		 struct evidence_set *set, int64_t *ret_known, struct error *err)
{
	struct store_query query = { .stream = STORE_EVIDENCE,
				     .known_until = session->options->known_at,
				     .up_to = session->options->known_entry };
	struct store_counts counts;
	SCOPED_STORE(store);

	if (!stored_open(session, SQL_READ, &store, err) || !store_count(store, &counts, err))
		return false;
	if (query.up_to == 0)
		query.up_to = counts.last;
	if (query.known_until != 0) {
		int64_t known;

		if (!store_known(store, query.known_until, &known, err))
			return false;
		if (known == 0)
			return fail(err, ERROR_MISSING, "'%s' knew nothing yet",
				    store_place(store));
		query.up_to = known < query.up_to ? known : query.up_to;
		query.known_until = 0;
	}
	if (ret_known)
		*ret_known = query.up_to;

	const struct said_query said = { .up_to = query.up_to };

	return (store_load(store, &query, set, err) &&
		feedback_into(store, standard, &said, session->options->as_of, set, err)) ||
	       fail_while(err, "reading '%s'", store_place(store));
}
