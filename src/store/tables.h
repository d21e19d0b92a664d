/*
 * The tables of a store and how those of an earlier format become those of the next.
 */
#pragma once

#include "store/sql.h"

/* What brings tables of format n (its place in the array, from 1) to n + 1, in one transaction. */
struct tables_step {
	const char *script; /* with the words that tables_script knows */
};

/* Runs a script in which @key, @integer, @small, @real, @text, @bytes and @clustered stand for
 * what the database calls them. */
bool tables_script(struct sql *sql, const char *script, struct error *err);

/* The format that this version writes. */
int64_t tables_format(enum sql_kind kind);

/* Brings the tables from `format` to `wanted`; before the first step a copy is kept:
 * "FILE.before-N", or the schema before_N of PostgreSQL. An existing copy is not written over. */
bool tables_forward(struct sql *sql, const struct tables_step *steps, int64_t format,
		    int64_t wanted, struct error *err);
