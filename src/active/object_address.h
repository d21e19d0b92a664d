/*
 * Which object store is meant, and who asks it.
 */
#pragma once

#include "active/object_request.h"

/* Takes "https://host:port/bucket" apart: fills in base, bucket and mark. Without encryption,
 * "http://", it may only be an address of this machine itself. False, with what is wrong
 * with it and never with what may be a password, when it is none. */
bool object_url_read(const char *url, struct arena *arena, struct object_store *ret_store,
		     struct error *err);

/* Fills in who asks, by the variables that all programs for S3 know: AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION or AWS_DEFAULT_REGION ("us-east-1"), and
 * AWS_CA_BUNDLE. `variable` is getenv, or that of a test. */
bool object_who(char *(*variable)(const char *name), struct object_store *store, struct error *err);
