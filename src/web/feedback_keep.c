#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/json.h"
#include "web/feedback.h"

enum {
	ID_DIGITS = 16,
};

static const char about_head[] = "answers:";

/* ---- acts ---- */

bool feedback_act_read(const struct store_found *found, struct arena *arena,
		       struct feedback_act *ret_act)
{
	SCOPED_ARENA(scratch);
	static const struct node_field fields[] = {
		{ "act", NODE_SCALAR, true },      { "about", NODE_SCALAR, false },
		{ "provider", NODE_SCALAR, true }, { "text", NODE_SCALAR, true },
		{ "schema", NODE_SCALAR, true },
	};
	const struct node *root, *about;

	if (!json_read(found->entry.line, "act", 1, &scratch, &root, NULL) ||
	    !node_expect(root, "act", fields, sizeof(fields) / sizeof(fields[0]), NULL) ||
	    !span_is(node_find(root, "schema")->text, "assay/feedback-act/v1"))
		return false;
	about = node_find(root, "about");
	*ret_act = (struct feedback_act){
		.place = found->place,
		.act = arena_string(arena, node_find(root, "act")->text),
		.about = about ? arena_string(arena, about->text) : "",
		.provider = arena_string(arena, node_find(root, "provider")->text),
		.text = arena_string(arena, node_find(root, "text")->text),
		.party = arena_string(arena, span_of(found->party)),
		.time = found->taken,
	};
	return true;
}

static void turn_round(struct act_list *acts)
{
	for (uint32_t i = 0; i < acts->count / 2; i++) {
		struct feedback_act one = acts->items[i];

		acts->items[i] = acts->items[acts->count - 1 - i];
		acts->items[acts->count - 1 - i] = one;
	}
}

bool feedback_acts(struct store *store, const struct said_query *asked, struct arena *arena,
		   struct act_list *ret_acts, struct error *err)
{
	/* Without a limit: acts of other kinds take no room from these. */
	const struct store_query query = { .stream = STORE_ACTS,
					   .subject = asked->provider,
					   .known_until = asked->known_until,
					   .up_to = asked->up_to,
					   .newest_first = true };
	struct act_list acts = { .items = ARENA_ARRAY(arena, struct feedback_act,
						      ACTS_SHOWN_MAXIMUM + 1) };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true, good = store_find(store, &query, &cursor, err);

	while (good && more && acts.count <= ACTS_SHOWN_MAXIMUM) {
		struct feedback_act *act = &acts.items[acts.count];

		good = store_next(cursor, &found, &more, err);
		if (good && more && feedback_act_read(&found, arena, act))
			acts.count += !(asked->moderated && strcmp(act->act, "reply") == 0);
	}
	store_cursor_close(cursor);
	acts.more = acts.count > ACTS_SHOWN_MAXIMUM;
	acts.count -= acts.more;
	turn_round(&acts);
	*ret_acts = acts;
	return good;
}

/* What the act names as the store does: "answers:ID", or as it is when it says a stream itself. */
static const char *target_of(const char *about, struct arena *arena)
{
	if (about[0] == '\0')
		return NULL;
	return strchr(about, ':') ? about : arena_format(arena, "%s%s", about_head, about);
}

bool feedback_act_keep(struct store *store, const struct feedback_act *act, struct arena *arena,
		       struct error *err)
{
	SCOPED_TEXT(line);
	struct json_writer json = { .into = &line };
	struct store_receipt receipt;
	struct store_entry entry = { .subject = act->provider,
				     .what = act->act,
				     .device = target_of(act->about, arena),
				     .time = act->time,
				     .value = NAN };
	const struct store_batch batch = { .stream = STORE_ACTS,
					   .party = act->party,
					   .time = act->time,
					   .entries = &entry,
					   .count = 1 };

	json_open_object(&json);
	json_pair_string(&json, "about", act->about);
	json_pair_string(&json, "act", act->act);
	json_pair_string(&json, "provider", act->provider);
	json_pair_string(&json, "schema", "assay/feedback-act/v1");
	json_pair_string(&json, "text", act->text);
	json_close_object(&json);
	entry.line = text_span(&line);
	return store_append(store, &batch, &receipt, err);
}

/* ---- answers ---- */

struct texts {
	const char **items;
	size_t count, room;
};

static int compare_proofs(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The answer that an act is about; NULL when it is about none. */
static const char *answer_of(const struct store_found *act)
{
	const char *device = act->entry.device;

	return device && strncmp(device, about_head, strlen(about_head)) == 0
		       ? device + strlen(about_head)
		       : NULL;
}

static const char *proof_of(const struct submission *one, struct arena *arena)
{
	return arena_format(arena, "%s %s %s", one->subject.parts[SUBJECT_PROVIDER],
			    proof_names[one->proof], one->proof_mark);
}

static void add_text(struct texts *texts, const char *text, struct arena *arena)
{
	ARENA_GROW(arena, texts->items, texts->count, texts->room);
	texts->items[texts->count++] = text;
}

/* What stands behind the answer of this id, where it stands. */
struct proof_search {
	struct store *store;
	const struct standard *standard;
	const struct said_query *asked;
	struct arena *arena;
};

static bool add_proof_behind(const struct proof_search *search, const char *id,
			     struct texts *confirmed, struct error *err)
{
	const struct store_query query = { .stream = STORE_ANSWERS,
					   .id = id,
					   .known_until = search->asked->known_until,
					   .up_to = search->asked->up_to,
					   .limit = 1 };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	struct submission one;
	bool more = false;
	bool good = store_find(search->store, &query, &cursor, err) &&
		    store_next(cursor, &found, &more, err);
	SCOPED_ARENA(scratch);

	if (good && more &&
	    submission_read(found.entry.line, "answer", search->standard, &scratch, &one, NULL) &&
	    one.proof != PROOF_NONE)
		add_text(confirmed, proof_of(&one, search->arena), search->arena);
	store_cursor_close(cursor);
	return good;
}

static bool find_confirmed(const struct proof_search *search, struct texts *confirmed,
			   struct error *err)
{
	const struct store_query query = { .stream = STORE_ACTS,
					   .subject = search->asked->provider,
					   .what = "confirm",
					   .known_until = search->asked->known_until,
					   .up_to = search->asked->up_to };
	struct texts ids = { 0 };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true, good = store_find(search->store, &query, &cursor, err);

	while (good && more) {
		good = store_next(cursor, &found, &more, err);
		if (good && more && answer_of(&found))
			add_text(&ids, arena_string(search->arena, span_of(answer_of(&found))),
				 search->arena);
	}
	store_cursor_close(cursor);
	/* Afterwards: a connection has one question at a time. */
	for (size_t i = 0; good && i < ids.count; i++)
		good = add_proof_behind(search, ids.items[i], confirmed, err);
	return good;
}

/* Proofs that a moderator has seen: what proves one answer proves every other that shows it. */
static bool confirm(const struct proof_search *search, struct said_list *said, struct error *err)
{
	struct texts confirmed = { 0 };

	if (!find_confirmed(search, &confirmed, err))
		return false;
	if (confirmed.count == 0)
		return true;
	qsort(confirmed.items, confirmed.count, sizeof(*confirmed.items), compare_proofs);
	for (uint32_t i = 0; i < said->count; i++) {
		struct submission *one = &said->items[i];
		const char *proof = proof_of(one, search->arena);

		if (one->proof != PROOF_NONE && bsearch(&proof, confirmed.items, confirmed.count,
							sizeof(*confirmed.items), compare_proofs))
			one->is_proven = true;
	}
	return true;
}

/* Room for one more. */
static void make_room(struct said_list *said, uint32_t *room, struct arena *arena)
{
	uint32_t wanted = *room > 0 ? *room * 2 : 64;
	struct submission *items;
	int64_t *places;

	if (said->count < *room)
		return;
	items = ARENA_ARRAY(arena, struct submission, wanted);
	places = ARENA_ARRAY(arena, int64_t, wanted);
	if (said->count > 0) {
		memcpy(items, said->items, said->count * sizeof(*items));
		memcpy(places, said->places, said->count * sizeof(*places));
	}
	said->items = items;
	said->places = places;
	*room = wanted;
}

static bool load_all(struct store *store, const struct standard *standard,
		     const struct said_query *asked, struct arena *arena, struct said_list *said,
		     struct error *err)
{
	const struct store_query query = { .stream = STORE_ANSWERS,
					   .subject = asked->provider,
					   .known_until = asked->known_until,
					   .up_to = asked->up_to,
					   .after = asked->after,
					   .limit = asked->limit };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	uint32_t room = 0;
	bool more = true, good = store_find(store, &query, &cursor, err);

	while (good && more) {
		good = store_next(cursor, &found, &more, err);
		if (!good || !more)
			break;
		make_room(said, &room, arena);
		said->places[said->count] = said->last = found.place;
		said->looked_at++;
		/* An answer to a question that this standard does not ask is left out. */
		said->count += submission_read(found.entry.line, "answer", standard, arena,
					       &said->items[said->count], NULL);
	}
	store_cursor_close(cursor);
	return good;
}

bool feedback_load(struct store *store, const struct standard *standard,
		   const struct said_query *query, struct arena *arena, struct said_list *ret_said,
		   struct error *err)
{
	const struct proof_search search = { store, standard, query, arena };
	struct said_list said = { 0 };

	if (!load_all(store, standard, query, arena, &said, err) || !confirm(&search, &said, err))
		return false;
	*ret_said = said;
	return true;
}

/* Of two answers of one tenant the newer counts, so it has to be newer: times are whole seconds. */
static bool move_behind(struct store *store, const struct standard *standard,
			struct submission *submission, struct error *err)
{
	const struct store_query query = { .stream = STORE_ANSWERS,
					   .subject = submission->subject.parts[SUBJECT_PROVIDER],
					   .since = submission->time,
					   .withdrawn_too = true };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true, good = store_find(store, &query, &cursor, err);
	SCOPED_ARENA(scratch);

	while (good && more) {
		struct submission other;

		good = store_next(cursor, &found, &more, err);
		arena_clear(&scratch);
		if (good && more &&
		    submission_read(found.entry.line, "answer", standard, &scratch, &other, NULL) &&
		    strcmp(other.tenant, submission->tenant) == 0 && other.time >= submission->time)
			submission->time = other.time + 1;
	}
	store_cursor_close(cursor);
	return good;
}

bool feedback_keep(struct store *store, const struct standard *standard,
		   struct submission *submission, struct arena *arena, struct error *err)
{
	SCOPED_TEXT(line);
	uint8_t hash[RECORD_HASH_BYTES];
	char digits[RECORD_HASH_TEXT];
	struct store_receipt receipt;
	struct store_entry entry = { .what = "feedback", .value = NAN };
	const struct store_batch batch = { .stream = STORE_ANSWERS,
					   .party = "customer",
					   .time = submission->time,
					   .entries = &entry,
					   .count = 1 };

	if (!move_behind(store, standard, submission, err))
		return false;
	entry.time = submission->time;
	submission->id = "";
	submission_write(submission, standard, &line);
	hash_bytes(text_span(&line), hash);
	submission->id = arena_format(arena, "%.*s", ID_DIGITS,
				      hash_format(hash, digits) + strlen("sha256:"));
	text_clear(&line);
	submission_write(submission, standard, &line);
	/* What is kept has to be read again. */
	if (line.length > FEEDBACK_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "the answers have %zu bytes as they are kept; at most %d are taken",
			    line.length, FEEDBACK_BYTES_MAXIMUM);
	entry.line = text_span(&line);
	entry.id = submission->id;
	entry.subject = subject_name(&submission->subject, SUBJECT_UNIT_PARTS, arena);
	return store_append(store, &batch, &receipt, err);
}

static date_t newest_day(const struct said_list *said, const struct evidence_set *set)
{
	date_t newest = evidence_set_newest(set);

	for (uint32_t i = 0; i < said->count; i++)
		if (said->items[i].is_proven && date_from_unix(said->items[i].time) > newest)
			newest = date_from_unix(said->items[i].time);
	return newest;
}

bool feedback_into(struct store *store, const struct standard *standard,
		   const struct said_query *query, date_t day, struct evidence_set *set,
		   struct error *err)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(lines);
	struct opinions opinions;
	struct said_list said;
	struct record *records;
	uint32_t count;

	if (!feedback_load(store, standard, query, &arena, &said, err))
		return false;
	day = day == DATE_NONE ? newest_day(&said, set) : day;
	opinions_of(standard, said.items, said.count, day, &arena, &opinions);
	opinions_records(standard, &opinions, day, &arena, &records, &count);
	for (uint32_t i = 0; i < count; i++) {
		record_write(&records[i], true, &lines);
		text_add_char(&lines, '\n');
	}
	return count == 0 || evidence_set_add_lines(set, text_span(&lines), "feedback", err);
}
