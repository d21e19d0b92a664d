#include "store/sql_postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NUMBER_TEXT = 32,
	PARAMETERS_MAXIMUM = 256,
};

struct postgresql_rows {
	struct sql_rows rows;
	PGresult *result; /* the row that was given last */
	bool at_end;
};

static struct postgresql *of(struct sql *sql)
{
	return (struct postgresql *)(void *)sql;
}

bool postgresql_fail(struct postgresql *database, PGresult *result, struct error *err)
{
	const struct libpq *pq = &database->pq;
	const char *state = result ? pq->error_field(result, PG_DIAG_SQLSTATE) : NULL;
	const char *said = result ? pq->error_field(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char code[SQLSTATE_SIZE];
	SCOPED_TEXT(words);

	(void)snprintf(code, sizeof(code), "%s", state ? state : "");
	text_add_span(&words,
		      span_trim(span_of(said ? said : pq->error_message(database->connection))));
	if (result)
		pq->clear(result);
	if (strcmp(code, "55P03") == 0)
		return fail(err, ERROR_IO,
			    "'%s' is written by another process for more than %d s; try again",
			    database->sql.place, SQL_WAIT_MS / 1000);
	if (strcmp(code, "53100") == 0)
		return fail(err, ERROR_LIMIT,
			    "'%s': the disk of the server is full; nothing of this was taken",
			    database->sql.place);
	if (strcmp(code, "42P01") == 0)
		return fail(err, ERROR_MISSING, "'%s' holds no store (%s)", database->sql.place,
			    text_string(&words));
	return fail(err, ERROR_IO, "'%s': %s", database->sql.place, text_string(&words));
}

/* ---- values ---- */

/* One parameter as text, except bytes. */
struct parameters {
	const char *at[PARAMETERS_MAXIMUM];
	int lengths[PARAMETERS_MAXIMUM], formats[PARAMETERS_MAXIMUM];
	struct arena arena;
};

static void write_parameter(struct parameters *parameters, size_t i, const struct sql_value *value)
{
	struct arena *arena = &parameters->arena;

	parameters->at[i] = NULL;
	parameters->lengths[i] = 0;
	parameters->formats[i] = 0;
	switch (value->type) {
	case SQL_NULL:
		break;
	case SQL_INTEGER:
		parameters->at[i] = arena_format(arena, "%lld", (long long)value->integer);
		break;
	case SQL_REAL:
		parameters->at[i] = arena_format(arena, "%.17g", value->real);
		break;
	case SQL_TEXT:
		parameters->at[i] = arena_string(arena, value->bytes);
		break;
	case SQL_BYTES:
		parameters->at[i] = value->bytes.at ? value->bytes.at : "";
		parameters->lengths[i] = (int)value->bytes.length;
		parameters->formats[i] = 1;
		break;
	}
}

/* ---- statements ---- */

/* The name of the statement, prepared on the server before or now. */
static bool get(struct postgresql *database, const char *words, char ret_name[static NUMBER_TEXT],
		struct error *err)
{
	unsigned at = 0;
	PGresult *result;

	while (at < database->statement_count && strcmp(database->statements[at], words) != 0)
		at++;
	if (at == SQL_STATEMENTS_KEPT) {
		ret_name[0] = '\0'; /* the unnamed statement is replaced each time */
	} else {
		(void)snprintf(ret_name, NUMBER_TEXT, "s%u", at);
		if (at < database->statement_count)
			return true;
	}
	result = database->pq.prepare(database->connection, ret_name, words, 0, NULL);
	if (database->pq.result_status(result) != PGRES_COMMAND_OK)
		return postgresql_fail(database, result, err);
	database->pq.clear(result);
	if (at < SQL_STATEMENTS_KEPT) {
		database->statements[at] = strdup(words);
		if (!database->statements[at])
			memory_exhausted(strlen(words));
		database->statement_count++;
	}
	return true;
}

static bool send(struct postgresql *database, const char *words, const struct sql_value *values,
		 size_t count, struct error *err)
{
	const struct libpq *pq = &database->pq;
	char name[NUMBER_TEXT];
	struct parameters parameters;
	bool sent;

	if (count > PARAMETERS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a statement has more than %d values",
			    PARAMETERS_MAXIMUM);
	if (!postgresql_settle(database, err) || !get(database, words, name, err))
		return false;
	parameters.arena = (struct arena){ 0 };
	for (size_t i = 0; i < count; i++)
		write_parameter(&parameters, i, &values[i]);
	sent = pq->send_prepared(database->connection, name, (int)count, parameters.at,
				 parameters.lengths, parameters.formats, 1) == 1;
	arena_release(&parameters.arena);
	return sent || postgresql_fail(database, NULL, err);
}

/* Takes what is left of a query's results. */
static void drain(struct postgresql *database)
{
	PGresult *result;

	while ((result = database->pq.get_result(database->connection)))
		database->pq.clear(result);
}

/* Behind a COPY that failed it is run as well: what ends the transaction has to reach the server.
 */
static bool run_script(struct sql *sql, const char *script, struct error *err)
{
	struct postgresql *database = of(sql);
	const bool settled = postgresql_settle(database, err);
	PGresult *result = database->pq.exec(database->connection, script);
	ExecStatusType status = database->pq.result_status(result);

	if (settled && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return postgresql_fail(database, result, err);
	database->pq.clear(result);
	return settled;
}

/* Writers take turns, as those of SQLite do: the number is the same for all stores of a database,
 * and no other lock is waited for behind it. */
static bool begin(struct sql *sql, struct error *err)
{
	struct postgresql *database = of(sql);

	if (!run_script(sql, "BEGIN", err))
		return false;
	if (run_script(sql,
		       "SET LOCAL lock_timeout = 10000; SELECT pg_advisory_xact_lock(1095981361)",
		       err))
		return true;
	database->pq.clear(database->pq.exec(database->connection, "ROLLBACK"));
	return false;
}

static bool run(struct sql *sql, const char *words, const struct sql_value *values, size_t count,
		int64_t *ret_changed, struct error *err)
{
	struct postgresql *database = of(sql);
	PGresult *result;
	int64_t changed = 0;

	if (!send(database, words, values, count, err))
		return false;
	result = database->pq.get_result(database->connection);
	if (database->pq.result_status(result) != PGRES_COMMAND_OK) {
		(void)postgresql_fail(database, result, err);
		drain(database);
		return false;
	}
	(void)span_to_i64(span_of(database->pq.changed(result)), &changed);
	if (ret_changed)
		*ret_changed = changed;
	database->pq.clear(result);
	drain(database);
	return true;
}

static bool query(struct sql *sql, const char *words, const struct sql_value *values, size_t count,
		  struct sql_rows **ret_rows, struct error *err)
{
	struct postgresql *database = of(sql);
	struct postgresql_rows *rows;

	if (!send(database, words, values, count, err))
		return false;
	(void)database->pq.single_row(database->connection);
	rows = calloc(1, sizeof(*rows));
	if (!rows)
		memory_exhausted(sizeof(*rows));
	rows->rows.sql = sql;
	*ret_rows = &rows->rows;
	return true;
}

static bool take_row(struct postgresql_rows *rows, struct error *err)
{
	struct postgresql *database = of(rows->rows.sql);
	const struct libpq *pq = &database->pq;

	rows->rows.column_count = (size_t)pq->nfields(rows->result);
	for (int i = 0; i < (int)rows->rows.column_count; i++) {
		struct sql_value *value = &rows->rows.values[i];
		const struct span bytes = { pq->getvalue(rows->result, 0, i),
					    (size_t)pq->getlength(rows->result, 0, i) };

		*value = (struct sql_value){ 0 };
		if (pq->getisnull(rows->result, 0, i))
			continue;
		if (!postgresql_decode(pq->ftype(rows->result, i), bytes, value))
			return fail(err, ERROR_UNSUPPORTED,
				    "'%s': column %d has a type unknown here", database->sql.place,
				    i + 1);
	}
	return true;
}

static bool next(struct sql_rows *sql_rows, bool *ret_more, struct error *err)
{
	struct postgresql_rows *rows = (struct postgresql_rows *)(void *)sql_rows;
	struct postgresql *database = of(sql_rows->sql);
	const struct libpq *pq = &database->pq;
	ExecStatusType status;

	*ret_more = false;
	if (rows->at_end)
		return true;
	pq->clear(rows->result);
	rows->result = pq->get_result(database->connection);
	status = pq->result_status(rows->result);
	if (status == PGRES_SINGLE_TUPLE) {
		*ret_more = true;
		return take_row(rows, err);
	}
	rows->at_end = true;
	if (status == PGRES_TUPLES_OK)
		return true;
	(void)postgresql_fail(database, rows->result, err);
	rows->result = NULL;
	return false;
}

static void rows_close(struct sql_rows *sql_rows)
{
	struct postgresql_rows *rows = (struct postgresql_rows *)(void *)sql_rows;
	struct postgresql *database = of(sql_rows->sql);

	database->pq.clear(rows->result);
	drain(database);
	free(rows);
}

/* ---- opening ---- */

static void close_database(struct sql *sql)
{
	struct postgresql *database = of(sql);

	for (unsigned i = 0; i < database->statement_count; i++)
		free(database->statements[i]);
	for (unsigned i = 0; i < database->table_count; i++)
		free(database->tables[i].columns);
	if (database->connection)
		database->pq.finish(database->connection);
	free(database->sql.place);
	free(database);
}

static const struct sql_driver driver = {
	.close = close_database,
	.script = run_script,
	.begin = begin,
	.run = run,
	.query = query,
	.next = next,
	.rows_close = rows_close,
	.insert = postgresql_insert,
};

/* The place without what stands between the user's name and '@', and without what follows '?'. */
static char *place_of(const char *where)
{
	SCOPED_TEXT(place);
	const char *head = strstr(where, "://") + 3;
	size_t length = strcspn(head, "/?");
	const char *at = memchr(head, '@', length);
	size_t user = at ? strcspn(head, ":@") : 0;
	char *copy;

	text_add_span(&place, (struct span){ where, (size_t)(head - where) + user });
	text_add_span(&place, (struct span){ at ? at : head, strcspn(at ? at : head, "?") });
	copy = strdup(text_string(&place));
	if (!copy)
		memory_exhausted(place.length);
	return copy;
}

static void hear_nothing(void *context, const char *message)
{
	(void)context;
	(void)message;
}

static bool open_connection(struct postgresql *database, const char *where, enum sql_access access,
			    struct error *err)
{
	/* Every question has an index. Without the last, one that was prepared while its table was
	 * small would read the whole of it, however large it has become. */
	static const char set_up[] = "SET synchronous_commit = on; SET client_encoding = 'UTF8'; "
				     "SET client_min_messages = warning; "
				     "SET enable_seqscan = off";

	if (!libpq_find(&database->pq, err))
		return false;
	database->connection = database->pq.connect(where);
	if (!database->connection || database->pq.status(database->connection) != CONNECTION_OK)
		return postgresql_fail(database, NULL, err);
	(void)database->pq.set_notices(database->connection, hear_nothing, NULL);
	return run_script(&database->sql, set_up, err) &&
	       (access != SQL_READ ||
		run_script(&database->sql, "SET default_transaction_read_only = on", err));
}

bool postgresql_open(const char *where, enum sql_access access, struct sql **ret_sql,
		     struct error *err)
{
	struct postgresql *database = calloc(1, sizeof(*database));

	if (!database)
		memory_exhausted(sizeof(*database));
	database->sql = (struct sql){ .driver = &driver, .kind = SQL_POSTGRESQL, .access = access };
	database->sql.place = place_of(where);
	if (!open_connection(database, where, access, err)) {
		close_database(&database->sql);
		return false;
	}
	*ret_sql = &database->sql;
	return true;
}
