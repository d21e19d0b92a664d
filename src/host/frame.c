#include "host/frame.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "host/job.h"

enum {
	FRAME_VERSION = 1,
	MAGIC_SIZE = 4,
};

static_assert(FRAME_KEY_SIZE == crypto_auth_KEYBYTES && FRAME_TAG_SIZE == crypto_auth_BYTES,
	      "sizes of libsodium's crypto_auth");

static const char magic[] = "ASYM";

void frame_key(struct span token, const uint8_t listener[static FRAME_NONCE_SIZE],
	       const uint8_t joiner[static FRAME_NONCE_SIZE],
	       uint8_t ret_key[static FRAME_KEY_SIZE])
{
	uint8_t shared[crypto_generichash_KEYBYTES];
	crypto_generichash_state state;

	(void)crypto_generichash(shared, sizeof(shared), (const unsigned char *)token.at,
				 token.length, NULL, 0);
	(void)crypto_generichash_init(&state, shared, sizeof(shared), FRAME_KEY_SIZE);
	(void)crypto_generichash_update(&state, listener, FRAME_NONCE_SIZE);
	(void)crypto_generichash_update(&state, joiner, FRAME_NONCE_SIZE);
	(void)crypto_generichash_final(&state, ret_key, FRAME_KEY_SIZE);
	sodium_memzero(shared, sizeof(shared));
}

static void write_number(uint64_t number, unsigned bytes, uint8_t *into)
{
	for (unsigned i = 0; i < bytes; i++)
		into[i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
}

static uint64_t read_number(const uint8_t *from, unsigned bytes)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < bytes; i++)
		number = number << 8 | from[i];
	return number;
}

void frame_write(const struct frame *frame, uint8_t ret_head[static FRAME_HEAD_SIZE])
{
	memcpy(ret_head, magic, MAGIC_SIZE);
	ret_head[4] = FRAME_VERSION;
	ret_head[5] = frame->kind;
	write_number(0, 2, ret_head + 6);
	write_number(frame->length, 4, ret_head + 8);
	write_number(frame->sequence, 8, ret_head + 12);
}

bool frame_read(const uint8_t head[static FRAME_HEAD_SIZE], struct frame *ret_frame,
		struct error *err)
{
	struct frame frame = {
		.kind = head[5],
		.length = (uint32_t)read_number(head + 8, 4),
		.sequence = read_number(head + 12, 8),
	};

	if (memcmp(head, magic, MAGIC_SIZE) != 0 || read_number(head + 6, 2) != 0)
		return fail(err, ERROR_PARSE, "what came is no message of assay");
	if (head[4] != FRAME_VERSION)
		return fail(err, ERROR_UNSUPPORTED,
			    "the other side speaks version %u of these messages, this one %d",
			    head[4], FRAME_VERSION);
	if (frame.kind < 'a' || frame.kind > 'z')
		return fail(err, ERROR_PARSE, "a message of no known kind");
	if (frame.length > FRAME_BODY_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a message of %u bytes, %d at most", frame.length,
			    FRAME_BODY_MAXIMUM);
	*ret_frame = frame;
	return true;
}

static void sign(const uint8_t *head, struct span body, const uint8_t *key, uint8_t *ret_tag)
{
	crypto_auth_hmacsha512256_state state;

	(void)crypto_auth_hmacsha512256_init(&state, key, FRAME_KEY_SIZE);
	(void)crypto_auth_hmacsha512256_update(&state, head, FRAME_HEAD_SIZE);
	(void)crypto_auth_hmacsha512256_update(&state, (const unsigned char *)body.at, body.length);
	(void)crypto_auth_hmacsha512256_final(&state, ret_tag);
}

void frame_sign(const uint8_t head[static FRAME_HEAD_SIZE], struct span body,
		const uint8_t key[static FRAME_KEY_SIZE], uint8_t ret_tag[static FRAME_TAG_SIZE])
{
	sign(head, body, key, ret_tag);
}

bool frame_is_signed(const uint8_t head[static FRAME_HEAD_SIZE], struct span body,
		     const uint8_t key[static FRAME_KEY_SIZE],
		     const uint8_t tag[static FRAME_TAG_SIZE])
{
	uint8_t expected[FRAME_TAG_SIZE];

	sign(head, body, key, expected);
	return sodium_memcmp(expected, tag, FRAME_TAG_SIZE) == 0;
}

static bool next_number(struct span *rest, uint64_t maximum, unsigned *ret_number)
{
	struct span word;
	uint64_t number;

	if (!span_cut(rest, ' ', &word) || !span_to_u64(word, &number) || number > maximum)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

bool frame_hello_read(struct span body, struct frame_hello *ret_hello, struct error *err)
{
	struct frame_hello hello;
	struct span word;
	unsigned version;

	if (!span_cut(&body, ' ', &word) || !span_is(word, "join") ||
	    !next_number(&body, UINT16_MAX, &version))
		return fail(err, ERROR_PARSE, "it does not say that it joins");
	if (version != FRAME_VERSION)
		return fail(err, ERROR_UNSUPPORTED, "it speaks version %u", version);
	if (!next_number(&body, JOB_RANKS_MAXIMUM, &hello.rank) ||
	    !next_number(&body, JOB_RANKS_MAXIMUM, &hello.ranks) || body.length > 0)
		return fail(err, ERROR_PARSE, "it does not say which rank it is");
	*ret_hello = hello;
	return true;
}
