/*
 * Who may do what: tokens, agents and the codes that let an agent in. Kept in the store beside the
 * streams and, unlike them, changed in place. Of a secret only its hash is kept (SHA-256 of 32
 * random bytes: nothing to guess, so nothing slow is needed), and it is shown once.
 */
#pragma once

#include "store/store.h"

enum access_scope {
	ACCESS_PUBLIC = 0,
	ACCESS_PUSH = 1 << 0,     /* bundles of one provider's evidence in */
	ACCESS_NODES = 1 << 1,    /* read the nodes of its party */
	ACCESS_FEEDBACK = 1 << 2, /* the provider: give codes, reply */
	ACCESS_MODERATE = 1 << 3, /* withdraw, flag */
	ACCESS_ADMIN = 1 << 4,    /* make and revoke tokens and codes */
	ACCESS_PRICES = 1 << 5,   /* quotes of any provider in, as a desk that collects them does */
};

enum {
	ACCESS_SECRET_TEXT = 64, /* "assay_" and 52 letters and digits, NUL */
};

struct access_token {
	int64_t id;
	const char *party; /* tenant or provider whom it speaks for */
	uint32_t scopes;
	int64_t made, expires; /* expires 0: never, which is refused for ACCESS_ADMIN */
	int64_t last_used;     /* to the hour */
	bool revoked;
};

bool access_make(struct store *store, const struct access_token *wanted,
		 char ret_secret[static ACCESS_SECRET_TEXT], int64_t *ret_id, struct error *err);

/* *ret_found false: unknown, expired or revoked, which are not told apart. */
bool access_find(struct store *store, struct span secret, int64_t now, struct arena *arena,
		 struct access_token *ret_token, bool *ret_found, struct error *err);

/* Keeps the hour of a use, so that who looks at a token sees whether anybody still has need of it.
 */
bool access_note_use(struct store *store, int64_t id, int64_t now, struct error *err);

/* Whether a use at that time is of another hour than the last that was kept. */
bool access_is_use_new(const struct access_token *token, int64_t now);

bool access_revoke(struct store *store, int64_t id, struct error *err);
bool access_list(struct store *store, struct arena *arena, struct access_token **ret_tokens,
		 size_t *ret_count, struct error *err);

/* A code that holds once, within `seconds`. What stands before a colon in its party says what it is
 * for; a party without one: to let an agent in. */
bool access_code_make(struct store *store, const char *party, int64_t now, int64_t seconds,
		      char ret_code[static ACCESS_SECRET_TEXT], struct error *err);

/* Whom a code is for, and when it is shown. */
struct access_use {
	struct span code;
	const char *head; /* its party begins so, "feedback:crusoe:"; "" one without a colon */
	int64_t now;
};

/* Uses the code up and gives the rest of its party behind the head. *ret_rest NULL: it is unknown,
 * too old, used, or for something else, which are not told apart; then it is left as it was. */
bool access_code_use(struct store *store, const struct access_use *use, struct arena *arena,
		     const char **ret_rest, struct error *err);

/* The fingerprint (SHA-256 of the certificate) that an agent has shown when it enrolled. */
bool access_agent_add(struct store *store, const char *party, const char *name,
		      struct span fingerprint, int64_t now, struct error *err);
bool access_agent_find(struct store *store, struct span fingerprint, struct arena *arena,
		       const char **ret_party, const char **ret_name, bool *ret_found,
		       struct error *err);

struct access_agent {
	const char *party, *name;
	struct span fingerprint; /* RECORD_HASH_BYTES */
	int64_t enrolled;
};

/* By party, name and fingerprint, in the arena. */
bool access_agents(struct store *store, struct arena *arena, struct access_agent **ret_agents,
		   size_t *ret_count, struct error *err);

/* From then on the certificate is nobody's. What the agent brought stays. */
bool access_agent_revoke(struct store *store, struct span fingerprint, struct error *err);
