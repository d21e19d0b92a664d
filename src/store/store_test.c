#include "store/store.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "test/promise.h"

/* What a store promises, on both databases: each test runs once on SQLite and once on PostgreSQL.
 */

enum {
	MANY = 3000,
	NODES = 40,
	NOW = 1790000000,
};

static void reopen(struct fixture *fixture, enum sql_access access)
{
	store_close(fixture->store);
	fixture->store = NULL;
	assert_true(store_open(fixture->place->where, access, &fixture->store, &fixture->err));
}

/* ---- entries ---- */

static struct store_entry entry_of(struct fixture *fixture, unsigned i)
{
	struct arena *arena = &fixture->arena;

	return (struct store_entry){
		.line = span_of(
			arena_format(arena, "{\"id\":\"run%u.%u\",\"n\":%u}", i / 100, i, i)),
		.id = arena_format(arena, "run%u.%u", i / 100, i),
		.subject = arena_format(arena, "cloud/h100/eu/H100/alpha/node-%02u", i % NODES),
		.what = i % 2 ? "node.gpu.temperature" : "node.gpu.power",
		.device = i % 3 ? "gpu:0000:19:00.0" : NULL,
		.time = NOW + (int64_t)i * 60,
		.value = i % 7 ? i * 0.1 : (double)NAN,
	};
}

static struct store_receipt append(struct fixture *fixture, enum store_stream stream,
				   const struct store_entry *entries, size_t count, int64_t time)
{
	const struct store_batch batch = { stream, "test", time, entries, count };
	struct store_receipt receipt = { 0 };

	if (!store_append(fixture->store, &batch, &receipt, &fixture->err))
		fail_msg("%s", fixture->err.text);
	return receipt;
}

static void append_many(struct fixture *fixture, unsigned from, unsigned to)
{
	struct store_entry *entries = ARENA_ARRAY(&fixture->arena, struct store_entry, to - from);

	for (unsigned i = from; i < to; i++)
		entries[i - from] = entry_of(fixture, i);
	(void)append(fixture, STORE_QUOTES, entries, to - from, NOW);
}

/* How many entries the query finds; the first and last sequence. */
static size_t find(struct fixture *fixture, const struct store_query *query, int64_t *ret_first,
		   int64_t *ret_last)
{
	struct store_cursor *cursor = NULL;
	struct store_found found;
	size_t count = 0;
	bool more = true;

	if (!store_find(fixture->store, query, &cursor, &fixture->err))
		fail_msg("%s", fixture->err.text);
	while (true) {
		if (!store_next(cursor, &found, &more, &fixture->err))
			fail_msg("%s", fixture->err.text);
		if (!more)
			break;
		if (count++ == 0 && ret_first)
			*ret_first = found.sequence;
		if (ret_last)
			*ret_last = found.sequence;
	}
	store_cursor_close(cursor);
	return count;
}

static void assert_sound(struct fixture *fixture)
{
	const char **faults = NULL;
	size_t count = 0;

	if (!store_verify(fixture->store, 10, &fixture->arena, &faults, &count, &fixture->err))
		fail_msg("%s", fixture->err.text);
	if (count > 0)
		fail_msg("%s", faults[0]);
}

/* ---- tests ---- */

static void what_is_begun_together_is_taken_together(struct fixture *fixture)
{
	int64_t last = -1;

	append_many(fixture, 0, 50);
	assert_true(store_begin(fixture->store, &fixture->err));
	append_many(fixture, 50, 100);
	append_many(fixture, 100, 150);
	store_give_up(fixture->store);
	assert_true(store_last(fixture->store, &last, &fixture->err));
	assert_int_equal(last, 50);
	/* The same names are made once more, not remembered from what was given up. */
	assert_true(store_begin(fixture->store, &fixture->err));
	append_many(fixture, 50, 100);
	append_many(fixture, 100, 150);
	assert_true(store_commit(fixture->store, &fixture->err));
	reopen(fixture, SQL_READ);
	assert_true(store_last(fixture->store, &last, &fixture->err));
	assert_int_equal(last, 150);
	assert_sound(fixture);
}

static void what_was_taken_is_found_again(struct fixture *fixture)
{
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true;

	append_many(fixture, 0, MANY);
	reopen(fixture, SQL_READ);
	assert_true(store_find(fixture->store, &(struct store_query){ .stream = STORE_QUOTES },
			       &cursor, &fixture->err));
	for (unsigned i = 0; i < MANY; i++) {
		const struct store_entry wanted = entry_of(fixture, i);

		assert_true(store_next(cursor, &found, &more, &fixture->err));
		assert_true(more);
		assert_int_equal(found.sequence, i + 1);
		assert_true(span_equal(found.entry.line, wanted.line));
		assert_string_equal(found.entry.id, wanted.id);
		assert_string_equal(found.entry.subject, wanted.subject);
		assert_string_equal(found.entry.what, wanted.what);
		assert_int_equal(found.entry.time, wanted.time);
		assert_string_equal(found.party, "test");
		assert_int_equal(found.taken, NOW);
		assert_int_equal(found.entry.device == NULL, wanted.device == NULL);
		if (isnan(wanted.value))
			assert_true(isnan(found.entry.value));
		else
			assert_memory_equal(&found.entry.value, &wanted.value, sizeof(double));
	}
	assert_true(store_next(cursor, &found, &more, &fixture->err));
	assert_false(more);
	store_cursor_close(cursor);
	assert_sound(fixture);
}

static void queries_find_what_they_ask_for(struct fixture *fixture)
{
	append_many(fixture, 0, MANY);

	const struct {
		struct store_query query;
		size_t count;
	} cases[] = {
		{ { .stream = STORE_EVIDENCE }, 0 },
		{ { .stream = STORE_QUOTES, .subject = "cloud" }, MANY },
		{ { .stream = STORE_QUOTES, .subject = "clo" }, 0 },
		{ { .stream = STORE_QUOTES, .subject = "cloud/h100/eu/H100/alpha/node-07" },
		  MANY / NODES },
		{ { .stream = STORE_QUOTES, .what = "node.gpu.power" }, MANY / 2 },
		{ { .stream = STORE_QUOTES, .what = "node.gpu.*" }, MANY },
		{ { .stream = STORE_QUOTES, .what = "node.g.*" }, 0 },
		{ { .stream = STORE_QUOTES, .what = "no such" }, 0 },
		{ { .stream = STORE_QUOTES, .device = "gpu:0000:19:00.0" }, MANY * 2 / 3 },
		{ { .stream = STORE_QUOTES, .id = "run5.555" }, 1 },
		{ { .stream = STORE_QUOTES, .id = "run5.5555" }, 0 },
		{ { .stream = STORE_QUOTES, .since = NOW + 60, .until = NOW + 120 }, 2 },
		{ { .stream = STORE_QUOTES,
		    .subject = "cloud/h100",
		    .what = "node.gpu.power",
		    .since = NOW + 60,
		    .until = NOW + 240 },
		  2 },
		{ { .stream = STORE_QUOTES, .limit = 7 }, 7 },
		{ { .stream = STORE_QUOTES, .after = 2990 }, 10 },
		{ { .stream = STORE_QUOTES, .known_until = NOW - 1 }, 0 },
		{ { .stream = STORE_QUOTES, .known_until = NOW }, MANY },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (find(fixture, &cases[i].query, NULL, NULL) != cases[i].count)
			fail_msg("case %zu finds %zu", i,
				 find(fixture, &cases[i].query, NULL, NULL));
}

static void pages_join_without_a_gap(struct fixture *fixture)
{
	static const struct store_query queries[] = {
		{ .stream = STORE_QUOTES },
		{ .stream = STORE_QUOTES, .subject = "cloud/h100" },
		{ .stream = STORE_QUOTES, .what = "node.gpu.power" },
		{ .stream = STORE_QUOTES, .newest_first = true },
		{ .stream = STORE_QUOTES, .subject = "cloud", .newest_first = true },
		{ .stream = STORE_QUOTES, .device = "gpu:0000:19:00.0", .newest_first = true },
	};

	append_many(fixture, 0, MANY);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct store_query query = queries[i];
		size_t all = find(fixture, &query, NULL, NULL), paged = 0, count;
		int64_t first = 0, last = 0, before = 0;

		query.limit = 77;
		while ((count = find(fixture, &query, &first, &last)) > 0) {
			assert_true(before == 0 ||
				    (query.newest_first ? first < before : first > before));
			paged += count;
			query.after = before = last;
		}
		assert_int_equal(paged, all);
	}
}

static void the_same_again_is_known(struct fixture *fixture)
{
	struct store_entry entries[3];
	struct store_receipt receipt;
	struct store_counts before, after;

	for (unsigned i = 0; i < 3; i++)
		entries[i] = entry_of(fixture, i);
	receipt = append(fixture, STORE_QUOTES, entries, 2, NOW);
	assert_int_equal(receipt.taken, 2);
	assert_true(store_count(fixture->store, &before, &fixture->err));
	receipt = append(fixture, STORE_QUOTES, entries, 2, NOW);
	assert_int_equal(receipt.taken, 0);
	assert_int_equal(receipt.known, 2);
	assert_int_equal(receipt.first, 0);
	assert_true(store_count(fixture->store, &after, &fixture->err));
	assert_memory_equal(before.link, after.link, STORE_LINK_BYTES);
	receipt = append(fixture, STORE_QUOTES, entries, 3, NOW);
	assert_int_equal(receipt.taken, 1);
	assert_int_equal(receipt.known, 2);
	assert_int_equal(receipt.first, 3);
	/* Another stream has ids of its own; one id twice in a batch counts once. */
	entries[1] = entries[0];
	receipt = append(fixture, STORE_ANSWERS, entries, 2, NOW);
	assert_int_equal(receipt.taken, 1);
	assert_sound(fixture);
}

/* A run of ids that begin alike is asked for at once, and each by itself where some are there. Of
 * many runs more are asked for than one question has room for. */
static void a_run_of_ids_is_known_in_part(struct fixture *fixture)
{
	enum { RUN = 8, ALL = 520 * RUN, FIRST = 255 * RUN + 5 };
	struct store_entry entries[40],
		*more = ARENA_ARRAY(&fixture->arena, struct store_entry, ALL);
	struct store_receipt receipt;

	for (unsigned i = 0; i < 40; i++)
		entries[i] = entry_of(fixture, i);
	receipt = append(fixture, STORE_QUOTES, entries, 25, NOW);
	assert_int_equal(receipt.taken, 25);
	receipt = append(fixture, STORE_QUOTES, entries + 15, 25, NOW);
	assert_int_equal(receipt.taken, 15);
	assert_int_equal(receipt.known, 10);
	for (unsigned i = 0; i < ALL; i++) {
		more[i] = entry_of(fixture, i);
		more[i].id = arena_format(&fixture->arena, "run-%u.%u", i / RUN, i % RUN);
	}
	assert_int_equal(append(fixture, STORE_QUOTES, more, FIRST, NOW).taken, FIRST);
	receipt = append(fixture, STORE_QUOTES, more + RUN, ALL - RUN, NOW);
	assert_int_equal(receipt.known, FIRST - RUN);
	assert_sound(fixture);
}

/* Of ids that all begin alike only some stand in runs, so that no question has to unpack them all.
 */
static void many_ids_that_begin_alike(struct fixture *fixture)
{
	enum { ALIKE = 6000, AT_ONCE = 1000 };
	struct store_entry *entries = ARENA_ARRAY(&fixture->arena, struct store_entry, ALIKE);
	struct store_batch batch = { STORE_QUOTES, "test", NOW, NULL, 1 };
	struct store_receipt receipt = { 0 };
	int64_t runs = 0, first = 0;

	for (unsigned i = 0; i < ALIKE; i++) {
		entries[i] = entry_of(fixture, i);
		entries[i].id = arena_format(&fixture->arena, "alike.%u", i);
	}
	for (unsigned i = 0; i < ALIKE; i += AT_ONCE)
		(void)append(fixture, STORE_QUOTES, entries + i, AT_ONCE, NOW);
	if (sql_kind(store_sql(fixture->store)) == SQL_POSTGRESQL) {
		assert_true(sql_ask(store_sql(fixture->store), "SELECT count(*) FROM run", NULL, 0,
				    &runs, &fixture->err));
		assert_int_equal(runs, 8);
	}
	for (unsigned i = 0; i < ALIKE; i += 499) {
		const struct store_query query = { .stream = STORE_QUOTES, .id = entries[i].id };
		struct store_entry other = entries[i];

		assert_int_equal(find(fixture, &query, &first, NULL), 1);
		assert_int_equal(first, i + 1);
		other.line = SPAN("{\"other\":1}");
		batch.entries = &other;
		assert_false(store_append(fixture->store, &batch, &receipt, &fixture->err));
		assert_int_equal(fixture->err.code, ERROR_CONFLICT);
		fixture->err = (struct error){ 0 };
	}
	receipt = append(fixture, STORE_QUOTES, entries, ALIKE, NOW);
	assert_int_equal(receipt.known, ALIKE);
	assert_sound(fixture);
}

/* The server may be asked for its last rows to be kept before it says that it has refused them. */
static void a_row_that_is_refused_ends_its_transaction(struct fixture *fixture)
{
	static const char *const columns[] = { "id", "text" };
	static const struct sql_table word = { "word", columns, 2 };
	const struct sql_value rows[] = { sql_integer(1), sql_text("a"), sql_integer(1),
					  sql_text("b") };
	struct sql *sql = store_sql(fixture->store);
	int64_t count = 0;

	assert_true(sql_begin(sql, &fixture->err));
	assert_false(sql_insert(sql, &word, rows, 2, &fixture->err) &&
		     sql_commit(sql, &fixture->err));
	assert_int_not_equal(fixture->err.code, ERROR_NONE);
	sql_rollback(sql);
	assert_true(sql_begin(sql, NULL));
	(void)sql_insert(sql, &word, rows, 2, NULL);
	sql_rollback(sql);
	assert_true(sql_ask(sql, "SELECT count(*) FROM word", NULL, 0, &count, NULL));
	assert_int_equal(count, 0);
	append_many(fixture, 0, 20);
	assert_sound(fixture);
}

static void an_id_with_other_content_refuses_the_batch(struct fixture *fixture)
{
	struct store_entry entries[3];
	const struct store_batch batch = { STORE_QUOTES, "test", NOW, entries, 3 };
	struct store_receipt receipt;
	struct store_counts counts;

	for (unsigned i = 0; i < 3; i++)
		entries[i] = entry_of(fixture, i);
	(void)append(fixture, STORE_QUOTES, entries + 1, 1, NOW);
	entries[1].line = SPAN("{\"id\":\"run0.1\"}");
	assert_false(store_append(fixture->store, &batch, &receipt, &fixture->err));
	assert_int_equal(fixture->err.code, ERROR_CONFLICT);
	assert_non_null(strstr(fixture->err.text, "run0.1"));
	assert_true(store_count(fixture->store, &counts, &fixture->err));
	assert_int_equal(counts.entries[STORE_QUOTES], 1);
	/* The same within one batch. */
	entries[1] = entries[0];
	entries[1].line = SPAN("{}");
	assert_false(store_append(fixture->store, &batch, &receipt, &fixture->err));
	assert_int_equal(fixture->err.code, ERROR_CONFLICT);
	entries[1] = entry_of(fixture, 1);
	assert_int_equal(append(fixture, STORE_QUOTES, entries, 3, NOW).taken, 2);
	assert_sound(fixture);
}

static void the_newest_of_each_series(struct fixture *fixture)
{
	const struct store_query query = { .stream = STORE_QUOTES,
					   .subject = "cloud/h100/eu/H100/alpha/node-04" };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	size_t count = 0;
	bool more = true;

	append_many(fixture, 0, MANY);
	assert_true(store_newest(fixture->store, &query, &cursor, &fixture->err));
	while (store_next(cursor, &found, &more, &fixture->err) && more) {
		count++;
		assert_string_equal(found.entry.subject, query.subject);
		/* 40 nodes, 2 devices: the last of each lies within the last 120. */
		assert_true(found.sequence > MANY - 120);
	}
	assert_false(more);
	assert_int_equal(count, 2);
	store_cursor_close(cursor);
}

static void curves_are_thinned_and_keep_their_extremes(struct fixture *fixture)
{
	const struct store_query query = { .stream = STORE_QUOTES,
					   .what = "node.gpu.power",
					   .limit = 100 };
	struct store_point *points = NULL;
	size_t count = 0;

	append_many(fixture, 0, MANY);
	assert_true(store_points(fixture->store, &query, &fixture->arena, &points, &count,
				 &fixture->err));
	assert_in_range(count, 40, 100);
	assert_int_equal(points[0].time, NOW + 2 * 60);
	assert_int_equal(points[count - 1].time, NOW + (MANY - 2) * 60);
	for (size_t i = 1; i < count; i++)
		assert_true(points[i].time > points[i - 1].time);
}

static void subjects_stand_below_subjects(struct fixture *fixture)
{
	const char **names = NULL;
	size_t count = 0;

	append_many(fixture, 0, 200);
	assert_true(store_subjects(fixture->store,
				   &(struct store_below){ STORE_QUOTES, "", NULL, 10 },
				   &fixture->arena, &names, &count, &fixture->err));
	assert_int_equal(count, 1);
	assert_string_equal(names[0], "cloud");
	assert_true(store_subjects(
		fixture->store,
		&(struct store_below){ STORE_QUOTES, "cloud/h100/eu/H100/alpha", "node-09", 5 },
		&fixture->arena, &names, &count, &fixture->err));
	assert_int_equal(count, 5);
	assert_string_equal(names[0], "node-10");
	assert_true(store_subjects(fixture->store,
				   &(struct store_below){ STORE_EVIDENCE, "", NULL, 10 },
				   &fixture->arena, &names, &count, &fixture->err));
	assert_int_equal(count, 0);
}

static struct store_entry act_of(struct fixture *fixture, const char *id, const char *what,
				 const char *target)
{
	return (struct store_entry){
		.line = span_of(arena_format(&fixture->arena, "{\"act\":\"%s\"}", id)),
		.id = id,
		.subject = "cloud",
		.what = what,
		.device = target,
		.time = NOW,
		.value = (double)NAN,
	};
}

static void acts_withdraw_and_restore(struct fixture *fixture)
{
	struct store_entry act = act_of(fixture, "a1", "withdraw", "quotes:run0.5");
	const struct store_batch wrong = { STORE_ACTS, "test", NOW, &act, 1 };
	struct store_query query = { .stream = STORE_QUOTES, .subject = "cloud" };
	struct store_receipt receipt;

	append_many(fixture, 0, 20);
	(void)append(fixture, STORE_ACTS, &act, 1, NOW + 10);
	assert_int_equal(find(fixture, &query, NULL, NULL), 19);
	query.what = "node.gpu.temperature";
	assert_int_equal(find(fixture, &query, NULL, NULL), 9);
	query.withdrawn_too = true;
	assert_int_equal(find(fixture, &query, NULL, NULL), 10);
	query = (struct store_query){ .stream = STORE_QUOTES, .known_until = NOW + 9 };
	assert_int_equal(find(fixture, &query, NULL, NULL), 20);
	act = act_of(fixture, "a2", "restore", "quotes:run0.5");
	(void)append(fixture, STORE_ACTS, &act, 1, NOW + 20);
	query.known_until = NOW + 15;
	assert_int_equal(find(fixture, &query, NULL, NULL), 19);
	query.known_until = 0;
	assert_int_equal(find(fixture, &query, NULL, NULL), 20);
	act = act_of(fixture, "a3", "withdraw", "quotes:nobody");
	assert_false(store_append(fixture->store, &wrong, &receipt, &fixture->err));
	assert_int_equal(fixture->err.code, ERROR_MISSING);
	assert_sound(fixture);
}

static void what_was_known_at_a_moment(struct fixture *fixture)
{
	struct store_query query = { .stream = STORE_QUOTES };
	struct store_entry entry;

	for (unsigned i = 0; i < 5; i++) {
		entry = entry_of(fixture, i);
		/* The clock of the third went back: what was known does not. */
		(void)append(fixture, STORE_QUOTES, &entry, 1, i == 2 ? NOW - 50 : NOW + 10 * i);
	}
	query.known_until = NOW + 10;
	assert_int_equal(find(fixture, &query, NULL, NULL), 3);
	query.known_until = NOW + 30;
	assert_int_equal(find(fixture, &query, NULL, NULL), 4);
}

static void bad_entries_are_refused(struct fixture *fixture)
{
	static char longest[STORE_LINE_MAXIMUM + 2];
	struct store_entry cases[6];
	struct store_receipt receipt;

	memset(longest, 'x', sizeof(longest) - 1);
	for (unsigned i = 0; i < 6; i++)
		cases[i] = entry_of(fixture, i);
	cases[0].line = span_of(longest);
	cases[1].line = SPAN("{\n}");
	cases[2].id = "a\tb";
	cases[3].subject = "\xff";
	cases[4].value = (double)INFINITY;
	cases[5].line = SPAN("");
	for (unsigned i = 0; i < 6; i++) {
		const struct store_batch batch = { STORE_QUOTES, "test", NOW, &cases[i], 1 };

		fixture->err = (struct error){ 0 };
		assert_false(store_append(fixture->store, &batch, &receipt, &fixture->err));
		assert_non_null(strstr(fixture->err.text, "entry 1"));
	}
	assert_int_equal(find(fixture, &(struct store_query){ .stream = STORE_QUOTES }, NULL, NULL),
			 0);
}

static void entries_of_the_greatest_length(struct fixture *fixture)
{
	static char longest[STORE_LINE_MAXIMUM + 1];
	struct store_entry entry = entry_of(fixture, 1);
	uint32_t state = 1;

	for (size_t i = 0; i < STORE_LINE_MAXIMUM; i++) {
		state = state * 1664525 + 1013904223;
		longest[i] = (char)(' ' + state % 95);
	}
	entry.line = span_of(longest);
	(void)append(fixture, STORE_ANSWERS, &entry, 1, NOW);
	append_many(fixture, 0, 100);
	assert_int_equal(
		find(fixture, &(struct store_query){ .stream = STORE_ANSWERS }, NULL, NULL), 1);
	assert_sound(fixture);
}

static struct record record_of(struct fixture *fixture, unsigned i)
{
	SCOPED_TEXT(scratch);
	struct record record = {
		.id = arena_format(&fixture->arena, "run.%u", i),
		.subject = { .parts = { [SUBJECT_PROVIDER] = "cloud",
					[SUBJECT_NODE] = "node-1",
					[SUBJECT_DEVICE] = "gpu:0" } },
		.what = "node.gpu.power",
		.says = SAYS_VALUE,
		.value = i + 0.5,
		.unit = "W",
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E2,
		.observed = 20000,
		.time = i % 2 ? 20000ll * 86400 + i : 0,
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.source = { .name = "this machine" },
		.excerpt = "said \"hash\":\"sha256:\"",
	};

	record_seal(&record, &scratch);
	return record;
}

static void records_come_back_with_their_hashes(struct fixture *fixture)
{
	enum { RECORDS = 300 };
	const struct store_query query = { .stream = STORE_NODES,
					   .subject = "cloud/*/*/*/*/node-1",
					   .since = 20000ll * 86400 };
	struct record *records = ARENA_ARRAY(&fixture->arena, struct record, RECORDS);
	const struct record *pointers[RECORDS];
	struct store_receipt receipt;
	SCOPED_EVIDENCE(set);

	for (unsigned i = 0; i < RECORDS; i++) {
		records[i] = record_of(fixture, i);
		pointers[i] = &records[i];
	}
	if (!store_append_records(fixture->store, STORE_NODES, "agent", NOW, pointers, RECORDS,
				  &receipt, &fixture->err))
		fail_msg("%s", fixture->err.text);
	assert_int_equal(receipt.taken, RECORDS);
	assert_true(store_append_records(fixture->store, STORE_NODES, "agent", NOW, pointers,
					 RECORDS, &receipt, &fixture->err));
	assert_int_equal(receipt.known, RECORDS);
	if (!store_load(fixture->store, &query, &set, &fixture->err))
		fail_msg("%s", fixture->err.text);
	assert_int_equal(set.count, RECORDS);
	for (unsigned i = 0; i < RECORDS; i++) {
		assert_string_equal(set.records[i].id, records[i].id);
		assert_memory_equal(set.records[i].hash, records[i].hash, RECORD_HASH_BYTES);
	}
	assert_sound(fixture);
	assert_false(store_append_records(fixture->store, STORE_QUOTES, "agent", NOW, pointers, 1,
					  &receipt, &fixture->err));
}

static void two_connections_see_whole_batches(struct fixture *fixture)
{
	struct store *other = NULL;
	struct store_cursor *cursor = NULL;
	struct store_found found;
	struct store_counts counts;
	bool more = true;
	size_t count = 0;

	append_many(fixture, 0, 500);
	assert_true(store_open(fixture->place->where, SQL_READ, &other, &fixture->err));
	assert_true(store_find(other, &(struct store_query){ .stream = STORE_QUOTES }, &cursor,
			       &fixture->err));
	append_many(fixture, 500, 1000);
	while (store_next(cursor, &found, &more, &fixture->err) && more)
		count++;
	store_cursor_close(cursor);
	assert_int_equal(count, 500);
	assert_true(store_count(other, &counts, &fixture->err));
	assert_int_equal(counts.entries[STORE_QUOTES], 1000);
	store_close(other);
}

static void small_batches_are_packed_closer(struct fixture *fixture)
{
	struct store_counts before, after;
	int64_t bytes_before = 0, bytes_after = 0;

	for (unsigned i = 0; i < 300; i++)
		append_many(fixture, i, i + 1);
	assert_true(store_count(fixture->store, &before, &fixture->err));
	if (!store_compact(fixture->store, &bytes_before, &bytes_after, &fixture->err))
		fail_msg("%s", fixture->err.text);
	assert_true(store_count(fixture->store, &after, &fixture->err));
	assert_memory_equal(before.link, after.link, STORE_LINK_BYTES);
	assert_int_equal(after.batches, before.batches);
	assert_sound(fixture);
	assert_int_equal(find(fixture,
			      &(struct store_query){ .stream = STORE_QUOTES, .subject = "cloud" },
			      NULL, NULL),
			 300);
	append_many(fixture, 300, 320);
	assert_sound(fixture);
}

static const struct promise promises[] = {
	PROMISE(what_was_taken_is_found_again),
	PROMISE(what_is_begun_together_is_taken_together),
	PROMISE(queries_find_what_they_ask_for),
	PROMISE(pages_join_without_a_gap),
	PROMISE(the_same_again_is_known),
	PROMISE(a_run_of_ids_is_known_in_part),
	PROMISE(many_ids_that_begin_alike),
	PROMISE(a_row_that_is_refused_ends_its_transaction),
	PROMISE(an_id_with_other_content_refuses_the_batch),
	PROMISE(the_newest_of_each_series),
	PROMISE(curves_are_thinned_and_keep_their_extremes),
	PROMISE(subjects_stand_below_subjects),
	PROMISE(acts_withdraw_and_restore),
	PROMISE(what_was_known_at_a_moment),
	PROMISE(bad_entries_are_refused),
	PROMISE(entries_of_the_greatest_length),
	PROMISE(records_come_back_with_their_hashes),
	PROMISE(two_connections_see_whole_batches),
	PROMISE(small_batches_are_packed_closer),
};

int main(void)
{
	return promises_test("store", promises, sizeof(promises) / sizeof(promises[0]));
}
