/*
 * Whatever the log, what is told of it lies within it or the arena, and no count is greater than
 * the lines.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/nccl_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct nccl_log_words *words, uint64_t lines)
{
	assert(words->count <= NCCL_LOG_WORDS);
	for (unsigned i = 0; i < words->count; i++) {
		assert(words->items[i].word.length > 0 &&
		       words->items[i].word.length <= NCCL_LOG_WORD);
		assert(words->items[i].lines <= lines);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	struct span text = { size > 0 ? (const char *)data : "", size };
	struct nccl_log log;
	struct error err;

	if (!nccl_log_read(text, "log", &arena, &log, &err))
		return 0;
	look_at(&log.networks, log.lines);
	look_at(&log.algorithms, log.lines);
	look_at(&log.settings, log.lines);
	look_at(&log.net_plugins, log.lines);
	look_at(&log.collnet_plugins, log.lines);
	look_at(&log.tuner_plugins, 2 * log.lines);
	for (unsigned i = 0; i < NCCL_WAY_COUNT; i++)
		assert(log.ways[i] <= log.lines);
	assert(log.ways[NCCL_WAY_NET_DIRECT] <= log.ways[NCCL_WAY_NET]);
	assert(log.warnings <= log.lines);
	return 0;
}
