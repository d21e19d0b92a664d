/*
 * Keys and certificates of servers and agents: one that vouches for itself and is known by its pin,
 * as curl writes pins.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "evidence/record.h"

enum {
	TLS_FILE_MAXIMUM = 64 << 10,
	TLS_DAYS = 3650, /* of a certificate made here: it is pinned, nobody renews it in time */
};

struct tls_identity {
	const char *certificate, *key;          /* PEM */
	const char *pin;                        /* "sha256//" and the hash of the public key */
	uint8_t fingerprint[RECORD_HASH_BYTES]; /* SHA-256 of the certificate */
};

struct tls_wish {
	const char *name;    /* CN */
	const char *address; /* that it listens at, in numbers; NULL for an agent */
	int64_t now;         /* seconds since the epoch */
};

/* A new key (P-256) and its certificate. */
bool tls_make(const struct tls_wish *wish, struct arena *arena, struct tls_identity *ret_identity,
	      struct error *err);

/* Holds the two texts against each other: the first certificate has to be of the key. */
bool tls_read(struct span certificate, struct span key, struct arena *arena,
	      struct tls_identity *ret_identity, struct error *err);

/* The files of an identity in a folder, "DIR/certificate.pem" and "DIR/key.pem"; made when neither
 * is there. */
struct host;
bool tls_open_folder(const struct host *host, const char *folder, const struct tls_wish *wish,
		     struct arena *arena, struct tls_identity *ret_identity, struct error *err);
