#include "store/names.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/record.h"

enum {
	KNOWN_MAXIMUM = 1 << 18, /* remembered at once; 24 bytes each */
	KNOWN_MINIMUM = 1 << 10,
	PARTS_MAXIMUM = 16,
};

enum table {
	TABLE_WORD,
	TABLE_SUBJECT,
	TABLE_SERIES,
	TABLE_COUNT,
};

/* A text by the first half of its SHA-256: no two are ever the same. */
struct known {
	uint64_t key[2];
	int64_t id; /* 0: free */
};

struct made {
	struct sql_value *values;
	size_t count, room;  /* of values */
	int64_t first, next; /* ids; 0: not asked for yet in this transaction */
};

struct names {
	struct sql *sql;
	struct known *known;
	size_t known_count, known_room;
	struct made made[TABLE_COUNT];
	struct arena arena; /* texts of what was made */
};

struct names *names_new(struct sql *sql)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		memory_exhausted(sizeof(*names));
	names->sql = sql;
	return names;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (unsigned i = 0; i < TABLE_COUNT; i++)
		free(names->made[i].values);
	free(names->known);
	arena_release(&names->arena);
	free(names);
}

/* ---- what is remembered ---- */

struct key {
	uint64_t half[2];
};

/* `kind` and two numbers tell apart what has the same text. */
static void start_key(struct hashing *hashing, enum table kind, int64_t first, int64_t second)
{
	const int64_t head[3] = { (int64_t)kind, first, second };

	hash_start(hashing);
	hash_more(hashing, (struct span){ (const char *)head, sizeof(head) });
}

static struct key end_key(struct hashing *hashing)
{
	uint8_t hash[RECORD_HASH_BYTES];
	struct key key;

	hash_end(hashing, hash);
	memcpy(&key, hash, sizeof(key));
	return key;
}

static struct key key_of(enum table kind, int64_t first, int64_t second, struct span text)
{
	struct hashing hashing;

	start_key(&hashing, kind, first, second);
	hash_more(&hashing, text);
	return end_key(&hashing);
}

/* What stands in a series: texts without a NUL, which each has behind it here. */
static struct key key_of_series(enum store_stream stream, const struct store_entry *entry)
{
	const char *const texts[] = { entry->subject, entry->what, entry->device };
	struct hashing hashing;

	start_key(&hashing, TABLE_SERIES, stream, 0);
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *text = texts[i] ? texts[i] : "";

		hash_more(&hashing, (struct span){ text, strlen(text) + 1 });
	}
	return end_key(&hashing);
}

static struct known *place_of(struct known *known, size_t room, const struct key *key)
{
	size_t at = key->half[0] & (room - 1);

	while (known[at].id != 0 && memcmp(known[at].key, key->half, sizeof(key->half)) != 0)
		at = (at + 1) & (room - 1);
	return &known[at];
}

static int64_t recall(const struct names *names, const struct key *key)
{
	return names->known_room > 0 ? place_of(names->known, names->known_room, key)->id : 0;
}

static void grow(struct names *names)
{
	size_t room = names->known_room ? 2 * names->known_room : KNOWN_MINIMUM;
	struct known *larger = calloc(room, sizeof(*larger));

	if (!larger)
		memory_exhausted(room * sizeof(*larger));
	for (size_t i = 0; i < names->known_room; i++) {
		const struct known *old = &names->known[i];
		const struct key key = { { old->key[0], old->key[1] } };

		if (old->id != 0)
			*place_of(larger, room, &key) = *old;
	}
	free(names->known);
	names->known = larger;
	names->known_room = room;
}

static void forget_known(struct names *names)
{
	if (names->known_room > 0)
		memset(names->known, 0, names->known_room * sizeof(*names->known));
	names->known_count = 0;
}

static void remember(struct names *names, const struct key *key, int64_t id)
{
	struct known *place;

	if (names->known_count == KNOWN_MAXIMUM)
		forget_known(names);
	if (2 * (names->known_count + 1) > names->known_room)
		grow(names);
	place = place_of(names->known, names->known_room, key);
	names->known_count += place->id == 0;
	*place = (struct known){ { key->half[0], key->half[1] }, id };
}

/* ---- what is made ---- */

static bool next_id(struct names *names, enum table table, int64_t *ret_id, struct error *err)
{
	static const char *const questions[] = {
		[TABLE_WORD] = "SELECT max(id) FROM word",
		[TABLE_SUBJECT] = "SELECT max(id) FROM subject",
		[TABLE_SERIES] = "SELECT max(id) FROM series",
	};
	struct made *made = &names->made[table];
	int64_t last = 0;

	if (made->next == 0) {
		if (!sql_ask(names->sql, questions[table], NULL, 0, &last, err))
			return false;
		made->first = made->next = last + 1;
	}
	*ret_id = made->next++;
	return true;
}

/* Made in this transaction: then nothing in the tables rests on it. */
static bool is_new(const struct names *names, enum table table, int64_t id)
{
	return names->made[table].first != 0 && id >= names->made[table].first;
}

static void keep_row(struct names *names, enum table table, const struct sql_value *row,
		     size_t columns)
{
	struct made *made = &names->made[table];

	if (made->count + columns > made->room) {
		size_t room = made->room ? 2 * made->room : 256;
		struct sql_value *larger = reallocarray(made->values, room, sizeof(*larger));

		if (!larger)
			memory_exhausted(room * sizeof(*larger));
		made->values = larger;
		made->room = room;
	}
	memcpy(made->values + made->count, row, columns * sizeof(*row));
	made->count += columns;
}

static struct sql_value kept_text(struct names *names, struct span text)
{
	return sql_text(arena_string(&names->arena, text));
}

/* ---- words, subjects, series ---- */

static struct sql_value span_value(struct span text)
{
	return (struct sql_value){ .type = SQL_TEXT, .bytes = text };
}

bool names_word(struct names *names, struct span text, bool make, int64_t *ret_id,
		struct error *err)
{
	const struct sql_value value = span_value(text);
	struct key key;

	*ret_id = 0;
	if (text.length == 0)
		return true;
	key = key_of(TABLE_WORD, 0, 0, text);
	*ret_id = recall(names, &key);
	if (*ret_id != 0)
		return true;
	if (!sql_ask(names->sql, "SELECT id FROM word WHERE text = $1", &value, 1, ret_id, err))
		return false;
	if (*ret_id == 0 && !make)
		return true;
	if (*ret_id == 0) {
		if (!next_id(names, TABLE_WORD, ret_id, err))
			return false;
		keep_row(names, TABLE_WORD,
			 (const struct sql_value[]){ sql_integer(*ret_id), kept_text(names, text) },
			 2);
	}
	remember(names, &key, *ret_id);
	return true;
}

/* *at is the parent before, and the child afterwards. */
static bool go_down(struct names *names, enum store_stream stream, struct span name, bool make,
		    int64_t *at, struct error *err)
{
	const int64_t parent = *at;
	const struct key key = key_of(TABLE_SUBJECT, stream, parent, name);
	const struct sql_value values[] = { sql_integer(stream), sql_integer(parent),
					    span_value(name) };

	*at = recall(names, &key);
	if (*at != 0)
		return true;
	if (!is_new(names, TABLE_SUBJECT, parent) &&
	    !sql_ask(names->sql,
		     "SELECT id FROM subject WHERE stream = $1 AND parent = $2 AND name = $3",
		     values, 3, at, err))
		return false;
	if (*at == 0 && !make)
		return true;
	if (*at == 0) {
		if (!next_id(names, TABLE_SUBJECT, at, err))
			return false;
		keep_row(names, TABLE_SUBJECT,
			 (const struct sql_value[]){ sql_integer(*at), values[0], values[1],
						     kept_text(names, name) },
			 4);
	}
	remember(names, &key, *at);
	return true;
}

bool names_subject(struct names *names, enum store_stream stream, struct span path, bool make,
		   int64_t *ret_id, struct error *err)
{
	int64_t at = 0;
	struct span name;

	while (span_cut(&path, '/', &name)) {
		if (!go_down(names, stream, name, make, &at, err))
			return false;
		if (at == 0)
			break;
	}
	*ret_id = at;
	return true;
}

/* The series of three that are known. */
static bool series_of(struct names *names, const int64_t parts[4], int64_t *ret_id,
		      struct error *err)
{
	const struct sql_value values[] = { sql_integer(parts[0]), sql_integer(parts[1]),
					    sql_integer(parts[2]), sql_integer(parts[3]) };

	if (!is_new(names, TABLE_SUBJECT, parts[1]) && !is_new(names, TABLE_WORD, parts[2]) &&
	    !is_new(names, TABLE_WORD, parts[3]) &&
	    !sql_ask(names->sql,
		     "SELECT id FROM series WHERE stream = $1 AND subject = $2 AND what = $3 AND "
		     "device = $4",
		     values, 4, ret_id, err))
		return false;
	if (*ret_id != 0)
		return true;
	if (!next_id(names, TABLE_SERIES, ret_id, err))
		return false;
	keep_row(names, TABLE_SERIES,
		 (const struct sql_value[]){ sql_integer(*ret_id), values[0], values[1], values[2],
					     values[3] },
		 5);
	return true;
}

bool names_series(struct names *names, enum store_stream stream, const struct store_entry *entry,
		  int64_t *ret_id, struct error *err)
{
	int64_t parts[4] = { stream };
	const struct key key = key_of_series(stream, entry);

	*ret_id = recall(names, &key);
	if (*ret_id != 0)
		return true;
	if (!names_subject(names, stream, span_of(entry->subject), true, &parts[1], err) ||
	    !names_word(names, span_of(entry->what), true, &parts[2], err) ||
	    !names_word(names, span_of(entry->device), true, &parts[3], err) ||
	    !series_of(names, parts, ret_id, err))
		return false;
	remember(names, &key, *ret_id);
	return true;
}

/* ---- the end of a transaction ---- */

bool names_flush(struct names *names, struct error *err)
{
	static const char *const word[] = { "id", "text" };
	static const char *const subject[] = { "id", "stream", "parent", "name" };
	static const char *const series[] = { "id", "stream", "subject", "what", "device" };
	static const struct sql_table tables[] = {
		[TABLE_WORD] = { "word", word, 2 },
		[TABLE_SUBJECT] = { "subject", subject, 4 },
		[TABLE_SERIES] = { "series", series, 5 },
	};

	for (unsigned i = 0; i < TABLE_COUNT; i++) {
		struct made *made = &names->made[i];

		if (!sql_insert(names->sql, &tables[i], made->values,
				made->count / tables[i].column_count, err))
			return false;
		made->count = 0;
		made->first = made->next = 0;
	}
	arena_clear(&names->arena);
	return true;
}

void names_forget(struct names *names)
{
	forget_known(names);
	for (unsigned i = 0; i < TABLE_COUNT; i++) {
		names->made[i].count = 0;
		names->made[i].first = names->made[i].next = 0;
	}
	arena_clear(&names->arena);
}
