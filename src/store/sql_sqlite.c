#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "store/sql_driver.h"

struct kept_statement {
	char *words;
	sqlite3_stmt *statement;
	bool in_use;
	uint64_t used; /* when, for the one that goes */
};

struct sqlite {
	struct sql sql;
	sqlite3 *database;
	uint64_t clock;
	struct kept_statement kept[SQL_STATEMENTS_KEPT];
};

struct sqlite_rows {
	struct sql_rows rows;
	sqlite3_stmt *statement;
	struct kept_statement *kept; /* NULL: the statement is its own */
};

static struct sqlite *of(struct sql *sql)
{
	return (struct sqlite *)(void *)sql;
}

static void *taken(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		memory_exhausted(size);
	return memory;
}

static bool fail_of(const struct sqlite *database, struct error *err)
{
	int code = sqlite3_errcode(database->database);
	const char *said = sqlite3_errmsg(database->database), *path = database->sql.place;

	switch (code & 0xff) {
	case SQLITE_FULL:
		return fail(err, ERROR_IO,
			    "'%s': the disk is full; nothing of this was taken, make room and try "
			    "again",
			    path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail(err, ERROR_IO,
			    "'%s' is written by another process for more than %d s; try again",
			    path, SQL_WAIT_MS / 1000);
	case SQLITE_READONLY:
		return fail(err, ERROR_IO,
			    "'%s' or its folder may not be written (%s); see its owner and mode",
			    path, said);
	case SQLITE_CORRUPT:
		return fail(err, ERROR_PARSE,
			    "'%s' is damaged (%s); keep it, and go on from a copy or from its "
			    "export",
			    path, said);
	case SQLITE_NOTADB:
		return fail(err, ERROR_PARSE, "'%s' is no file of SQLite; check the path", path);
	case SQLITE_CANTOPEN:
		return fail(err, ERROR_IO,
			    "'%s' cannot be opened; check the path and that its folder may be "
			    "written to",
			    path);
	default:
		return fail(err, ERROR_IO, "'%s': %s", path, said);
	}
}

/* ---- statements ---- */

static bool prepare(struct sqlite *database, const char *words, unsigned flags,
		    sqlite3_stmt **ret_statement, struct error *err)
{
	return sqlite3_prepare_v3(database->database, words, -1, flags, ret_statement, NULL) ==
		       SQLITE_OK ||
	       fail_of(database, err);
}

/* A free place of the kept statements: an empty one, else the one that was used longest ago; NULL
 * when all are in use. */
static struct kept_statement *place_for(struct sqlite *database)
{
	struct kept_statement *oldest = NULL;

	for (unsigned i = 0; i < SQL_STATEMENTS_KEPT; i++) {
		struct kept_statement *kept = &database->kept[i];

		if (!kept->words)
			return kept;
		if (!kept->in_use && (!oldest || kept->used < oldest->used))
			oldest = kept;
	}
	if (oldest) {
		(void)sqlite3_finalize(oldest->statement);
		free(oldest->words);
		*oldest = (struct kept_statement){ 0 };
	}
	return oldest;
}

/* The statement, prepared before or now; *ret_kept is NULL when it is to be finalized after use. */
static bool get(struct sqlite *database, const char *words, sqlite3_stmt **ret_statement,
		struct kept_statement **ret_kept, struct error *err)
{
	struct kept_statement *kept = NULL;

	for (unsigned i = 0; i < SQL_STATEMENTS_KEPT && !kept; i++) {
		struct kept_statement *one = &database->kept[i];

		if (one->words && !one->in_use && strcmp(one->words, words) == 0)
			kept = one;
	}
	if (!kept) {
		kept = place_for(database);
		if (!prepare(database, words, kept ? SQLITE_PREPARE_PERSISTENT : 0, ret_statement,
			     err))
			return false;
		if (kept) {
			kept->words = strdup(words);
			if (!kept->words)
				memory_exhausted(strlen(words));
			kept->statement = *ret_statement;
		}
	}
	if (kept) {
		kept->in_use = true;
		kept->used = ++database->clock;
		*ret_statement = kept->statement;
	}
	*ret_kept = kept;
	return true;
}

static void put_back(sqlite3_stmt *statement, struct kept_statement *kept)
{
	if (!kept) {
		(void)sqlite3_finalize(statement);
		return;
	}
	(void)sqlite3_reset(statement);
	(void)sqlite3_clear_bindings(statement);
	kept->in_use = false;
}

static void bind(sqlite3_stmt *statement, const struct sql_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int at = (int)i + 1;
		const struct span bytes = values[i].bytes;

		switch (values[i].type) {
		case SQL_NULL:
			(void)sqlite3_bind_null(statement, at);
			break;
		case SQL_INTEGER:
			(void)sqlite3_bind_int64(statement, at, values[i].integer);
			break;
		case SQL_REAL:
			(void)sqlite3_bind_double(statement, at, values[i].real);
			break;
		case SQL_TEXT:
			(void)sqlite3_bind_text64(statement, at, bytes.at, bytes.length,
						  SQLITE_STATIC, SQLITE_UTF8);
			break;
		case SQL_BYTES:
			(void)sqlite3_bind_blob64(statement, at, bytes.at ? bytes.at : "",
						  bytes.length, SQLITE_STATIC);
			break;
		}
	}
}

/* ---- the driver ---- */

static void close_database(struct sql *sql)
{
	struct sqlite *database = of(sql);

	for (unsigned i = 0; i < SQL_STATEMENTS_KEPT; i++) {
		(void)sqlite3_finalize(database->kept[i].statement);
		free(database->kept[i].words);
	}
	(void)sqlite3_close_v2(database->database);
	free(database->sql.place);
	free(database);
}

static bool is_alive(struct sql *sql)
{
	(void)sql;
	return true;
}

static bool run_script(struct sql *sql, const char *script, struct error *err)
{
	struct sqlite *database = of(sql);

	return sqlite3_exec(database->database, script, NULL, NULL, NULL) == SQLITE_OK ||
	       fail_of(database, err);
}

static bool begin(struct sql *sql, struct error *err)
{
	return run_script(sql, "BEGIN IMMEDIATE", err);
}

static bool run(struct sql *sql, const char *words, const struct sql_value *values, size_t count,
		int64_t *ret_changed, struct error *err)
{
	struct sqlite *database = of(sql);
	sqlite3_stmt *statement;
	struct kept_statement *kept;
	bool good;

	if (!get(database, words, &statement, &kept, err))
		return false;
	bind(statement, values, count);
	good = sqlite3_step(statement) == SQLITE_DONE || fail_of(database, err);
	if (good && ret_changed)
		*ret_changed = sqlite3_changes64(database->database);
	put_back(statement, kept);
	return good;
}

static bool query(struct sql *sql, const char *words, const struct sql_value *values, size_t count,
		  struct sql_rows **ret_rows, struct error *err)
{
	struct sqlite_rows *rows = taken(sizeof(*rows));

	rows->rows.sql = sql;
	if (!get(of(sql), words, &rows->statement, &rows->kept, err)) {
		free(rows);
		return false;
	}
	rows->rows.column_count = (size_t)sqlite3_column_count(rows->statement);
	/* The caller's texts may be gone before the last row is read. */
	for (size_t i = 0; i < count; i++) {
		const struct span bytes = values[i].bytes;

		if (values[i].type == SQL_TEXT)
			(void)sqlite3_bind_text64(rows->statement, (int)i + 1, bytes.at,
						  bytes.length, SQLITE_TRANSIENT, SQLITE_UTF8);
		else if (values[i].type == SQL_BYTES)
			(void)sqlite3_bind_blob64(rows->statement, (int)i + 1,
						  bytes.at ? bytes.at : "", bytes.length,
						  SQLITE_TRANSIENT);
		else if (values[i].type == SQL_INTEGER)
			(void)sqlite3_bind_int64(rows->statement, (int)i + 1, values[i].integer);
		else if (values[i].type == SQL_REAL)
			(void)sqlite3_bind_double(rows->statement, (int)i + 1, values[i].real);
	}
	*ret_rows = &rows->rows;
	return true;
}

static struct sql_value value_at(sqlite3_stmt *statement, int at)
{
	struct sql_value value = { 0 };

	switch (sqlite3_column_type(statement, at)) {
	case SQLITE_INTEGER:
		value.type = SQL_INTEGER;
		value.integer = sqlite3_column_int64(statement, at);
		break;
	case SQLITE_FLOAT:
		value.type = SQL_REAL;
		value.real = sqlite3_column_double(statement, at);
		break;
	case SQLITE_TEXT:
		value.type = SQL_TEXT;
		value.bytes.at = (const char *)sqlite3_column_text(statement, at);
		value.bytes.length = (size_t)sqlite3_column_bytes(statement, at);
		break;
	case SQLITE_BLOB:
		value.type = SQL_BYTES;
		value.bytes.at = sqlite3_column_blob(statement, at);
		value.bytes.length = (size_t)sqlite3_column_bytes(statement, at);
		break;
	default:
		break;
	}
	return value;
}

static bool next(struct sql_rows *rows, bool *ret_more, struct error *err)
{
	struct sqlite_rows *own = (struct sqlite_rows *)(void *)rows;
	int code = sqlite3_step(own->statement);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return fail_of(of(rows->sql), err);
	*ret_more = code == SQLITE_ROW;
	for (size_t i = 0; *ret_more && i < rows->column_count; i++)
		rows->values[i] = value_at(own->statement, (int)i);
	return true;
}

static void rows_close(struct sql_rows *rows)
{
	struct sqlite_rows *own = (struct sqlite_rows *)(void *)rows;

	put_back(own->statement, own->kept);
	free(own);
}

static bool insert(struct sql *sql, const struct sql_table *table, const struct sql_value *values,
		   size_t row_count, struct error *err)
{
	struct sqlite *database = of(sql);
	sqlite3_stmt *statement;
	struct kept_statement *kept;
	bool good = true;
	SCOPED_TEXT(words);

	sql_write_insert(&words, table);
	if (!get(database, text_string(&words), &statement, &kept, err))
		return false;
	for (size_t i = 0; good && i < row_count; i++) {
		bind(statement, values + i * table->column_count, table->column_count);
		good = sqlite3_step(statement) == SQLITE_DONE || fail_of(database, err);
		(void)sqlite3_reset(statement);
	}
	put_back(statement, kept);
	return good;
}

static const struct sql_driver driver = {
	.close = close_database,
	.is_alive = is_alive,
	.script = run_script,
	.begin = begin,
	.run = run,
	.query = query,
	.next = next,
	.rows_close = rows_close,
	.insert = insert,
};

/* ---- opening ---- */

static bool open_file(struct sqlite *database, const char *path, int flags, struct error *err)
{
	(void)sqlite3_close_v2(database->database);
	database->database = NULL;
	if (sqlite3_open_v2(path, &database->database, flags | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return fail_of(database, err);
	(void)sqlite3_extended_result_codes(database->database, 1);
	(void)sqlite3_busy_timeout(database->database, SQL_WAIT_MS);
	return true;
}

static bool set_up(struct sqlite *database, enum sql_access access, struct error *err)
{
	static const char common[] = "PRAGMA cache_size=-8192; PRAGMA mmap_size=0; "
				     "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";

	if (!run_script(&database->sql, common, err))
		return false;
	if (access == SQL_READ)
		return run_script(&database->sql,
				  "PRAGMA query_only=ON; SELECT count(*) FROM sqlite_schema", err);
	return run_script(&database->sql,
			  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
			  "PRAGMA wal_autocheckpoint=4096; PRAGMA journal_size_limit=67108864;",
			  err);
}

/* "file:…?immutable=1" with what a URI gives a meaning written as %XX. */
static void write_immutable(const char *path, struct text *into)
{
	text_add(into, "file:");
	for (const char *at = path; *at; at++) {
		if (strchr("%?#", *at))
			text_format(into, "%%%02X", (unsigned)(unsigned char)*at);
		else
			text_add_char(into, *at);
	}
	text_add(into, "?immutable=1");
}

/* Whether a log with anything in it was left beside the file. */
static bool has_log(const char *path)
{
	const struct host host = { 0 };
	struct error err = { 0 };
	SCOPED_ARENA(arena);
	struct span head;

	return (host_read(&host, arena_format(&arena, "%s-wal", path), 1, &arena, &head, &err) &&
		head.length > 0) ||
	       err.code == ERROR_LIMIT;
}

/* A folder that nobody may write to holds no log that is written, so the file stands still; a log
 * that was left there holds what the file does not. */
static bool open_still(struct sqlite *database, const char *path, struct error *err)
{
	SCOPED_TEXT(uri);

	if (has_log(path))
		return fail(err, ERROR_IO,
			    "'%s' has a log beside it, '%s-wal', and its folder may not be "
			    "written to; copy both to where they may be written",
			    path, path);
	write_immutable(path, &uri);
	return open_file(database, text_string(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
			 err) &&
	       set_up(database, SQL_READ, err);
}

static bool open_as(struct sqlite *database, const char *path, enum sql_access access,
		    struct error *err)
{
	static const int flags[] = {
		[SQL_READ] = SQLITE_OPEN_READONLY,
		[SQL_WRITE] = SQLITE_OPEN_READWRITE,
		[SQL_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	int code;

	if (!open_file(database, path, flags[access], err))
		return false;
	/* SQLite opens what may not be written for reading, and says so only at the first change.
	 */
	if (access != SQL_READ && sqlite3_db_readonly(database->database, "main") == 1)
		return fail(err, ERROR_IO, "'%s' may not be written; see its owner and mode", path);
	if (set_up(database, access, err))
		return true;
	if (access != SQL_READ)
		return false;
	code = sqlite3_errcode(database->database) & 0xff;
	return (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) &&
	       open_still(database, path, err);
}

bool sqlite_open(const char *path, enum sql_access access, struct sql **ret_sql, struct error *err)
{
	struct sqlite *database = taken(sizeof(*database));

	database->sql = (struct sql){ .driver = &driver, .kind = SQL_SQLITE, .access = access };
	database->sql.place = strdup(path);
	if (!database->sql.place)
		memory_exhausted(strlen(path));
	if (!open_as(database, path, access, err)) {
		close_database(&database->sql);
		return false;
	}
	*ret_sql = &database->sql;
	return true;
}
