/*
 * What a store promises holds on both databases: each promise is tested once on SQLite and once on
 * PostgreSQL, in an empty store.
 */
#pragma once

#include "store/store.h"
#include "test/database.h"

struct fixture {
	struct database_place *place; /* of this test */
	struct store *store;
	struct arena arena;
	struct error err;
};

struct promise {
	const char *name;
	void (*test)(struct fixture *fixture);
};

#define PROMISE(test)       \
	{                   \
#test, test \
	}

enum {
	PROMISES_MAXIMUM = 64,
};

/* Tests them all; what cmocka_run_group_tests returns. Without a server its half is skipped. */
int promises_test(const char *group, const struct promise *promises, size_t count);
