#include <string.h>

#include "cli/quotes.h"
#include "cli/stored.h"
#include "store/quotes.h"
#include "web/node_look.h"

enum {
	BATCH_RECORDS = 20000,
};

static const char *party_of(const struct session *session)
{
	return session->options->party ? session->options->party : "cli";
}

static bool stream_of(const struct session *session, enum store_stream *ret_stream,
		      struct error *err)
{
	const char *name = session->options->stream;

	*ret_stream = STORE_EVIDENCE;
	if (name && strcmp(name, store_stream_names[STORE_NODES]) == 0)
		*ret_stream = STORE_NODES;
	else if (name && strcmp(name, store_stream_names[STORE_EVIDENCE]) != 0)
		return fail(err, ERROR_INVALID,
			    "--stream %s: what is imported is evidence, nodes or quotes", name);
	return true;
}

/* What an import came to. */
struct sum {
	size_t taken, known;
};

static bool append(const struct session *session, struct store *store, enum store_stream stream,
		   const struct evidence_set *set, struct sum *sum, struct error *err)
{
	SCOPED_ARENA(arena);
	const struct record **records = ARENA_ARRAY(&arena, const struct record *, set->count + 1);
	int64_t now = host_unix_time(session->host);

	for (size_t i = 0; i < set->count; i++)
		records[i] = &set->records[i];
	for (size_t i = 0; i < set->count; i += BATCH_RECORDS) {
		size_t count = set->count - i < BATCH_RECORDS ? set->count - i : BATCH_RECORDS;
		struct store_receipt receipt;

		if (!store_append_records(store, stream, party_of(session), now, records + i, count,
					  &receipt, err))
			return false;
		sum->taken += receipt.taken;
		sum->known += receipt.known;
	}
	return true;
}

/* All files of the paths, each held against the standard before any of it is taken in. */
static bool import_files(const struct session *session, struct store *store,
			 const char *const *paths, size_t path_count, struct sum *sum,
			 struct error *err)
{
	const struct evidence_file *files = NULL;
	enum store_stream stream = STORE_EVIDENCE;
	struct standard standard;
	struct handbook handbook;
	size_t count = 0;

	if (!stream_of(session, &stream, err) || !load_standard(session, &standard, err) ||
	    !find_evidence_in(session, paths, path_count, &files, &count, err))
		return false;
	if (stream == STORE_NODES && !load_handbook(session, &handbook, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		SCOPED_EVIDENCE(set);

		if (!add_evidence_file(session, &files[i], &set, err) ||
		    !finish_evidence(session, &standard, &set, err) ||
		    !append(session, store, stream, &set, sum, err) ||
		    (stream == STORE_NODES &&
		     !node_look_note(
			     store, party_of(session), &set,
			     &(struct node_moment){ &handbook, host_unix_time(session->host) },
			     err)))
			return fail_while(err, "%zu records were taken in before", sum->taken);
	}
	return true;
}

/* ---- prices ---- */

static bool keep_quote(void *context, const struct names *names, const struct quote *quote,
		       struct error *err)
{
	return store_quote_add(context, names, quote, err);
}

/* Price lists of any form. A row that is no quote is refused and counted, as everywhere. */
static int import_quotes(const struct session *session, struct store *store,
			 const char *const *paths, size_t path_count, struct error *err)
{
	struct quote_intake intake __attribute__((cleanup(store_quote_release))) = {
		.store = store, .party = party_of(session), .now = host_unix_time(session->host)
	};
	SCOPED_MARKET(market);
	struct book *book = &market.book;

	if (!load_catalogue(session, &market.catalogue, &market.exchange, err))
		return STATUS_ERROR;
	intake.catalogue = book->catalogue = &market.catalogue;
	book->exchange = &market.exchange;
	book->now = end_of_today(session);
	book->streaming = true;
	book->sink = (struct book_sink){ .keep = keep_quote, .context = &intake };
	if (!load_quotes(session, paths, path_count, book, err) ||
	    !store_quote_flush(&intake, err)) {
		(void)fail_while(err, "%zu quotes were taken in before", intake.taken);
		return STATUS_ERROR;
	}
	note_refused(session, book);
	session_note(session, "%zu taken in, %zu known before", intake.taken, intake.known);
	return book->kept > 0 ? STATUS_GOOD : STATUS_FAILS;
}

int store_import(const struct session *session, const char *const *paths, size_t path_count,
		 struct error *err)
{
	struct sum sum = { 0 };
	int64_t taken = 0;
	SCOPED_STORE(store);

	if (path_count == 0) {
		(void)fail(err, ERROR_INVALID, "store import needs at least one PATH");
		return STATUS_USAGE;
	}
	if (!stored_open(session, SQL_WRITE, &store, err))
		return STATUS_ERROR;
	if (path_count == 1 && is_export(session, paths[0])) {
		if (!stored_take_in(session, store, paths[0], &taken, err))
			return STATUS_ERROR;
		session_note(session, "%lld taken in, with the chain that they had",
			     (long long)taken);
		return STATUS_GOOD;
	}
	if (session->options->stream &&
	    strcmp(session->options->stream, store_stream_names[STORE_QUOTES]) == 0)
		return import_quotes(session, store, paths, path_count, err);
	if (!import_files(session, store, paths, path_count, &sum, err))
		return STATUS_ERROR;
	session_note(session, "%zu taken in, %zu known before", sum.taken, sum.known);
	return STATUS_GOOD;
}
