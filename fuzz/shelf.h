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

/* Reads the text as a file of the importer that came on `day`, in pieces of a few bytes. Whatever
 * the bytes: it ends, each row is kept or refused and counted, a quote is within the band of its
 * GPU, and a fault, which gives false, is one line that names the file. */
bool shelf_read(struct shelf *shelf, const struct importer *importer, struct span text, date_t day);

/* The same on a shelf of its own, as of a file that came on a day. */
void shelf_import(const struct importer *importer, struct span text);

/* What was kept is written, read again, and written to the same bytes. */
void shelf_check_round_trip(const struct shelf *shelf);
