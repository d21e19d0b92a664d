/*
 * Parameters of a model: a table of rows, each with unit, default, bounds, meaning and source, and
 * the values that a preset, a file and --set give them. A value may be a range: what is not known
 * better is shown as an interval, never as one number.
 */
#pragma once

#include "base/node.h"
#include "base/quantity.h"

enum {
	PARAMETERS_MAXIMUM = 64,
};

struct parameter_row {
	const char *name; /* "detect", the word of files and --set */
	/* "s", "USD", "GPU-hours"; "" for a pure number, "share" for 0 to 1; "cold|hot|tolerant":
	 * one of these words, whose value is its place from 0 */
	const char *unit;
	double value; /* the default; NAN: there is none, it has to be given */
	double minimum, maximum;
	const char *meaning; /* a clause */
	const char *source;  /* where the default comes from: "our own", a publication with date */
};

struct parameter_table {
	const char *name; /* "ownership", for errors */
	const struct parameter_row *rows;
	unsigned count;
};

enum parameter_origin {
	ORIGIN_DEFAULT,
	ORIGIN_PRESET,
	ORIGIN_FILE,
	ORIGIN_EVIDENCE,
	ORIGIN_OPTION, /* --set */
	ORIGIN_COUNT,
};

extern const char *const parameter_origin_names[ORIGIN_COUNT];

struct parameters {
	const struct parameter_table *table;
	struct quantity values[PARAMETERS_MAXIMUM];
	enum parameter_origin origins[PARAMETERS_MAXIMUM];
	const char *sources[PARAMETERS_MAXIMUM]; /* of the value; NULL: the table's */
};

/* All defaults. */
void parameters_init(struct parameters *parameters, const struct parameter_table *table);

/* The value for people: a number or a range in six digits, a word; "-" for one that is not given.
 */
const char *parameter_format(const struct parameters *parameters, unsigned index,
			     char into[static QUANTITY_TEXT_SIZE]);

/* Sets one value by name; an unknown name is refused with the nearest, a value out of bounds with
 * the bounds and the unit. */
bool parameters_set(struct parameters *parameters, struct span name, struct span value,
		    enum parameter_origin origin, struct error *err);

/* "detect=900", of --set. */
bool parameters_assign(struct parameters *parameters, const char *assignment, struct error *err);

/* A map of names and values; each may also be a map { value:, source: }. */
bool parameters_read(struct parameters *parameters, const struct node *map, const char *file,
		     enum parameter_origin origin, struct arena *arena, struct error *err);

/* Fails with the names of those that have no value. */
bool parameters_complete(const struct parameters *parameters, struct error *err);
