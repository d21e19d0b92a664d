#include "probe/nccl_log.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const nccl_way_words[NCCL_WAY_COUNT] = {
	[NCCL_WAY_P2P] = "p2p",
	[NCCL_WAY_SHM] = "shm",
	[NCCL_WAY_NET] = "net",
	[NCCL_WAY_NET_DIRECT] = "net/direct",
	[NCCL_WAY_NET_RELAYED] = "net/relayed",
	[NCCL_WAY_COLLNET] = "collnet",
};

struct reading {
	struct nccl_log *log;
	struct arena *arena;
};

/* Up to the first of the signs. */
static struct span until(struct span text, const char *signs)
{
	size_t length = 0;

	while (length < text.length && text.at[length] != '\0' && !strchr(signs, text.at[length]))
		length++;
	return span_trim((struct span){ text.at, length });
}

static void note(struct nccl_log_words *words, struct span word, struct span value)
{
	unsigned i = 0;

	if (word.length == 0)
		return;
	word.length = word.length < NCCL_LOG_WORD ? word.length : NCCL_LOG_WORD;
	while (i < words->count && !span_equal(words->items[i].word, word))
		i++;
	if (i == NCCL_LOG_WORDS)
		return;
	if (i == words->count)
		words->items[words->count++].word = word;
	words->items[i].lines++;
	words->items[i].value = value;
}

static void note_word(struct nccl_log_words *words, struct span word)
{
	note(words, word, SPAN(""));
}

/* ---- the lines ---- */

static void take_version(struct reading *reading, struct span rest)
{
	if (reading->log->version.length == 0)
		reading->log->version = until(rest, " +\r");
}

static void take_network(struct reading *reading, struct span rest)
{
	note_word(&reading->log->networks, until(rest, "\r"));
}

/* "NCCL_IB_HCA set by environment to mlx5_0." */
static void take_setting(struct reading *reading, struct span line, struct span value)
{
	struct span name;

	if (!span_behind(line, "NCCL INFO ", &name))
		return;
	name = until(name, " ");
	if (value.length > 0 && value.at[value.length - 1] == '.')
		value.length--;
	if (span_starts(name, "NCCL_"))
		note(&reading->log->settings, name, value);
}

/* "comm 0x1 rank 0 nRanks 16 nNodes 2 localRanks 8" */
static void take_ranks(struct reading *reading, struct span rest)
{
	struct span nodes_text;
	uint64_t ranks, nodes = 0;

	if (!span_to_u64(until(rest, " \r"), &ranks) || ranks > UINT32_MAX ||
	    ranks < reading->log->ranks)
		return;
	if (ranks > reading->log->ranks)
		reading->log->nodes = 0;
	reading->log->ranks = (uint32_t)ranks;
	if (span_behind(rest, "nNodes ", &nodes_text) &&
	    span_to_u64(until(nodes_text, " \r"), &nodes) && nodes <= UINT32_MAX)
		reading->log->nodes = (uint32_t)nodes;
}

/* "NET/IB/0(2)/GDRDMA": behind the number of the device stands whose GPU relays. */
static void take_way(struct reading *reading, struct span rest)
{
	uint64_t *ways = reading->log->ways;

	if (span_starts(rest, "P2P")) {
		ways[NCCL_WAY_P2P]++;
	} else if (span_starts(rest, "SHM")) {
		ways[NCCL_WAY_SHM]++;
	} else if (span_starts(rest, "COLLNET/")) {
		ways[NCCL_WAY_COLLNET]++;
	} else if (span_starts(rest, "NET/")) {
		ways[NCCL_WAY_NET]++;
		ways[NCCL_WAY_NET_DIRECT] += span_contains(rest, "/GDRDMA");
		ways[NCCL_WAY_NET_RELAYED] += span_contains(until(rest, "G"), "(");
	}
}

/* Versions before 2.25 tell numbers. */
static struct span word_of(struct span word, const char *const *numbered, size_t count)
{
	uint64_t number;

	return span_to_u64(word, &number) && number < count ? span_of(numbered[number]) : word;
}

/* "AllReduce: 4096 Bytes -> Algo RING proto SIMPLE channel{Lo..Hi}={0..1}" */
static void take_algorithm(struct reading *reading, struct span rest)
{
	static const char *const algorithms[] = { "tree",         "ring", "collnetdirect",
						  "collnetchain", "nvls", "nvlstree",
						  "pat" };
	static const char *const protocols[] = { "ll", "ll128", "simple" };
	struct span algorithm = word_of(until(rest, " \r"), algorithms, COUNT(algorithms));
	struct span protocol;
	char *text;
	size_t length;

	if (!span_behind(rest, " proto ", &protocol))
		return;
	protocol = word_of(until(protocol, " \r"), protocols, COUNT(protocols));
	if (algorithm.length == 0 || protocol.length == 0 || algorithm.length > 24 ||
	    protocol.length > 24)
		return;
	length = algorithm.length + 1 + protocol.length;
	text = arena_take(reading->arena, length);
	memcpy(text, algorithm.at, algorithm.length);
	text[algorithm.length] = '/';
	memcpy(text + algorithm.length + 1, protocol.at, protocol.length);
	for (size_t i = 0; i < length; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
	note_word(&reading->log->algorithms, (struct span){ text, length });
}

static void take_plugin(struct reading *reading, struct span line)
{
	static const struct {
		const char *words;
		size_t list;
	} kinds[] = {
		{ "Loaded net plugin ", offsetof(struct nccl_log, net_plugins) },
		{ "Loaded collnet plugin ", offsetof(struct nccl_log, collnet_plugins) },
		{ "TUNER/Plugin: Using ", offsetof(struct nccl_log, tuner_plugins) },
		{ "Using tuner plugin ", offsetof(struct nccl_log, tuner_plugins) },
	};
	struct span name;

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (span_behind(line, kinds[i].words, &name))
			note_word((struct nccl_log_words *)((char *)reading->log + kinds[i].list),
				  until(name, "\r"));
}

/* What the plug-in for SHARP, or NCCL, says when a tree could not be had. */
static bool is_failed_reduction(struct span line)
{
	static const char *const words[] = { "Cannot initialize CollNet", "Cannot create SHARP",
					     "SHARP init failed", "sharp_coll_init failed",
					     "failed to initialize SHARP" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (span_contains(line, words[i]))
			return true;
	return false;
}

static void take_info(struct reading *reading, struct span line)
{
	struct span rest;

	if (span_behind(line, "NCCL version ", &rest))
		take_version(reading, rest);
	if (span_behind(line, " set by environment to ", &rest))
		take_setting(reading, line, until(rest, "\r"));
	else if (span_behind(line, "Using network ", &rest))
		take_network(reading, rest);
	else if (span_behind(line, " nRanks ", &rest) || span_behind(line, " nranks ", &rest))
		take_ranks(reading, rest);
	else if (span_behind(line, " via ", &rest))
		take_way(reading, rest);
	else if (span_behind(line, "Bytes -> Algo ", &rest))
		take_algorithm(reading, rest);
	else
		take_plugin(reading, line);
	reading->log->failed_reductions += is_failed_reduction(line);
}

bool nccl_log_read(struct span text, const char *file, struct arena *arena,
		   struct nccl_log *ret_log, struct error *err)
{
	struct reading reading = { ret_log, arena };
	struct span rest = text, line, said;

	*ret_log = (struct nccl_log){ 0 };
	while (span_cut(&rest, '\n', &line)) {
		bool is_warning = span_behind(line, "NCCL WARN ", &said);

		if (is_warning) {
			if (ret_log->warnings++ == 0)
				ret_log->warning = until(said, "\r");
			ret_log->failed_reductions += is_failed_reduction(line);
		} else if (span_contains(line, "NCCL INFO ") ||
			   span_contains(line, "NCCL version ")) {
			take_info(&reading, line);
		} else {
			continue;
		}
		ret_log->lines++;
	}
	return ret_log->lines > 0 ||
	       fail(err, ERROR_PARSE,
		    "'%s' holds no line of NCCL; run the job with NCCL_DEBUG=INFO and "
		    "NCCL_DEBUG_SUBSYS=INIT,NET,ENV,TUNING",
		    file);
}
