#include "store/sql.h"

#include <string.h>

#include "store/sql_driver.h"

bool sql_is_postgresql(const char *where)
{
	return span_starts(span_of(where), "postgresql://") ||
	       span_starts(span_of(where), "postgres://");
}

bool sql_open(const char *where, enum sql_access access, struct sql **ret_sql, struct error *err)
{
	return sql_is_postgresql(where) ? postgresql_open(where, access, ret_sql, err)
					: sqlite_open(where, access, ret_sql, err);
}

void sql_close(struct sql *sql)
{
	if (!sql)
		return;
	sql_rollback(sql);
	sql->driver->close(sql);
}

enum sql_kind sql_kind(const struct sql *sql)
{
	return sql->kind;
}

bool sql_is_alive(struct sql *sql)
{
	return sql->driver->is_alive(sql);
}

const char *sql_place(const struct sql *sql)
{
	return sql->place;
}

bool sql_script(struct sql *sql, const char *script, struct error *err)
{
	return sql->driver->script(sql, script, err);
}

bool sql_begin(struct sql *sql, struct error *err)
{
	if (sql->access == SQL_READ)
		return fail(err, ERROR_INVALID, "the store is open for reading only");
	if (sql->in_transaction) {
		sql->within++;
		return true;
	}
	if (!sql->driver->begin(sql, err))
		return false;
	sql->in_transaction = true;
	return true;
}

bool sql_commit(struct sql *sql, struct error *err)
{
	bool was_alive;

	if (!sql->in_transaction)
		return fail(err, ERROR_INVALID, "what was begun here was given up already");
	if (sql->within > 0) {
		sql->within--;
		return true;
	}
	was_alive = sql_is_alive(sql); /* what was lost before was not committed */
	if (sql->driver->script(sql, "COMMIT", err)) {
		sql->in_transaction = false;
		return true;
	}
	if (was_alive && !sql_is_alive(sql))
		(void)fail_while(err, "whether this was taken is not known, look before it is "
				      "given again");
	sql_rollback(sql);
	return false;
}

void sql_rollback(struct sql *sql)
{
	if (!sql->in_transaction)
		return;
	/* It fails where the database has rolled back by itself. */
	(void)sql->driver->script(sql, "ROLLBACK", NULL);
	sql->in_transaction = false;
	sql->within = 0;
}

bool sql_run(struct sql *sql, const char *statement, const struct sql_value *values, size_t count,
	     int64_t *ret_changed, struct error *err)
{
	return sql->driver->run(sql, statement, values, count, ret_changed, err);
}

bool sql_query(struct sql *sql, const char *statement, const struct sql_value *values, size_t count,
	       struct sql_rows **ret_rows, struct error *err)
{
	return sql->driver->query(sql, statement, values, count, ret_rows, err);
}

bool sql_next(struct sql_rows *rows, const struct sql_value **ret_values, bool *ret_more,
	      struct error *err)
{
	if (!rows->sql->driver->next(rows, ret_more, err))
		return false;
	*ret_values = rows->values;
	return true;
}

void sql_rows_close(struct sql_rows *rows)
{
	if (rows)
		rows->sql->driver->rows_close(rows);
}

bool sql_insert(struct sql *sql, const struct sql_table *table, const struct sql_value *values,
		size_t row_count, struct error *err)
{
	return row_count == 0 || sql->driver->insert(sql, table, values, row_count, err);
}

bool sql_ask(struct sql *sql, const char *statement, const struct sql_value *values, size_t count,
	     int64_t *ret_number, struct error *err)
{
	struct sql_rows *rows = NULL;
	const struct sql_value *row = NULL;
	bool more = false;
	bool good = sql_query(sql, statement, values, count, &rows, err) &&
		    sql_next(rows, &row, &more, err);

	if (good && more && row[0].type != SQL_NULL)
		*ret_number = row[0].integer;
	sql_rows_close(rows);
	return good;
}

struct sql_value sql_integer(int64_t value)
{
	return (struct sql_value){ .type = SQL_INTEGER, .integer = value };
}

struct sql_value sql_real(double value)
{
	return (struct sql_value){ .type = SQL_REAL, .real = value };
}

struct sql_value sql_text(const char *text)
{
	return text ? (struct sql_value){ .type = SQL_TEXT, .bytes = span_of(text) }
		    : (struct sql_value){ .type = SQL_NULL };
}

struct sql_value sql_bytes(struct span bytes)
{
	return (struct sql_value){ .type = SQL_BYTES, .bytes = bytes };
}

void sql_write_insert(struct text *into, const struct sql_table *table)
{
	text_format(into, "INSERT INTO %s (", table->name);
	for (size_t i = 0; i < table->column_count; i++)
		text_format(into, "%s%s", i ? ", " : "", table->columns[i]);
	text_add(into, ") VALUES (");
	for (size_t i = 0; i < table->column_count; i++)
		text_format(into, "%s$%zu", i ? ", " : "", i + 1);
	text_add(into, ")");
}
