/*
 * What a provider says that it sells, claim by claim, as a file: schema assay/claims/v1. Each claim
 * has the words it was sold with, where they stand and the day on which they stood there, and says
 * what they count in, so that "3.2 Tb/s" of both directions is not held against one.
 */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

enum {
	CLAIMS_BYTES_MAXIMUM = 256 << 10,
	CLAIMS_MAXIMUM = 200,
	CLAIM_TEXT_MAXIMUM = 300,
};

enum claim_kind {
	CLAIM_GPU_MODEL,
	CLAIM_GPU_COUNT,
	CLAIM_GPU_MEMORY, /* of each GPU */
	CLAIM_GPU_CLOCK,
	CLAIM_GPU_POWER,
	CLAIM_GPU_DRAW,      /* power at full load, which a saving promises */
	CLAIM_GPU_COMPUTE,   /* bf16, dense, of each GPU */
	CLAIM_GPU_BANDWIDTH, /* of its memory */
	CLAIM_NVLINK,        /* of each GPU, one way */
	CLAIM_NODE_BANDWIDTH,
	CLAIM_CPU_CORES,
	CLAIM_CPU_THREADS,
	CLAIM_MEMORY,
	CLAIM_LOCAL_STORAGE,
	CLAIM_STORAGE_READ, /* of the folder that is named */
	CLAIM_STORAGE_WRITE,
	CLAIM_START_TIME,
	CLAIM_UPTIME,
	CLAIM_KIND_COUNT,
};

enum claim_rule {
	CLAIM_AT_LEAST,
	CLAIM_AT_MOST,
	CLAIM_EQUAL, /* of a model */
};

/* What a kind of claim is. */
struct claim_row {
	const char *name;  /* in the file; "claim.NAME" in evidence */
	const char *title; /* "bandwidth of the node" */
	const char *unit;  /* of claim.value and in evidence; NULL: a word */
	double tolerance;  /* share by which it may fall short: rounding and protocol overhead */
	const char *tolerated; /* why so much: a few words */
	enum claim_rule rule;
	bool has_folder;
};

extern const struct claim_row claim_rows[CLAIM_KIND_COUNT];

/* What one of a unit that people write is in the row's; 0 when it does not fit the row. GB is 10^9
 * bytes: the smallest reading of the word, in favour of who wrote it. */
double claim_unit_factor(const struct claim_row *row, struct span written);

/* " GB GiB TB": the units that fit the row, for an error. */
void claim_units_write(const struct claim_row *row, struct text *into);

/* What the words count that a renter does not get, as a provider may say. */
enum claim_trap {
	CLAIM_BOTH_DIRECTIONS = 1 << 0, /* sent and received added up */
	CLAIM_SPARSITY = 1 << 1,        /* operations that are left out, too */
	CLAIM_UP_TO = 1 << 2,           /* "up to": at most, and no promise */
	CLAIM_ABOUT = 1 << 3,           /* rounded to one digit */
};

struct claim {
	enum claim_kind kind;
	double value;        /* as sold, in the row's unit; 0 for a word */
	double front_end;    /* what of it is the front end; 0 for none */
	const char *word;    /* NULL for a number */
	const char *folder;  /* NULL for none */
	unsigned traps;      /* enum claim_trap */
	const char *sold_as; /* the words; NULL when not given */
	const char *source;  /* never NULL: name, and address where there is one */
	date_t day;          /* as sold */
	uint32_t line;       /* of the file */
};

struct claims {
	const char *file;
	const char *provider, *product; /* NULL when not given */
	const struct claim *items;
	size_t count;
};

/* Reads a file of claims; all of it lives in `arena`. A fault fails with file, line, column and
 * what to do. */
bool claims_read(struct span text, const char *file, struct arena *arena, struct claims *ret_claims,
		 struct error *err);

/* What a renter may expect of the claim in one direction, without the front end and dense. */
double claim_promised(const struct claim *claim);
