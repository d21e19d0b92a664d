/*
 * The entries of a JSON document, one at a time: the document is held as text, each entry is cut
 * from it and read alone. So memory does not grow with the number of entries, an entry that cannot
 * be read is refused and the next one read, and half a document gives what it has.
 */
#pragma once

#include "base/json.h"
#include "market/import.h"

enum {
	ENTRY_BYTES_MAXIMUM = 1 << 20, /* of one entry, and of what stands around the entries */
	ENTRY_PLACES_MAXIMUM = 2,
};

/* Where the entries of a document may stand. */
struct entry_place {
	const char *key; /* of the outermost map; "": the document itself holds them */
	unsigned lists;  /* 1: a list or a map of entries; 2: a map of lists of them */
};

struct entry_reader {
	const struct import *import;
	const struct node *head; /* the document with null in the place of its entries; NULL when it
				  * holds nothing else */
	uint64_t line;           /* of the entry that was read last */

	struct span text;
	size_t at, counted; /* lines are counted up to there */
	unsigned lists, depth;
	char open[ENTRY_PLACES_MAXIMUM]; /* the bracket of each level */
	bool at_end;
	struct arena arena; /* of one entry */
};

/* Reads the document and finds the first of the places that it has. Fails when what stands around
 * the entries is no JSON, or when there is no such place. */
bool entries_open(struct entry_reader *reader, const struct import *import,
		  const struct entry_place *places, unsigned place_count, struct error *err);
void entries_close(struct entry_reader *reader);

enum entry_step {
	ENTRY_READ,
	ENTRY_END,
	ENTRY_FAULT, /* of the book's sink */
};

/* The next entry that is a map; it lives until the next call. Others are refused as malformed on
 * the way, and so is the half one at the end of half a document. */
enum entry_step entries_next(struct entry_reader *reader, const struct node **ret_entry,
			     struct error *err);

/* Hands each entry that is left to `take`, whose false ends the import. */
bool entries_rest(struct entry_reader *reader,
		  bool (*take)(const struct entry_reader *reader, const struct node *entry,
			       struct error *err),
		  struct error *err);

/* Opens the document, hands each entry to `take`, and closes it. */
bool entries_each(const struct import *import, const struct entry_place *places,
		  unsigned place_count,
		  bool (*take)(const struct entry_reader *reader, const struct node *entry,
			       struct error *err),
		  struct error *err);

/* ---- fields of an entry ---- */

/* The text of a single value; empty when it is absent, null, a list or a map, or `entry` is NULL.
 */
struct span entry_text(const struct node *entry, const char *key);

/* NAN when there is no number. */
double entry_number(const struct node *entry, const char *key);

/* Both false when the field is absent or says something else. */
bool entry_is_true(const struct node *entry, const char *key);
bool entry_is_false(const struct node *entry, const char *key);
