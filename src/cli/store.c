#include <string.h>

#include "base/json.h"
#include "cli/stored.h"

enum {
	FAULTS_SHOWN = 100,
	LINK_TEXT = RECORD_HASH_TEXT,
};

/* ---- init, verify, compact, stats ---- */

static int init(const struct session *session, struct error *err)
{
	struct store_counts counts;
	SCOPED_STORE(store);

	if (!stored_open(session, SQL_CREATE, &store, err) || !store_count(store, &counts, err))
		return STATUS_ERROR;
	session_note(session, "'%s' is a store of format %lld with %lld batches",
		     store_place(store), (long long)counts.format, (long long)counts.batches);
	return STATUS_GOOD;
}

static int verify(const struct session *session, struct error *err)
{
	struct store_counts counts;
	const char **faults = NULL;
	char link[LINK_TEXT];
	size_t count = 0;
	SCOPED_STORE(store);

	if (!stored_open(session, SQL_READ, &store, err) || !store_count(store, &counts, err) ||
	    !store_verify(store, FAULTS_SHOWN, session->arena, &faults, &count, err))
		return STATUS_ERROR;
	for (size_t i = 0; i < count; i++)
		text_format(session->output, "%s\n", faults[i]);
	if (count > 0) {
		(void)fail(err, ERROR_PARSE,
			   "the store has %zu%s fault%s, listed on standard output; keep it as it "
			   "is and go on from a copy or an export",
			   count, count == FAULTS_SHOWN ? " or more" : "", count == 1 ? "" : "s");
		return STATUS_DATA;
	}
	text_format(session->output, "%lld entries in %lld batches, no fault\nlink %s\n",
		    (long long)counts.last, (long long)counts.batches,
		    hash_format(counts.link, link));
	return STATUS_GOOD;
}

static int compact(const struct session *session, struct error *err)
{
	int64_t before = 0, after = 0;
	SCOPED_STORE(store);

	if (!stored_open(session, SQL_WRITE, &store, err) ||
	    !store_compact(store, &before, &after, err))
		return STATUS_ERROR;
	session_note(session, "'%s' had %lld bytes and has %lld now", store_place(store),
		     (long long)before, (long long)after);
	return STATUS_GOOD;
}

static void stats_json(const struct store_counts *counts, struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };
	char link[LINK_TEXT];

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/store-stats/v1");
	json_pair_integer(&json, "format", counts->format);
	json_pair_integer(&json, "bytes", counts->bytes);
	json_pair_integer(&json, "batches", counts->batches);
	json_pair_integer(&json, "last", counts->last);
	json_pair_string(&json, "link", hash_format(counts->link, link));
	json_key(&json, "entries");
	json_open_object(&json);
	for (unsigned i = 0; i < STORE_STREAM_COUNT; i++)
		json_pair_integer(&json, store_stream_names[i], counts->entries[i]);
	json_close_object(&json);
	json_close_object(&json);
	text_add_char(into, '\n');
}

static void stats_table(const struct store_counts *counts, struct text *into)
{
	char link[LINK_TEXT];

	for (unsigned i = 0; i < STORE_STREAM_COUNT; i++)
		text_format(into, "%-10s %12lld\n", store_stream_names[i],
			    (long long)counts->entries[i]);
	text_format(into, "%-10s %12lld\n%-10s %12lld\n%-10s %s\n", "batches",
		    (long long)counts->batches, "bytes", (long long)counts->bytes, "link",
		    hash_format(counts->link, link));
}

static int stats(const struct session *session, struct error *err)
{
	struct store_counts counts;
	SCOPED_STORE(store);

	if (!stored_open(session, SQL_READ, &store, err) || !store_count(store, &counts, err))
		return STATUS_ERROR;
	if (session->options->format == FORMAT_JSON)
		stats_json(&counts, session->output);
	else
		stats_table(&counts, session->output);
	return STATUS_GOOD;
}

/* ---- the command ---- */

static int run(const struct session *session, struct error *err)
{
	static const struct {
		const char *name;
		int (*run)(const struct session *session, struct error *err);
	} plain[] = {
		{ "init", init },
		{ "verify", verify },
		{ "compact", compact },
		{ "stats", stats },
	};
	static const struct {
		const char *name;
		int (*run)(const struct session *session, const char *const *words,
			   size_t word_count, struct error *err);
	} others[] = {
		{ "import", store_import },     { "export", store_export },
		{ "ratings", store_ratings },   { "token", store_token },
		{ "agent", store_agent },       { "code", store_code },
		{ "withdraw", store_withdraw }, { "restore", store_withdraw },
	};
	const struct options *options = session->options;
	const char *verb = options->arguments[0];

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(verb, plain[i].name) != 0)
			continue;
		if (options->argument_count == 1)
			return plain[i].run(session, err);
		(void)fail(err, ERROR_INVALID, "'store %s' takes no argument", verb);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(verb, others[i].name) == 0)
			return others[i].run(session, options->arguments + 1,
					     options->argument_count - 1, err);
	}
	(void)fail(err, ERROR_INVALID,
		   "'store %s' is not known; it is init, import, export, verify, compact, stats, "
		   "ratings, withdraw, restore, token, agent or code",
		   verb);
	return STATUS_USAGE;
}

const struct command command_store = {
	.name = "store",
	.arguments = "init\nimport PATH...\nexport [STREAM]\nverify\ncompact\nstats\nratings "
		     "[SNAPSHOT]\nwithdraw STREAM:ID REASON\nrestore STREAM:ID "
		     "REASON\ntoken make|list|revoke [ID]\nagent list|revoke "
		     "[FINGERPRINT]\ncode",
	.summary = "keep evidence, prices, ratings and node history",
	.text = "Keeps what was taken in, in its order and never changed, in a file of SQLite or "
		"in PostgreSQL. init makes a store. import takes in files of evidence, price lists "
		"with --stream quotes, or an export. export writes one stream, or everything with "
		"its chain. verify recomputes every link and holds every index against its entry. "
		"compact packs what came in small pieces. stats counts. ratings lists what was "
		"published, and recomputes one. withdraw says of an entry that it counts no more, "
		"with a reason that everybody sees; it stays, and restore takes that back. token, "
		"agent and code say who is let in.",
	.options = TAKES_STANDARD | TAKES_STORE | TAKES_KEEPING | TAKES_QUOTES |
		   TAKES_PLAIN_FORMAT | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON,
	.arguments_minimum = 1,
	.arguments_maximum = 100000,
	.run = run,
};
