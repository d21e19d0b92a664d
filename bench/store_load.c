/*
 * Fills a store, or a plain table of the same database, with made-up records of nodes, asks what
 * pages ask, and stands for a writer that is killed.
 *
 * usage: store-load ingest WHERE RECORDS BATCH   prints seconds
 *        store-load table WHERE RECORDS BATCH    the same rows into one table with the same ways in
 *        store-load plain WHERE RECORDS BATCH    the same without any way in
 *        store-load ask WHERE RECORDS            prints "name worst mean processor rows" of each
 *                                                query, in milliseconds
 *        store-load write WHERE FROM BATCH       appends until it is killed; "N" on standard output
 *                                                once the entries up to N are acknowledged
 */
#define _GNU_SOURCE /* clock_gettime */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "store/store.h"

enum {
	NOW = 1790000000,
	GPUS = 8,
	MEASURES = 32,
	SERIES = GPUS * MEASURES, /* of a node; one run has one record of each */
	NODES = 256,
	CLOUDS = 16,
	ASKED = 40, /* times each query */
	RECORDS_MAXIMUM = 100000000,
};

static const char *const units[] = { "count", "s", "B/s", "%", "W", "Hz", "B", "1/s" };

static double now_s(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int complain(const struct error *err)
{
	(void)fprintf(stderr, "store-load: %s\n", err->text);
	return 1;
}

static double processor_s(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const char *node_of(struct arena *arena, uint64_t node)
{
	return arena_format(arena, "node-%03llu", (unsigned long long)(node % NODES));
}

/* Counters mostly stand, gauges wander, a few are fractions: as the agent's records are. */
static double value_of(uint64_t i, uint64_t series)
{
	uint32_t draw = random_u32((uint32_t)series, (uint32_t)(i / SERIES));

	switch (series % 4) {
	case 0:
		return draw % 50 ? 0 : draw % 7;
	case 1:
		return 30 + draw % 60;
	case 2:
		return (double)(draw % 700000) / 1000;
	default:
		return (double)(draw % 85899) * 1048576;
	}
}

/* Record `i`: runs of the nodes in turn, each 32 measures of 8 GPUs, every 15 minutes. */
static void make_record(uint64_t i, struct arena *arena, struct text *scratch,
			struct record *ret_record)
{
	uint64_t run = i / SERIES, series = i % SERIES, node = run % NODES;
	int64_t time = NOW + (int64_t)(run / NODES) * 900 + (int64_t)node;

	*ret_record = (struct record){
		.id = arena_format(arena, "%08x%08x%08x%08x.%llu", random_u32(1, (uint32_t)run),
				   random_u32(2, (uint32_t)run), random_u32(3, (uint32_t)run),
				   random_u32(4, (uint32_t)run), (unsigned long long)series),
		.subject = { .parts = {
			[SUBJECT_PROVIDER] = arena_format(arena, "cloud-%02llu", (unsigned long long)node % CLOUDS),
			[SUBJECT_PRODUCT] = "h100", [SUBJECT_REGION] = "eu-1", [SUBJECT_GPU] = "h100",
			[SUBJECT_CLUSTER] = "alpha", [SUBJECT_NODE] = node_of(arena, node),
			[SUBJECT_DEVICE] = arena_format(arena, "gpu:0000:%02llx:00.0", (unsigned long long)(series / MEASURES) * 16 + 9),
		} },
		.what = arena_format(arena, "node.gpu.measure.%02llu", (unsigned long long)(series % MEASURES)),
		.says = SAYS_VALUE,
		.value = value_of(i, series),
		.unit = units[series % 8],
		.kind = KIND_MEASUREMENT,
		.strength = STRENGTH_E2,
		.observed = date_from_unix(time),
		.time = time,
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.source = { .name = "this machine", .tool = "assay", .version = "0.1.0" },
		.excerpt = series % 8 ? NULL : arena_format(arena, "nvmlDeviceGetFieldValues %llu = %.17g", (unsigned long long)series, value_of(i, series)),
	};
	record_seal(ret_record, scratch);
}

/* ---- into a store ---- */

static bool append(struct store *store, uint64_t from, size_t count, struct store_receipt *receipt,
		   double *seconds, struct error *err)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(scratch);
	struct record *records = ARENA_ARRAY(&arena, struct record, count);
	const struct record **pointers = ARENA_ARRAY(&arena, const struct record *, count);
	double start;
	bool good;

	for (size_t i = 0; i < count; i++) {
		make_record(from + i, &arena, &scratch, &records[i]);
		pointers[i] = &records[i];
	}
	start = now_s();
	good = store_append_records(store, STORE_NODES, "bench", NOW, pointers, count, receipt,
				    err);
	*seconds += now_s() - start;
	return good;
}

/* Making the records is not counted. */
static int ingest(const char *where, uint64_t records, size_t batch)
{
	struct store *store = NULL;
	struct store_receipt receipt;
	struct error err = { 0 };
	double seconds = 0;

	if (!store_open(where, SQL_CREATE, &store, &err))
		return complain(&err);
	for (uint64_t i = 0; i < records; i += batch)
		if (!append(store, i, records - i < batch ? records - i : batch, &receipt, &seconds,
			    &err))
			return complain(&err);
	store_close(store);
	(void)printf("%.3f\n", seconds);
	return 0;
}

/* ---- into a table ---- */

static bool make_table(struct sql *sql, bool has_ways, struct error *err)
{
	const char *integer = sql_kind(sql) == SQL_SQLITE ? "INTEGER" : "BIGINT";
	SCOPED_TEXT(script);

	text_format(
		&script,
		"CREATE TABLE evidence (sequence %s PRIMARY KEY, id TEXT NOT NULL, subject TEXT "
		"NOT "
		"NULL, what TEXT NOT NULL, device TEXT NOT NULL, time %s NOT NULL, value %s, line "
		"TEXT NOT NULL);",
		integer, integer, sql_kind(sql) == SQL_SQLITE ? "REAL" : "DOUBLE PRECISION");
	if (has_ways)
		text_add(&script,
			 "CREATE UNIQUE INDEX evidence_id ON evidence (id);"
			 "CREATE INDEX evidence_series ON evidence (subject, what, device, time);");
	return sql_script(sql, text_string(&script), err);
}

static bool insert(struct sql *sql, uint64_t from, size_t count, double *seconds, struct error *err)
{
	static const char *const columns[] = { "sequence", "id",   "subject", "what",
					       "device",   "time", "value",   "line" };
	static const struct sql_table table = { "evidence", columns, 8 };
	SCOPED_ARENA(arena);
	SCOPED_TEXT(scratch);
	struct record *records = ARENA_ARRAY(&arena, struct record, count);
	struct sql_value *values = ARENA_ARRAY(&arena, struct sql_value, 8 * count);
	double start;
	bool good;

	for (size_t i = 0; i < count; i++)
		make_record(from + i, &arena, &scratch, &records[i]);
	start = now_s();
	for (size_t i = 0; i < count; i++) {
		const struct record *record = &records[i];
		const struct sql_value row[] = { sql_integer((int64_t)(from + i)),
						 sql_text(record->id),
						 sql_text(subject_name(&record->subject,
								       SUBJECT_DEVICE, &arena)),
						 sql_text(record->what),
						 sql_text(record->subject.parts[SUBJECT_DEVICE]),
						 sql_integer(record->time),
						 sql_real(record->value),
						 sql_text(NULL) };

		memcpy(values + 8 * i, row, sizeof(row));
		text_clear(&scratch);
		record_write(record, true, &scratch);
		values[8 * i + 7] = sql_text(arena_string(&arena, text_span(&scratch)));
	}
	good = sql_begin(sql, err) && sql_insert(sql, &table, values, count, err) &&
	       sql_commit(sql, err);
	*seconds += now_s() - start;
	return good;
}

static int fill_table(const char *where, uint64_t records, size_t batch, bool has_ways)
{
	struct sql *sql = NULL;
	struct error err = { 0 };
	double seconds = 0;

	if (!sql_open(where, SQL_CREATE, &sql, &err) || !make_table(sql, has_ways, &err))
		return complain(&err);
	for (uint64_t i = 0; i < records; i += batch)
		if (!insert(sql, i, records - i < batch ? records - i : batch, &seconds, &err))
			return complain(&err);
	sql_close(sql);
	(void)printf("%.3f\n", seconds);
	return 0;
}

/* ---- what pages ask ---- */

struct asking_case {
	const char *name;
	struct store_query query;
	bool newest, points, subjects;
};

static bool ask_once(struct store *store, const struct asking_case *one, struct arena *arena,
		     size_t *ret_count, struct error *err)
{
	struct store_cursor *cursor = NULL;
	struct store_found found;
	struct store_point *points = NULL;
	const char **names = NULL;
	bool more = true, good;

	*ret_count = 0;
	if (one->points)
		return store_points(store, &one->query, arena, &points, ret_count, err);
	if (one->subjects)
		return store_subjects(
			store, &(struct store_below){ STORE_NODES, one->query.subject, NULL, 1000 },
			arena, &names, ret_count, err);
	good = one->newest ? store_newest(store, &one->query, &cursor, err)
			   : store_find(store, &one->query, &cursor, err);
	while (good && (good = store_next(cursor, &found, &more, err)) && more)
		(*ret_count)++;
	store_cursor_close(cursor);
	return good;
}

/* Each from a store that was just opened: nothing is unpacked yet. */
static bool ask(const char *where, const struct asking_case *one, struct error *err)
{
	double worst = 0, sum = 0, processor = 0;
	size_t count = 0;

	for (unsigned i = 0; i < ASKED; i++) {
		SCOPED_ARENA(arena);
		struct asking_case varied = *one;
		struct store *store = NULL;
		double start;
		bool good;

		if (one->query.subject && strstr(one->query.subject, "%"))
			varied.query.subject =
				arena_format(&arena, "cloud-%02u/h100/eu-1/h100/alpha/node-%03u",
					     i * 5 % CLOUDS, i * 5 % CLOUDS);
		if (!store_open(where, SQL_READ, &store, err))
			return false;
		start = now_s();
		processor -= processor_s();
		good = ask_once(store, &varied, &arena, &count, err);
		processor += processor_s();
		start = 1e3 * (now_s() - start);
		sum += start;
		worst = start > worst ? start : worst;
		store_close(store);
		if (!good)
			return false;
	}
	(void)printf("%s %.2f %.2f %.2f %zu\n", one->name, worst, sum / ASKED,
		     1e3 * processor / ASKED, count);
	return true;
}

static int ask_all(const char *where, int64_t records)
{
	static const char node[] = "%";
	const struct asking_case cases[] = {
		{ .name = "newest-of-node",
		  .query = { .stream = STORE_NODES, .subject = node },
		  .newest = true },
		{ .name = "curve",
		  .query = { .stream = STORE_NODES,
			     .subject = node,
			     .what = "node.gpu.measure.05",
			     .device = "gpu:0000:29:00.0",
			     .limit = 500 },
		  .points = true },
		{ .name = "page-of-node",
		  .query = { .stream = STORE_NODES,
			     .subject = node,
			     .newest_first = true,
			     .limit = 100 } },
		{ .name = "page-of-measure",
		  .query = { .stream = STORE_NODES,
			     .subject = node,
			     .what = "node.gpu.measure.05",
			     .newest_first = true,
			     .limit = 100 } },
		{ .name = "page-of-cloud",
		  .query = { .stream = STORE_NODES,
			     .subject = "cloud-03",
			     .newest_first = true,
			     .limit = 100 } },
		{ .name = "page-of-all",
		  .query = { .stream = STORE_NODES, .newest_first = true, .limit = 100 } },
		{ .name = "page-in-the-middle",
		  .query = { .stream = STORE_NODES, .after = records / 2, .limit = 100 } },
		{ .name = "nodes-of-cluster",
		  .query = { .subject = "cloud-03/h100/eu-1/h100/alpha" },
		  .subjects = true },
	};
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!ask(where, &cases[i], &err))
			return complain(&err);
	return 0;
}

/* ---- a writer that is killed ---- */

static int write_on(const char *where, uint64_t from, size_t batch)
{
	struct store *store = NULL;
	struct error err = { 0 };
	bool good = store_open(where, SQL_CREATE, &store, &err), told = true;

	for (; good && told; from += batch) {
		struct store_receipt receipt = { 0 };
		double seconds = 0;
		char line[32];
		int length;

		good = append(store, from, batch, &receipt, &seconds, &err);
		if (!good)
			break;
		length = snprintf(line, sizeof(line), "%llu\n", (unsigned long long)(from + batch));
		told = write(STDOUT_FILENO, line, (size_t)length) == length;
	}
	store_close(store);
	return good ? 1 : complain(&err);
}

int main(int count, char **words)
{
	int64_t records = 0, batch = 0;

	if (count < 4 || !span_to_i64(span_of(words[3]), &records) || records < 0 ||
	    records > RECORDS_MAXIMUM ||
	    (count > 4 && (!span_to_i64(span_of(words[4]), &batch) || batch < 1))) {
		(void)fputs("usage: store-load ingest|table|plain|ask|write WHERE N [BATCH]\n",
			    stderr);
		return 64;
	}
	if (strcmp(words[1], "ask") == 0)
		return ask_all(words[2], records);
	if (strcmp(words[1], "ingest") == 0)
		return ingest(words[2], (uint64_t)records, (size_t)batch);
	if (strcmp(words[1], "write") == 0)
		return write_on(words[2], (uint64_t)records, (size_t)batch);
	return fill_table(words[2], (uint64_t)records, (size_t)batch,
			  strcmp(words[1], "plain") != 0);
}
