/*
 * The measures of a node, by number: what evidence/measures.h lists, and what a record of one has
 * to look like.
 */
#pragma once

#include "evidence/measures.h"
#include "evidence/record.h"

enum measure_kind {
	MEASURE_VALUE,   /* a number at a moment */
	MEASURE_COUNTER, /* a number that only rises until the device or the machine starts anew */
	MEASURE_STATE,   /* a word or a short text */
	MEASURE_TEXT,    /* a line as it was written; there may be many of one device */
};

#define MEASURE_SYMBOL(symbol, name, kind, unit, meaning) NODE_##symbol,
enum measure { NODE_MEASURES(MEASURE_SYMBOL) MEASURE_COUNT };
#undef MEASURE_SYMBOL

struct measure_row {
	const char *name; /* "node.gpu.temperature" */
	enum measure_kind kind;
	const char *unit; /* NULL for states and texts */
	const char *meaning;
};

extern const struct measure_row measures[MEASURE_COUNT];

/* How a record says it when it is known. */
enum record_says measure_says(enum measure measure);

/* What it is, without the values that it may have: "state of the port". */
struct span measure_title(enum measure measure);

/* False when no measure has the name. */
bool measure_find(const char *name, enum measure *ret_measure);

/* Whether the record says what the measure asks for: a value in its unit, a state, a text, or that
 * it is unknown and why; and names a node. Fails with the reason, without the record's place. */
bool measure_fits(enum measure measure, const struct record *record, struct error *err);

/* The same of any row, whomever it is about. */
bool measure_row_fits(const struct measure_row *row, const struct record *record,
		      struct error *err);
