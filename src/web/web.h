/*
 * `assay serve`: the pages, their JSON twins and the API over HTTP/1.1, from one store or, without
 * one, from files of evidence. docs/web.md says what is answered, and what is refused and how.
 *
 * A request passes these gates in order, each of which answers by itself when it refuses: limits of
 * connection and size, form of the request (web/inspect.h, web/target.h), rate of its address and
 * of who asks, route and method, right, then its handler. A handler gets a request that is whole
 * and bounded, and fills an answer; it blocks on nothing but the store and keeps no pointer.
 * Several run at once.
 *
 * What is public and costs something to make (league table, providers, criteria, market) is made
 * once after the store has changed (web/snapshot.h) and served from memory, packed, with its ETag.
 *
 * To add pages: a file with a table of routes that ends with a NULL path, a line in web/routes.c,
 * the operations in data/openapi.v1.json.
 */
#pragma once

#include "base/arena.h"
#include "base/text.h"
#include "evidence/set.h"
#include "rating/rating.h"
#include "store/access.h"

enum web_method {
	WEB_GET, /* HEAD is answered as GET without the body */
	WEB_POST,
	WEB_PUT,
	WEB_DELETE,
	WEB_METHOD_COUNT,
};

extern const char *const web_method_names[WEB_METHOD_COUNT];

struct web_limits {
	unsigned connections;                 /* at once */
	unsigned connections_each;            /* of one address */
	unsigned head_bytes;                  /* request line and header fields */
	size_t body_bytes;                    /* of one request */
	size_t bodies_bytes;                  /* of all requests at once */
	unsigned idle_s;                      /* without a byte */
	unsigned request_s;                   /* a request and its answer as a whole */
	double anonymous_per_s, caller_per_s; /* sustained; ten seconds' worth at once; 0: any */
};

/* What holds where nothing else is said. */
extern const struct web_limits web_limits_default;

/* Who asks, when that is known: the holder of a token, or an agent that showed its certificate. */
struct web_caller {
	const char *party; /* tenant or provider whom it speaks for */
	const char *name;  /* of the agent; of a token "token 7" */
	uint32_t scopes;   /* bits of enum access_scope */
	bool is_agent;
};

struct web_request {
	enum web_method method;
	const char *path;  /* decoded, normal: no "//", no ".", no ".." */
	const char *query; /* as sent, may be "" */
	const char *address;
	struct span body;
	struct span content_type;        /* empty without */
	bool wants_html;                 /* its Accept names text/html */
	const struct web_caller *caller; /* NULL: anybody */
	struct arena *arena;             /* released after the answer */
	int64_t now;                     /* seconds since the epoch */
};

/* The value of a field of the query or, of a POST of a form, of its body, decoded; NULL when it is
 * not there. Fails when it is malformed or there twice. */
bool web_field(const struct web_request *request, const char *name, const char **ret_value,
	       struct error *err);

struct web_range {
	int64_t otherwise, minimum, maximum;
};

/* A field that is a whole number of the range; `otherwise` when it is not there. */
bool web_number(const struct web_request *request, const char *name, struct web_range range,
		int64_t *ret_value, struct error *err);

struct web_answer {
	unsigned status;      /* 200 when a handler sets none */
	const char *type;     /* "application/json" when a handler sets none */
	struct text body;     /* released by the server */
	const char *location; /* of a redirection or of what was made; NULL */
	const char *next;     /* Link: <…>; rel="next"; NULL */
	const char *allow;    /* with 405 */
	unsigned retry_after_s;
	bool is_private;        /* Cache-Control: no-store; what needs a right always is */
	const char *attachment; /* name of the file to save as; NULL */
	const char *cookie;     /* a whole Set-Cookie; NULL */
	const char *file;       /* the answer is this file of the snapshot instead of `body` */
	const char *why;        /* for the log, when it was refused */
};

/* The one form of errors: {"schema":"assay/error/v1","status":…,"error":"…","hint":"…"} or, when
 * a page was asked for, a page that says the same. `hint` may be NULL. */
void web_refuse(struct web_answer *answer, const struct web_request *request, unsigned status,
		const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same with the text of an error and the status that its code stands for: 400 for what was
 * sent, 413 when it is too much, 404, 409, and 503 when the store cannot. */
void web_refuse_error(struct web_answer *answer, const struct web_request *request,
		      const struct error *err);

/* web_field() for a field that may be left out: false when it was refused here. */
bool web_field_or_refuse(const struct web_request *request, const char *name,
			 const char **ret_value, struct web_answer *answer);

/* Whether the body is said to be JSON; refused with 415 here when not. */
bool web_json_or_refuse(const struct web_request *request, struct web_answer *answer);

/* Whether a text that is to be shown holds other control characters than line ends and tabs. */
bool web_has_controls(struct span text);

/* What was taken in of a body, as assay/receipt/v1: 201 when something of it was new. */
void web_put_receipt(struct web_answer *answer, enum store_stream stream,
		     const struct store_receipt *receipt);

/* A party is a provider, or a tenant there: "crusoe" of "crusoe" and of "acme@crusoe". */
const char *web_provider_of(const char *party);

struct web;

struct book;
struct catalogue;
struct effective_report;
struct generations;
struct parameters;

struct web_settings;

struct web_market {
	/* Arranged. One without quotes says what those of the store are read with. */
	const struct book *book;
	const struct catalogue *catalogue;
	const struct generations *generations; /* NULL: only what a need says itself */
	const struct parameters *assumptions;
	const struct effective_report *effective; /* NULL: made of the prices */
};

/* A connection to the store for the time of one request; NULL with *err filled when there is none.
 * One that writes is lent to one at a time. */
struct store *web_store_take(struct web *web, enum sql_access access, struct error *err);
void web_store_give(struct web *web, enum sql_access access, struct store *store);

/* The same after an error, which may be none: where the store itself failed the connection is
 * closed, and the next request opens another. */
void web_store_end(struct web *web, enum sql_access access, struct store *store,
		   const struct error *err);

/* Whether a store was given at all. */
bool web_has_store(const struct web *web);
const struct web_settings *web_settings(const struct web *web);
const struct standard *web_standard(const struct web *web);
const struct handbook *web_handbook(const struct web *web);
const struct web_market *web_market(const struct web *web); /* NULL without */

/* What was written changes public pages: they are made anew soon. */
void web_renew(struct web *web);

struct web_route {
	enum web_method method;
	const char *path;      /* "/api/v1/nodes/{node}": a name in braces stands for one segment */
	uint64_t scope;        /* ACCESS_PUBLIC, or what the caller must hold */
	const char *operation; /* operationId in data/openapi.v1.json */
	void (*handle)(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer);
	size_t body_maximum; /* bytes; 0: 256 KiB */
};

struct web_settings {
	const char *store;             /* where, store/sql.h; NULL: `load` gives the evidence */
	const char *address;           /* "127.0.0.1", "::1" */
	unsigned port;                 /* 0: any that is free */
	const char *certificate, *key; /* texts of PEM; NULL: plain HTTP, on loopback alone */
	const char *pin; /* "sha256//…" of the certificate, for agents; NULL: plain */
	struct web_limits limits;
	const struct standard *standard;
	const struct handbook *handbook;
	int32_t profile;                 /* of the standard, -1: all */
	date_t as_of;                    /* DATE_NONE: the newest day in the evidence */
	const struct web_market *market; /* what prices are read with; NULL: none are shown */
	uint64_t seed;
	uint32_t draws;
	unsigned threads;  /* that rate; as many serve */
	bool log_requests; /* each, not only those that are refused or change something */
	/* Fills the set, finished, without a store. */
	bool (*load)(void *context, struct evidence_set *set, struct error *err);
	void *context;
	/* Told once it answers: "http://127.0.0.1:8080/". */
	void (*ready)(void *context, const char *url);
};

/* Serves until SIGTERM or SIGINT, then lets requests that are under way end, five seconds at most.
 * Logs one line of JSON an event to standard error. */
bool web_serve(const struct web_settings *how, struct error *err);
