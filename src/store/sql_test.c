#include "store/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/database.h"

static int make(void **state)
{
	struct database_place *place = calloc(1, sizeof(*place));

	*state = place;
	return place && database_sqlite(place) ? 0 : -1;
}

static int unmake(void **state)
{
	database_end(*state);
	free(*state);
	return 0;
}

static void values_keep_their_types(void **state)
{
	const struct database_place *place = *state;
	static const char *const columns[] = { "a", "b", "c", "d", "e" };
	const struct sql_value values[] = { sql_integer(INT64_MIN), sql_real(0.1),
					    sql_text("\xc3\xa4"), sql_bytes(SPAN("\0\1")),
					    sql_text(NULL) };
	const struct sql_value *row = NULL;
	struct sql_rows *rows = NULL;
	struct sql *sql = NULL;
	bool more = false;

	assert_true(sql_open(place->where, SQL_CREATE, &sql, NULL));
	assert_true(sql_script(sql, "CREATE TABLE t (a, b, c, d, e)", NULL));
	assert_true(sql_begin(sql, NULL));
	assert_true(sql_insert(sql, &(struct sql_table){ "t", columns, 5 }, values, 1, NULL));
	assert_true(sql_commit(sql, NULL));
	assert_true(sql_query(sql, "SELECT * FROM t", NULL, 0, &rows, NULL));
	assert_true(sql_next(rows, &row, &more, NULL));
	assert_true(more);
	assert_int_equal(row[0].integer, INT64_MIN);
	assert_true(row[1].type == SQL_REAL && row[1].real > 0.09 && row[1].real < 0.11);
	assert_true(row[2].type == SQL_TEXT && span_is(row[2].bytes, "\xc3\xa4"));
	assert_true(row[3].type == SQL_BYTES && row[3].bytes.length == 2);
	assert_int_equal(row[4].type, SQL_NULL);
	assert_true(sql_next(rows, &row, &more, NULL));
	assert_false(more);
	sql_rows_close(rows);
	sql_close(sql);
}

static void what_is_not_committed_is_not_there(void **state)
{
	const struct database_place *place = *state;
	struct sql *sql = NULL;
	int64_t count = -1;

	assert_true(sql_open(place->where, SQL_CREATE, &sql, NULL));
	assert_true(sql_script(sql, "CREATE TABLE t (a)", NULL));
	assert_true(sql_begin(sql, NULL));
	assert_true(sql_run(sql, "INSERT INTO t VALUES (1)", NULL, 0, NULL, NULL));
	sql_close(sql);
	assert_true(sql_open(place->where, SQL_READ, &sql, NULL));
	assert_true(sql_ask(sql, "SELECT count(*) FROM t", NULL, 0, &count, NULL));
	assert_int_equal(count, 0);
	assert_false(sql_begin(sql, NULL));
	assert_false(sql_run(sql, "INSERT INTO t VALUES (1)", NULL, 0, NULL, NULL));
	sql_close(sql);
}

static void no_password_is_repeated(void **state)
{
	/* In the last ones the password has signs that end it, so that it is read as a port, a
	 * database or an option. */
	static const char *const places[] = {
		"postgresql://me:secret@localhost:1/db?host=/nowhere",
		"postgresql://me:1%zzsecret@localhost:1/db?host=/nowhere",
		"postgresql:///db?host=/nowhere&user=me&password=secret",
		"postgresql:///db?host=/nowhere&passwort=secret",
		"postgresql://me:secret/1@localhost:1/db?host=/nowhere",
		"postgresql://me:1/secret@localhost:1/db?host=/nowhere",
		"postgresql://me:1?secret@localhost:1/db?host=/nowhere",
		"postgresql://me:1?secret=1@localhost:1/db?host=/nowhere",
		"postgresql://me:1@secret@localhost:1/db?host=/nowhere",
		"postgresql://me:secret:1@localhost:1/db?host=/nowhere",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct sql *sql = NULL;
		struct error err = { 0 };

		assert_false(sql_open(places[i], SQL_WRITE, &sql, &err));
		assert_int_not_equal(err.code, ERROR_NONE);
		if (strstr(err.text, "secret"))
			fail_msg("%s", err.text);
	}
}

static void what_is_begun_within_is_a_part(void **state)
{
	const struct database_place *place = *state;
	struct sql *sql = NULL;
	struct error err = { 0 };
	int64_t count = -1;

	assert_true(sql_open(place->where, SQL_CREATE, &sql, NULL));
	assert_true(sql_is_alive(sql));
	assert_true(sql_script(sql, "CREATE TABLE t (a)", NULL));
	/* The inner one writes nothing by itself. */
	assert_true(sql_begin(sql, NULL) && sql_begin(sql, NULL));
	assert_true(sql_run(sql, "INSERT INTO t VALUES (1)", NULL, 0, NULL, NULL));
	assert_true(sql_commit(sql, NULL));
	sql_rollback(sql);
	assert_true(sql_ask(sql, "SELECT count(*) FROM t", NULL, 0, &count, NULL));
	assert_int_equal(count, 0);
	/* Given up within, it cannot be committed any more. */
	assert_true(sql_begin(sql, NULL) && sql_begin(sql, NULL));
	assert_true(sql_run(sql, "INSERT INTO t VALUES (1)", NULL, 0, NULL, NULL));
	sql_rollback(sql);
	assert_false(sql_commit(sql, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_true(sql_begin(sql, NULL) && sql_begin(sql, NULL));
	assert_true(sql_run(sql, "INSERT INTO t VALUES (1)", NULL, 0, NULL, NULL));
	assert_true(sql_commit(sql, NULL) && sql_commit(sql, NULL));
	sql_rollback(sql);
	assert_true(sql_ask(sql, "SELECT count(*) FROM t", NULL, 0, &count, NULL));
	assert_int_equal(count, 1);
	sql_close(sql);
}

static void what_is_no_database_is_named(void **state)
{
	struct database_place *place = *state;
	struct sql *sql = NULL;
	struct error err = { 0 };
	FILE *file;

	assert_false(sql_open(place->where, SQL_WRITE, &sql, &err));
	assert_non_null(strstr(err.text, place->where));
	file = fopen(place->where, "w");
	assert_non_null(file);
	(void)fputs("this is a text that is longer than the head of a database, a hundred bytes, "
		    "and no database at all\n",
		    file);
	(void)fclose(file);
	assert_false(sql_open(place->where, SQL_WRITE, &sql, &err));
	assert_int_equal(err.code, ERROR_PARSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_keep_their_types, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_not_committed_is_not_there, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_begun_within_is_a_part, make, unmake),
		cmocka_unit_test_setup_teardown(no_password_is_repeated, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_no_database_is_named, make, unmake),
	};

	return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
