#include "store/asking.h"

#include <assert.h>
#include <string.h>

#include "store/store_parts.h"

void asking_release(struct asking *asking)
{
	text_release(&asking->words);
}

void asking_add(struct asking *asking, const char *words)
{
	text_add(&asking->words, words);
}

void asking_value(struct asking *asking, struct sql_value value)
{
	assert(asking->count < ASKING_VALUES);
	asking->values[asking->count++] = value;
	text_format(&asking->words, "$%zu", asking->count);
}

void asking_integer(struct asking *asking, const char *words, int64_t value)
{
	asking_add(asking, words);
	asking_value(asking, sql_integer(value));
}

/* "name.*" or a whole word. */
static bool resolve_what(struct store *store, const char *what, struct arena *arena,
			 struct series_asked *asked, struct error *err)
{
	size_t length = strlen(what);

	if (length > 1 && strcmp(what + length - 2, ".*") == 0) {
		asked->family = arena_string(arena, (struct span){ what, length - 1 });
		asked->family_end =
			arena_format(arena, "%.*s/", (int)(length - 2), what); /* '.' + 1 is '/' */
		return true;
	}
	if (!names_word(store->names, span_of(what), false, &asked->what, err))
		return false;
	asked->nothing = asked->nothing || asked->what == 0;
	return true;
}

bool series_resolve(struct store *store, const struct store_query *query, struct arena *arena,
		    struct series_asked *ret_asked, struct error *err)
{
	struct series_asked asked = { .stream = query->stream };

	if (query->subject && query->subject[0] != '\0') {
		if (!names_subject(store->names, query->stream, span_of(query->subject), false,
				   &asked.subject, err))
			return false;
		asked.nothing = asked.subject == 0;
	}
	if (query->what && !resolve_what(store, query->what, arena, &asked, err))
		return false;
	if (query->device) {
		if (!names_word(store->names, span_of(query->device), false, &asked.device, err))
			return false;
		asked.nothing = asked.nothing || asked.device == 0;
	}
	*ret_asked = asked;
	return true;
}

void asking_series(struct asking *asking, const struct series_asked *asked)
{
	asking_integer(asking, "SELECT id FROM series WHERE stream = ", asked->stream);
	if (asked->subject != 0) {
		asking_integer(asking,
			       " AND subject IN (WITH RECURSIVE below(id) AS (SELECT id FROM "
			       "subject WHERE id = ",
			       asked->subject);
		asking_integer(asking,
			       " UNION ALL SELECT s.id FROM below b JOIN subject s ON s.stream = ",
			       asked->stream);
		asking_add(asking, " AND s.parent = b.id) SELECT id FROM below)");
	}
	if (asked->what != 0)
		asking_integer(asking, " AND what = ", asked->what);
	if (asked->family) {
		asking_add(asking, " AND what IN (SELECT id FROM word WHERE text >= ");
		asking_value(asking, sql_text(asked->family));
		asking_add(asking, " AND text < ");
		asking_value(asking, sql_text(asked->family_end));
		asking_add(asking, ")");
	}
	if (asked->device != 0)
		asking_integer(asking, " AND device = ", asked->device);
}

bool query_bound(struct store *store, const struct store_query *query, int64_t *ret_bound,
		 struct error *err)
{
	const struct sql_value value = sql_integer(query->known_until);
	const bool asked = query->known_until != 0;

	*ret_bound = 0;
	if (!sql_ask(store->sql,
		     asked ? "SELECT last FROM batch WHERE taken <= $1 ORDER BY taken DESC, "
			     "first DESC LIMIT 1"
			   : "SELECT last FROM batch ORDER BY first DESC LIMIT 1",
		     &value, asked ? 1 : 0, ret_bound, err))
		return false;
	if (query->up_to != 0 && query->up_to < *ret_bound)
		*ret_bound = query->up_to;
	return true;
}

bool store_last(struct store *store, int64_t *ret_last, struct error *err)
{
	return query_bound(store, &(struct store_query){ 0 }, ret_last, err);
}

bool store_known(struct store *store, int64_t moment, int64_t *ret_last, struct error *err)
{
	return query_bound(store, &(struct store_query){ .known_until = moment }, ret_last, err);
}

void asking_entries(struct asking *asking, const struct store_query *query, int64_t bound)
{
	asking_integer(asking, " AND e.sequence <= ", bound);
	if (query->since != 0)
		asking_integer(asking, " AND e.time >= ", query->since);
	if (query->until != 0)
		asking_integer(asking, " AND e.time <= ", query->until);
	if (query->withdrawn_too)
		return;
	asking_integer(asking,
		       " AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.sequence = e.sequence "
		       "AND w.act <= ",
		       bound);
	asking_integer(asking, " AND (w.until IS NULL OR w.until > ", bound);
	asking_add(asking, "))");
}
