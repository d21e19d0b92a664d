/*
 * Whether the head of a request may be acted on. What could be read in two ways (two lengths, a
 * length and a coding, a name with a blank) is refused, because something that stands before the
 * server may have read it in the other.
 */
#pragma once

#include "base/arena.h"

enum {
	INSPECT_HEADERS_MAXIMUM = 64,
	INSPECT_TOKEN_MAXIMUM = 128,
};

struct header {
	struct span name, value;
};

struct inspected {
	struct span host, content_type, authorization, cookie, if_none_match, accept,
		accept_encoding, user_agent; /* empty without */
	uint64_t length;                     /* of the body */
	bool has_length;
	bool waits_for_leave; /* Expect: 100-continue */
};

struct head {
	const struct header *headers;
	size_t count;
	bool is_http11;
	bool takes_body; /* of the method: POST and PUT */
	unsigned bytes_maximum;
};

/* 0, or the status to refuse with and why: 400 malformed or ambiguous, 411 a body in
 * chunks, 415 a packed body, 417, 431 too many or too long, 501 a coding that is not known. */
unsigned inspect(const struct head *head, struct inspected *ret_inspected, const char **ret_why);

/* The secret of "Bearer SECRET"; false when it is something else. */
bool bearer_read(struct span authorization, struct span *ret_secret);

/* The value of one cookie of the header "a=b; c=d"; false when it is not there. */
bool cookie_read(struct span cookies, const char *name, struct span *ret_value);

/* Whether an If-None-Match names the tag, which has its quotes; "*" names all. */
bool etag_matches(struct span if_none_match, const char *etag);

/* Whether an Accept-Encoding takes gzip. */
bool accepts_gzip(struct span accept_encoding);

/* Whether an Accept prefers a page to JSON: it names text/html. */
bool accepts_html(struct span accept);
