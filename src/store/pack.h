/*
 * Entries as they lie in the store: some tens of them together as one text, compressed. The text
 * has all that finds an entry beside its line, so that every table of the store but those of
 * batches and blocks could be made again from it; and it is what a batch's digest is of.
 *
 * Of an entry it has two lines: a mark, id, subject, what, device, time and value with tabs
 * between, then the line. With the mark '-' the line's hash field was left out, because it is the
 * hash of what is left and cannot be compressed; '=' is a line as it came.
 */
#pragma once

#include "base/text.h"
#include "store/store.h"

enum {
	PACK_TEXT_TARGET = 32 << 10, /* bytes of text that are packed together */
	PACK_TEXT_MAXIMUM = PACK_TEXT_TARGET + STORE_LINE_MAXIMUM + 8 * STORE_KEY_MAXIMUM,
	PACK_BYTES_MAXIMUM = 2 * PACK_TEXT_MAXIMUM,
	PACK_ENTRIES_MAXIMUM = PACK_TEXT_TARGET,
};

struct packed_entry {
	struct store_entry entry; /* the line without its hash when is_cut */
	bool is_cut;
};

/* Refuses what would not come back as it is: control characters, keys and lines that are too
 * long, bytes that are not UTF-8. */
bool pack_check(const struct store_entry *entry, struct error *err);

/* Adds the entry's two lines; `is_record` allows the mark '-'. */
void pack_add(struct text *into, const struct store_entry *entry, bool is_record);

/* Compresses and unpacks; one packer serves any number of texts. */
struct packer;

struct packer *packer_new(void);
void packer_free(struct packer *packer);
void pack_close(struct packer *packer, struct span text, struct text *into);

/* The text again, NUL-terminated in the arena. Fails with ERROR_PARSE on whatever pack_close did
 * not write. */
bool unpack(struct packer *packer, struct span packed, struct arena *arena, struct span *ret_text,
	    struct error *err);

/* Cuts the text in place into its entries, which point into it. */
bool unpack_entries(struct span text, struct arena *arena, struct packed_entry **ret_entries,
		    size_t *ret_count, struct error *err);

/* The whole line of the entry: its own, or with the hash put back in `scratch`. */
struct span unpack_line(const struct packed_entry *entry, struct text *scratch);
