/* The indices of a block against its entries. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/grow.h"
#include "store/verify.h"

void faults_add(struct faults *faults, const char *format, ...)
{
	struct error line = { 0 };
	va_list args;

	faults->all++;
	if (faults->count == faults->limit)
		return;
	va_start(args, format);
	(void)vsnprintf(line.text, sizeof(line.text), format, args);
	va_end(args);
	faults->items[faults->count++] = arena_string(faults->arena, span_of(line.text));
}

/* ---- series and ids ---- */

enum {
	ASKED_TOGETHER = 36, /* entries */
	VALUES_OF_ENTRY = 7,
};

/* Whether each of some entries is in the index of its series, with which value, and how often its
 * id is in the index of ids: a question to a server costs more than what it asks. */
static void write_question(const struct indexed *block, struct text *into)
{
	unsigned value = 0;

	text_add(into, "WITH v (n, subject, what, device, at, sequence, key, stem) AS (VALUES ");
	for (unsigned i = 0; i < ASKED_TOGETHER; i++) {
		text_format(into, "%s(%u", i > 0 ? ", " : "", i);
		for (unsigned k = 0; k < VALUES_OF_ENTRY; k++)
			text_format(into, ", CAST($%u AS BIGINT)", ++value);
		text_add(into, ")");
	}
	text_add(into, ") SELECT v.n, e.sequence, e.value, (SELECT count(*) FROM id i WHERE "
		       "i.key = v.key AND i.sequence = v.sequence)");
	text_add(into,
		 store_has_runs(block->store)
			 ? ", (SELECT count(*) FROM run r WHERE r.stem = v.stem AND r.first <= "
			   "v.sequence AND r.last >= v.sequence)"
			 : ", 0");
	text_format(into,
		    " FROM v LEFT JOIN series s ON s.stream = %d AND s.subject = v.subject AND "
		    "s.what = v.what AND s.device = v.device LEFT JOIN entry e ON e.series = s.id "
		    "AND e.time = v.at AND e.sequence = v.sequence",
		    (int)block->stream);
}

/* The values that stand for an entry; NULL: for none. */
static bool write_values(const struct indexed *block, const struct store_entry *entry,
			 int64_t sequence, struct sql_value values[static VALUES_OF_ENTRY],
			 struct error *err)
{
	const enum store_stream stream = block->stream;
	struct names *names = block->store->names;
	int64_t numbers[VALUES_OF_ENTRY] = { 0 };

	if (entry) {
		if (!names_subject(names, stream, span_of(entry->subject), false, &numbers[0],
				   err) ||
		    !names_word(names, span_of(entry->what), false, &numbers[1], err) ||
		    !names_word(names, span_of(entry->device), false, &numbers[2], err))
			return false;
		numbers[3] = entry->time;
		numbers[4] = sequence;
		numbers[5] = entry->id ? id_key(stream, entry->id) : 0;
		numbers[6] = entry->id ? id_stem(stream, entry->id) : 0;
	}
	for (unsigned i = 0; i < VALUES_OF_ENTRY; i++)
		values[i] = sql_integer(numbers[i]);
	return true;
}

static double value_of(const struct sql_value *value)
{
	return value->type == SQL_REAL      ? value->real
	       : value->type == SQL_INTEGER ? (double)value->integer
					    : (double)NAN;
}

/* Holds an entry against the row of the answer. */
static void judge_row(struct faults *faults, const struct store_entry *entry, int64_t sequence,
		      const struct sql_value *row)
{
	const double value = value_of(&row[2]);
	const int64_t ids = row[3].integer, runs = row[4].integer;

	if (entry->id && ids != 1 && !(ids == 0 && runs == 1))
		faults_add(faults, "entry %lld: its id '%s' is not in the index",
			   (long long)sequence, entry->id);
	if (row[1].type == SQL_NULL)
		faults_add(faults, "entry %lld: it is not in the index of its series",
			   (long long)sequence);
	else if (isnan(value) ? !isnan(entry->value)
			      : !(value <= entry->value && value >= entry->value))
		faults_add(faults, "entry %lld: the index has another value", (long long)sequence);
}

/* Of the next ASKED_TOGETHER entries of the block. */
static bool check_some(const struct indexed *block, size_t from, struct faults *faults,
		       struct error *err)
{
	const size_t count =
		block->count - from < ASKED_TOGETHER ? block->count - from : ASKED_TOGETHER;
	const int64_t first = block->first + (int64_t)from;
	struct sql_value values[ASKED_TOGETHER * VALUES_OF_ENTRY];
	bool seen[ASKED_TOGETHER] = { false };
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	SCOPED_TEXT(question);
	bool more = true, good = true;

	for (size_t i = 0; good && i < ASKED_TOGETHER; i++)
		good = write_values(block, i < count ? &block->entries[from + i].entry : NULL,
				    first + (int64_t)i, &values[i * VALUES_OF_ENTRY], err);
	write_question(block, &question);
	good = good && sql_query(block->store->sql, text_string(&question), values,
				 sizeof(values) / sizeof(values[0]), &rows, err);
	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		const uint64_t n = (uint64_t)row[0].integer;

		if (n >= count || seen[n])
			continue;
		seen[n] = true;
		judge_row(faults, &block->entries[from + n].entry, first + (int64_t)n, row);
	}
	sql_rows_close(rows);
	return good;
}

/* ---- places ---- */

/* Subjects under which the block was looked for. */
struct looked {
	int64_t *ids;
	size_t count, room;
};

static bool is_looked(struct looked *looked, int64_t id, struct arena *arena)
{
	for (size_t i = 0; i < looked->count; i++)
		if (looked->ids[i] == id)
			return true;
	ARENA_GROW(arena, looked->ids, looked->count, looked->room);
	looked->ids[looked->count++] = id;
	return false;
}

/* Under the subject and each of those above it. One that has no number is said each time. */
static bool check_place(const struct indexed *block, struct span subject, struct looked *looked,
			struct faults *faults, struct error *err)
{
	for (size_t end = 0; end < subject.length; end++) {
		const char *slash = memchr(subject.at + end, '/', subject.length - end);
		int64_t id = 0, count = 0;

		end = slash ? (size_t)(slash - subject.at) : subject.length;
		if (!names_subject(block->store->names, block->stream,
				   (struct span){ subject.at, end }, false, &id, err))
			return false;
		if (id != 0 && is_looked(looked, id, block->arena))
			continue;

		const struct sql_value values[] = { sql_integer(id), sql_integer(block->first) };
		if (!sql_ask(block->store->sql,
			     "SELECT count(*) FROM place WHERE subject = $1 AND block = $2", values,
			     2, &count, err))
			return false;
		if (count != 1)
			faults_add(faults, "block %lld: it is not listed under '%.*s'",
				   (long long)block->first, (int)end, subject.at);
	}
	return true;
}

static bool check_places(const struct indexed *block, struct faults *faults, struct error *err)
{
	struct looked looked = { 0 };
	const char *before = NULL;

	for (size_t i = 0; i < block->count; i++) {
		const char *subject = block->entries[i].entry.subject;

		if ((!before || strcmp(before, subject) != 0) &&
		    !check_place(block, span_of(subject), &looked, faults, err))
			return false;
		before = subject;
	}
	return true;
}

bool verify_rows(const struct indexed *block, struct faults *faults, struct error *err)
{
	for (size_t from = 0; from < block->count; from += ASKED_TOGETHER)
		if (!check_some(block, from, faults, err))
			return false;
	return check_places(block, faults, err);
}
