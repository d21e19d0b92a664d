#include "probe/nccl_job.h"

#include <string.h>

static const char *device_of(struct sightings *sightings, struct span word)
{
	return arena_format(sightings->arena, "nccl-log:%.*s", SPAN_ARGS(word));
}

static void see_counts(struct sightings *sightings, enum measure measure,
		       const struct nccl_log_words *words)
{
	for (unsigned i = 0; i < words->count; i++)
		(void)saw_value(sightings, measure, device_of(sightings, words->items[i].word),
				(double)words->items[i].lines);
}

static void see_plugin(struct sightings *sightings, const char *kind,
		       const struct nccl_log_words *words)
{
	if (words->count > 0)
		(void)saw_state(sightings, NODE_NCCL_LOG_PLUGIN,
				device_of(sightings, span_of(kind)),
				arena_string(sightings->arena, words->items[0].word));
}

static bool has_algorithm(const struct nccl_log *log, const char *prefix)
{
	for (unsigned i = 0; i < log->algorithms.count; i++)
		if (span_starts(log->algorithms.items[i].word, prefix))
			return true;
	return false;
}

/* NVLS over nodes reduces in the network's switches where a tree was set up there. */
static const char *reduction_of(const struct nccl_log *log)
{
	bool is_set_up = log->ways[NCCL_WAY_COLLNET] > 0;

	if (has_algorithm(log, "collnet") || (is_set_up && has_algorithm(log, "nvls")))
		return "used";
	if (log->failed_reductions > 0)
		return "failed";
	if (is_set_up)
		return "set-up";
	return log->collnet_plugins.count > 0 ? "loaded" : "absent";
}

void nccl_job_see(const struct nccl_log *log, struct sightings *sightings)
{
	if (log->version.length > 0)
		(void)saw_state(sightings, NODE_NCCL_LOG_VERSION, NULL,
				arena_string(sightings->arena, log->version));
	if (log->ranks > 0)
		(void)saw_value(sightings, NODE_NCCL_LOG_RANKS, NULL, log->ranks);
	if (log->nodes > 0)
		(void)saw_value(sightings, NODE_NCCL_LOG_SPAN, NULL, log->nodes);
	see_counts(sightings, NODE_NCCL_LOG_NETWORK, &log->networks);
	see_counts(sightings, NODE_NCCL_LOG_ALGORITHM, &log->algorithms);
	see_plugin(sightings, "net", &log->net_plugins);
	see_plugin(sightings, "collnet", &log->collnet_plugins);
	see_plugin(sightings, "tuner", &log->tuner_plugins);
	for (unsigned i = 0; i < NCCL_WAY_COUNT; i++)
		(void)saw_value(sightings, NODE_NCCL_LOG_CHANNEL,
				device_of(sightings, span_of(nccl_way_words[i])),
				(double)log->ways[i]);
	for (unsigned i = 0; i < log->settings.count; i++)
		(void)saw_state(sightings, NODE_NCCL_LOG_SETTING,
				device_of(sightings, log->settings.items[i].word),
				arena_string(sightings->arena, log->settings.items[i].value));
	(void)saw_state(sightings, NODE_NCCL_LOG_REDUCTION, NULL, reduction_of(log));
	struct record *warned =
		saw_value(sightings, NODE_NCCL_LOG_WARNING, NULL, (double)log->warnings);

	if (log->warnings > 0)
		warned->excerpt =
			arena_format(sightings->arena, "%.*s",
				     (int)(log->warning.length < 300 ? log->warning.length : 300),
				     log->warning.at);
}
