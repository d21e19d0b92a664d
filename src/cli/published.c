#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/stored.h"
#include "report/report.h"

/* A published league table: a head that says what it rests on and what its JSON hashes to, and one
 * row a provider, for the history of grades. From the head the same bytes come again. */

enum {
	ID_SIZE = 64,
	HEX_SHOWN = 16,
	SECONDS_PER_DAY = 86400,
	SCORE_DECIMALS = 1,
	SHARE_DECIMALS = 3,
	LISTED_MAXIMUM = 1000,
};

static const char head_what[] = "league", row_what[] = "grade";

static void hash_league(const struct rating *rating, char into[static RECORD_HASH_TEXT])
{
	const struct report_style style = { .columns = 80 };
	struct text league = { .maximum = 1 << 30 };
	uint8_t hash[RECORD_HASH_BYTES];

	league_write(rating, FORMAT_JSON, &style, &league);
	hash_bytes(text_span(&league), hash);
	text_release(&league);
	(void)hash_format(hash, into);
}

/* The id follows from what was rated: publishing the same again adds nothing. */
static void make_id(const struct loaded *loaded, const char *league, char into[static ID_SIZE])
{
	char day[DATE_TEXT_SIZE];
	uint8_t hash[RECORD_HASH_BYTES];
	char text[RECORD_HASH_TEXT];
	SCOPED_TEXT(all);

	text_format(&all, "%s %lld", league, (long long)loaded->known);
	hash_bytes(text_span(&all), hash);
	(void)snprintf(into, ID_SIZE, "%s.%.*s", date_format(loaded->rating.request.as_of, day),
		       HEX_SHOWN, hash_format(hash, text) + sizeof("sha256:") - 1);
}

static const char *write_head(const struct loaded *loaded, const char *id, const char *league,
			      struct arena *arena)
{
	const struct rating_request *request = &loaded->rating.request;
	const struct standard *standard = request->standard;
	char text[RECORD_HASH_TEXT], day[DATE_TEXT_SIZE];
	SCOPED_TEXT(line);
	struct json_writer json = { .into = &line };

	json_open_object(&json);
	json_pair_string(&json, "as_of", date_format(request->as_of, day));
	json_pair_integer(&json, "draws", request->draws);
	json_pair_string(&json, "evidence", hash_format(request->evidence->hash, text));
	json_pair_string(&json, "id", id);
	json_pair_integer(&json, "known", loaded->known);
	json_pair_string(&json, "league", league);
	json_pair_string(&json, "profile",
			 request->profile < 0 ? NULL : standard->profiles[request->profile].id);
	json_pair_string(&json, "program", "assay " ASSAY_VERSION);
	json_pair_integer(&json, "providers", loaded->rating.provider_count);
	json_pair_string(&json, "schema", "assay/published/v1");
	json_pair_integer(&json, "seed", (int64_t)request->seed);
	json_pair_string(&json, "standard", hash_format(standard->hash, text));
	json_close_object(&json);
	return arena_string(arena, text_span(&line));
}

static const char *write_row(const struct provider *provider, const char *id, bool drawn,
			     struct arena *arena)
{
	const struct unit *unit = provider_unit(provider);
	SCOPED_TEXT(line);
	struct json_writer json = { .into = &line };

	json_open_object(&json);
	json_pair_decimal(&json, "coverage", unit->coverage, SHARE_DECIMALS);
	json_pair_string(&json, "grade",
			 unit->rated ? grade_names[provider_grade(provider)] : NULL);
	json_pair_decimal(&json, "high", 100 * unit->high, SCORE_DECIMALS);
	json_pair_string(&json, "league", id);
	json_pair_decimal(&json, "low", 100 * unit->low, SCORE_DECIMALS);
	if (drawn && unit->rated) {
		json_key(&json, "probability");
		json_open_array(&json);
		for (unsigned i = 0; i < GRADE_COUNT; i++)
			json_put_decimal(&json, provider->probability[i], SHARE_DECIMALS);
		json_close_array(&json);
	}
	json_pair_string(&json, "provider", provider->name);
	json_pair_integer(&json, "rank", provider->rank);
	json_pair_string(&json, "schema", "assay/published-row/v1");
	json_pair_decimal(&json, "score", 100 * unit->overall, SCORE_DECIMALS);
	json_pair_string(&json, "unit", unit->name);
	json_close_object(&json);
	return arena_string(arena, text_span(&line));
}

static void make_entries(const struct loaded *loaded, const char *id, const char *league,
			 struct arena *arena, struct store_entry *entries)
{
	const struct rating *rating = &loaded->rating;
	const int64_t time = (int64_t)rating->request.as_of * SECONDS_PER_DAY;

	entries[0] = (struct store_entry){
		.line = span_of(write_head(loaded, id, league, arena)),
		.id = id,
		.subject = "",
		.what = head_what,
		.time = time,
		.value = rating->provider_count,
	};
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		const struct provider *provider = &rating->providers[i];

		entries[1 + i] = (struct store_entry){
			.line = span_of(write_row(provider, id, rating->request.draws > 0, arena)),
			.id = arena_format(arena, "%s.%u", id, i + 1),
			.subject = provider->name,
			.what = row_what,
			.time = time,
			.value = 100 * provider_unit(provider)->overall,
		};
	}
}

bool stored_publish(const struct session *session, const struct loaded *loaded, struct error *err)
{
	struct arena *arena = session->arena;
	struct store_batch batch = { .stream = STORE_RATINGS,
				     .party = "cli",
				     .time = host_unix_time(session->host),
				     .count = loaded->rating.provider_count + 1 };
	char league[RECORD_HASH_TEXT], id[ID_SIZE];
	struct store_entry *entries = ARENA_ARRAY(arena, struct store_entry, batch.count);
	struct store_receipt receipt;
	SCOPED_STORE(store);

	if (loaded->known == 0 || session->options->evidence_count > 0)
		return fail(err, ERROR_INVALID,
			    "--publish is for a rating from --store alone: nobody could make it "
			    "again from it otherwise");
	hash_league(&loaded->rating, league);
	make_id(loaded, league, id);
	make_entries(loaded, id, league, arena, entries);
	batch.entries = entries;
	if (!stored_open(session, SQL_WRITE, &store, err) ||
	    !store_append(store, &batch, &receipt, err))
		return false;
	session_note(session, receipt.taken ? "published as %s" : "%s is published already", id);
	return true;
}

/* ---- what was published ---- */

static int list(const struct session *session, struct store *store, struct error *err)
{
	const struct store_query query = { .stream = STORE_RATINGS,
					   .what = head_what,
					   .newest_first = true,
					   .limit = LISTED_MAXIMUM };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	char taken[TIME_TEXT_SIZE];
	bool more = true;
	bool good = store_find(store, &query, &cursor, err);

	while (good && (good = store_next(cursor, &found, &more, err)) && more) {
		if (session->options->format == FORMAT_JSON)
			text_format(session->output, "%.*s\n", SPAN_ARGS(found.entry.line));
		else
			text_format(session->output, "%s\t%.0f providers\tpublished %s\n",
				    found.entry.id, found.entry.value,
				    time_format(found.taken, taken));
	}
	store_cursor_close(cursor);
	return good ? STATUS_GOOD : STATUS_ERROR;
}

/* What a head says; texts in the arena. */
struct published {
	const char *as_of, *profile, *league, *standard, *evidence;
	uint64_t draws, seed, known;
};

static bool read_head(struct span line, struct arena *arena, struct published *ret_head,
		      struct error *err)
{
	const struct node *root = NULL;
	const struct {
		const char *key;
		const char **text;
		uint64_t *number;
	} fields[] = {
		{ "as_of", &ret_head->as_of, NULL },
		{ "profile", &ret_head->profile, NULL },
		{ "league", &ret_head->league, NULL },
		{ "standard", &ret_head->standard, NULL },
		{ "evidence", &ret_head->evidence, NULL },
		{ "draws", NULL, &ret_head->draws },
		{ "seed", NULL, &ret_head->seed },
		{ "known", NULL, &ret_head->known },
	};

	if (!json_read(line, "the snapshot", 1, arena, &root, err))
		return false;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct node *node = node_find(root, fields[i].key);

		if (!node || node->kind != NODE_SCALAR ||
		    (fields[i].number && !span_to_u64(node->text, fields[i].number)))
			return fail(err, ERROR_PARSE, "the snapshot has no usable '%s'",
				    fields[i].key);
		if (fields[i].text)
			*fields[i].text = !node->quoted ? NULL : arena_string(arena, node->text);
	}
	return true;
}

static bool find_head(const struct session *session, struct store *store, const char *id,
		      struct published *ret_head, struct error *err)
{
	const struct store_query query = { .stream = STORE_RATINGS, .id = id, .what = head_what };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = false;
	bool good =
		store_find(store, &query, &cursor, err) && store_next(cursor, &found, &more, err);

	if (good && !more)
		good = fail(err, ERROR_MISSING,
			    "there is no snapshot '%s'; `assay store ratings` lists them", id);
	good = good && read_head(found.entry.line, session->arena, ret_head, err);
	store_cursor_close(cursor);
	return good;
}

/* Rates again as the head says and holds the bytes against it. */
static int recompute(const struct session *session, const struct published *head, struct error *err)
{
	struct options options = *session->options;
	struct session again = *session;
	const struct report_style style = { .columns = 80 };
	char league[RECORD_HASH_TEXT], text[RECORD_HASH_TEXT];
	SCOPED_LOADED(loaded);

	again.options = &options;
	options.profile = head->profile;
	options.draws = (uint32_t)head->draws;
	options.seed = head->seed;
	options.known_entry = (int64_t)head->known;
	options.known_at = 0;
	options.evidence_count = 0;
	if (!date_parse(span_of(head->as_of), &options.as_of) || !head->league || !head->standard) {
		(void)fail(err, ERROR_PARSE, "the snapshot is not well-formed");
		return STATUS_ERROR;
	}
	if (!load_rating(&again, &loaded, err))
		return STATUS_ERROR;
	if (strcmp(hash_format(loaded.standard.hash, text), head->standard) != 0) {
		(void)fail(err, ERROR_INVALID,
			   "it was rated with the standard %s, and this one is %s; give that one "
			   "with --standard",
			   head->standard, text);
		return STATUS_ERROR;
	}
	hash_league(&loaded.rating, league);
	if (strcmp(league, head->league) != 0) {
		(void)fail(err, ERROR_INVALID,
			   "the league table that comes out now is another than was published");
		return STATUS_ERROR;
	}
	league_write(&loaded.rating, session->options->format, &style, session->output);
	session_note(session, "the same bytes as were published, %s", league);
	return STATUS_GOOD;
}

int store_ratings(const struct session *session, const char *const *words, size_t word_count,
		  struct error *err)
{
	struct published head = { 0 };
	SCOPED_STORE(store);

	if (word_count > 1) {
		(void)fail(err, ERROR_INVALID, "store ratings takes one SNAPSHOT, or none to list");
		return STATUS_USAGE;
	}
	if (!stored_open(session, SQL_READ, &store, err))
		return STATUS_ERROR;
	if (word_count == 0)
		return list(session, store, err);
	return find_head(session, store, words[0], &head, err) ? recompute(session, &head, err)
							       : STATUS_ERROR;
}
