#include <string.h>

#include "market/importers.h"
#include "market/plain.h"

enum {
	SECONDS_PER_DAY = 86400,
};

/* Which column of the file holds each field; -1 none. */
struct columns {
	int at[PLAIN_COUNT];
	enum plain_field present[PLAIN_COUNT]; /* those that one holds, in their order */
	unsigned present_count;
};

static struct columns find_columns(const struct csv_row *header)
{
	struct columns columns;
	enum plain_field field;

	for (unsigned i = 0; i < PLAIN_COUNT; i++)
		columns.at[i] = -1;
	for (unsigned i = 0; i < header->count; i++) {
		struct span name = header->cells[i];

		if (!plain_find(name, &field))
			continue;
		/* A field's own name goes before another one of it. */
		if (columns.at[field] < 0 || csv_same_name(name, plain_name(field)))
			columns.at[field] = (int)i;
	}
	columns.present_count = 0;
	for (unsigned i = 0; i < PLAIN_COUNT; i++) {
		if (columns.at[i] >= 0)
			columns.present[columns.present_count++] = (enum plain_field)i;
	}
	return columns;
}

/* The one of the usual separators that stands most often in the first line. */
static char find_separator(struct span line)
{
	static const char usual[] = { ',', ';', '\t' };
	size_t most = 0;
	char found = ',';

	for (size_t i = 0; i < sizeof(usual); i++) {
		size_t count = 0;

		for (size_t j = 0; j < line.length; j++)
			count += line.at[j] == usual[i];
		if (count > most) {
			most = count;
			found = usual[i];
		}
	}
	return found;
}

static struct span first_line(struct span head)
{
	struct span line = { 0 };

	if (span_starts(head, "\xef\xbb\xbf"))
		head = (struct span){ head.at + 3, head.length - 3 };
	(void)span_cut(&head, '\n', &line);
	if (line.length > 0 && line.at[line.length - 1] == '\r')
		line.length--;
	return line;
}

static bool claims(const char *file, struct span head)
{
	struct span line = first_line(head);
	char copy[IMPORT_HEAD_BYTES];
	struct csv_row header;
	struct columns columns;

	(void)file;
	if (line.length == 0 || line.length > sizeof(copy))
		return false;
	memcpy(copy, line.at, line.length);
	if (!csv_cut((struct span){ copy, line.length }, find_separator(line), &header))
		return false;
	columns = find_columns(&header);
	return columns.at[PLAIN_PROVIDER] >= 0 &&
	       (columns.at[PLAIN_PRICE] >= 0 || columns.at[PLAIN_PRICE_PER_GPU] >= 0);
}

/* The first bytes of a source, which then come once more. */
struct start {
	struct byte_source source;
	char head[IMPORT_HEAD_BYTES];
	size_t at, length;
};

static bool read_start(void *context, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	struct start *start = context;
	size_t left = start->length - start->at;

	if (left == 0)
		return start->source.read(start->source.context, into, room, ret_length, err);
	if (left > room)
		left = room;
	memcpy(into, start->head + start->at, left);
	start->at += left;
	*ret_length = left;
	return true;
}

/* Looks at the first bytes without taking them. */
static bool fill_start(struct start *start, struct error *err)
{
	while (start->length < sizeof(start->head)) {
		size_t length = 0;

		if (!start->source.read(start->source.context, start->head + start->length,
					sizeof(start->head) - start->length, &length, err))
			return false;
		if (length == 0)
			break;
		start->length += length;
	}
	return true;
}

static bool expect_columns(const struct csv_reader *reader, const struct columns *columns,
			   struct error *err)
{
	static const enum plain_field needed[] = { PLAIN_PROVIDER, PLAIN_RENTAL, PLAIN_CURRENCY };

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (columns->at[needed[i]] < 0)
			return csv_lacks(reader, plain_name(needed[i]), err);
	}
	if (columns->at[PLAIN_PRICE] < 0 && columns->at[PLAIN_PRICE_PER_GPU] < 0)
		return csv_lacks(reader, SPAN("price"), err);
	if (columns->at[PLAIN_GPU] < 0 && columns->at[PLAIN_PRODUCT] < 0)
		return csv_lacks(reader, SPAN("gpu"), err);
	if (columns->at[PLAIN_OBSERVED] < 0 && reader->import->day == DATE_NONE)
		return csv_lacks(reader, SPAN("observed"), err);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void fill_draft(const struct csv_reader *reader, const struct columns *columns,
		       struct draft *draft)
{
	draft_init(draft);
	draft->line = reader->lines.line;
	for (unsigned i = 0; i < columns->present_count; i++) {
		enum plain_field field = columns->present[i];
		struct span cell = reader->row.cells[columns->at[field]];
		enum refusal why;

		if (cell.length == 0)
			continue;
		if (is_blank(cell.at[0]) || is_blank(cell.at[cell.length - 1]))
			cell = span_trim(cell);
		why = plain_read(field, cell, draft);
		if (draft->refused == REFUSAL_NONE)
			draft->refused = why;
	}
	if (draft->observed == 0 && reader->import->day != DATE_NONE)
		draft->observed = (int64_t)reader->import->day * SECONDS_PER_DAY;
}

static bool read_rows(struct csv_reader *reader, struct error *err)
{
	const struct import *import = reader->import;
	struct columns columns = find_columns(&reader->row);
	enum csv_step step;

	if (!expect_columns(reader, &columns, err))
		return false;
	while ((step = csv_next(reader, err)) == CSV_ROW) {
		struct draft draft;

		fill_draft(reader, &columns, &draft);
		if (!book_take(import->book, import->file, &draft, err))
			return false;
	}
	return step == CSV_END;
}

static bool read_file(const struct import *import, struct error *err)
{
	struct start start = { .source = import->source };
	struct import again = *import;
	struct csv_reader reader;
	struct csv_form form = { 0 };

	if (!fill_start(&start, err))
		return false;
	again.source = (struct byte_source){ .read = read_start, .context = &start };
	form.separator = find_separator(first_line((struct span){ start.head, start.length }));
	if (!csv_open(&reader, &again, &form, err))
		return false;

	bool done = read_rows(&reader, err);
	csv_close(&reader);
	return done;
}

const struct importer from_csv = {
	.name = "csv",
	.title = "CSV with columns as assay writes them, in any order",
	.claims = claims,
	.read = read_file,
};
