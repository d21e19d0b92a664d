#include "probe/asker.h"

#include <string.h>

/* Places in a datagram (InfiniBand Architecture Specification, volume 1, 13.4 and 14.2). */
enum {
	AT_CLASS = 1,
	AT_VERSION = 2,
	AT_METHOD = 3,
	AT_STATUS = 4,
	AT_HOPS = 7,
	AT_NUMBER = 12, /* the lower half of the transaction's */
	AT_ATTRIBUTE = 16,
	AT_MODIFIER = 20,
	AT_PATH_LIDS = 32,
	AT_PATH = 128,
	NS_PER_MS = 1000000,
};

static void put(uint8_t *at, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

uint64_t mad_get(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

uint16_t asker_status(const struct mad *mad)
{
	return mad_get(mad->data + AT_STATUS, 2) & 0x7fff;
}

static void write_question(const struct question *question, uint32_t number, struct mad *mad)
{
	bool is_subnet = question->class == MAD_CLASS_SUBNET_DIRECTED ||
			 question->class == MAD_CLASS_SUBNET_LID;

	*mad = (struct mad){
		.address = { .lid = question->lid,
			     .queue_pair = !is_subnet,
			     .queue_key = is_subnet ? 0 : MAD_QUEUE_KEY },
	};
	mad->data[0] = 1;
	mad->data[AT_CLASS] = question->class;
	mad->data[AT_VERSION] = question->version;
	mad->data[AT_METHOD] = question->method;
	put(mad->data + AT_NUMBER, 4, number);
	put(mad->data + AT_ATTRIBUTE, 2, question->attribute);
	put(mad->data + AT_MODIFIER, 4, question->modifier);
	if (question->class == MAD_CLASS_SUBNET_DIRECTED) {
		mad->data[AT_HOPS] = question->hops;
		put(mad->data + AT_PATH_LIDS, 4, UINT32_MAX);
		for (unsigned i = 1; i <= question->hops; i++)
			mad->data[AT_PATH + i] = question->path[i];
	}
	if (question->data_at)
		memcpy(mad->data + question->data_at, question->data, sizeof(question->data));
}

static bool is_answer(const struct mad *mad, uint8_t class, uint32_t number)
{
	return (mad->data[AT_METHOD] & MAD_METHOD_ANSWER) && mad->data[AT_CLASS] == class &&
	       mad_get(mad->data + AT_NUMBER, 4) == number;
}

/* One try. The device says that nobody answered, or the time is up. */
static enum reply try_once(struct asker *asker, const struct question *question,
			   struct mad *ret_mad)
{
	const struct mad_door *door = asker->door;
	uint32_t number = ++asker->number;
	int64_t until = door->now_ns(door->self) + (int64_t)asker->timeout_ms * NS_PER_MS, now;
	struct mad mad;

	write_question(question, number, &mad);
	if (!door->send(door->self, &mad, asker->timeout_ms, &asker->err))
		return asker->err.code == ERROR_UNSUPPORTED ? REPLY_UNUSABLE : REPLY_BROKEN;
	while ((now = door->now_ns(door->self)) < until) {
		int wait_ms = (int)((until - now) / NS_PER_MS) + 1;
		enum mad_outcome outcome = door->receive(door->self, wait_ms, &mad, &asker->err);

		if (outcome == MAD_BROKEN)
			return REPLY_BROKEN;
		if (outcome == MAD_TIMED_OUT && mad_get(mad.data + AT_NUMBER, 4) == number)
			return REPLY_SILENT;
		if (outcome != MAD_ANSWER || !is_answer(&mad, question->class, number))
			continue;
		*ret_mad = mad;
		return asker_status(&mad) == 0 ? REPLY_ANSWERED : REPLY_REFUSED;
	}
	return REPLY_SILENT;
}

enum reply asker_ask(struct asker *asker, const struct question *question, struct mad *ret_mad)
{
	const struct mad_door *door = asker->door;
	enum reply reply = REPLY_SPENT;

	for (unsigned i = 0; i < asker->tries; i++) {
		if (asker->left == 0)
			return REPLY_SPENT;
		if (asker->asked > 0)
			door->pause(door->self, asker->pause_ns);
		asker->left--;
		asker->asked++;
		reply = try_once(asker, question, ret_mad);
		if (reply != REPLY_SILENT)
			break;
	}
	return reply;
}
