/*
 * Messages between the processes of one job, over TCP: a head of FRAME_HEAD_SIZE bytes ("ASYM",
 * version, kind, two bytes of zero, length, sequence, the numbers with the most significant byte
 * first), the body, and a tag over both by HMAC-SHA-512-256 with a key that is made of the job's
 * token and of a number that each side chose for this connection. The token itself is never sent.
 */
#pragma once

#include "base/error.h"
#include "base/span.h"

enum {
	FRAME_HEAD_SIZE = 20,
	FRAME_NONCE_SIZE = 32,
	FRAME_KEY_SIZE = 32,
	FRAME_TAG_SIZE = 32,
	FRAME_BODY_MAXIMUM = 1 << 20,
};

struct frame {
	uint8_t kind; /* a letter */
	uint32_t length;
	uint64_t sequence;
};

/* The key of one connection. */
void frame_key(struct span token, const uint8_t listener[static FRAME_NONCE_SIZE],
	       const uint8_t joiner[static FRAME_NONCE_SIZE],
	       uint8_t ret_key[static FRAME_KEY_SIZE]);

void frame_write(const struct frame *frame, uint8_t ret_head[static FRAME_HEAD_SIZE]);

/* Refuses what is no head, another version, and a body above the maximum. */
bool frame_read(const uint8_t head[static FRAME_HEAD_SIZE], struct frame *ret_frame,
		struct error *err);

void frame_sign(const uint8_t head[static FRAME_HEAD_SIZE], struct span body,
		const uint8_t key[static FRAME_KEY_SIZE], uint8_t ret_tag[static FRAME_TAG_SIZE]);

/* True when the tag is that of head and body. */
bool frame_is_signed(const uint8_t head[static FRAME_HEAD_SIZE], struct span body,
		     const uint8_t key[static FRAME_KEY_SIZE],
		     const uint8_t tag[static FRAME_TAG_SIZE]);

/* What a process says of itself first: "join VERSION RANK RANKS". */
struct frame_hello {
	unsigned rank, ranks;
};
bool frame_hello_read(struct span body, struct frame_hello *ret_hello, struct error *err);
