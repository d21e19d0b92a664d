/*
 * Quotes as CSV of the schema assay/quotes/v1: one header and one row a quote. Read again, it gives
 * the same quotes and, written again, the same bytes. Unknown values are empty cells.
 */
#pragma once

#include "base/text.h"
#include "market/quote.h"

void quotes_write_header(struct text *into);

/* The row of one quote, whose names are numbers in `names`. */
void quote_write(struct text *into, const struct catalogue *catalogue, const struct names *names,
		 const struct quote *quote);
