/*
 * A run on a machine as one file, JSON of schema assay/bundle/v1: its records, when and by which
 * version, and, when it was signed, the key, the nonce and the signature. A record of a bundle that
 * is signed over a nonce is of strength E2, of any other E1: the renter's word alone. What somebody
 * else said and the run only hands on, a statement, keeps its own.
 *
 * The signature is Ed25519 over "assay/bundle/v1\n", the nonce, "\n", the time, "\n", the hash of
 * the set.
 */
#pragma once

#include "evidence/set.h"

enum {
	BUNDLE_NONCE_MAXIMUM = 200,
	BUNDLE_KEY_BYTES = 32,
	BUNDLE_SECRET_BYTES = 64,
	BUNDLE_KEY_FILE_MAXIMUM = 4096,
};

struct bundle_key {
	uint8_t public_part[BUNDLE_KEY_BYTES];
	uint8_t secret[BUNDLE_SECRET_BYTES];
};

/* A new key. */
void bundle_key_make(struct bundle_key *ret_key);

/* The form of a key's file: one line, "assay-key/v1 " and the secret in hexadecimal. */
void bundle_key_write(const struct bundle_key *key, struct text *into);
bool bundle_key_read(struct span text, const char *file, struct bundle_key *ret_key,
		     struct error *err);

struct bundle {
	struct record
		*records; /* sealed by bundle_write, with the strength that the bundle gives */
	size_t count;
	int64_t created;              /* seconds since the epoch */
	const char *nonce;            /* NULL when not signed */
	const struct bundle_key *key; /* NULL when not signed */
};

/* Sets the records' strength, except that of statements, seals them and writes the bundle. */
void bundle_write(struct bundle *bundle, struct text *into);

/* Adds the records of a bundle to the set. The hash of its set, and the signature when it has one,
 * must fit; a record that claims more strength than the bundle gives is refused. On failure the set
 * is unchanged. */
bool evidence_set_add_bundle(struct evidence_set *set, struct span text, const char *file,
			     struct error *err);
