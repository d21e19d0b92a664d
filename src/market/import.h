/*
 * Importers: one file each, from_NAME.c, a row of the table in import.c. An importer reads one file
 * of its source from beginning to end and makes a draft of each row; what becomes of drafts is the
 * book's business. It never holds more than its format needs: lines are streamed, a JSON document
 * is read whole up to IMPORT_DOCUMENT_MAXIMUM.
 */
#pragma once

#include "base/stream.h"
#include "base/text.h"
#include "market/quote.h"

enum {
	IMPORT_LINE_MAXIMUM = 1 << 16,
	IMPORT_DOCUMENT_MAXIMUM = 64 << 20,
	IMPORT_HEAD_BYTES = 4096, /* that an importer is known by */
	CSV_COLUMNS_MAXIMUM = 128,
};

/* Where machines exist, from a list that stands beside a price list: rows of other regions are
 * phantoms. Filled by an importer that is `first`. */
struct availability;

/* One file while it is read. */
struct import {
	struct book *book;
	struct availability *
		*regions;          /* shared by all files of a run; *regions NULL: none was read */
	const char *file;          /* for errors and refusals, with its folder */
	struct byte_source source; /* plain text: the caller undoes compression */
	date_t day;                /* of the file's name, "…2026-07-05…"; DATE_NONE */
	struct arena *arena;       /* emptied after each file */
};

struct importer {
	const char *name;  /* --source: "skypilot" */
	const char *title; /* a clause for people */
	bool first;        /* its files are read before all others */
	/* Whether the file is of this form. `head` holds its first bytes, at most
	 * IMPORT_HEAD_BYTES, decompressed; `file` its path. At most one importer may claim a file,
	 * the first in the table wins; plain CSV is the last. */
	bool (*claims)(const char *file, struct span head);
	/* False on a fault that ends the import: the source breaks, a document is no JSON, a header
	 * lacks a column that is needed (then the columns that there are are named). A bad row is
	 * refused and the next one read; half a file keeps what it has and says that it ended
	 * early. */
	bool (*read)(const struct import *import, struct error *err);
};

extern const struct importer *const importers[]; /* NULL ends them */

/* By name, NULL when there is none. */
const struct importer *importer_find(const char *name);

/* The one that claims it, NULL when none does. */
const struct importer *importer_for(const char *file, struct span head);

/* Says that the machine type exists in the region; *regions is made when it is NULL. False when one
 * of them is empty or too long. */
bool availability_add(struct availability **regions, struct span type, struct span region);

void availability_free(struct availability *regions);

/* True when the machine type exists in the region, and when nothing is known of the type. */
bool availability_has(const struct availability *regions, struct span type, struct span region);

/* ---- CSV, csv.c: RFC 4180, a separator of choice, rows of one line ---- */

struct csv_row {
	struct span cells[CSV_COLUMNS_MAXIMUM];
	unsigned count;
};

/* Whether a column's name in a file is that of ours: case, blanks, '_' and '-' do not count. */
bool csv_same_name(struct span written, struct span column);

/* Cuts a line; quoted cells lose their quotes in place, which is why the line is writable. False
 * when a quote does not end or there are more than CSV_COLUMNS_MAXIMUM cells. */
bool csv_cut(struct span line, char separator, struct csv_row *ret_row);

/* One cell, quoted where it has to be. */
void csv_put(struct text *into, struct span cell);

struct csv_form {
	char separator;
	const char *const *columns; /* that the importer knows */
	unsigned column_count;
	unsigned required; /* the first so many have to be there */
};

struct csv_reader {
	const struct import *import;
	struct line_reader lines;
	const struct csv_form *form;
	int at[CSV_COLUMNS_MAXIMUM]; /* place in the file of each known column, -1 absent */
	unsigned width;              /* columns of the header */
	struct csv_row row;
};

/* Reads the header: columns are found by name, in any order, case and blanks not counted; unknown
 * ones are passed over; one that is required and absent ends the import with a list of
 * what is there and what was expected. */
bool csv_open(struct csv_reader *reader, const struct import *import, const struct csv_form *form,
	      struct error *err);
void csv_close(struct csv_reader *reader);

enum csv_step {
	CSV_ROW,
	CSV_END,
	CSV_FAULT,
};

/* Fails with the column that the header lacks, and those it has. Right after csv_open. */
bool csv_lacks(const struct csv_reader *reader, struct span column, struct error *err);

/* The next row that has as many cells as the header; others are refused as malformed on the way.
 * A last line without its end that has too few cells is half a row and refused so. */
enum csv_step csv_next(struct csv_reader *reader, struct error *err);

/* The cell of a known column, blanks around it taken off; empty when the column is absent. */
struct span csv_cell(const struct csv_reader *reader, unsigned column);

/* The first line of `head` has all columns that are required. */
bool csv_claims(const struct csv_form *form, struct span head);

/* Hands each row to `take`, whose false ends the import. */
bool csv_each(const struct csv_form *form, const struct import *import,
	      bool (*take)(const struct csv_reader *reader, void *context, struct error *err),
	      void *context, struct error *err);
