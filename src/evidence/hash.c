#include "evidence/record.h"

#include <assert.h>
#include <nettle/sha2.h>
#include <nettle/version.h>
#include <string.h>

static_assert(SHA256_DIGEST_SIZE == RECORD_HASH_BYTES, "hashes are SHA-256");

static_assert(sizeof(struct sha256_ctx) <= sizeof(struct hashing), "the state fits");

static const char prefix[] = "sha256:";

void hash_bytes(struct span bytes, uint8_t ret_hash[RECORD_HASH_BYTES])
{
	struct hashing hashing;

	hash_start(&hashing);
	hash_more(&hashing, bytes);
	hash_end(&hashing, ret_hash);
}

static struct sha256_ctx *state_of(struct hashing *hashing)
{
	return (struct sha256_ctx *)(void *)hashing->opaque;
}

void hash_start(struct hashing *hashing)
{
	sha256_init(state_of(hashing));
}

void hash_more(struct hashing *hashing, struct span bytes)
{
	if (bytes.length > 0)
		sha256_update(state_of(hashing), bytes.length, (const uint8_t *)bytes.at);
}

void hash_end(struct hashing *hashing, uint8_t ret_hash[RECORD_HASH_BYTES])
{
#if NETTLE_VERSION_MAJOR >= 4
	sha256_digest(state_of(hashing), ret_hash);
#else
	sha256_digest(state_of(hashing), RECORD_HASH_BYTES, ret_hash);
#endif
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
