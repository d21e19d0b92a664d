/*
 * What was read from price lists: what became of the rows, and the quotes themselves.
 */
#pragma once

#include "market/quote.h"
#include "report/report.h"

/* How many rows became quotes, and why the others did not, with examples. `to`: the file that the
 * quotes were written to; NULL for none. JSON is assay/import/v1. */
void import_write(const struct book *book, const char *to, enum report_format format,
		  const struct report_style *style, struct text *into);

/* The quotes by GPU, form, rental model, term and price, whatever the order they are given in. JSON
 * is assay/quotes/v1. */
void quote_list_write(const struct book *book, const struct quote *const *quotes, size_t count,
		      enum report_format format, const struct report_style *style,
		      struct text *into);
