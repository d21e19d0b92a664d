/*
 * The newest messages of each sort out of any number of them, in bounded memory.
 */
#pragma once

#include "evidence/kernel_line.h"
#include "evidence/record.h"

enum {
	LOG_KEEP_EACH = 64,  /* messages of one sort */
	LOG_KEEP_ALL = 2048, /* in all, and sorts */
};

struct log_message {
	enum kernel_topic topic;
	const char *device; /* NULL: none */
	int64_t boot_us;    /* as in struct kernel_line */
	struct span text;   /* RECORD_EXCERPT_MAXIMUM bytes at most */
	uint64_t order;     /* of arrival, from 0 */
};

struct log_sort;

struct log_keep {
	struct arena *arena;
	struct log_sort *sorts;
	size_t sort_count;
	uint64_t seen; /* messages that were added */
};

/* `struct log_keep keep = { .arena = arena };` is ready. One sort has one topic, device and code
 * (of an Xid or SXid, 0 without). Device and text are copied. */
void log_keep_add(struct log_keep *keep, const struct log_message *message, uint32_t code);

/* The newest LOG_KEEP_ALL of what is kept, in the order of their arrival; `seen` less *ret_count is
 * what was dropped. They stay valid until the next is added. */
void log_keep_list(const struct log_keep *keep, const struct log_message *const **ret_messages,
		   size_t *ret_count);
