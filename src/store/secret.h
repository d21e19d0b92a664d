/*
 * Random bytes that a store keeps for itself, by name: what hashes of origins and tenants are made
 * with, so that nobody who sees the hashes can try out what they are of. Never in a stream, never
 * exported.
 */
#pragma once

#include "store/store.h"

enum {
	STORE_SECRET_BYTES = 32,
};

/* The secret of that name; made at the first call, for which the store has to be open for writing.
 */
bool store_secret(struct store *store, const char *name, uint8_t ret_secret[STORE_SECRET_BYTES],
		  struct error *err);
