/*
 * Places for stores of tests: a file in a temporary folder, and a PostgreSQL of the test's own,
 * which listens on a socket in such a folder and nowhere else.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct database_place {
	char folder[64], where[256];
	const char *missing; /* why there is no server here; NULL when there is one */
	pid_t server;        /* 0: none */
};

bool database_sqlite(struct database_place *place);

/* Starts a server; when none is installed it says so in `missing`. */
bool database_postgresql(struct database_place *place);

/* Nothing is in it afterwards. */
bool database_empty(struct database_place *place);

/* Ends the server and removes the folder. */
void database_end(struct database_place *place);
