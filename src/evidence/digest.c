#include "evidence/digest.h"

#include <sodium.h>

void digest_hex(struct span bytes, char ret_text[static DIGEST_HEX_SIZE])
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.length);
	(void)sodium_bin2hex(ret_text, DIGEST_HEX_SIZE, digest, sizeof(digest));
}

void digest_base64(struct span bytes, char ret_text[static DIGEST_BASE64_SIZE])
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	(void)crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.length);
	(void)sodium_bin2base64(ret_text, DIGEST_BASE64_SIZE, digest, sizeof(digest),
				sodium_base64_VARIANT_ORIGINAL);
}
