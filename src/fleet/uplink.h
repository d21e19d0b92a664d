/*
 * What an agent says to a server elsewhere: one request, over TLS unless the server is on this
 * machine, and its answer.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

enum {
	UPLINK_ANSWER_MAXIMUM = 1 << 20,
};

struct uplink {
	const char *url;               /* of the server, without a path */
	const char *token;             /* NULL without */
	const char *certificate, *key; /* paths of PEM files; NULL without */
	const char *pin; /* "sha256//…": the server's key has to be this one, whoever vouches for
			    it; NULL: somebody whom the system trusts has to */
};

/* Refuses an address that is none, and one that others could read along with. */
bool uplink_check(const struct uplink *uplink, struct error *err);

/* Posts JSON to the path. Fails, naming the reason, for every answer but 200, 201 and 202. */
bool uplink_post(const struct uplink *uplink, const char *path, struct span body,
		 struct arena *arena, struct span *ret_answer, struct error *err);
