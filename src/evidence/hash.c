#include "evidence/record.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(crypto_hash_sha256_BYTES == RECORD_HASH_BYTES, "hashes are SHA-256");

static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct hashing), "the state fits");

static const char prefix[] = "sha256:";

void hash_bytes(struct span bytes, uint8_t ret_hash[RECORD_HASH_BYTES])
{
	crypto_hash_sha256(ret_hash, (const unsigned char *)(bytes.at ? bytes.at : ""),
			   bytes.length);
}

static crypto_hash_sha256_state *state_of(struct hashing *hashing)
{
	return (crypto_hash_sha256_state *)(void *)hashing->opaque;
}

void hash_start(struct hashing *hashing)
{
	(void)crypto_hash_sha256_init(state_of(hashing));
}

void hash_more(struct hashing *hashing, struct span bytes)
{
	if (bytes.length > 0)
		(void)crypto_hash_sha256_update(state_of(hashing), (const unsigned char *)bytes.at,
						bytes.length);
}

void hash_end(struct hashing *hashing, uint8_t ret_hash[RECORD_HASH_BYTES])
{
	(void)crypto_hash_sha256_final(state_of(hashing), ret_hash);
}

const char *hash_format(const uint8_t hash[RECORD_HASH_BYTES], char into[static RECORD_HASH_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	char *at = into + sizeof(prefix) - 1;

	memcpy(into, prefix, sizeof(prefix) - 1);
	for (unsigned i = 0; i < RECORD_HASH_BYTES; i++) {
		*at++ = digits[hash[i] >> 4];
		*at++ = digits[hash[i] & 15];
	}
	*at = '\0';
	return into;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hash_parse(struct span text, uint8_t ret_hash[RECORD_HASH_BYTES])
{
	uint8_t hash[RECORD_HASH_BYTES];

	if (text.length != RECORD_HASH_TEXT - 1 || !span_starts(text, prefix))
		return false;
	for (unsigned i = 0; i < RECORD_HASH_BYTES; i++) {
		int high = hex_value(text.at[sizeof(prefix) - 1 + 2 * i]);
		int low = hex_value(text.at[sizeof(prefix) + 2 * i]);

		if (high < 0 || low < 0)
			return false;
		hash[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(ret_hash, hash, sizeof(hash));
	return true;
}
