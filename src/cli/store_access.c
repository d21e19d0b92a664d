#include <string.h>

#include "cli/stored.h"
#include "store/access.h"

enum {
	SECONDS_PER_DAY = 86400,
	CODE_SECONDS_DEFAULT = 3600,
};

static const struct {
	const char *name;
	enum access_scope scope;
} scopes[] = {
	{ "push", ACCESS_PUSH },         { "nodes", ACCESS_NODES }, { "feedback", ACCESS_FEEDBACK },
	{ "moderate", ACCESS_MODERATE }, { "admin", ACCESS_ADMIN }, { "prices", ACCESS_PRICES },
};

enum {
	SCOPES = sizeof(scopes) / sizeof(scopes[0]),
};

static bool read_scopes(const char *list, uint32_t *ret_scopes, struct error *err)
{
	struct span rest = span_of(list), name;

	*ret_scopes = 0;
	while (span_cut(&rest, ',', &name)) {
		size_t i = 0;

		while (i < SCOPES && !span_is(span_trim(name), scopes[i].name))
			i++;
		if (i == SCOPES)
			return fail(
				err, ERROR_INVALID,
				"--scope %.*s: it is push, prices, nodes, feedback, moderate or "
				"admin, or several of them with commas between",
				SPAN_ARGS(name));
		*ret_scopes |= scopes[i].scope;
	}
	return *ret_scopes != 0 || fail(err, ERROR_INVALID, "a token needs --scope LIST");
}

static void write_scopes(uint32_t bits, struct text *into)
{
	const char *between = "";

	for (size_t i = 0; i < SCOPES; i++) {
		if (!(bits & scopes[i].scope))
			continue;
		text_format(into, "%s%s", between, scopes[i].name);
		between = ",";
	}
}

static int make(const struct session *session, struct store *store, struct error *err)
{
	const struct options *options = session->options;
	struct access_token token = { .party = options->party,
				      .made = host_unix_time(session->host) };
	char secret[ACCESS_SECRET_TEXT];
	int64_t id = 0;

	if (!options->party) {
		(void)fail(err, ERROR_INVALID, "store token make needs --party NAME");
		return STATUS_USAGE;
	}
	if (options->expires != DATE_NONE)
		token.expires = (int64_t)options->expires * SECONDS_PER_DAY;
	if (!read_scopes(options->scope, &token.scopes, err) ||
	    !access_make(store, &token, secret, &id, err))
		return STATUS_ERROR;
	session_note(session, "token %lld; it is shown this once", (long long)id);
	text_format(session->output, "%s\n", secret);
	return STATUS_GOOD;
}

static int list(const struct session *session, struct store *store, struct error *err)
{
	struct access_token *tokens = NULL;
	char time[TIME_TEXT_SIZE];
	size_t count = 0;

	if (!access_list(store, session->arena, &tokens, &count, err))
		return STATUS_ERROR;
	for (size_t i = 0; i < count; i++) {
		const struct access_token *token = &tokens[i];

		text_format(session->output, "%lld\t%s\t", (long long)token->id, token->party);
		write_scopes(token->scopes, session->output);
		text_format(session->output, "\t%s%s", token->expires ? "until " : "no end",
			    token->expires ? time_format(token->expires, time) : "");
		text_format(session->output, "\tused %s%s\n",
			    token->last_used ? time_format(token->last_used, time) : "never",
			    token->revoked ? "\trevoked" : "");
	}
	return STATUS_GOOD;
}

static int revoke(const struct session *session, struct store *store, const char *word,
		  struct error *err)
{
	int64_t id = 0;

	if (!word || !span_to_i64(span_of(word), &id)) {
		(void)fail(err, ERROR_INVALID, "store token revoke needs the number of a token");
		return STATUS_USAGE;
	}
	if (!access_revoke(store, id, err))
		return STATUS_ERROR;
	session_note(session, "token %lld is revoked", (long long)id);
	return STATUS_GOOD;
}

int store_token(const struct session *session, const char *const *words, size_t word_count,
		struct error *err)
{
	const char *verb = word_count > 0 ? words[0] : "";
	SCOPED_STORE(store);

	if (!stored_open(session, strcmp(verb, "list") == 0 ? SQL_READ : SQL_WRITE, &store, err))
		return STATUS_ERROR;
	if (strcmp(verb, "make") == 0 && word_count == 1)
		return make(session, store, err);
	if (strcmp(verb, "list") == 0 && word_count == 1)
		return list(session, store, err);
	if (strcmp(verb, "revoke") == 0 && word_count == 2)
		return revoke(session, store, words[1], err);
	(void)fail(err, ERROR_INVALID, "it is store token make, list or revoke ID");
	return STATUS_USAGE;
}

int store_code(const struct session *session, const char *const *words, size_t word_count,
	       struct error *err)
{
	const struct options *options = session->options;
	int64_t seconds = options->duration_s ? (int64_t)options->duration_s : CODE_SECONDS_DEFAULT;
	char code[ACCESS_SECRET_TEXT];
	SCOPED_STORE(store);

	(void)words;
	if (word_count > 0 || !options->party) {
		(void)fail(err, ERROR_INVALID, "store code needs --party NAME and no argument");
		return STATUS_USAGE;
	}
	if (!stored_open(session, SQL_WRITE, &store, err) ||
	    !access_code_make(store, options->party, host_unix_time(session->host), seconds, code,
			      err))
		return STATUS_ERROR;
	session_note(session, "it lets one agent in, once, within %lld s; it is shown this once",
		     (long long)seconds);
	text_format(session->output, "%s\n", code);
	return STATUS_GOOD;
}

/* ---- agents ---- */

static int list_agents(const struct session *session, struct store *store, struct error *err)
{
	struct access_agent *agents = NULL;
	char hash[RECORD_HASH_TEXT], time[TIME_TEXT_SIZE];
	size_t count = 0;

	if (!access_agents(store, session->arena, &agents, &count, err))
		return STATUS_ERROR;
	for (size_t i = 0; i < count; i++)
		text_format(session->output, "%s\t%s\t%s\tsince %s\n",
			    hash_format((const uint8_t *)agents[i].fingerprint.at, hash),
			    agents[i].party, agents[i].name, time_format(agents[i].enrolled, time));
	return STATUS_GOOD;
}

static int revoke_agent(const struct session *session, struct store *store, const char *word,
			struct error *err)
{
	uint8_t hash[RECORD_HASH_BYTES];

	if (!hash_parse(span_of(word), hash)) {
		(void)fail(err, ERROR_INVALID,
			   "'%.80s' is no fingerprint as store agent list prints it, sha256: and "
			   "64 digits",
			   word);
		return STATUS_USAGE;
	}
	if (!access_agent_revoke(store, (struct span){ (const char *)hash, sizeof(hash) }, err))
		return STATUS_ERROR;
	session_note(session, "the agent is revoked; what it brought stays");
	return STATUS_GOOD;
}

int store_agent(const struct session *session, const char *const *words, size_t word_count,
		struct error *err)
{
	const char *verb = word_count > 0 ? words[0] : "";
	const bool lists = strcmp(verb, "list") == 0 && word_count == 1;
	const bool revokes = strcmp(verb, "revoke") == 0 && word_count == 2;
	SCOPED_STORE(store);

	if (!lists && !revokes) {
		(void)fail(err, ERROR_INVALID, "it is store agent list or revoke FINGERPRINT");
		return STATUS_USAGE;
	}
	if (!stored_open(session, lists ? SQL_READ : SQL_WRITE, &store, err))
		return STATUS_ERROR;
	return lists ? list_agents(session, store, err)
		     : revoke_agent(session, store, words[1], err);
}
