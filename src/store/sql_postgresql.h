/*
 * What the files of the driver of PostgreSQL share; private to them.
 */
#pragma once

#include "store/libpq.h"
#include "store/sql_driver.h"

enum {
	TABLES_KEPT = 16,
};

/* The types of a table's columns, for the binary form of COPY. */
struct table_types {
	char *columns; /* "entry (series, time)" */
	Oid types[SQL_COLUMNS_MAXIMUM];
};

struct postgresql {
	struct sql sql;
	struct libpq pq;
	PGconn *connection;
	char *statements[SQL_STATEMENTS_KEPT];
	unsigned statement_count;
	struct table_types tables[TABLES_KEPT];
	unsigned table_count;
	bool is_connected; /* it was, even if it has been lost since */
	bool is_copying;   /* the server has all rows of a COPY and was not asked yet how it went */
};

extern const struct sql_driver postgresql_driver;

/* NULL is fine for the connection. */
void postgresql_close(struct sql *sql);

/* Fails with what the server says of the result, which may be NULL, and clears it. */
bool postgresql_fail(struct postgresql *database, PGresult *result, struct error *err);

/* Takes the result of the COPY that is under way, if any: false when it failed. Nothing else may be
 * sent before. */
bool postgresql_settle(struct postgresql *database, struct error *err);

/* The value of a column in binary form; false for a type that is not known here. */
bool postgresql_decode(Oid type, struct span bytes, struct sql_value *ret_value);

/* Returns while the server may still be at it: whatever is asked of it next says whether it went
 * well. */
bool postgresql_insert(struct sql *sql, const struct sql_table *table,
		       const struct sql_value *values, size_t row_count, struct error *err);
