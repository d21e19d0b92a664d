/*
 * Reading quotes for every command of the market: files, folders and `-` for standard input, plain
 * or compressed with gzip, each by the importer that claims it or that --source names.
 */
#pragma once

#include "cli/command.h"
#include "market/import.h"

/* The catalogue and the exchange rates: of $ASSAY_DATA, else the installed ones; --rates. */
bool load_catalogue(const struct session *session, struct catalogue *ret_catalogue,
		    struct exchange *ret_exchange, struct error *err);

/* Reads all files into the book, whose catalogue, exchange, now and sink are set. Folders are read
 * by name, files of no known form in them are passed over and noted; a file that was named is not.
 * Standard error gets a note when rows were refused, unless the book streams: how many, and why
 * most. */
bool load_quotes(const struct session *session, const char *const *paths, size_t path_count,
		 struct book *book, struct error *err);

/* The note on standard error of how many rows were refused, and why most; none when none was. */
void note_refused(const struct session *session, const struct book *book);

/* The last second of the day of --as-of, else of today: what is observed later is of the future. */
int64_t end_of_today(const struct session *session);

/* Both of them for a command that keeps the quotes: catalogue and exchange live in the arena. */
struct market {
	struct catalogue catalogue;
	struct exchange exchange;
	struct book book;
};

/* From files, or where they are the command's own arguments and there is none, from the store. */
bool load_market(const struct session *session, const char *const *paths, size_t path_count,
		 struct market *ret_market, struct error *err);
void market_release(struct market *market);

#define SCOPED_MARKET(name) struct market name __attribute__((cleanup(market_release))) = { 0 }
