/*
 * The processes of one job meet: rank 0 listens at an address, the others come to it, and who does
 * not know the job's token is refused. Then rank 0 says something to each and hears each, in
 * bounded messages (host/frame.h) with a limit of time; nobody else talks to anybody. Nothing waits
 * longer than a tenth of a second without asking whether it goes on.
 */
#pragma once

#include "base/arena.h"
#include "host/file.h"

enum {
	MEETING_RANKS_MAXIMUM = 4096,
	MEETING_TOKEN_LEAST = 8, /* characters */
};

struct meeting_patience {
	int64_t limit_ns;
	bool (*goes_on)(void *context); /* NULL: nobody is asked */
	void *context;
};

struct meeting_request {
	const struct host *host;
	const char *address; /* "host:port", "[::1]:port"; a name is looked up in a child */
	struct span token;
	unsigned rank, ranks;
	struct meeting_patience patience;
};

struct meeting;

/* Rank 0 returns when all are there, another when it was taken in. ERROR_INVALID: the address;
 * ERROR_MISSING: nobody there, and names who did not come; ERROR_CONFLICT: the token was refused,
 * or two say that they are the same rank. `ret_refused`, which may be NULL, counts the strangers
 * that rank 0 turned away. */
bool meeting_open(const struct meeting_request *request, struct meeting **ret_meeting,
		  unsigned *ret_refused, struct error *err);

/* `to` is 0 for all but rank 0. `kind` is a small letter. After a failure nothing more can be said
 * to that rank, but what it has said before can be heard. */
bool meeting_say(struct meeting *meeting, unsigned to, uint8_t kind, struct span body,
		 const struct meeting_patience *patience, struct error *err);

/* Which message is heard next. */
struct meeting_awaited {
	unsigned of; /* 0 for all but rank 0 */
	uint8_t kind;
};

/* The next message of that rank, which has to be of the kind. ERROR_MISSING: it has gone;
 * ERROR_LIMIT: it was silent for too long; ERROR_CONFLICT: it goes on no more. After a failure it
 * is heard no more, but something can be said to it. */
bool meeting_hear(struct meeting *meeting, struct meeting_awaited awaited,
		  const struct meeting_patience *patience, struct arena *arena,
		  struct span *ret_body, struct error *err);

/* The token that the environment variable ASSAY_MEETING_TOKEN holds; empty when there is none. */
struct span meeting_token(void);

/* NULL is fine. */
void meeting_close(struct meeting *meeting);
