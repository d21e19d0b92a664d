/*
 * Whatever another process sends: a head within its bounds or an error; what was signed is known as
 * such, and a changed bit is not; the words of a process that joins, and of a rank, are bounded.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "active/ensemble.h"
#include "host/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sign_it(struct span body)
{
	static const uint8_t nonces[2][FRAME_NONCE_SIZE];
	const struct frame frame = { .kind = 'q', .length = (uint32_t)body.length };
	uint8_t key[FRAME_KEY_SIZE], head[FRAME_HEAD_SIZE], tag[FRAME_TAG_SIZE];
	struct frame back;

	frame_key(body, nonces[0], nonces[1], key);
	frame_write(&frame, head);
	frame_sign(head, body, key, tag);
	assert(frame_is_signed(head, body, key, tag));
	tag[0] ^= 1;
	assert(!frame_is_signed(head, body, key, tag));
	assert(frame_read(head, &back, NULL) == (body.length <= FRAME_BODY_MAXIMUM));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { .at = (const char *)data, .length = size };
	struct ensemble_reply reply;
	struct frame_hello hello;
	struct frame frame;
	struct error err;

	if (size >= FRAME_HEAD_SIZE && frame_read(data, &frame, &err))
		assert(frame.length <= FRAME_BODY_MAXIMUM);
	if (size < 4096)
		sign_it(text);
	(void)frame_hello_read(text, &hello, &err);
	if (ensemble_reply_read(text, &reply) && reply.has_answer)
		assert(reply.answer.time_count <= RANK_BLOCKS_MAXIMUM);
	return 0;
}
