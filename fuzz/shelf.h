/*
 * A catalogue of a few lines, for targets that read prices.
 */
#pragma once

#include "market/import.h"

struct shelf {
	struct arena arena;
	struct catalogue catalogue;
	struct exchange exchange;
	struct book book;
};

void shelf_open(struct shelf *shelf);
void shelf_close(struct shelf *shelf);

/* Reads the text as a file of the importer, in pieces of a few bytes; false when it ends with a
 * fault, which then has a text. What the book counts adds up in either case. */
bool shelf_read(struct shelf *shelf, const struct importer *importer, struct span text);

/* What was kept is written, read again, and written to the same bytes. */
void shelf_check_round_trip(const struct shelf *shelf);
