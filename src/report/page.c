#include "report/page.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/html.h"

enum {
	PIECE_MAXIMUM = 8192,
	ITEM_INDENT = 2,
};

static struct span make(const struct page *page, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static struct span make(const struct page *page, const char *format, va_list args)
{
	char made[PIECE_MAXIMUM];
	int length = vsnprintf(made, sizeof(made), format, args);

	assert(page->format == FORMAT_TABLE || page->format == FORMAT_MARKDOWN ||
	       page->format == FORMAT_HTML);
	return span_of(arena_string(page->arena, span_of(length > 0 ? made : "")));
}

/* <tag>text</tag> */
static void add_element(const struct page *page, const char *tag, struct span text)
{
	text_format(page->into, "<%s>", tag);
	html_text(page->into, text);
	text_format(page->into, "</%s>\n", tag);
}

static void add_heading(const struct page *page, unsigned level, struct span text)
{
	if (page->format == FORMAT_HTML) {
		add_element(page, level == 1 ? "h2" : "h3", text);
		return;
	}
	if (page->format == FORMAT_MARKDOWN) {
		text_add(page->into, level == 1 ? "# " : "## ");
		markdown_add(page->into, text);
		text_add(page->into, "\n\n");
		return;
	}
	wrapped_add(page->into, page->style, TINT_STRONG, 0, 0, text);
}

void page_title(const struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_heading(page, 1, make(page, format, args));
	va_end(args);
}

void page_heading(const struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_heading(page, 2, make(page, format, args));
	va_end(args);
}

void page_paragraph(const struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct span text = make(page, format, args);
	va_end(args);
	if (page->format == FORMAT_HTML) {
		add_element(page, "p", text);
		return;
	}
	if (page->format == FORMAT_MARKDOWN) {
		markdown_add(page->into, text);
		text_add(page->into, "\n\n");
		return;
	}
	wrapped_add(page->into, page->style, TINT_NONE, 0, 0, text);
	text_add_char(page->into, '\n');
}

static bool ends_with_item(const struct text *into)
{
	static const char end[] = "</li>\n";
	const size_t length = sizeof(end) - 1;

	return into->length >= length && memcmp(into->at + into->length - length, end, length) == 0;
}

void page_item(const struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct span text = make(page, format, args);
	va_end(args);
	if (page->format == FORMAT_HTML) {
		/* The first item opens the list that page_end_list closes. */
		if (!ends_with_item(page->into))
			text_add(page->into, "<ul>\n");
		add_element(page, "li", text);
		return;
	}
	if (page->format == FORMAT_MARKDOWN) {
		text_add(page->into, "- ");
		markdown_add(page->into, text);
		text_add_char(page->into, '\n');
		return;
	}
	wrapped_add(page->into, page->style, TINT_NONE, ITEM_INDENT, 2 * ITEM_INDENT, text);
}

void page_end_list(const struct page *page)
{
	text_add(page->into, page->format == FORMAT_HTML ? "</ul>\n" : "\n");
}

void page_table(const struct page *page, const struct table *table)
{
	table_write(table, page->format, page->style, page->into);
	text_add_char(page->into, '\n');
}
