/*
 * What is kept and shown of a node beside its records: where it stands in its life, how its last
 * look ended, rail by rail. A brief is made from a checkup, kept as one line of JSON (schema
 * assay/node/v1), and read back for the grid, where thousands stand.
 */
#pragma once

#include "base/text.h"
#include "check/checkup.h"

enum node_life {
	LIFE_UNKNOWN,
	LIFE_DEPLOY,     /* there, nothing tested yet */
	LIFE_BURN_IN,    /* under the tests of its deployment */
	LIFE_SERVE,      /* given to renters */
	LIFE_WATCH,      /* serves, with warnings */
	LIFE_QUARANTINE, /* taken out: a check fails */
	LIFE_REPAIR,     /* with the operator or the maker */
	LIFE_RETURN,     /* repaired, tested again before it serves */
	LIFE_COUNT,
};

extern const char *const node_life_names[LIFE_COUNT]; /* "unknown", "deploy", "burn-in" … */
bool node_life_parse(struct span name, enum node_life *ret_life);

enum {
	NODE_RAILS_MAXIMUM = 16,
	NODE_CHECKS_MAXIMUM = 512,
};

struct node_brief {
	const char *provider, *cluster, *node; /* cluster "" when not said */
	const char *rack;                      /* "" when not known */
	const char *model;                     /* of the GPUs; "" when not known */
	int64_t time;                          /* of the look */
	enum verdict gate;
	enum node_life life;
	size_t counts[VERDICT_COUNT]; /* of checks */
	/* The worst that was found of the n-th GPU, in the order of their addresses. */
	enum verdict rails[NODE_RAILS_MAXIMUM];
	uint32_t rail_count;
};

/* `life` follows from the gate unless somebody said otherwise: quarantine where a check fails,
 * watch where one warns, serve where all is well, unknown where it could not be told. */
enum node_life node_life_of(const struct checkup *checkup);

/* Fills gate, counts, rails, model and, by node_life_of, life. Names, rack and time are left. */
void node_brief_of(const struct checkup *checkup, struct node_brief *brief);

void node_brief_write(const struct node_brief *brief, struct text *into);

/* `file` is for errors. Texts live in the arena. */
bool node_brief_read(struct span line, const char *file, struct arena *arena,
		     struct node_brief *ret_brief, struct error *err);
