#include "store/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"
#include "test/database.h"

/* There is one format yet, so the way from one to the next is gone with steps of the test's own. */

struct fixture {
	struct database_place place;
	struct sql *sql;
	char copy[300];
};

static int make(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	*state = fixture;
	if (!fixture || !database_sqlite(&fixture->place) ||
	    !sql_open(fixture->place.where, SQL_CREATE, &fixture->sql, NULL))
		return -1;
	(void)snprintf(fixture->copy, sizeof(fixture->copy), "%s.before-3", fixture->place.where);
	return tables_script(fixture->sql,
			     "CREATE TABLE assay_store (format @integer NOT NULL);"
			     "INSERT INTO assay_store VALUES (1);"
			     "CREATE TABLE t (a @key, b @text);"
			     "INSERT INTO t VALUES (1, 'kept')",
			     NULL)
		       ? 0
		       : -1;
}

static int unmake(void **state)
{
	struct fixture *fixture = *state;

	sql_close(fixture->sql);
	database_end(&fixture->place);
	free(fixture);
	return 0;
}

static int64_t ask(struct sql *sql, const char *question)
{
	int64_t number = -1;

	return sql_ask(sql, question, NULL, 0, &number, NULL) ? number : -1;
}

static void steps_are_gone_in_order_after_a_copy(void **state)
{
	static const struct tables_step steps[] = {
		{ 0 },
		{ "ALTER TABLE t ADD COLUMN c @integer NOT NULL DEFAULT 7" },
		{ "UPDATE t SET c = c + 1" },
	};
	struct fixture *fixture = *state;
	struct sql *copy = NULL;

	assert_true(tables_forward(fixture->sql, steps, 1, 3, NULL));
	assert_int_equal(ask(fixture->sql, "SELECT format FROM assay_store"), 3);
	assert_int_equal(ask(fixture->sql, "SELECT c FROM t"), 8);
	assert_true(sql_open(fixture->copy, SQL_READ, &copy, NULL));
	assert_int_equal(ask(copy, "SELECT format FROM assay_store"), 1);
	assert_int_equal(ask(copy, "SELECT count(*) FROM t"), 1);
	sql_close(copy);
}

static void a_step_that_fails_leaves_all_as_it_was(void **state)
{
	static const struct tables_step steps[] = {
		{ 0 },
		{ "ALTER TABLE t ADD COLUMN c @integer" },
		{ "ALTER TABLE nothing ADD COLUMN c @integer" },
	};
	struct fixture *fixture = *state;
	struct error err = { 0 };

	assert_false(tables_forward(fixture->sql, steps, 1, 3, &err));
	assert_non_null(strstr(err.text, "to format 3"));
	assert_int_equal(ask(fixture->sql, "SELECT format FROM assay_store"), 1);
	assert_int_equal(ask(fixture->sql, "SELECT count(c) FROM t"), -1);
	/* The copy is there, and is not written over. */
	assert_false(tables_forward(fixture->sql, steps, 1, 3, &err));
	assert_non_null(strstr(err.text, ".before-3"));
}

static void a_later_format_is_refused_untouched(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = NULL;
	struct error err = { 0 };

	assert_true(sql_script(fixture->sql, "UPDATE assay_store SET format = 99", NULL));
	for (unsigned i = SQL_READ; i <= SQL_CREATE; i++) {
		assert_false(store_open(fixture->place.where, (enum sql_access)i, &store, &err));
		assert_int_equal(err.code, ERROR_UNSUPPORTED);
	}
	assert_int_equal(ask(fixture->sql, "SELECT count(*) FROM sqlite_schema"), 2);
}

static void another_database_is_made_no_store(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = NULL;
	struct error err = { 0 };

	assert_true(sql_script(fixture->sql, "DROP TABLE assay_store", NULL));
	assert_false(store_open(fixture->place.where, SQL_CREATE, &store, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_int_equal(ask(fixture->sql, "SELECT count(*) FROM sqlite_schema"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(steps_are_gone_in_order_after_a_copy, make, unmake),
		cmocka_unit_test_setup_teardown(a_step_that_fails_leaves_all_as_it_was, make,
						unmake),
		cmocka_unit_test_setup_teardown(a_later_format_is_refused_untouched, make, unmake),
		cmocka_unit_test_setup_teardown(another_database_is_made_no_store, make, unmake),
	};

	return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
