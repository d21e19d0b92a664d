/*
 * Text with headings, paragraphs, lists and tables, for a terminal, as Markdown or as a piece of
 * HTML from the same calls. In HTML the title is a heading of the second level: the page around it
 * has the first.
 */
#pragma once

#include "report/table.h"

struct page {
	enum report_format format; /* FORMAT_TABLE, FORMAT_MARKDOWN or FORMAT_HTML */
	const struct report_style *style;
	struct arena *arena;
	struct text *into;
};

void page_title(const struct page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void page_heading(const struct page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void page_paragraph(const struct page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* An item of a list; the items of one list follow each other. */
void page_item(const struct page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void page_end_list(const struct page *page);

/* A blank line follows. */
void page_table(const struct page *page, const struct table *table);
