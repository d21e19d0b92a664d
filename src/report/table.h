/*
 * A table that is filled once and written for a terminal, as CSV, as Markdown or as HTML. Its last
 * column may hold long text: on a terminal it is wrapped beside the others, or below them where the
 * terminal is narrow.
 */
#pragma once

#include "report/wrap.h"

struct column {
	const char *title;
	bool right; /* numbers stand on the right */
};

struct cell {
	const char *text; /* a newline starts a new line in the last column */
	enum tint tint;
};

struct table {
	const struct column *columns;
	unsigned column_count;
	unsigned indent; /* on a terminal */
	bool bare;       /* no titles on a terminal */
	struct cell *cells;
	size_t count, room; /* cells; rows are filled from left to right */
	struct arena *arena;
};

#define TABLE(name, column_list, in_arena)                                                    \
	struct table name = { .columns = (column_list),                                       \
			      .column_count = sizeof(column_list) / sizeof((column_list)[0]), \
			      .arena = (in_arena) }

/* Adds the next cell. NULL for the text is an empty cell. */
void table_cell(struct table *table, const char *text);
void table_tinted(struct table *table, enum tint tint, const char *text);
void table_format(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes it; all rows must be complete. FORMAT_JSON is not a table's. */
void table_write(const struct table *table, enum report_format format,
		 const struct report_style *style, struct text *into);

/* Appends the text as Markdown that shows it as it is. */
void markdown_add(struct text *into, struct span text);
