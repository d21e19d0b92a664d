#include "base/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool fail_line(const struct table_reader *reader, struct error *err, const char *what)
{
	return fail(err, ERROR_PARSE, "%s: line %u: %s", reader->file, reader->line, what);
}

bool table_fail(const struct table_reader *reader, unsigned column, struct error *err,
		const char *format, ...)
{
	char what[256];
	va_list arguments;

	assert(column < reader->format->column_count);
	va_start(arguments, format);
	(void)vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	return fail(err, ERROR_PARSE, "%s: line %u, column %u (%s): %s", reader->file, reader->line,
		    column + 1, reader->format->columns[column], what);
}

struct line {
	char *at, *end; /* at `end` stands a NUL */
};

/* Cuts the next line off and ends it with a NUL: the copy has a byte to spare behind its end. */
static bool cut_line(struct table_reader *reader, struct line *ret_line)
{
	char *newline;

	if (reader->at == reader->end)
		return false;
	newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	*ret_line = (struct line){ .at = reader->at, .end = newline ? newline : reader->end };
	*ret_line->end = '\0';
	reader->at = newline ? newline + 1 : reader->end;
	reader->line++;
	return true;
}

static bool check_field(const struct table_reader *reader, unsigned column, struct error *err)
{
	struct span cell = reader->cells[column];

	for (size_t i = 0; i < cell.length; i++) {
		unsigned char c = (unsigned char)cell.at[i];

		if (c == '\r')
			return table_fail(reader, column, err,
					  "a carriage return; lines end with a newline alone");
		if (c < 0x20 || c == 0x7f)
			return table_fail(reader, column, err, "a control character");
	}
	if (span_trim(cell).length != cell.length)
		return table_fail(reader, column, err, "a blank before or behind the text");
	return true;
}

/* Cuts the line into the cells, each ended with a NUL. */
static bool cut_fields(struct table_reader *reader, struct line line, struct error *err)
{
	unsigned count = reader->format->column_count, found = 0;

	for (char *at = line.at; at; found++) {
		char *tab = memchr(at, '\t', (size_t)(line.end - at));
		char *stop = tab ? tab : line.end;

		if (found < count)
			reader->cells[found] =
				(struct span){ .at = at, .length = (size_t)(stop - at) };
		*stop = '\0';
		at = tab ? tab + 1 : NULL;
	}
	if (found != count)
		return fail(err, ERROR_PARSE,
			    "%s: line %u: %u fields, and the table has %u columns", reader->file,
			    reader->line, found, count);
	for (unsigned i = 0; i < count; i++) {
		if (!check_field(reader, i, err))
			return false;
	}
	return true;
}

static bool check_head(struct table_reader *reader, struct error *err)
{
	const struct table_format *format = reader->format;
	struct line line;

	if (!cut_line(reader, &line) || strncmp(line.at, "# ", 2) != 0 ||
	    strcmp(line.at + 2, format->schema) != 0)
		return fail(err, ERROR_UNSUPPORTED, "%s: line 1: has to be '# %s'", reader->file,
			    format->schema);
	if (!cut_line(reader, &line))
		return fail(err, ERROR_PARSE, "%s: line 2: the names of the columns are missing",
			    reader->file);
	if (!cut_fields(reader, line, err))
		return false;
	for (unsigned i = 0; i < format->column_count; i++) {
		if (!span_is(reader->cells[i], format->columns[i]))
			return table_fail(reader, i, err, "the column is named '%.*s'",
					  SPAN_ARGS(reader->cells[i]));
	}
	return true;
}

/* The line on which the byte stands. */
static uint32_t line_of(struct span text, size_t offset)
{
	uint32_t line = 1;

	for (size_t i = 0; i < offset && i < text.length; i++)
		line += text.at[i] == '\n';
	return line;
}

bool table_open(struct table_reader *reader, const struct table_format *format, const char *file,
		struct span text, struct arena *arena, struct error *err)
{
	size_t bad;
	char *copy;

	assert(format->column_count > 0 && format->column_count <= TABLE_COLUMNS_MAXIMUM);
	if (text.length > TABLE_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: %zu bytes; the limit is %d", file, text.length,
			    TABLE_BYTES_MAXIMUM);
	if (!span_is_utf8(text, &bad))
		return fail(err, ERROR_PARSE, "%s: line %u: not UTF-8", file, line_of(text, bad));
	copy = arena_take(arena, text.length + 1);
	if (text.length > 0)
		memcpy(copy, text.at, text.length);
	*reader = (struct table_reader){
		.format = format,
		.file = file,
		.at = copy,
		.end = copy + text.length,
	};
	return check_head(reader, err);
}

size_t table_rows_at_most(const struct table_reader *reader)
{
	size_t lines = reader->at < reader->end;

	for (const char *at = reader->at; at < reader->end; at++)
		lines += *at == '\n';
	return lines;
}

enum table_step table_next(struct table_reader *reader, struct error *err)
{
	struct line line;

	while (cut_line(reader, &line)) {
		if (*line.at == '#')
			continue;
		if (line.at == line.end) {
			(void)fail_line(reader, err, "an empty line");
			return TABLE_FAULT;
		}
		return cut_fields(reader, line, err) ? TABLE_ROW : TABLE_FAULT;
	}
	return TABLE_END;
}

const char *table_text(const struct table_reader *reader, unsigned column)
{
	return reader->cells[column].length > 0 ? reader->cells[column].at : NULL;
}

bool table_required(const struct table_reader *reader, unsigned column, const char **ret_text,
		    struct error *err)
{
	if (reader->cells[column].length == 0)
		return table_fail(reader, column, err, "has to be filled in");
	*ret_text = reader->cells[column].at;
	return true;
}

static bool read_hexadecimal(struct span digits, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (digits.length == 0 || digits.length > 8)
		return false;
	for (size_t i = 0; i < digits.length; i++) {
		static const char known[] = "0123456789abcdef";
		const char *at = digits.at[i] ? strchr(known, digits.at[i]) : NULL;

		if (!at)
			return false;
		value = value << 4 | (uint64_t)(at - known);
	}
	*ret_value = value;
	return true;
}

bool table_u32(const struct table_reader *reader, unsigned column, uint32_t *ret_value,
	       struct error *err)
{
	struct span cell = reader->cells[column];
	uint64_t value = 0;
	bool good = true;

	if (span_starts(cell, "0x"))
		good = read_hexadecimal((struct span){ cell.at + 2, cell.length - 2 }, &value);
	else if (cell.length > 0)
		good = span_to_u64(cell, &value);
	if (!good || value > UINT32_MAX)
		return table_fail(reader, column, err, "'%.*s' is no whole number of 32 bits",
				  SPAN_ARGS(cell));
	*ret_value = (uint32_t)value;
	return true;
}

bool table_number(const struct table_reader *reader, unsigned column, double *ret_value,
		  struct error *err)
{
	struct span cell = reader->cells[column];
	double value = 0;

	if (cell.length > 0 && (!span_to_double(cell, &value) || value < 0))
		return table_fail(reader, column, err, "'%.*s' is no number from 0",
				  SPAN_ARGS(cell));
	*ret_value = value;
	return true;
}

bool table_date(const struct table_reader *reader, unsigned column, date_t *ret_date,
		struct error *err)
{
	struct span cell = reader->cells[column];
	date_t date = DATE_NONE;

	if (cell.length > 0 && !date_parse(cell, &date))
		return table_fail(reader, column, err, "'%.*s' is no day; write YYYY-MM-DD",
				  SPAN_ARGS(cell));
	*ret_date = date;
	return true;
}

bool table_flag(const struct table_reader *reader, unsigned column, bool *ret_value,
		struct error *err)
{
	struct span cell = reader->cells[column];

	if (cell.length > 0 && !span_is(cell, "yes"))
		return table_fail(reader, column, err, "'%.*s'; write yes, or nothing",
				  SPAN_ARGS(cell));
	*ret_value = cell.length > 0;
	return true;
}

bool table_word(const struct table_reader *reader, unsigned column, const struct table_words *words,
		unsigned *ret_index, struct error *err)
{
	struct span cell = reader->cells[column];
	SCOPED_TEXT(known);

	for (unsigned i = 0; i < words->count; i++) {
		if (span_is(cell, words->words[i])) {
			*ret_index = i;
			return true;
		}
	}
	for (unsigned i = 0; i < words->count; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", words->words[i]);
	return table_fail(reader, column, err, "'%.*s' is none of: %s", SPAN_ARGS(cell),
			  text_string(&known));
}
