/*
 * What each database brings to store/sql.h; private to this room.
 */
#pragma once

#include "base/text.h"
#include "store/sql.h"

enum {
	SQL_COLUMNS_MAXIMUM = 16,
	SQL_WAIT_MS = 10000, /* for another writer */
	SQL_STATEMENTS_KEPT = 48,
};

struct sql_driver {
	void (*close)(struct sql *sql);
	bool (*is_alive)(struct sql *sql);
	bool (*script)(struct sql *sql, const char *script, struct error *err);
	bool (*begin)(struct sql *sql, struct error *err);
	bool (*run)(struct sql *sql, const char *statement, const struct sql_value *values,
		    size_t count, int64_t *ret_changed, struct error *err);
	bool (*query)(struct sql *sql, const char *statement, const struct sql_value *values,
		      size_t count, struct sql_rows **ret_rows, struct error *err);
	bool (*next)(struct sql_rows *rows, bool *ret_more, struct error *err);
	void (*rows_close)(struct sql_rows *rows);
	bool (*insert)(struct sql *sql, const struct sql_table *table,
		       const struct sql_value *values, size_t row_count, struct error *err);
};

/* The first member of each driver's own. */
struct sql {
	const struct sql_driver *driver;
	enum sql_kind kind;
	enum sql_access access;
	bool in_transaction;
	unsigned within; /* transactions that were begun within the open one */
	char *place;     /* for errors: without a password */
};

struct sql_rows {
	struct sql *sql;
	size_t column_count;
	struct sql_value values[SQL_COLUMNS_MAXIMUM];
};

bool sqlite_open(const char *path, enum sql_access access, struct sql **ret_sql, struct error *err);
bool postgresql_open(const char *where, enum sql_access access, struct sql **ret_sql,
		     struct error *err);

/* "INSERT INTO table (a, b) VALUES ($1, $2)" */
void sql_write_insert(struct text *into, const struct sql_table *table);
