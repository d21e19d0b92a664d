#include <stdlib.h>
#include <string.h>

#include "store/sql_postgresql.h"

enum {
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_FLOAT8 = 701,
	COPY_BYTES = 256 << 10, /* sent at once */
	COPY_BYTES_MAXIMUM = 1 << 30,
};

static uint64_t big_endian(struct span bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < bytes.length; i++)
		number = number << 8 | (unsigned char)bytes.at[i];
	return number;
}

bool postgresql_decode(Oid type, struct span bytes, struct sql_value *ret_value)
{
	uint64_t wide = 0;

	switch (type) {
	case TYPE_BOOL:
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		wide = big_endian(bytes);
		ret_value->type = SQL_INTEGER;
		ret_value->integer = type == TYPE_INT4   ? (int32_t)wide
				     : type == TYPE_INT2 ? (int16_t)wide
							 : (int64_t)wide;
		return true;
	case TYPE_FLOAT8:
		if (bytes.length != sizeof(wide))
			return false;
		wide = big_endian(bytes);
		ret_value->type = SQL_REAL;
		memcpy(&ret_value->real, &wide, sizeof(wide));
		return true;
	case TYPE_TEXT:
	case TYPE_BYTEA:
		ret_value->type = type == TYPE_TEXT ? SQL_TEXT : SQL_BYTES;
		ret_value->bytes = bytes;
		return true;
	default:
		return false;
	}
}

static void put_bytes(struct text *into, const void *at, size_t length)
{
	text_add_span(into, (struct span){ at, length });
}

static void put_number(struct text *into, uint64_t value, unsigned length)
{
	char bytes[sizeof(value)];

	for (unsigned i = 0; i < length; i++)
		bytes[i] = (char)(value >> 8 * (length - 1 - i));
	put_bytes(into, bytes, length);
}

static void put_u32(struct text *into, uint32_t value)
{
	put_number(into, value, sizeof(value));
}

static void put_u64(struct text *into, uint64_t value)
{
	put_u32(into, sizeof(value));
	put_number(into, value, sizeof(value));
}

/* One field in the binary form of COPY. */
static bool put_field(struct text *into, const struct sql_value *value, Oid type)
{
	uint64_t bits;
	double real;

	if (value->type == SQL_NULL) {
		put_u32(into, UINT32_MAX);
		return true;
	}
	if (value->type == SQL_INTEGER && type == TYPE_INT8) {
		put_u64(into, (uint64_t)value->integer);
		return true;
	}
	if (value->type == SQL_INTEGER && type == TYPE_INT4) {
		put_u32(into, sizeof(uint32_t));
		put_u32(into, (uint32_t)value->integer);
		return value->integer >= INT32_MIN && value->integer <= INT32_MAX;
	}
	if ((value->type == SQL_REAL || value->type == SQL_INTEGER) && type == TYPE_FLOAT8) {
		real = value->type == SQL_REAL ? value->real : (double)value->integer;
		memcpy(&bits, &real, sizeof(bits));
		put_u64(into, bits);
		return true;
	}
	put_u32(into, (uint32_t)value->bytes.length);
	text_add_span(into, value->bytes);
	return (value->type == SQL_TEXT && type == TYPE_TEXT) ||
	       (value->type == SQL_BYTES && type == TYPE_BYTEA);
}

static void write_columns(struct text *into, const struct sql_table *table)
{
	text_format(into, "%s (", table->name);
	for (size_t i = 0; i < table->column_count; i++)
		text_format(into, "%s%s", i ? ", " : "", table->columns[i]);
	text_add(into, ")");
}

/* The types of the columns, which the server is asked for once a connection; NULL on failure. */
static const struct table_types *types_of(struct postgresql *database, const char *named,
					  const char *table, struct error *err)
{
	struct table_types *types;
	PGresult *result;
	SCOPED_TEXT(words);
	struct span list = span_of(named);

	for (unsigned i = 0; i < database->table_count; i++) {
		if (strcmp(database->tables[i].columns, named) == 0)
			return &database->tables[i];
	}
	if (database->table_count == TABLES_KEPT) {
		(void)fail(err, ERROR_LIMIT, "more than %d tables are written to", TABLES_KEPT);
		return NULL;
	}
	list.at += strlen(table) + 2;
	list.length -= strlen(table) + 3;
	text_format(&words, "SELECT %.*s FROM %s LIMIT 0", SPAN_ARGS(list), table);
	result = database->pq.exec(database->connection, text_string(&words));
	if (database->pq.result_status(result) != PGRES_TUPLES_OK) {
		(void)postgresql_fail(database, result, err);
		return NULL;
	}
	types = &database->tables[database->table_count++];
	types->columns = strdup(named);
	if (!types->columns)
		memory_exhausted(list.length);
	for (int i = 0; i < database->pq.nfields(result) && i < SQL_COLUMNS_MAXIMUM; i++)
		types->types[i] = database->pq.ftype(result, i);
	database->pq.clear(result);
	return types;
}

static bool send_piece(struct postgresql *database, struct text *piece, struct error *err)
{
	bool sent = piece->length == 0 ||
		    database->pq.put_copy(database->connection, piece->at, (int)piece->length) == 1;

	text_clear(piece);
	return sent || postgresql_fail(database, NULL, err);
}

static bool send_rows(struct postgresql *database, const struct table_types *types,
		      size_t column_count, const struct sql_value *values, size_t row_count,
		      struct error *err)
{
	static const char head[] =
		"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, no more */
	struct text piece = { .maximum = COPY_BYTES_MAXIMUM };
	bool good = true;

	put_bytes(&piece, head, sizeof(head));
	for (size_t row = 0; good && row < row_count; row++) {
		put_number(&piece, column_count, 2);
		for (size_t i = 0; good && i < column_count; i++)
			good = put_field(&piece, &values[row * column_count + i],
					 types->types[i]) ||
			       fail(err, ERROR_INVALID, "column %zu takes no such value", i + 1);
		if (good && piece.length >= COPY_BYTES)
			good = send_piece(database, &piece, err);
	}
	put_number(&piece, UINT16_MAX, 2);
	good = good && send_piece(database, &piece, err);
	text_release(&piece);
	return good;
}

bool postgresql_settle(struct postgresql *database, struct error *err)
{
	const struct libpq *pq = &database->pq;
	PGresult *result;
	bool good = true;

	if (!database->is_copying)
		return true;
	database->is_copying = false;
	while ((result = pq->get_result(database->connection))) {
		if (good && pq->result_status(result) != PGRES_COMMAND_OK)
			good = postgresql_fail(database, result, err);
		else
			pq->clear(result);
	}
	return good;
}

/* Ends the copy, well or with an error that the server then knows too. */
static bool end_copy(struct postgresql *database, bool good, struct error *err)
{
	database->is_copying = true;
	if (database->pq.end_copy(database->connection, good ? NULL : "given up") != 1)
		good = good && postgresql_fail(database, NULL, err);
	return (good || !postgresql_settle(database, NULL)) && good;
}

bool postgresql_insert(struct sql *sql, const struct sql_table *table,
		       const struct sql_value *values, size_t row_count, struct error *err)
{
	struct postgresql *database = (struct postgresql *)(void *)sql;
	const struct table_types *types = NULL;
	PGresult *result;
	SCOPED_TEXT(named);
	SCOPED_TEXT(words);

	if (!postgresql_settle(database, err))
		return false;
	write_columns(&named, table);
	types = types_of(database, text_string(&named), table->name, err);
	if (!types)
		return false;
	text_format(&words, "COPY %s FROM STDIN (FORMAT binary)", text_string(&named));
	result = database->pq.exec(database->connection, text_string(&words));
	if (database->pq.result_status(result) != PGRES_COPY_IN)
		return postgresql_fail(database, result, err);
	database->pq.clear(result);
	return end_copy(database,
			send_rows(database, types, table->column_count, values, row_count, err),
			err);
}
