/*
 * One face for the two databases that a store lies in: SQLite, a file, and PostgreSQL. Statements
 * are written once, in the SQL that both understand, with $1, $2 … for values, in the order in
 * which they first appear; a connection belongs to one thread. libpq is found when a store of
 * PostgreSQL is opened, not before.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

enum sql_kind {
	SQL_SQLITE,
	SQL_POSTGRESQL,
};

enum sql_access {
	SQL_READ,   /* the database is not changed; where SQLite may write to the folder, it keeps
		     * the index of its log there as long as the file is open */
	SQL_WRITE,  /* what is there is opened */
	SQL_CREATE, /* as SQL_WRITE; what is not there is made */
};

enum sql_type {
	SQL_NULL,
	SQL_INTEGER,
	SQL_REAL,
	SQL_TEXT, /* UTF-8 without NUL */
	SQL_BYTES,
};

struct sql_value {
	enum sql_type type;
	int64_t integer;
	double real;
	struct span bytes; /* of SQL_TEXT and SQL_BYTES */
};

struct sql;
struct sql_rows;

/* `where` is a path, or "postgresql://…" (a password comes from the environment or the pass file
 * as libpq reads them, and no error repeats one). Errors name the place and what to do. A server
 * that does not answer is waited for half a minute, unless the address has a connect_timeout;
 * one that is cut off later is given up after a minute. */
bool sql_open(const char *where, enum sql_access access, struct sql **ret_sql, struct error *err);

/* NULL is fine; a transaction that is open is rolled back. */
void sql_close(struct sql *sql);

/* Whether the place is one of PostgreSQL. */
bool sql_is_postgresql(const char *where);

enum sql_kind sql_kind(const struct sql *sql);

/* False once the server has ended the connection: then nothing comes of it any more, and it is to
 * be closed. It does not wait, and no query may be open. A file is always there. */
bool sql_is_alive(struct sql *sql);

/* Where it is, for people: without a password. */
const char *sql_place(const struct sql *sql);

/* Statements without values, apart by ';'. */
bool sql_script(struct sql *sql, const char *script, struct error *err);

/* One transaction; a writer waits at most ten seconds for another. After sql_commit has returned
 * true what was written survives the end of the process and of the machine. When it returns false
 * nothing was written, but where the connection ended in the midst of it: then the error says that
 * it is not known. ERROR_IO is what may be otherwise when it is tried again: a lost connection,
 * another writer, a full disk. One that is begun within another is a part of it: the last commit
 * writes, and the first rollback gives up all. */
bool sql_begin(struct sql *sql, struct error *err);
bool sql_commit(struct sql *sql, struct error *err);
void sql_rollback(struct sql *sql);

/* Runs a statement that gives no rows; *ret_changed, when not NULL, is how many rows it changed. */
bool sql_run(struct sql *sql, const char *statement, const struct sql_value *values, size_t count,
	     int64_t *ret_changed, struct error *err);

/* Runs a query; its rows come one by one and are never all held. One query at a time is open on a
 * connection of PostgreSQL: read to the end or close before the next. */
bool sql_query(struct sql *sql, const char *statement, const struct sql_value *values, size_t count,
	       struct sql_rows **ret_rows, struct error *err);

/* The next row; *ret_values has one value a column, valid until the next call. *ret_more is false
 * at the end. */
bool sql_next(struct sql_rows *rows, const struct sql_value **ret_values, bool *ret_more,
	      struct error *err);
void sql_rows_close(struct sql_rows *rows);

/* The first column of the first row as an integer; *ret_number stays as it was when there is no
 * row, or NULL. */
bool sql_ask(struct sql *sql, const char *statement, const struct sql_value *values, size_t count,
	     int64_t *ret_number, struct error *err);

/* A table and those of its columns that are given. */
struct sql_table {
	const char *name;
	const char *const *columns;
	size_t column_count;
};

/* Many rows into one table, the fastest way that the database has (COPY, a prepared statement),
 * inside the open transaction. `values` are row by row. */
bool sql_insert(struct sql *sql, const struct sql_table *table, const struct sql_value *values,
		size_t row_count, struct error *err);

struct sql_value sql_integer(int64_t value);
struct sql_value sql_real(double value);
struct sql_value sql_text(const char *text); /* NULL: SQL_NULL */
struct sql_value sql_bytes(struct span bytes);
