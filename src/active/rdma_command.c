#include "active/rdma_command.h"

#include <assert.h>
#include <string.h>

enum {
	WORDS_MAXIMUM = 32,
	QUEUE_PAIRS = 4, /* one alone does not fill 400 Gb/s at 64 KiB on every adapter */
	DEPTH_MAXIMUM = 128,
	FIRST_LATENCY_MESSAGES = 100,
	FIRST_BYTES = 1 << 20, /* of a bandwidth, each queue pair */
	FIRST_MESSAGES = 5,    /* perftest takes no fewer */
	FIRST_DEPTH = 4,
};

/* What is under way of all queue pairs: at 400 Gb/s the bytes of 0.6 ms, far more than any path
 * inside a building holds. */
static const double window_bytes = 32 << 20;

/* A latency is measured for so long at most. */
static const double latency_s = 4;

/* perftest counts a window once all of it has arrived: with fewer in the time the figure would be
 * the grain of the window, with none there is no figure. */
static const double windows_least = 8;

const char *rdma_task_name(const struct rdma_task *task, struct arena *arena)
{
	return arena_format(arena, "%s%s:%llu", task->uses_gpu ? "gpu-" : "",
			    task->verb == RDMA_WRITE ? "write" : "read",
			    (unsigned long long)task->bytes);
}

const char *rdma_program(const struct rdma_task *task)
{
	if (task->verb == RDMA_WRITE)
		return task->is_latency ? "ib_write_lat" : "ib_write_bw";
	return task->is_latency ? "ib_read_lat" : "ib_read_bw";
}

struct rdma_task rdma_first(const struct rdma_task *task)
{
	struct rdma_task first = *task;

	first.messages = (unsigned)(FIRST_BYTES / task->bytes);
	if (first.messages < FIRST_MESSAGES)
		first.messages = FIRST_MESSAGES;
	if (task->is_latency)
		first.messages = FIRST_LATENCY_MESSAGES;
	first.seconds = 0;
	return first;
}

unsigned rdma_length(const struct rdma_task *task, const struct perftest_row *first)
{
	double messages;

	if (!task->is_latency)
		return first->bytes_per_s * RDMA_SECONDS >= windows_least * window_bytes
			       ? RDMA_SECONDS
			       : 0;
	/* There and back. */
	messages =
		first->average_s > 0 ? latency_s / (2 * first->average_s) : RDMA_MESSAGES_MAXIMUM;
	if (messages < 2 * FIRST_LATENCY_MESSAGES)
		return 0;
	return messages < RDMA_MESSAGES_MAXIMUM ? (unsigned)messages : RDMA_MESSAGES_MAXIMUM;
}

bool rdma_second(const struct rdma_task *task, uint64_t length, struct rdma_task *ret_second)
{
	*ret_second = *task;
	if (length == 0 || length > (task->is_latency ? RDMA_MESSAGES_MAXIMUM : RDMA_SECONDS))
		return false;
	ret_second->messages = task->is_latency ? (unsigned)length : 0;
	ret_second->seconds = task->is_latency ? 0 : (unsigned)length;
	return true;
}

/* How many messages of a queue pair are under way at once. */
static unsigned depth(const struct rdma_task *task)
{
	double messages = window_bytes / (QUEUE_PAIRS * (double)task->bytes);

	if (task->messages > 0 || messages < FIRST_DEPTH)
		return FIRST_DEPTH;
	return messages < DEPTH_MAXIMUM ? (unsigned)messages : DEPTH_MAXIMUM;
}

static void add(const char **words, size_t *count, const char *option, const char *value)
{
	assert(*count + 2 < WORDS_MAXIMUM);
	words[(*count)++] = option;
	if (value)
		words[(*count)++] = value;
}

static const char *number(struct arena *arena, uint64_t value)
{
	return arena_format(arena, "%llu", (unsigned long long)value);
}

const char *const *rdma_words(const struct rdma_task *task, const struct rdma_rail *rail,
			      unsigned tcp_port, const char *server, struct arena *arena)
{
	const char **words = ARENA_ARRAY(arena, const char *, WORDS_MAXIMUM);
	size_t count = 0;

	add(words, &count, rdma_program(task), NULL);
	add(words, &count, "-d", rail->name);
	add(words, &count, "-i", rail->port);
	add(words, &count, "-p", number(arena, tcp_port));
	add(words, &count, "-s", number(arena, task->bytes));
	add(words, &count, "-F", NULL); /* a processor whose frequency varies is no obstacle */
	if (task->messages > 0)
		add(words, &count, "-n", number(arena, task->messages));
	else
		add(words, &count, "-D", number(arena, task->seconds));
	if (!task->is_latency) {
		add(words, &count, "-q", number(arena, QUEUE_PAIRS));
		add(words, &count, "-t", number(arena, depth(task)));
		add(words, &count, "--report_gbits", NULL);
	}
	if (task->uses_gpu)
		add(words, &count, arena_format(arena, "--use_cuda=%d", rail->gpu), NULL);
	if (server)
		add(words, &count, server, NULL);
	return words;
}

bool rdma_help_knows_gpus(struct span help)
{
	static const char option[] = "--use_cuda=";
	size_t length = strlen(option);

	for (size_t i = 0; i + length <= help.length; i++)
		if (memcmp(help.at + i, option, length) == 0)
			return true;
	return false;
}
