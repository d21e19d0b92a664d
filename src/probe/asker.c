#include "probe/asker.h"

#include <string.h>

#include "probe/datagram.h"

enum {
	NS_PER_MS = 1000000,
};

static void write_question(const struct question *question, uint32_t number, struct mad *mad)
{
	bool is_subnet = question->class == MAD_CLASS_SUBNET_DIRECTED ||
			 question->class == MAD_CLASS_SUBNET_LID;

	datagram_start(mad, question->class, question->version, question->method, number);
	datagram_about(mad, question->attribute, question->modifier);
	mad->address.lid = question->lid;
	mad->address.queue_pair = !is_subnet;
	mad->address.queue_key = is_subnet ? 0 : MAD_QUEUE_KEY;
	if (question->class == MAD_CLASS_SUBNET_DIRECTED)
		datagram_route(mad, question->path, question->hops);
	if (question->data_at)
		memcpy(mad->data + question->data_at, question->data, sizeof(question->data));
}

static bool is_answer(const struct mad *mad, uint8_t class, uint32_t number)
{
	return (mad->data[AT_METHOD] & MAD_METHOD_ANSWER) && mad->data[AT_CLASS] == class &&
	       datagram_number(mad) == number;
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
		if (outcome == MAD_TIMED_OUT && datagram_number(&mad) == number)
			return REPLY_SILENT;
		if (outcome != MAD_ANSWER || !is_answer(&mad, question->class, number))
			continue;
		*ret_mad = mad;
		return datagram_status(&mad) == 0 ? REPLY_ANSWERED : REPLY_REFUSED;
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
