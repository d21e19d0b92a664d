/*
 * Requests to an object store that speaks S3, by libcurl: signed (AWS Signature Version 4), with
 * the certificate verified, several at once. Only in a worker's child, because a name server or a
 * store may hang.
 */
#pragma once

#include <stddef.h>

#include "base/text.h"
#include "host/file.h"

enum {
	OBJECT_CONNECTIONS_MAXIMUM = 8,
	OBJECT_WORDS = 128, /* bytes of what a header tells, and NUL */
};

/* Who asks. The secret and the token are in this process' memory and in no text. */
struct object_store {
	const struct host *here;
	const char *base; /* "https://host:port" */
	const char *bucket;
	const char *mark; /* both, as the end of a device */
	const char *region;
	const char *key, *secret, *token; /* token NULL: none */
	const char *authorities;          /* file of certificates to trust; NULL: the system's */
};

enum object_verb {
	OBJECT_PUT,
	OBJECT_GET,
	OBJECT_POST,
	OBJECT_DELETE,
};

/* One request, and what became of it. */
struct object_request {
	enum object_verb verb;
	bool is_unsigned;       /* the body: hashing would be slower than a fast store */
	const char *key;        /* quoted, below the bucket; NULL: the bucket itself */
	const char *query;      /* quoted and in order, each with "="; NULL: none */
	struct span body;       /* of PUT and POST */
	const char *range;      /* "0-99" of GET; NULL: all */
	const char *headers[6]; /* "x-amz-…: …", NULL-terminated */
	size_t most;            /* bytes that the answer may have */
	/* results: */
	struct text answer;
	long status; /* of HTTP; 0: none came */
	double seconds;
	char tag[OBJECT_WORDS], version[OBJECT_WORDS]; /* ETag, x-amz-version-id; "" for none */
	char error[OBJECT_WORDS]; /* why there is no status, or no whole answer; "" for none */
};

/* Called before each request is sent and while all are waited for. */
typedef void object_pulse(void *context);

/* Sends all, at most `connections` at once, and waits for their ends. False when there is no
 * library or it could not be started. */
bool object_send(const struct object_store *store, struct object_request *requests, size_t count,
		 unsigned connections, object_pulse *pulse, void *context);

/* True for a whole answer with a status of 200 to 299. */
bool object_succeeded(const struct object_request *request);

void object_release(struct object_request *request);
