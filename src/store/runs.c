#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "store/intake.h"

/* Ids of one origin begin alike and come one behind another: "run7.0", "run7.1" … Instead of a row
 * and an entry of an index for each, PostgreSQL keeps one row for all of such a run: what they
 * begin with, and the first and the last sequence. Which of them is asked for is then seen in the
 * blocks. How much has to be unpacked for one id is bounded: what would be more has rows of its
 * own. */

enum {
	RUN_LEAST = 16, /* entries: fewer have rows of their own */
	RUN_MOST = 512,
	RUNS_OF_STEM = 8, /* of ids that begin alike: about 60 blocks */
	STEMS_AT_ONCE = 250,
};

struct run {
	int64_t stem, first, last;
	size_t at; /* its first of what is new; not of a row that was read */
};

/* ---- reading ---- */

struct runs {
	struct run *items;
	size_t count;
};

/* The runs whose ids begin like any of these, in the arena. */
static bool read_runs(struct store *store, const struct sql_value *stems, size_t stem_count,
		      struct arena *arena, struct runs *ret_runs, struct error *err)
{
	const char *question = question_with_list(
		arena, "SELECT first, last, stem FROM run WHERE stem IN", stem_count);
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	struct run *runs = NULL;
	size_t count = 0, room = 0;
	bool more = true;
	bool good = sql_query(store->sql, question, stems, stem_count, &rows, err);

	while (good && (good = sql_next(rows, &row, &more, err)) && more) {
		ARENA_GROW(arena, runs, count, room);
		runs[count++] = (struct run){ .first = row[0].integer,
					      .last = row[1].integer,
					      .stem = row[2].integer };
	}
	sql_rows_close(rows);
	*ret_runs = (struct runs){ runs, count };
	return good;
}

/* Holds the entries of the run against those that come. */
static bool check_run(struct intakes *intakes, const struct run *run, struct error *err)
{
	for (int64_t sequence = run->first; sequence <= run->last; sequence++) {
		struct block *block;
		const char *id;

		if (!block_of(intakes->store, sequence, &block, err))
			return false;
		id = block->entries[sequence - block->first].entry.id;
		if (id && !intakes_check_against(intakes, id_key(block->stream, id), sequence, err))
			return false;
	}
	return true;
}

/* Looks at the runs of as many stems as one question takes; those behind `count` are the last. */
static bool check_stems(struct intakes *intakes, struct sql_value *stems, size_t count,
			struct arena *arena, struct error *err)
{
	struct runs runs = { 0 };
	bool good;

	for (size_t i = count; i < STEMS_AT_ONCE; i++)
		stems[i] = stems[count - 1];
	arena_clear(arena);
	good = read_runs(intakes->store, stems, STEMS_AT_ONCE, arena, &runs, err);
	for (size_t i = 0; good && i < runs.count; i++) {
		ARENA_GROW(&intakes->arena, intakes->stems, intakes->stem_count,
			   intakes->stem_room);
		intakes->stems[intakes->stem_count++] = runs.items[i].stem;
		good = check_run(intakes, &runs.items[i], err);
	}
	return good;
}

bool runs_check(struct intakes *intakes, struct error *err)
{
	const enum store_stream stream = intakes->batch->stream;
	struct sql_value stems[STEMS_AT_ONCE];
	SCOPED_ARENA(arena);
	int64_t before = -1;
	size_t count = 0;

	if (!store_has_runs(intakes->store))
		return true;
	for (size_t i = 0; i < intakes->count; i++) {
		const char *id = entry_of(intakes, &intakes->items[i])->id;
		const int64_t stem = id ? id_stem(stream, id) : before;

		if (stem == before)
			continue;
		before = stem;
		stems[count++] = sql_integer(stem);
		if (count < STEMS_AT_ONCE)
			continue;
		if (!check_stems(intakes, stems, count, &arena, err))
			return false;
		count = 0;
	}
	return count == 0 || check_stems(intakes, stems, count, &arena, err);
}

/* NOLINTNEXTLINE(readability-function-size): as id_find, whose other way it is */
bool runs_find(struct store *store, enum store_stream stream, const char *id, int64_t *ret_sequence,
	       bool *ret_found, struct error *err)
{
	SCOPED_ARENA(arena);
	struct runs runs = { 0 };
	struct sql_value stem;

	if (!store_has_runs(store))
		return true;
	stem = sql_integer(id_stem(stream, id));
	if (!read_runs(store, &stem, 1, &arena, &runs, err))
		return false;
	for (size_t i = 0; i < runs.count; i++) {
		for (int64_t at = runs.items[i].first; at <= runs.items[i].last; at++) {
			struct block *block;
			const char *there;

			if (!block_of(store, at, &block, err))
				return false;
			there = block->entries[at - block->first].entry.id;
			if (!there || block->stream != stream || strcmp(there, id) != 0)
				continue;
			*ret_sequence = at;
			*ret_found = true;
			return true;
		}
	}
	return true;
}

/* ---- writing ---- */

static int by_stem(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	if (a->stem != b->stem)
		return a->stem < b->stem ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

/* The runs among what is new, which has its numbers. */
static size_t find_runs(const struct intakes *intakes, struct run *runs)
{
	const enum store_stream stream = intakes->batch->stream;
	struct intake *const *fresh = intakes->fresh;
	size_t count = 0, end;

	for (size_t i = 0; i < intakes->fresh_count; i = end) {
		const char *id = entry_of(intakes, fresh[i])->id;
		const int64_t stem = id ? id_stem(stream, id) : 0;

		for (end = i + 1; id && end < intakes->fresh_count && end - i < RUN_MOST; end++) {
			const char *other = entry_of(intakes, fresh[end])->id;

			if (!other || id_stem(stream, other) != stem)
				break;
		}
		if (end - i >= RUN_LEAST && id)
			runs[count++] = (struct run){ stem, fresh[i]->sequence,
						      fresh[end - 1]->sequence, i };
	}
	return count;
}

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

/* Leaves those that a stem has room for beside what runs_check found. */
static size_t bound_runs(struct intakes *intakes, struct run *runs, size_t count)
{
	size_t kept = 0, at = 0, there = 0;

	if (intakes->stem_count > 0)
		qsort(intakes->stems, intakes->stem_count, sizeof(*intakes->stems), by_number);
	qsort(runs, count, sizeof(*runs), by_stem);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || runs[i].stem != runs[i - 1].stem)
			there = 0;
		for (; at < intakes->stem_count && intakes->stems[at] <= runs[i].stem; at++)
			there += intakes->stems[at] == runs[i].stem;
		if (there++ < RUNS_OF_STEM)
			runs[kept++] = runs[i];
	}
	return kept;
}

bool runs_write(struct intakes *intakes, struct error *err)
{
	static const char *const columns[] = { "stem", "first", "last" };
	static const struct sql_table table = { "run", columns, 3 };
	struct arena *arena = &intakes->arena;
	struct sql_value *values;
	struct run *runs;
	size_t count;

	if (!store_has_runs(intakes->store))
		return true;
	runs = ARENA_ARRAY(arena, struct run, intakes->fresh_count / RUN_LEAST + 1);
	count = bound_runs(intakes, runs, find_runs(intakes, runs));
	values = ARENA_ARRAY(arena, struct sql_value, 3 * count + 1);
	for (size_t i = 0; i < count; i++) {
		values[3 * i] = sql_integer(runs[i].stem);
		values[3 * i + 1] = sql_integer(runs[i].first);
		values[3 * i + 2] = sql_integer(runs[i].last);
		for (int64_t j = 0; j <= runs[i].last - runs[i].first; j++)
			intakes->fresh[runs[i].at + (size_t)j]->in_run = true;
	}
	return sql_insert(intakes->store->sql, &table, values, count, err);
}
