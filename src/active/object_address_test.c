#include "active/object_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void an_address_is_taken_apart(void **state)
{
	struct object_store store = { 0 };
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	assert_true(object_url_read("https://s3.example:9000/data.set/", &arena, &store, &err));
	assert_string_equal(store.base, "https://s3.example:9000");
	assert_string_equal(store.bucket, "data.set");
	assert_string_equal(store.mark, "s3.example:9000/data.set");
}

static void without_encryption_it_is_this_machine_alone(void **state)
{
	static const char *const good[] = { "http://127.0.0.1/b", "http://127.8.9.1:9000/b",
					    "http://localhost/b", "http://localhost:9000/b",
					    "http://[::1]/b",     "http://[::1]:9000/b" };
	static const char *const bad[] = { "http://s3.example/b",      "http://10.0.0.1:9000/b",
					   "http://127.0.0.example/b", "http://127.0.0.1.example/b",
					   "http://127.0.0/b",         "http://localhost.example/b",
					   "http://[::1].example/b",   "http://[::2]/b" };
	struct object_store store = { 0 };
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(object_url_read(good[i], &arena, &store, &err));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(object_url_read(bad[i], &arena, &store, &err));
		assert_non_null(strstr(err.text, "https:// is needed"));
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = { "",
					   "s3://bucket",
					   "https://host",
					   "https:///bucket",
					   "https://a@b/bucket",
					   "https://h/a/b",
					   "https://h/a?b",
					   "https://h/" };
	struct object_store store = { 0 };
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(object_url_read(bad[i], &arena, &store, &err));
}

static char *nobody(const char *name)
{
	(void)name;
	return NULL;
}

static char *somebody(const char *name)
{
	static char key[] = "key", region[] = "eu-west-2";

	if (strstr(name, "REGION"))
		return region;
	return strstr(name, "KEY") ? key : NULL;
}

static char *sly(const char *name)
{
	static char key[] = "key\r\nx: y";

	return strstr(name, "KEY") ? key : NULL;
}

static void who_asks_is_told_by_the_environment(void **state)
{
	struct object_store store = { 0 };
	struct error err;

	(void)state;
	assert_false(object_who(nobody, &store, &err));
	assert_false(object_who(sly, &store, &err));
	assert_null(strstr(err.text, "x: y"));
	assert_true(object_who(somebody, &store, &err));
	assert_string_equal(store.region, "eu-west-2");
	assert_null(store.token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_taken_apart),
		cmocka_unit_test(without_encryption_it_is_this_machine_alone),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(who_asks_is_told_by_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
