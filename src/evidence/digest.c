#include "evidence/digest.h"

#include <sodium.h>

#include "evidence/record.h"

void digest_hex(struct span bytes, char ret_text[static DIGEST_HEX_SIZE])
{
	uint8_t digest[RECORD_HASH_BYTES];

	hash_bytes(bytes, digest);
	(void)sodium_bin2hex(ret_text, DIGEST_HEX_SIZE, digest, sizeof(digest));
}

void digest_base64(struct span bytes, char ret_text[static DIGEST_BASE64_SIZE])
{
	uint8_t digest[RECORD_HASH_BYTES];

	hash_bytes(bytes, digest);
	(void)sodium_bin2base64(ret_text, DIGEST_BASE64_SIZE, digest, sizeof(digest),
				sodium_base64_VARIANT_ORIGINAL);
}
