/*
 * Tables that people edit: UTF-8, one row a line, tabs between the fields. The first line is
 * "# " and the schema, the second the names of the columns; other lines that start with '#' are
 * comments. An empty field is absent. Everything else is a fault, named with file, line and column.
 */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/span.h"

enum {
	TABLE_COLUMNS_MAXIMUM = 24,
	TABLE_BYTES_MAXIMUM = 4 << 20,
};

struct table_format {
	const char *schema;         /* "assay/xid/v1" */
	const char *const *columns; /* at most TABLE_COLUMNS_MAXIMUM, in the order of the file */
	unsigned column_count;
};

struct table_reader {
	const struct table_format *format;
	const char *file; /* for errors */
	char *at, *end;   /* what is not read yet, in a copy of the reader's own */
	uint32_t line;    /* of the row that was read last, from 1 */
	struct span cells[TABLE_COLUMNS_MAXIMUM];
};

enum table_step {
	TABLE_ROW,
	TABLE_END,
	TABLE_FAULT,
};

/* Makes one copy of `text` in `arena`, whose fields then end with a NUL, and checks the first two
 * lines. `text` is not needed afterwards. */
bool table_open(struct table_reader *reader, const struct table_format *format, const char *file,
		struct span text, struct arena *arena, struct error *err);

/* No fewer than the rows that are left, for room. */
size_t table_rows_at_most(const struct table_reader *reader);

/* Reads the next row into `cells`. A field has no blanks around it and no control characters. */
enum table_step table_next(struct table_reader *reader, struct error *err);

/* Of the row that was read last. Each fails with the place; `column` is an index. */

/* Fails with file, line and column before the text. */
bool table_fail(const struct table_reader *reader, unsigned column, struct error *err,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/* NULL when the field is absent. The text lives in the arena of table_open. */
const char *table_text(const struct table_reader *reader, unsigned column);

/* Fails when the field is absent. */
bool table_required(const struct table_reader *reader, unsigned column, const char **ret_text,
		    struct error *err);

/* Decimal, or hexadecimal behind "0x". An absent field is 0. */
bool table_u32(const struct table_reader *reader, unsigned column, uint32_t *ret_value,
	       struct error *err);

/* An absent field is 0; negative numbers are refused. */
bool table_number(const struct table_reader *reader, unsigned column, double *ret_value,
		  struct error *err);

/* An absent field is DATE_NONE. */
bool table_date(const struct table_reader *reader, unsigned column, date_t *ret_date,
		struct error *err);

/* "yes", or absent. */
bool table_flag(const struct table_reader *reader, unsigned column, bool *ret_value,
		struct error *err);

struct table_words {
	const char *const *words;
	unsigned count;
};

/* Index of the field in `words`; an absent field fails. */
bool table_word(const struct table_reader *reader, unsigned column, const struct table_words *words,
		unsigned *ret_index, struct error *err);
