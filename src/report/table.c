#include "report/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/grow.h"
#include "report/html.h"

enum {
	GAP = 2,              /* columns between two columns */
	WRAPPED_MINIMUM = 34, /* a narrower last column goes below the row */
	BELOW_INDENT = 6,
	CELL_MAXIMUM = 1024,
};

void table_tinted(struct table *table, enum tint tint, const char *text)
{
	ARENA_GROW(table->arena, table->cells, table->count, table->room);
	table->cells[table->count++] = (struct cell){ .text = text ? text : "", .tint = tint };
}

void table_cell(struct table *table, const char *text)
{
	table_tinted(table, TINT_NONE, text);
}

void table_format(struct table *table, const char *format, ...)
{
	char made[CELL_MAXIMUM];
	va_list args;

	va_start(args, format);
	int length = vsnprintf(made, sizeof(made), format, args);
	va_end(args);
	table_cell(table, arena_string(table->arena, span_of(length > 0 ? made : "")));
}

static const struct cell *cell_at(const struct table *table, size_t row, unsigned column)
{
	return &table->cells[row * table->column_count + column];
}

static size_t width_of(const struct table *table, unsigned column)
{
	size_t width = table->bare ? 0 : span_columns(span_of(table->columns[column].title));

	for (size_t row = 0; row < table->count / table->column_count; row++) {
		size_t columns = span_columns(span_of(cell_at(table, row, column)->text));

		width = columns > width ? columns : width;
	}
	return width;
}

/* Where the last column starts, and the room that it has. */
struct layout {
	size_t widths[16];
	size_t last_at, last_room;
	bool below;
};

static struct layout lay_out(const struct table *table, const struct report_style *style)
{
	struct layout layout = { .last_at = table->indent };
	unsigned last = table->column_count - 1;

	assert(table->column_count <= sizeof(layout.widths) / sizeof(layout.widths[0]));
	for (unsigned i = 0; i < last; i++) {
		layout.widths[i] = width_of(table, i);
		layout.last_at += layout.widths[i] + GAP;
	}
	layout.widths[last] = width_of(table, last);
	layout.below = layout.last_at + WRAPPED_MINIMUM > style->columns &&
		       layout.last_at + layout.widths[last] > style->columns;
	if (layout.below)
		layout.last_at = table->indent + BELOW_INDENT;
	layout.last_room = style->columns > layout.last_at + WRAPPED_MINIMUM
				   ? style->columns - layout.last_at
				   : WRAPPED_MINIMUM;
	return layout;
}

static void add_padded(const struct cell *cell, size_t width, bool right,
		       const struct report_style *style, struct text *into)
{
	size_t columns = span_columns(span_of(cell->text));
	size_t padding = width > columns ? width - columns : 0;

	/* A chip is as wide as its column, so that chips stand under each other. */
	if (style->color && tint_is_chip(cell->tint)) {
		SCOPED_TEXT(chip);

		text_add(&chip, cell->text);
		text_add_repeated(&chip, ' ', padding);
		tinted_add(into, style, cell->tint, text_span(&chip));
		return;
	}
	text_add_repeated(into, ' ', right ? padding : 0);
	tinted_add(into, style, cell->tint, span_of(cell->text));
	text_add_repeated(into, ' ', right ? 0 : padding);
}

static void end_line(struct text *into)
{
	while (into->length > 0 && into->at[into->length - 1] == ' ')
		into->at[--into->length] = '\0';
	text_add_char(into, '\n');
}

static void add_last(const struct table *table, const struct cell *cell,
		     const struct layout *layout, const struct report_style *style,
		     struct text *into)
{
	struct span rest = span_of(cell->text);
	bool first = true;

	if (table->columns[table->column_count - 1].right) {
		add_padded(cell, layout->widths[table->column_count - 1], true, style, into);
		end_line(into);
		return;
	}
	if (layout->below && rest.length > 0)
		end_line(into);
	do {
		struct span line = wrap_next(&rest, layout->last_room);

		if (!first || layout->below)
			text_add_repeated(into, ' ', line.length > 0 ? layout->last_at : 0);
		tinted_add(into, style, cell->tint, line);
		end_line(into);
		first = false;
	} while (rest.length > 0);
}

static void add_titles(const struct table *table, const struct layout *layout,
		       const struct report_style *style, struct text *into)
{
	unsigned last = table->column_count - 1;

	text_add_repeated(into, ' ', table->indent);
	for (unsigned i = 0; i <= last; i++) {
		const struct cell title = { .text = table->columns[i].title, .tint = TINT_DIM };

		if (i == last) {
			add_last(table, &title, layout, style, into);
			break;
		}
		add_padded(&title, layout->widths[i], table->columns[i].right, style, into);
		text_add_repeated(into, ' ', GAP);
	}
}

static void write_terminal(const struct table *table, const struct report_style *style,
			   struct text *into)
{
	struct layout layout = lay_out(table, style);
	unsigned last = table->column_count - 1;

	if (!table->bare)
		add_titles(table, &layout, style, into);
	for (size_t row = 0; row < table->count / table->column_count; row++) {
		text_add_repeated(into, ' ', table->indent);
		for (unsigned i = 0; i < last; i++) {
			add_padded(cell_at(table, row, i), layout.widths[i],
				   table->columns[i].right, style, into);
			text_add_repeated(into, ' ', GAP);
		}
		add_last(table, cell_at(table, row, last), &layout, style, into);
	}
}

/* RFC 4180, with the newline of this system. */
static void add_csv_field(struct text *into, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		text_add(into, text);
		return;
	}
	text_add_char(into, '"');
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '"')
			text_add_char(into, '"');
		text_add_char(into, *at);
	}
	text_add_char(into, '"');
}

static void write_csv(const struct table *table, struct text *into)
{
	for (unsigned i = 0; i < table->column_count; i++) {
		text_add(into, i > 0 ? "," : "");
		add_csv_field(into, table->columns[i].title);
	}
	text_add_char(into, '\n');
	for (size_t i = 0; i < table->count; i++) {
		add_csv_field(into, table->cells[i].text);
		text_add(into, (i + 1) % table->column_count == 0 ? "\n" : ",");
	}
}

void markdown_add(struct text *into, struct span text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == '\n') {
			text_add(into, "<br>");
		} else if (c == '<') {
			text_add(into, "&lt;");
		} else if (c == '&') {
			text_add(into, "&amp;");
		} else if ((unsigned char)c < ' ') {
			text_add_char(into, ' ');
		} else {
			if (strchr("\\|*_`[]#", c))
				text_add_char(into, '\\');
			text_add_char(into, c);
		}
	}
}

static void write_markdown(const struct table *table, struct text *into)
{
	text_add(into, "|");
	for (unsigned i = 0; i < table->column_count; i++) {
		text_add_char(into, ' ');
		markdown_add(into, span_of(table->columns[i].title));
		text_add(into, " |");
	}
	text_add(into, "\n|");
	for (unsigned i = 0; i < table->column_count; i++)
		text_add(into, table->columns[i].right ? " ---: |" : " --- |");
	text_add(into, "\n");
	for (size_t i = 0; i < table->count; i++) {
		text_add(into, i % table->column_count == 0 ? "| " : " ");
		markdown_add(into, span_of(table->cells[i].text));
		text_add(into, (i + 1) % table->column_count == 0 ? " |\n" : " |");
	}
}

/* In a box of its own that scrolls and that the keyboard reaches; the titles are its name. */
static void write_html(const struct table *table, struct text *into)
{
	text_add(into, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	for (unsigned i = 0; i < table->column_count; i++)
		html_add(into, i > 0 ? ", %s" : "%s", table->columns[i].title);
	text_add(into, "\"><table>\n<thead><tr>");
	for (unsigned i = 0; i < table->column_count; i++)
		html_add(into,
			 table->columns[i].right ? "<th scope=\"col\" class=\"number\">%s</th>"
						 : "<th scope=\"col\">%s</th>",
			 table->columns[i].title);
	text_add(into, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < table->count; i++) {
		unsigned column = (unsigned)(i % table->column_count);

		text_add(into, column == 0 ? "<tr>" : "");
		html_add(into,
			 table->columns[column].right ? "<td class=\"number\">%s</td>"
						      : "<td>%s</td>",
			 table->cells[i].text);
		text_add(into, column + 1 == table->column_count ? "</tr>\n" : "");
	}
	text_add(into, "</tbody></table></div>\n");
}

void table_write(const struct table *table, enum report_format format,
		 const struct report_style *style, struct text *into)
{
	assert(table->column_count > 0 && table->count % table->column_count == 0);
	switch (format) {
	case FORMAT_TABLE:
		write_terminal(table, style, into);
		break;
	case FORMAT_CSV:
		write_csv(table, into);
		break;
	case FORMAT_MARKDOWN:
		write_markdown(table, into);
		break;
	case FORMAT_HTML:
		write_html(table, into);
		break;
	case FORMAT_JSON:
	case FORMAT_JUNIT:
	case FORMAT_PROMETHEUS:
	case FORMAT_NAGIOS:
	case FORMAT_LINES:
	case FORMAT_YAML:
	case FORMAT_SVG:
	case FORMAT_TEXT:
	case FORMAT_COUNT:
		assert(false); /* a table is none of these */
		break;
	}
}
