/*
 * SHA-256 of bytes as protocols write it.
 */
#pragma once

#include "base/span.h"

enum {
	DIGEST_HEX_SIZE = 65,    /* with NUL */
	DIGEST_BASE64_SIZE = 45, /* with NUL */
};

/* In lower case. */
void digest_hex(struct span bytes, char ret_text[static DIGEST_HEX_SIZE]);

/* With padding. */
void digest_base64(struct span bytes, char ret_text[static DIGEST_BASE64_SIZE]);
