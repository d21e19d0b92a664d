/*
 * Text with headings, paragraphs, lists and tables, for a terminal or as Markdown from the same
 * calls.
 */
#pragma once

#include "report/table.h"

struct page {
	enum report_format format; /* FORMAT_TABLE or FORMAT_MARKDOWN */
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
