/*
 * What the files of the server share among themselves.
 */
#pragma once

#include <stdatomic.h>

#include "base/thread.h"
#include "host/listen.h"
#include "web/bucket.h"
#include "web/gnutls.h"
#include "web/inspect.h"
#include "web/microhttpd.h"
#include "web/route.h"
#include "web/snapshot.h"
#include "web/target.h"

enum {
	STORES_KEPT = 8,
	USES_KEPT = 64, /* of tokens, between two looks */
	THREADS_SERVING_MAXIMUM = 16,
	BODY_MAXIMUM_DEFAULT = 256 << 10,
	/* So much of a body is read and thrown away when its request was refused for other reasons
	 * than its form: who still sends does not see an answer when the connection is cut
	 * meanwhile. */
	DRAINED_MAXIMUM = 1 << 20,
};

/* One connection of a client, for the limit of time on a request as a whole. */
struct web_link {
	struct web_link *next, *before;
	int fd;
	int64_t since_ms; /* when it came, or when its last answer was sent */
	char address[LISTEN_ADDRESS_SIZE];
};

struct web {
	const struct web_settings *how;
	struct microhttpd http;
	struct gnutls tls; /* filled in when it speaks TLS */
	struct MHD_Daemon *daemon;
	struct evidence_set evidence; /* without a store */

	struct lock lock; /* guards what follows */
	struct snapshot *snapshot;
	struct web_link *links;
	struct buckets *buckets;
	struct store *readers[STORES_KEPT]; /* not in use */
	unsigned reader_count;
	size_t bodies_bytes;
	bool is_stale;           /* a write said so */
	int64_t used[USES_KEPT]; /* numbers of tokens */
	unsigned used_count;

	struct told_cache *told; /* has a lock of its own */
	uint8_t form_key[32];    /* of this run, for web/form_seal.h */

	struct lock writing; /* held while the writer is lent */
	struct store *writer;

	struct bell renew; /* rung when the snapshot is old or a token was used, and at the end */
	atomic_bool is_ending;
	atomic_uint under_way; /* requests */
	struct lock logging;
};

/* Fields of a query or of a form's body, read when the first of them is asked for. */
struct read_fields {
	bool is_read;
	struct fields fields;
	struct error err; /* why there are none; ERROR_NONE */
};

/* A request from its first line to the end of its answer. */
struct exchange {
	struct web *web;
	struct MHD_Connection *connection;
	struct arena arena;
	const char *raw;    /* the target as it stood in the request line, copied */
	const char *raw_at; /* where it stood */
	const char *method; /* "GET", for the log */
	struct inspected inspected;
	struct web_request request;
	struct web_caller caller;
	struct route_match match;
	struct text body;
	struct read_fields of_query, of_body;
	size_t body_counted; /* in web->bodies_bytes */
	struct web_answer answer;
	struct snapshot *snapshot;
	struct span sent; /* what the response points to */
	int64_t began_ms;
	unsigned status; /* sent */
	bool is_head, seen, closes, is_refused, is_answered;
	bool is_last; /* the connection ends with the answer, whatever that is */
};

/* The exchange of a request that a handler was given. */
static inline struct exchange *exchange_of(const struct web_request *request)
{
	const char *at = (const char *)request - offsetof(struct exchange, request);

	return (struct exchange *)(uintptr_t)at;
}

/* Whether the body of a request that is refused is not even read: it is long, or who sends it waits
 * for leave. */
static inline bool exchange_leaves_body(const struct exchange *exchange)
{
	return exchange->inspected.length > DRAINED_MAXIMUM ||
	       (exchange->inspected.length > 0 && exchange->inspected.waits_for_leave);
}

/* ---- web/exchange.c: the gates ---- */

/* Looks at the head. True when it may go on; else `answer` refuses. */
bool exchange_admit(struct exchange *exchange, const char *method, const char *version);

/* Runs the handler, or finds the page. */
void exchange_handle(struct exchange *exchange);

/* ---- web/respond.c ---- */

/* Sends the answer of the exchange. */
enum MHD_Result exchange_respond(struct exchange *exchange);

/* ---- web/layout.c ---- */

/* Whether the head was written with CRLF at each end of a line, no folded lines and no NULs.
 * `headers` as the library gives them, in their order. */
bool layout_is_strict(const struct exchange *exchange, const char *method, const char *version,
		      const struct header *headers, size_t count);

/* ---- web/identify.c ---- */

#define WEB_COOKIE "assay" /* holds the token of a browser that signed in at /login */

/* Who asks; false when `answer` refuses a token or certificate that is not known. */
bool exchange_identify(struct exchange *exchange);

/* SHA-256 of the certificate that the client has shown and whose key it has proven to hold; false
 * without one. */
bool exchange_certificate(struct exchange *exchange, uint8_t ret_hash[static RECORD_HASH_BYTES]);

/* ---- web/uses.c ---- */

struct access_token;

/* The token was used; kept in the store when uses_keep is called next. */
void uses_note(struct web *web, const struct access_token *token, int64_t now);
bool uses_are_due(struct web *web);
void uses_keep(struct web *web);

/* ---- web/renew.c ---- */

/* Makes the first snapshot. */
bool renew_first(struct web *web, struct error *err);

/* Makes the snapshot anew when it is old, and keeps uses of tokens, whenever the bell rings, until
 * the end; the work of a thread. */
void renew_work(void *context);

/* Whether the store has grown since the snapshot was made. */
bool renew_is_due(struct web *web);

/* ---- web/market_made.c; what it is made of is in web/market.h ---- */

bool served_market_make(struct web *web, struct served_market *before,
			struct served_market **ret_market, struct error *err);

/* For the log: rows of the store that were read for it, and quotes that it has. */
void served_market_count(const struct served_market *market, uint64_t *ret_read, size_t *ret_count);

/* ---- web/log.c ---- */

/* One line of JSON; a pair of texts each, NULL ends. Values that are NULL are left out. */
void log_event(struct web *web, const char *event, ...) __attribute__((sentinel));
void log_exchange(const struct exchange *exchange);

int64_t web_now_ms(void);
