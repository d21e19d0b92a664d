#include "store/access.h"

#include <assert.h>
#include <string.h>

#include "base/grow.h"
#include "evidence/random.h"
#include "evidence/record.h"
#include "store/store_parts.h"

enum {
	SECRET_BYTES = 32,
	SECRET_DIGITS = 52, /* of five bits each */
	SECONDS_PER_HOUR = 3600,
	CODE_SECONDS_MAXIMUM = 30 * 86400,
};

static const char secret_head[] = "assay_";

static_assert(sizeof(secret_head) - 1 + SECRET_DIGITS < ACCESS_SECRET_TEXT, "a secret fits");

static void write_secret(char into[static ACCESS_SECRET_TEXT])
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t bytes[SECRET_BYTES];
	size_t at = sizeof(secret_head) - 1;
	uint32_t bits = 0;
	unsigned held = 0;

	random_secret(bytes, sizeof(bytes));
	memcpy(into, secret_head, sizeof(secret_head));
	for (unsigned i = 0; i < SECRET_BYTES; i++) {
		bits = bits << 8 | bytes[i];
		for (held += 8; held >= 5; held -= 5)
			into[at++] = digits[bits >> (held - 5) & 31];
	}
	into[at++] = digits[bits << (5 - held) & 31];
	into[at] = '\0';
}

static bool check_name(const char *kind, const char *name, struct error *err)
{
	if (!name || name[0] == '\0' || strlen(name) > STORE_KEY_MAXIMUM ||
	    !span_is_utf8(span_of(name), NULL) || strpbrk(name, "\n\r\t"))
		return fail(err, ERROR_INVALID, "a %s is one line of at most %d bytes, not empty",
			    kind, STORE_KEY_MAXIMUM);
	return true;
}

static struct sql_value hash_value(struct span secret, uint8_t hash[RECORD_HASH_BYTES])
{
	hash_bytes(secret, hash);
	return sql_bytes((struct span){ (const char *)hash, RECORD_HASH_BYTES });
}

/* Runs one statement as a transaction. */
static bool change(struct store *store, const char *words, const struct sql_value *values,
		   size_t count, int64_t *ret_changed, struct error *err)
{
	struct sql *sql = store_sql(store);

	if (!sql_begin(sql, err))
		return false;
	if (sql_run(sql, words, values, count, ret_changed, err))
		return sql_commit(sql, err);
	sql_rollback(sql);
	return false;
}

/* ---- tokens ---- */

bool access_make(struct store *store, const struct access_token *wanted,
		 char ret_secret[static ACCESS_SECRET_TEXT], int64_t *ret_id, struct error *err)
{
	char secret[ACCESS_SECRET_TEXT];
	uint8_t hash[RECORD_HASH_BYTES];
	struct sql *sql = store_sql(store);
	int64_t id = 0;

	if (!check_name("party", wanted->party, err))
		return false;
	if (wanted->expires == 0 && (wanted->scopes & ACCESS_ADMIN))
		return fail(err, ERROR_INVALID,
			    "a token that may make others has to expire; give it an end");
	if (wanted->expires != 0 && wanted->expires <= wanted->made)
		return fail(err, ERROR_INVALID, "the token would expire before it is made");
	write_secret(secret);
	if (!sql_begin(sql, err))
		return false;
	if (sql_ask(sql, "SELECT max(id) FROM token", NULL, 0, &id, err)) {
		const struct sql_value values[] = {
			sql_integer(id + 1),       hash_value(span_of(secret), hash),
			sql_text(wanted->party),   sql_integer(wanted->scopes),
			sql_integer(wanted->made), sql_integer(wanted->expires)
		};

		if (sql_run(sql, "INSERT INTO token VALUES ($1, $2, $3, $4, $5, $6, 0, 0)", values,
			    6, NULL, err) &&
		    sql_commit(sql, err)) {
			memcpy(ret_secret, secret, sizeof(secret));
			*ret_id = values[0].integer;
			return true;
		}
	}
	sql_rollback(sql);
	return false;
}

static void token_of_row(const struct sql_value *row, struct arena *arena,
			 struct access_token *ret_token)
{
	*ret_token = (struct access_token){
		.id = row[0].integer,
		.party = arena_string(arena, row[1].bytes),
		.scopes = (uint32_t)row[2].integer,
		.made = row[3].integer,
		.expires = row[4].integer,
		.last_used = row[5].integer,
		.revoked = row[6].integer != 0,
	};
}

static int64_t hour_of(int64_t time)
{
	return time - time % SECONDS_PER_HOUR;
}

bool access_is_use_new(const struct access_token *token, int64_t now)
{
	return hour_of(now) > token->last_used;
}

bool access_note_use(struct store *store, int64_t id, int64_t now, struct error *err)
{
	const struct sql_value values[] = { sql_integer(hour_of(now)), sql_integer(id) };

	return change(store, "UPDATE token SET last_used = $1 WHERE id = $2 AND last_used < $1",
		      values, 2, NULL, err);
}

/* NOLINTNEXTLINE(readability-function-size): none of what it is given belongs together */
bool access_find(struct store *store, struct span secret, int64_t now, struct arena *arena,
		 struct access_token *ret_token, bool *ret_found, struct error *err)
{
	uint8_t hash[RECORD_HASH_BYTES];
	const struct sql_value value = hash_value(secret, hash);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	struct access_token token = { 0 };
	bool good = sql_query(store_sql(store),
			      "SELECT id, party, scopes, made, expires, last_used, revoked FROM "
			      "token WHERE hash = $1",
			      &value, 1, &rows, err) &&
		    sql_next(rows, &row, ret_found, err);

	if (good && *ret_found) {
		token_of_row(row, arena, &token);
		*ret_found = !token.revoked && (token.expires == 0 || token.expires > now);
	}
	sql_rows_close(rows);
	if (good && *ret_found)
		*ret_token = token;
	return good;
}

bool access_revoke(struct store *store, int64_t id, struct error *err)
{
	const struct sql_value value = sql_integer(id);
	int64_t changed = 0;

	if (!change(store, "UPDATE token SET revoked = 1 WHERE id = $1", &value, 1, &changed, err))
		return false;
	return changed == 1 || fail(err, ERROR_MISSING,
				    "there is no token %lld; `assay store token list` names "
				    "them",
				    (long long)id);
}

bool access_list(struct store *store, struct arena *arena, struct access_token **ret_tokens,
		 size_t *ret_count, struct error *err)
{
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	struct access_token *tokens = NULL;
	size_t count = 0, room = 0;
	bool more = true;
	bool good = sql_query(store_sql(store),
			      "SELECT id, party, scopes, made, expires, last_used, revoked FROM "
			      "token ORDER BY id",
			      NULL, 0, &rows, err);

	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		ARENA_GROW(arena, tokens, count, room);
		token_of_row(row, arena, &tokens[count++]);
	}
	sql_rows_close(rows);
	*ret_tokens = tokens;
	*ret_count = good ? count : 0;
	return good;
}

/* ---- codes ---- */

bool access_code_make(struct store *store, const char *party, int64_t now, int64_t seconds,
		      char ret_code[static ACCESS_SECRET_TEXT], struct error *err)
{
	char code[ACCESS_SECRET_TEXT];
	uint8_t hash[RECORD_HASH_BYTES];

	if (!check_name("party", party, err))
		return false;
	if (seconds < 1 || seconds > CODE_SECONDS_MAXIMUM)
		return fail(err, ERROR_INVALID, "a code is good for 1 second to 30 days");
	write_secret(code);

	const struct sql_value values[] = { hash_value(span_of(code), hash), sql_text(party),
					    sql_integer(now + seconds) };

	if (!change(store, "INSERT INTO code VALUES ($1, $2, $3)", values, 3, NULL, err))
		return false;
	memcpy(ret_code, code, sizeof(code));
	return true;
}

/* The party behind the head; NULL of one that is for something else. */
static const char *rest_of(struct span party, const char *head, struct arena *arena)
{
	const size_t length = strlen(head);

	if (length == 0 ? memchr(party.at, ':', party.length) != NULL : !span_starts(party, head))
		return NULL;
	return arena_string(arena, (struct span){ party.at + length, party.length - length });
}

/* Finds the rest of the party, and takes the code away: of two who come at once one finds it. Those
 * that are too old go with it. */
static bool use_code(struct sql *sql, const struct access_use *use, struct arena *arena,
		     const char **ret_rest, struct error *err)
{
	uint8_t hash[RECORD_HASH_BYTES];
	const struct sql_value code = hash_value(use->code, hash);
	const struct sql_value time = sql_integer(use->now);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool found = false;
	bool good =
		sql_run(sql, "DELETE FROM code WHERE expires <= $1", &time, 1, NULL, err) &&
		sql_query(sql, "SELECT party FROM code WHERE hash = $1", &code, 1, &rows, err) &&
		sql_next(rows, &row, &found, err);

	*ret_rest = good && found ? rest_of(row[0].bytes, use->head, arena) : NULL;
	sql_rows_close(rows);
	return good && (!*ret_rest ||
			sql_run(sql, "DELETE FROM code WHERE hash = $1", &code, 1, NULL, err));
}

bool access_code_use(struct store *store, const struct access_use *use, struct arena *arena,
		     const char **ret_rest, struct error *err)
{
	struct sql *sql = store_sql(store);
	const char *rest = NULL;

	if (!sql_begin(sql, err))
		return false;
	if (use_code(sql, use, arena, &rest, err) && sql_commit(sql, err)) {
		*ret_rest = rest;
		return true;
	}
	sql_rollback(sql);
	return false;
}

/* ---- agents ---- */

static bool check_fingerprint(struct span fingerprint, struct error *err)
{
	return fingerprint.length == RECORD_HASH_BYTES ||
	       fail(err, ERROR_INVALID, "a fingerprint has %d bytes, not %zu", RECORD_HASH_BYTES,
		    fingerprint.length);
}

bool access_agent_add(struct store *store, const char *party, const char *name,
		      struct span fingerprint, int64_t now, struct error *err)
{
	const struct sql_value values[] = { sql_bytes(fingerprint), sql_text(party), sql_text(name),
					    sql_integer(now) };
	int64_t changed = 0;

	if (!check_name("party", party, err) || !check_name("name", name, err) ||
	    !check_fingerprint(fingerprint, err))
		return false;
	if (!change(store,
		    "INSERT INTO agent VALUES ($1, $2, $3, $4) ON CONFLICT (fingerprint) DO "
		    "NOTHING",
		    values, 4, &changed, err))
		return false;
	return changed == 1 ||
	       fail(err, ERROR_CONFLICT, "an agent with this certificate is enrolled already");
}

/* NOLINTNEXTLINE(readability-function-size): none of what it is given belongs together */
bool access_agent_find(struct store *store, struct span fingerprint, struct arena *arena,
		       const char **ret_party, const char **ret_name, bool *ret_found,
		       struct error *err)
{
	const struct sql_value value = sql_bytes(fingerprint);
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	bool good =
		sql_query(store_sql(store), "SELECT party, name FROM agent WHERE fingerprint = $1",
			  &value, 1, &rows, err) &&
		sql_next(rows, &row, ret_found, err);

	if (good && *ret_found) {
		*ret_party = arena_string(arena, row[0].bytes);
		*ret_name = arena_string(arena, row[1].bytes);
	}
	sql_rows_close(rows);
	return good;
}

bool access_agents(struct store *store, struct arena *arena, struct access_agent **ret_agents,
		   size_t *ret_count, struct error *err)
{
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	struct access_agent *agents = NULL;
	size_t count = 0, room = 0;
	bool more = true;
	bool good = sql_query(store_sql(store),
			      "SELECT fingerprint, party, name, enrolled FROM agent ORDER BY "
			      "party, name, fingerprint",
			      NULL, 0, &rows, err);

	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		ARENA_GROW(arena, agents, count, room);
		agents[count++] = (struct access_agent){
			.party = arena_string(arena, row[1].bytes),
			.name = arena_string(arena, row[2].bytes),
			.fingerprint = { arena_string(arena, row[0].bytes), row[0].bytes.length },
			.enrolled = row[3].integer,
		};
	}
	sql_rows_close(rows);
	*ret_agents = agents;
	*ret_count = good ? count : 0;
	return good;
}

bool access_agent_revoke(struct store *store, struct span fingerprint, struct error *err)
{
	const struct sql_value value = sql_bytes(fingerprint);
	int64_t changed = 0;

	if (!check_fingerprint(fingerprint, err) ||
	    !change(store, "DELETE FROM agent WHERE fingerprint = $1", &value, 1, &changed, err))
		return false;
	return changed == 1 ||
	       fail(err, ERROR_MISSING,
		    "no agent with that certificate is enrolled; `assay store agent "
		    "list` names them");
}
