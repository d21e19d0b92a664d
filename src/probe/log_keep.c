#include "probe/log_keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

struct slot {
	struct log_message message;
	char *room; /* of the text: used again when the slot is */
	size_t size;
};

struct log_sort {
	uint64_t key;
	struct slot *ring;
	size_t count; /* added so far; the newest is in slot count - 1, modulo the ring's size */
};

static uint64_t key_of(const struct log_message *message, uint32_t code)
{
	uint64_t key = random_join((uint64_t)message->topic, code);

	return message->device ? random_join(key, random_key(span_of(message->device))) : key;
}

static uint64_t newest_of(const struct log_sort *sort)
{
	return sort->ring[(sort->count - 1) % LOG_KEEP_EACH].message.order;
}

/* A sort without messages: a new one, or the one of which none has come for longest. */
static struct log_sort *make_sort(struct log_keep *keep)
{
	struct log_sort *oldest;

	if (!keep->sorts)
		keep->sorts = ARENA_ARRAY(keep->arena, struct log_sort, LOG_KEEP_ALL);
	if (keep->sort_count < LOG_KEEP_ALL) {
		struct log_sort *sort = &keep->sorts[keep->sort_count++];

		sort->ring = ARENA_ARRAY(keep->arena, struct slot, LOG_KEEP_EACH);
		return sort;
	}
	oldest = keep->sorts;
	for (size_t i = 1; i < keep->sort_count; i++)
		if (newest_of(&keep->sorts[i]) < newest_of(oldest))
			oldest = &keep->sorts[i];
	oldest->count = 0;
	return oldest;
}

static struct log_sort *find_sort(struct log_keep *keep, uint64_t key)
{
	for (size_t i = 0; i < keep->sort_count; i++)
		if (keep->sorts[i].key == key)
			return &keep->sorts[i];
	return NULL;
}

/* Rooms grow by doubling, so that what a slot leaves behind is no more than what it has. */
static void copy_text(struct log_keep *keep, struct slot *slot, struct span text)
{
	size_t size = slot->size > 0 ? slot->size : 128;

	if (text.length > RECORD_EXCERPT_MAXIMUM)
		text.length = RECORD_EXCERPT_MAXIMUM;
	while (size < text.length)
		size *= 2;
	if (size > slot->size) {
		slot->room = arena_take(keep->arena, size);
		slot->size = size;
	}
	if (text.length > 0)
		memcpy(slot->room, text.at, text.length);
	slot->message.text = (struct span){ slot->room, text.length };
}

void log_keep_add(struct log_keep *keep, const struct log_message *message, uint32_t code)
{
	uint64_t key = key_of(message, code);
	struct log_sort *sort = find_sort(keep, key);
	const char *device = NULL;
	struct slot *slot;

	if (sort)
		device = sort->ring[0].message.device;
	else if (message->device)
		device = arena_string(keep->arena, span_of(message->device));
	if (!sort)
		sort = make_sort(keep);
	sort->key = key;
	slot = &sort->ring[sort->count++ % LOG_KEEP_EACH];
	slot->message = *message;
	slot->message.device = device;
	slot->message.order = keep->seen++;
	copy_text(keep, slot, message->text);
}

static int compare_order(const void *left, const void *right)
{
	const struct log_message *const *a = left, *const *b = right;

	return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

void log_keep_list(const struct log_keep *keep, const struct log_message *const **ret_messages,
		   size_t *ret_count)
{
	const struct log_message **messages;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < keep->sort_count; i++)
		room += keep->sorts[i].count < LOG_KEEP_EACH ? keep->sorts[i].count : LOG_KEEP_EACH;
	messages = ARENA_ARRAY(keep->arena, const struct log_message *, room);
	for (size_t i = 0; i < keep->sort_count; i++)
		for (size_t k = 0; k < keep->sorts[i].count && k < LOG_KEEP_EACH; k++)
			messages[count++] = &keep->sorts[i].ring[k].message;
	if (count > 0)
		qsort(messages, count, sizeof(*messages), compare_order);
	*ret_count = count < LOG_KEEP_ALL ? count : LOG_KEEP_ALL;
	*ret_messages = messages + (count - *ret_count);
}
