#include "store/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/database.h"

static void keeps_its_secrets(const struct database_place *place)
{
	uint8_t first[STORE_SECRET_BYTES], again[STORE_SECRET_BYTES], other[STORE_SECRET_BYTES];
	struct store *store = NULL;

	assert_true(store_open(place->where, SQL_CREATE, &store, NULL));
	assert_true(store_secret(store, "feedback", first, NULL));
	assert_true(store_secret(store, "feedback", again, NULL));
	assert_true(store_secret(store, "another", other, NULL));
	assert_memory_equal(first, again, sizeof(first));
	assert_memory_not_equal(first, other, sizeof(first));
	store_close(store);
	/* A reader sees what is there and makes none. */
	assert_true(store_open(place->where, SQL_READ, &store, NULL));
	assert_true(store_secret(store, "feedback", again, NULL));
	assert_memory_equal(first, again, sizeof(first));
	assert_false(store_secret(store, "third", other, NULL));
	store_close(store);
}

static void a_file_keeps_its_secrets(void **state)
{
	struct database_place place = { 0 };

	(void)state;
	assert_true(database_sqlite(&place));
	keeps_its_secrets(&place);
	database_end(&place);
}

static void a_server_keeps_its_secrets(void **state)
{
	struct database_place place = { 0 };

	(void)state;
	assert_true(database_postgresql(&place));
	if (place.missing)
		skip();
	keeps_its_secrets(&place);
	database_end(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_keeps_its_secrets),
		cmocka_unit_test(a_server_keeps_its_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
