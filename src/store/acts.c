#include "store/acts.h"

#include <string.h>

#include "store/store_parts.h"

enum {
	SAME_KEY_MAXIMUM = 64, /* ids of one key; 2^40 apart, more is an attack */
};

bool id_find(struct store *store, enum store_stream stream, const char *id, int64_t *ret_sequence,
	     bool *ret_found, struct error *err)
{
	const struct sql_value key = sql_integer(id_key(stream, id));
	int64_t sequences[SAME_KEY_MAXIMUM];
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	size_t count = 0;
	bool more = true;
	bool good = sql_query(store->sql, "SELECT sequence FROM id WHERE key = $1", &key, 1, &rows,
			      err);

	*ret_found = false;
	while (good && count < SAME_KEY_MAXIMUM && (good = sql_next(rows, &row, &more, err)) &&
	       more)
		sequences[count++] = row[0].integer;
	sql_rows_close(rows);
	for (size_t i = 0; good && !*ret_found && i < count; i++) {
		struct block *block = NULL;
		const char *there;

		good = block_of(store, sequences[i], &block, err);
		if (!good)
			break;
		there = block->entries[sequences[i] - block->first].entry.id;
		*ret_found = there && block->stream == stream && strcmp(there, id) == 0;
		*ret_sequence = sequences[i];
	}
	return good && (*ret_found || runs_find(store, stream, id, ret_sequence, ret_found, err));
}

/* "evidence:ID" */
static bool read_target(const char *target, enum store_stream *ret_stream, const char **ret_id)
{
	for (unsigned i = 0; target && i < STORE_STREAM_COUNT; i++) {
		size_t length = strlen(store_stream_names[i]);

		if (strncmp(target, store_stream_names[i], length) != 0 || target[length] != ':')
			continue;
		*ret_stream = (enum store_stream)i;
		*ret_id = target + length + 1;
		return i != STORE_ACTS;
	}
	return false;
}

bool is_withdrawn(struct store *store, int64_t sequence, int64_t bound, bool *ret_withdrawn,
		  struct error *err)
{
	const struct sql_value values[] = { sql_integer(sequence), sql_integer(bound),
					    sql_integer(bound) };
	int64_t act = 0;

	if (!sql_ask(store->sql,
		     "SELECT act FROM withdrawn WHERE sequence = $1 AND act <= $2 AND (until IS "
		     "NULL OR until > $3) LIMIT 1",
		     values, 3, &act, err))
		return false;
	*ret_withdrawn = act != 0;
	return true;
}

static bool withdraw(struct store *store, int64_t sequence, int64_t act, struct error *err)
{
	const struct sql_value values[] = { sql_integer(sequence), sql_integer(act) };
	bool before = false;

	return is_withdrawn(store, sequence, act, &before, err) &&
	       (before || sql_run(store->sql, "INSERT INTO withdrawn VALUES ($1, $2, NULL)", values,
				  2, NULL, err));
}

bool act_apply(struct store *store, const struct store_entry *act, int64_t sequence,
	       struct error *err)
{
	const char *what = act->what ? act->what : "", *id = NULL;
	bool withdraws = strcmp(what, "withdraw") == 0, found = false;
	enum store_stream stream = STORE_EVIDENCE;
	int64_t target = 0;

	if (!withdraws && strcmp(what, "restore") != 0)
		return true;
	if (!read_target(act->device, &stream, &id))
		return fail(err, ERROR_INVALID,
			    "an act to %s names what it is about as \"evidence:ID\", not '%s'",
			    what, act->device ? act->device : "");
	if (!id_find(store, stream, id, &target, &found, err))
		return false;
	if (!found)
		return fail(err, ERROR_MISSING, "there is no %s '%s' to %s",
			    store_stream_names[stream], id, what);
	if (withdraws)
		return withdraw(store, target, sequence, err);
	return sql_run(store->sql,
		       "UPDATE withdrawn SET until = $1 WHERE sequence = $2 AND until IS NULL",
		       (const struct sql_value[]){ sql_integer(sequence), sql_integer(target) }, 2,
		       NULL, err);
}
