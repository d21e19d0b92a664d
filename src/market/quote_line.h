/*
 * One quote as one line of canonical JSON, schema assay/quote/v1: what a store keeps. Its fields
 * are those of the plain formats, in the order of their names; what is not known is left out.
 */
#pragma once

#include "base/node.h"
#include "base/text.h"
#include "market/quote.h"

#define QUOTE_LINE_SCHEMA "assay/quote/v1"

/* Appends the line, without a newline. It says what was asked, never what that came to in USD: the
 * same quote is the same line whatever the exchange rates. */
void quote_line_write(struct text *into, const struct catalogue *catalogue,
		      const struct names *names, const struct quote *quote);

/* Reads a line into the draft, whose spans then lie in the arena. Fails on what is no such line; a
 * field that does not mean anything is left to the book, as in any other row. */
bool quote_line_read(struct span line, const char *file, uint32_t number, struct arena *arena,
		     struct draft *ret_draft, struct error *err);

/* The same of a line that was read into a tree, whose texts the draft points to. */
bool quote_line_take(const struct node *root, const char *file, uint64_t number,
		     struct draft *ret_draft, struct error *err);
