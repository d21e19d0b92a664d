/*
 * Nonces for bundles that are pushed: a run that was signed over one came after it was given out,
 * and only once.
 */
#pragma once

#include "evidence/set.h"
#include "web/web.h"

/* What the party of a code in the store begins with when the code is a nonce. */
#define NONCE_HEAD "nonce:"

/* True when the bundle in the body, whose records are in the set, is not signed over a nonce, when
 * the nonce was given to the caller within a day and not used before, which it then is, or when
 * every record was taken in before. Else `answer` refuses. */
bool nonce_take(struct web *web, const struct web_request *request, const struct evidence_set *set,
		struct web_answer *answer);
