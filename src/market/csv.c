#include <assert.h>
#include <string.h>

#include "market/import.h"

/* The row is in a buffer that may be written to, as csv_cut asks for. */
static char *writable(const char *at)
{
	char *same;

	memcpy(&same, &at, sizeof(same));
	return same;
}

/* Cuts the cell that starts with a quote; doubled quotes in it become one. */
static bool cut_quoted(struct span *rest, char separator, struct span *ret_cell)
{
	char *into = writable(rest->at) + 1;
	size_t i = 1, length = 0;

	for (; i < rest->length; i++, length++) {
		bool is_quote = rest->at[i] == '"';

		if (is_quote && (i + 1 == rest->length || rest->at[i + 1] != '"'))
			break;
		i += is_quote;
		if (into + length != rest->at + i)
			into[length] = rest->at[i];
	}
	if (i >= rest->length || (i + 1 < rest->length && rest->at[i + 1] != separator))
		return false;
	*ret_cell = (struct span){ .at = into, .length = length };
	rest->at += i + 1;
	rest->length -= i + 1;
	return true;
}

bool csv_cut(struct span line, char separator, struct csv_row *ret_row)
{
	struct span rest = line;
	unsigned count = 0;

	for (;;) {
		if (count == CSV_COLUMNS_MAXIMUM)
			return false;
		if (rest.length > 0 && *rest.at == '"') {
			if (!cut_quoted(&rest, separator, &ret_row->cells[count]))
				return false;
		} else {
			const char *found =
				rest.length > 0 ? memchr(rest.at, separator, rest.length) : NULL;
			size_t length = found ? (size_t)(found - rest.at) : rest.length;

			ret_row->cells[count] = (struct span){ .at = rest.at, .length = length };
			rest.at += length;
			rest.length -= length;
		}
		count++;
		if (rest.length == 0)
			break;
		rest.at++; /* the separator */
		rest.length--;
	}
	ret_row->count = count;
	return true;
}

void csv_put(struct text *into, struct span cell)
{
	bool plain = true;

	for (size_t i = 0; i < cell.length && plain; i++)
		plain = cell.at[i] != ',' && cell.at[i] != '"' && cell.at[i] != '\n' &&
			cell.at[i] != '\r';
	if (plain) {
		text_add_span(into, cell);
		return;
	}
	text_add_char(into, '"');
	for (size_t i = 0; i < cell.length; i++) {
		if (cell.at[i] == '"')
			text_add_char(into, '"');
		text_add_char(into, cell.at[i]);
	}
	text_add_char(into, '"');
}

/* ---- a file with a header ---- */

static bool is_mark(char c)
{
	return c == ' ' || c == '\t' || c == '_' || c == '-';
}

static char to_small(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool csv_same_name(struct span written, struct span column)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		while (i < written.length && is_mark(written.at[i]))
			i++;
		while (j < column.length && is_mark(column.at[j]))
			j++;
		if (i == written.length || j == column.length)
			return i == written.length && j == column.length;
		if (to_small(written.at[i]) != to_small(column.at[j]))
			return false;
	}
}

/* The column's place in the header; -1 when it is absent. */
static int find_column(const struct csv_row *header, const char *column)
{
	for (unsigned i = 0; i < header->count; i++) {
		if (csv_same_name(header->cells[i], span_of(column)))
			return (int)i;
	}
	return -1;
}

bool csv_lacks(const struct csv_reader *reader, struct span column, struct error *err)
{
	struct text there = { .maximum = 240 };

	for (unsigned i = 0; i < reader->row.count; i++)
		text_format(&there, "%s%.*s", i > 0 ? ", " : "", SPAN_ARGS(reader->row.cells[i]));
	(void)fail(err, ERROR_INVALID, "%s: line 1: no column '%.*s'; the columns are: %s",
		   reader->import->file, SPAN_ARGS(column), text_string(&there));
	text_release(&there);
	return false;
}

static bool read_header(struct csv_reader *reader, struct error *err)
{
	const struct import *import = reader->import;
	const struct csv_form *form = reader->form;
	struct span line;
	enum line_step step = line_next(&reader->lines, &line, err);

	if (step == LINE_FAULT)
		return false;
	if (step == LINE_END)
		return fail(err, ERROR_PARSE, "'%s' is empty; its first line names the columns",
			    import->file);
	if (step == LINE_TOO_LONG || !csv_cut(line, reader->form->separator, &reader->row))
		return fail(err, ERROR_PARSE,
			    "%s: line 1: no header of CSV; it names at most %d columns",
			    import->file, CSV_COLUMNS_MAXIMUM);
	reader->width = reader->row.count;
	for (unsigned i = 0; i < form->column_count; i++) {
		reader->at[i] = find_column(&reader->row, form->columns[i]);
		if (reader->at[i] < 0 && i < form->required)
			return csv_lacks(reader, span_of(form->columns[i]), err);
	}
	return true;
}

bool csv_open(struct csv_reader *reader, const struct import *import, const struct csv_form *form,
	      struct error *err)
{
	assert(form->column_count <= CSV_COLUMNS_MAXIMUM);
	*reader = (struct csv_reader){ .import = import, .form = form };
	line_reader_init(&reader->lines, import->source, import->file, IMPORT_LINE_MAXIMUM);
	if (read_header(reader, err))
		return true;
	csv_close(reader);
	return false;
}

void csv_close(struct csv_reader *reader)
{
	line_reader_release(&reader->lines);
}

/* Whether each byte of the eight is a plain one: neither of several to a character, nor one that
 * moves a cursor. */
static bool is_plain_word(uint64_t word)
{
	static const uint64_t high = 0x8080808080808080u;
	static const uint64_t blanks = 0x2020202020202020u;

	return (((word - blanks) | word) & high) == 0;
}

/* UTF-8 without control characters but tabs. Most lines are plain ASCII. */
static bool is_text(struct span line)
{
	size_t i = 0;

	for (; i + 8 <= line.length; i += 8) {
		uint64_t word;

		memcpy(&word, line.at + i, sizeof(word));
		if (!is_plain_word(word))
			break;
	}
	for (; i < line.length; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if (c >= 0x80)
			return span_is_utf8(line, NULL);
		if (c < 0x20 && c != '\t')
			return false;
	}
	return true;
}

enum csv_step csv_next(struct csv_reader *reader, struct error *err)
{
	struct book *book = reader->import->book;
	const char *file = reader->import->file;

	for (;;) {
		struct span line = { 0 };
		enum line_step step = line_next(&reader->lines, &line, err);
		enum refusal why = REFUSAL_MALFORMED;

		if (step == LINE_FAULT)
			return CSV_FAULT;
		if (step == LINE_END)
			return CSV_END;
		if (step == LINE_READ && line.length == 0)
			continue;
		if (step == LINE_TOO_LONG)
			why = REFUSAL_TOO_LONG;
		else if (is_text(line) && csv_cut(line, reader->form->separator, &reader->row) &&
			 reader->row.count == reader->width)
			return CSV_ROW;
		if (!book_refuse(book, file, reader->lines.line, why,
				 step == LINE_TOO_LONG ? SPAN("") : line, err))
			return CSV_FAULT;
	}
}

struct span csv_cell(const struct csv_reader *reader, unsigned column)
{
	int at = reader->at[column];

	return at < 0 ? SPAN("") : span_trim(reader->row.cells[at]);
}

static bool has_column(struct span line, char separator, const char *name)
{
	struct span cell;

	while (span_cut(&line, separator, &cell)) {
		if (csv_same_name(cell, span_of(name)))
			return true;
	}
	return false;
}

bool csv_claims(const struct csv_form *form, struct span head)
{
	struct span line;

	if (span_starts(head, "\xEF\xBB\xBF"))
		head = (struct span){ .at = head.at + 3, .length = head.length - 3 };
	if (!span_cut(&head, '\n', &line))
		return false;
	if (line.length > 0 && line.at[line.length - 1] == '\r')
		line.length--;
	for (unsigned i = 0; i < form->required; i++) {
		if (!has_column(line, form->separator, form->columns[i]))
			return false;
	}
	return true;
}

bool csv_each(const struct csv_form *form, const struct import *import,
	      bool (*take)(const struct csv_reader *reader, void *context, struct error *err),
	      void *context, struct error *err)
{
	struct csv_reader reader = { 0 };
	enum csv_step step;
	bool fine = true;

	if (!csv_open(&reader, import, form, err))
		return false;
	while (fine && (step = csv_next(&reader, err)) != CSV_END)
		fine = step == CSV_ROW && take(&reader, context, err);
	csv_close(&reader);
	return fine;
}
