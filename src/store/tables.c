#include "store/tables.h"

#include <string.h>

#include "base/text.h"
#include "store/store_parts.h"

enum {
	APPLICATION_ID = 0x41535932, /* "ASY2": tells a file of SQLite that is a store */
};

/* Indices are narrow: what an entry is found by is kept once, in series, and its line in a block.
 */
static const char tables[] =
	"CREATE TABLE assay_store (format @integer NOT NULL);"
	"CREATE TABLE word (id @key, text @text NOT NULL UNIQUE);"
	"CREATE TABLE subject (id @key, stream @small NOT NULL, parent @small NOT NULL,"
	" name @text NOT NULL, UNIQUE (stream, parent, name));"
	"CREATE TABLE series (id @key, stream @small NOT NULL, subject @small NOT NULL,"
	" what @small NOT NULL, device @small NOT NULL,"
	" UNIQUE (stream, subject, what, device));"
	"CREATE INDEX series_what ON series (stream, what);"
	"CREATE TABLE batch (first @key, last @integer NOT NULL, stream @small NOT NULL,"
	" taken @integer NOT NULL, party @text NOT NULL, digest @bytes NOT NULL,"
	" link @bytes NOT NULL);"
	"CREATE INDEX batch_taken ON batch (taken);"
	"CREATE TABLE block (first @key, last @integer NOT NULL, stream @small NOT NULL,"
	" data @bytes NOT NULL);"
	"CREATE INDEX block_stream ON block (stream, first);"
	"CREATE TABLE place (subject @small NOT NULL, block @integer NOT NULL,"
	" PRIMARY KEY (subject, block)) @clustered;"
	"CREATE TABLE withdrawn (sequence @integer NOT NULL, act @integer NOT NULL,"
	" until @integer, PRIMARY KEY (sequence, act)) @clustered;"
	"CREATE TABLE token (id @key, hash @bytes NOT NULL UNIQUE, party @text NOT NULL,"
	" scopes @integer NOT NULL, made @integer NOT NULL, expires @integer NOT NULL,"
	" last_used @integer NOT NULL, revoked @integer NOT NULL);"
	"CREATE TABLE code (hash @bytes PRIMARY KEY, party @text NOT NULL,"
	" expires @integer NOT NULL);"
	"CREATE TABLE agent (fingerprint @bytes PRIMARY KEY, party @text NOT NULL,"
	" name @text NOT NULL, enrolled @integer NOT NULL);"
	"CREATE TABLE secret (name @text PRIMARY KEY, bytes @bytes NOT NULL);";

/* What there is of each entry. SQLite has trees whose rows are their keys. A row of PostgreSQL
 * stands beside its indices and has a head of 28 bytes, so that one row has both; and of ids that
 * stand in a run, runs.c, it has no key. */
#define RUNS                                                                 \
	"CREATE INDEX entry_key ON entry (key) WHERE key IS NOT NULL;"       \
	"CREATE TABLE run (stem @integer NOT NULL, first @integer NOT NULL," \
	" last @integer NOT NULL);"                                          \
	"CREATE INDEX run_stem ON run (stem);"
#define ENTRY_INDICES                                                              \
	"CREATE INDEX entry_series ON entry (series, time);"                       \
	"CREATE VIEW id AS SELECT key, sequence FROM entry WHERE key IS NOT NULL;" \
	"ALTER TABLE block ALTER data SET STORAGE EXTERNAL;" /* it is compressed already */

static const char *const entries[] = {
	[SQL_SQLITE] = "CREATE TABLE entry (series @small NOT NULL, time @integer NOT NULL,"
		       " sequence @integer NOT NULL, value @real,"
		       " PRIMARY KEY (series, time, sequence)) @clustered;"
		       "CREATE TABLE id (key @integer NOT NULL, sequence @integer NOT NULL,"
		       " PRIMARY KEY (key, sequence)) @clustered;",
	[SQL_POSTGRESQL] =
		"CREATE TABLE entry (series @small NOT NULL, time @integer NOT NULL,"
		" sequence @integer NOT NULL, value @real, key @integer);" ENTRY_INDICES RUNS,
};

/* The formats that this version writes: the tables of each database go their own way. */
static const int64_t formats[] = { [SQL_SQLITE] = 1, [SQL_POSTGRESQL] = 3 };

int64_t tables_format(enum sql_kind kind)
{
	return formats[kind];
}

/* From each format to the next. */
static const struct tables_step steps_sqlite[] = { { 0 } };
static const struct tables_step steps_postgresql[] = {
	{ 0 },
	{ "CREATE TABLE moved AS SELECT e.series, e.time, e.sequence, e.value, i.key"
	  " FROM entry e LEFT JOIN id i ON i.sequence = e.sequence ORDER BY e.sequence;"
	  "DROP TABLE entry; DROP TABLE id; ALTER TABLE moved RENAME TO entry;"
	  "ALTER TABLE entry ALTER series SET NOT NULL, ALTER time SET NOT NULL,"
	  " ALTER sequence SET NOT NULL;" ENTRY_INDICES "CREATE INDEX entry_key ON entry (key);" },
	{ "DROP INDEX entry_key;" RUNS },
};
static const struct tables_step *const steps[] = {
	[SQL_SQLITE] = steps_sqlite, [SQL_POSTGRESQL] = steps_postgresql
};

struct wording {
	const char *word, *sqlite, *postgresql;
};

static const struct wording wordings[] = {
	{ "@key", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY" },
	{ "@integer", "INTEGER", "BIGINT" },
	{ "@small", "INTEGER", "INTEGER" },
	{ "@real", "REAL", "DOUBLE PRECISION" },
	{ "@text", "TEXT", "TEXT COLLATE \"C\"" },
	{ "@bytes", "BLOB", "BYTEA" },
	{ "@clustered", "WITHOUT ROWID", "" },
};

static void translate(const char *script, enum sql_kind kind, struct text *into)
{
	while (*script) {
		size_t plain = strcspn(script, "@");

		text_add_span(into, (struct span){ script, plain });
		script += plain;
		for (size_t i = 0; *script && i < sizeof(wordings) / sizeof(wordings[0]); i++) {
			if (!span_starts(span_of(script), wordings[i].word))
				continue;
			text_add(into,
				 kind == SQL_SQLITE ? wordings[i].sqlite : wordings[i].postgresql);
			script += strlen(wordings[i].word);
			break;
		}
	}
}

bool tables_script(struct sql *sql, const char *script, struct error *err)
{
	SCOPED_TEXT(words);

	translate(script, sql_kind(sql), &words);
	return sql_script(sql, text_string(&words), err);
}

/* ---- a copy before a move ---- */

static bool keep_file(struct sql *sql, int64_t format, struct error *err)
{
	SCOPED_TEXT(path);
	const struct sql_value value = { .type = SQL_TEXT };
	struct sql_value named = value;

	text_format(&path, "%s.before-%lld", sql_place(sql), (long long)format);
	named.bytes = text_span(&path);
	/* VACUUM INTO refuses a file that is there. */
	return sql_run(sql, "VACUUM INTO $1", &named, 1, NULL, err) ||
	       fail_while(err, "keeping a copy as '%s'", text_string(&path));
}

static bool keep_schema(struct sql *sql, int64_t format, struct error *err)
{
	static const char *const names[] = {
		"assay_store", "word", "subject",   "series", "batch", "block", "place",
		"entry",       "id",   "withdrawn", "token",  "code",  "agent", "secret",
	};
	SCOPED_TEXT(words);

	text_format(&words, "CREATE SCHEMA before_%lld;", (long long)format);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		text_format(&words, "CREATE TABLE before_%lld.%s AS TABLE %s;", (long long)format,
			    names[i], names[i]);
	return sql_script(sql, text_string(&words), err) ||
	       fail_while(err, "keeping a copy in the schema before_%lld", (long long)format);
}

static bool step_forward(struct sql *sql, const struct tables_step *step, int64_t wanted,
			 struct error *err)
{
	const struct sql_value value = sql_integer(wanted);

	return tables_script(sql, step->script, err) &&
	       sql_run(sql, "UPDATE assay_store SET format = $1", &value, 1, NULL, err);
}

bool tables_forward(struct sql *sql, const struct tables_step *steps_there, int64_t format,
		    int64_t wanted, struct error *err)
{
	bool is_file = sql_kind(sql) == SQL_SQLITE;

	/* The copy of a file cannot be made within a transaction. */
	if (is_file && !keep_file(sql, wanted, err))
		return false;
	if (!sql_begin(sql, err))
		return false;
	/* Another process may have moved them while this one waited. */
	if (!sql_ask(sql, "SELECT format FROM assay_store", NULL, 0, &format, err) ||
	    (!is_file && format < wanted && !keep_schema(sql, wanted, err))) {
		sql_rollback(sql);
		return false;
	}
	for (; format < wanted; format++) {
		if (!step_forward(sql, &steps_there[format], format + 1, err)) {
			sql_rollback(sql);
			return fail_while(err, "moving '%s' to format %lld", sql_place(sql),
					  (long long)format + 1);
		}
	}
	return sql_commit(sql, err);
}

/* ---- opening ---- */

static bool is_there(struct sql *sql, bool *ret_there, struct error *err)
{
	int64_t count = 0;
	const char *question =
		sql_kind(sql) == SQL_SQLITE
			? "SELECT count(*) FROM sqlite_schema WHERE name = 'assay_store'"
			: "SELECT count(to_regclass('assay_store'))";

	if (!sql_ask(sql, question, NULL, 0, &count, err))
		return false;
	*ret_there = count > 0;
	return true;
}

/* A database that holds anything else is not made a store. */
static bool check_empty(struct sql *sql, struct error *err)
{
	int64_t count = 0;
	const char *question = sql_kind(sql) == SQL_SQLITE
				       ? "SELECT count(*) FROM sqlite_schema"
				       : "SELECT count(*) FROM pg_tables WHERE schemaname = "
					 "current_schema()";

	if (!sql_ask(sql, question, NULL, 0, &count, err))
		return false;
	return count == 0 || fail(err, ERROR_CONFLICT,
				  "'%s' holds something else than a store; give a place of its own",
				  sql_place(sql));
}

static bool create(struct sql *sql, struct error *err)
{
	const enum sql_kind kind = sql_kind(sql);
	const struct sql_value format = sql_integer(formats[kind]);
	SCOPED_TEXT(mark);
	bool there = false;

	if (!sql_begin(sql, err))
		return false;
	text_format(&mark, "PRAGMA application_id=%d", APPLICATION_ID);
	/* Another process may have made it while this one waited. */
	if (is_there(sql, &there, err) &&
	    (there || (check_empty(sql, err) && tables_script(sql, tables, err) &&
		       tables_script(sql, entries[kind], err) &&
		       (kind != SQL_SQLITE || sql_script(sql, text_string(&mark), err)) &&
		       sql_run(sql, "INSERT INTO assay_store VALUES ($1)", &format, 1, NULL, err))))
		return sql_commit(sql, err);
	sql_rollback(sql);
	return false;
}

bool tables_open(struct sql *sql, enum sql_access access, struct error *err)
{
	const int64_t wanted = formats[sql_kind(sql)];
	int64_t format = 0;
	bool there = false;

	if (!is_there(sql, &there, err))
		return false;
	if (!there && access != SQL_CREATE) {
		return fail(err, ERROR_MISSING,
			    "'%s' holds no store; `assay store init` makes one there",
			    sql_place(sql));
	}
	if (!there && !create(sql, err))
		return false;
	if (!sql_ask(sql, "SELECT format FROM assay_store", NULL, 0, &format, err))
		return false;
	if (format < 1 || format > wanted)
		return fail(err, ERROR_UNSUPPORTED,
			    "'%s' has format %lld, and this version knows up to %lld; use a later "
			    "assay",
			    sql_place(sql), (long long)format, (long long)wanted);
	if (format == wanted)
		return true;
	if (access == SQL_READ)
		return fail(err, ERROR_UNSUPPORTED,
			    "'%s' has format %lld; open it once for writing, as with `assay store "
			    "init`, to move it to format %lld",
			    sql_place(sql), (long long)format, (long long)wanted);
	return tables_forward(sql, steps[sql_kind(sql)], format, wanted, err);
}
