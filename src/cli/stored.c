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

bool stored_bound(const struct session *session, struct store *store, int64_t *ret_up_to,
		  struct error *err)
{
	const struct options *options = session->options;
	int64_t known;

	if (!store_last(store, ret_up_to, err))
		return false;
	if (options->known_entry != 0)
		*ret_up_to = options->known_entry;
	if (options->known_at == 0)
		return true;
	if (!store_known(store, options->known_at, &known, err))
		return false;
	if (known == 0)
		return fail(err, ERROR_MISSING, "'%s' knew nothing yet", store_place(store));
	if (known < *ret_up_to)
		*ret_up_to = known;
	return true;
}

bool stored_load(const struct session *session, const struct standard *standard,
		 struct evidence_set *set, int64_t *ret_known, struct error *err)
{
	struct store_query query = { .stream = STORE_EVIDENCE };
	SCOPED_STORE(store);

	if (!stored_open(session, SQL_READ, &store, err) ||
	    !stored_bound(session, store, &query.up_to, err))
		return false;
	if (ret_known)
		*ret_known = query.up_to;

	const struct said_query said = { .up_to = query.up_to };

	return (store_load(store, &query, set, err) &&
		feedback_into(store, standard, &said, session->options->as_of, set, err)) ||
	       fail_while(err, "reading '%s'", store_place(store));
}
