/*
 * Nonces for bundles that are pushed: a run that was signed over one came after it was given out,
 * and only once.
 */
#pragma once

#include "evidence/set.h"
#include "web/web.h"

/* *ret_holds: the bundle in the body, whose records are in the set, is not signed over a nonce, or
 * the nonce was given to the caller within a day and not used before, which it then is, or every
 * record was taken in before. */
bool nonce_use(struct store *store, const struct web_request *request,
	       const struct evidence_set *set, bool *ret_holds, struct error *err);
