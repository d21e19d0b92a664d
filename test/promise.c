#include "test/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct run {
	const struct promise *promise;
	struct database_place *place;
};

static void keeps_promise(void **state)
{
	const struct run *run = *state;
	struct fixture fixture = { .place = run->place };

	if (run->place->missing) {
		print_message("# %s\n", run->place->missing);
		skip();
	}
	if (!database_empty(run->place) ||
	    !store_open(run->place->where, SQL_CREATE, &fixture.store, &fixture.err))
		fail_msg("%s", fixture.err.text);
	run->promise->test(&fixture);
	store_close(fixture.store);
	arena_release(&fixture.arena);
}

int promises_test(const char *group, const struct promise *promises, size_t count)
{
	struct database_place places[2] = { 0 };
	static const char *const names_of[] = { "sqlite", "postgresql" };
	struct run runs[2 * PROMISES_MAXIMUM];
	struct CMUnitTest tests[2 * PROMISES_MAXIMUM];
	char names[2 * PROMISES_MAXIMUM][96];
	int failed;

	if (count > PROMISES_MAXIMUM || !database_sqlite(&places[0]) ||
	    !database_postgresql(&places[1])) {
		(void)fprintf(stderr, "%s: no place to test in\n", group);
		return 1;
	}
	for (size_t i = 0; i < 2 * count; i++) {
		runs[i] = (struct run){ &promises[i / 2], &places[i % 2] };
		(void)snprintf(names[i], sizeof(names[i]), "%s_%s", promises[i / 2].name,
			       names_of[i % 2]);
		tests[i] = (struct CMUnitTest){ .name = names[i],
						.test_func = keeps_promise,
						.initial_state = &runs[i] };
	}
	failed = _cmocka_run_group_tests(group, tests, 2 * count, NULL, NULL);
	database_end(&places[0]);
	database_end(&places[1]);
	return failed;
}
