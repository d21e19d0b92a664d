/*
 * What acts do to the entries that they name; private to this room.
 */
#pragma once

#include "store/store.h"

/* Withdraws or restores what the act of that sequence names, within the transaction that takes it;
 * an act about what is not there fails. Other acts do nothing here. */
bool act_apply(struct store *store, const struct store_entry *act, int64_t sequence,
	       struct error *err);

/* The entry of that id; *ret_found is false when there is none. */
bool id_find(struct store *store, enum store_stream stream, const char *id, int64_t *ret_sequence,
	     bool *ret_found, struct error *err);

/* Whether the entry was withdrawn when `bound` was the last sequence. */
bool is_withdrawn(struct store *store, int64_t sequence, int64_t bound, bool *ret_withdrawn,
		  struct error *err);
