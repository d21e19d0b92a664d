#include "store/sql_postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NUMBER_TEXT = 32,
	PARAMETERS_MAXIMUM = 256,
	LINES_TOLD = 4,
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

/* libpq's words are of several lines, with tabs; of these `most`, apart by "; ". */
static void write_said(const char *said, unsigned most, struct text *into)
{
	struct span rest = span_trim(span_of(said)), line;

	for (unsigned i = 0; i < most && span_cut(&rest, '\n', &line); i++) {
		text_add(into, i ? "; " : "");
		text_add_span(into, span_trim(line));
	}
}

/* Which of the server's reasons have words of their own here. */
static bool fail_by_state(const struct postgresql *database, const char *state, const char *said,
			  struct error *err)
{
	const char *place = database->sql.place;

	if (strcmp(state, "55P03") == 0)
		return fail(err, ERROR_IO,
			    "'%s' is written by another process for more than %d s; try again",
			    place, SQL_WAIT_MS / 1000);
	if (strcmp(state, "53100") == 0)
		return fail(err, ERROR_IO,
			    "'%s': the disk of the server is full; nothing of this was taken, make "
			    "room and try again",
			    place);
	if (strcmp(state, "42P01") == 0)
		return fail(err, ERROR_MISSING, "'%s' holds no store (%s)", place, said);
	return fail(err, ERROR_IO, "'%s': %s", place, said);
}

bool postgresql_fail(struct postgresql *database, PGresult *result, struct error *err)
{
	const struct libpq *pq = &database->pq;
	const char *state = result ? pq->error_field(result, PG_DIAG_SQLSTATE) : NULL;
	const char *said = result ? pq->error_field(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	SCOPED_TEXT(words);

	write_said(said ? said : pq->error_message(database->connection),
		   database->is_connected ? 1 : LINES_TOLD, &words);
	if (database->is_connected && pq->status(database->connection) != CONNECTION_OK)
		(void)fail(err, ERROR_IO, "'%s': the connection was lost (%s); try again",
			   database->sql.place, text_string(&words));
	else
		(void)fail_by_state(database, state ? state : "", text_string(&words), err);
	if (result)
		pq->clear(result);
	return false;
}

/* What the server sent meanwhile is taken in; where it has hung up, that is seen by it. */
static bool is_alive(struct sql *sql)
{
	struct postgresql *database = of(sql);

	return database->pq.consume_input(database->connection) == 1 &&
	       database->pq.status(database->connection) == CONNECTION_OK;
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

/* ---- the end ---- */

void postgresql_close(struct sql *sql)
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

const struct sql_driver postgresql_driver = {
	.close = postgresql_close,
	.is_alive = is_alive,
	.script = run_script,
	.begin = begin,
	.run = run,
	.query = query,
	.next = next,
	.rows_close = rows_close,
	.insert = postgresql_insert,
};
