/* Numbers with an interval, the same in every report. */
#pragma once

#include "base/json.h"
#include "base/quantity.h"
#include "report/table.h"

/* "1.42 [1.31-1.56]", or "1.42" when it is no range at so many decimals. */
const char *quantity_text(struct quantity quantity, unsigned decimals, struct arena *arena);

/* The same of shares, in percent: "85% [80-90]". */
const char *quantity_percent_text(struct quantity quantity, struct arena *arena);

/* "1,234,567", rounded to a whole number; "-" when it is not a number. */
const char *whole_text(double value, struct arena *arena);

/* The pair `key`: value, low, high. */
void json_pair_quantity(struct json_writer *writer, const char *key, struct quantity quantity,
			unsigned decimals);

/* CSV of models: one figure a row. What is not a number is an empty cell; low and high are empty
 * where there is no range. */
enum {
	FIGURE_COLUMNS = 6,
};

extern const struct column figure_columns[FIGURE_COLUMNS]; /* part, name, unit, value, low, high */

struct figure {
	const char *part, *name, *unit;
	struct quantity value;
};

void figure_add(struct table *table, struct figure figure);
