#include "active/locate_words.h"

#include <assert.h>
#include <string.h>

#define NS_PER_S 1000000000ll

enum {
	WORDS_MAXIMUM = LOCATE_WORDS_MAXIMUM + 32,
	STARTING_SECONDS = 8, /* of a launcher and of finding each other */
	LAUNCHER_SECONDS = 6, /* beyond what the program itself may take */
	NCCL_FACTOR = 10, /* assay test pair measures a tenth of its time, and opens meanwhile */
};

const char *const locate_tool_names[LOCATE_TOOL_COUNT] = {
	[LOCATE_IPERF3] = "iperf3",
	[LOCATE_WRITE_BANDWIDTH] = "ib_write_bw",
	[LOCATE_NCCL] = "nccl",
};

struct words {
	const char **at;
	size_t count;
	struct arena *arena;
};

static void add(struct words *words, const char *word)
{
	assert(words->count + 1 < WORDS_MAXIMUM);
	words->at[words->count++] = word;
}

static void add_number(struct words *words, const char *option, unsigned number)
{
	add(words, option);
	add(words, arena_format(words->arena, "%u", number));
}

static const char *replaced(const char *word, const char *host, struct arena *arena)
{
	const char *place = strstr(word, "{}");

	if (!place)
		return word;
	return arena_format(arena, "%.*s%s%s", (int)(place - word), word, host, place + 2);
}

static unsigned pair_seconds(const struct locate_plan *plan)
{
	return plan->seconds * NCCL_FACTOR;
}

static unsigned program_seconds(const struct locate_plan *plan)
{
	return (plan->tool == LOCATE_NCCL ? pair_seconds(plan) : plan->seconds) + STARTING_SECONDS;
}

int64_t locate_program_limit_ns(const struct locate_plan *plan)
{
	return (int64_t)(program_seconds(plan) + LAUNCHER_SECONDS) * NS_PER_S;
}

bool locate_is_both_ways(const struct locate_plan *plan)
{
	return plan->tool == LOCATE_NCCL;
}

/* The address of a host on that rail; an adapter's programs meet over the first one. */
static const char *address_of(const struct locate_plan *plan, uint32_t host, unsigned rail)
{
	const struct locate_hosts *hosts = plan->hosts;

	return hosts->hosts[host].addresses[rail < hosts->rails ? rail : 0];
}

/* The launcher, and a limit that holds where the program runs. */
static struct words begin(const struct locate_plan *plan, uint32_t host, struct arena *arena)
{
	struct words words = {
		.at = ARENA_ARRAY(arena, const char *, WORDS_MAXIMUM),
		.arena = arena,
	};

	for (const char *const *word = plan->launcher; *word; word++)
		add(&words, replaced(*word, plan->hosts->hosts[host].name, arena));
	add(&words, "timeout");
	add(&words, "-k");
	add(&words, "1");
	add(&words, arena_format(arena, "%u", program_seconds(plan)));
	return words;
}

static void add_write_bandwidth(const struct locate_plan *plan, const struct locate_errand *errand,
				bool is_server, struct words *words)
{
	add(words, "ib_write_bw");
	if (plan->devices) {
		add(words, "-d");
		add(words, plan->devices[errand->rail]);
	}
	add(words, "-F");
	add_number(words, "-D", plan->seconds);
	add_number(words, "-p", errand->port);
	if (!is_server)
		add(words, address_of(plan, errand->to, errand->rail));
}

static void add_iperf3(const struct locate_plan *plan, const struct locate_errand *errand,
		       bool is_server, struct words *words)
{
	add(words, "iperf3");
	if (is_server) {
		add(words, "-s");
		add(words, "-1");
		add(words, "--forceflush");
	} else {
		add(words, "-J");
		add(words, "-c");
		add(words, address_of(plan, errand->to, errand->rail));
	}
	add_number(words, "-p", errand->port);
	if (plan->devices) {
		add(words, "--bind-dev");
		add(words, plan->devices[errand->rail]);
	}
	if (is_server)
		return;
	add_number(words, "-t", plan->seconds);
	add(words, "-i");
	add(words, "0.2");
	add(words, "--connect-timeout");
	add(words, "3000");
	/* With several rails it has to leave by the one that is meant. */
	if (plan->hosts->rails > 1) {
		add(words, "-B");
		add(words, address_of(plan, errand->from, errand->rail));
	}
}

/* Both ends are alike: the first rank listens, and the other comes to it. */
static void add_nccl(const struct locate_plan *plan, const struct locate_errand *errand,
		     bool is_server, struct words *words)
{
	const char *address = address_of(plan, errand->to, errand->rail);
	const struct locate_host *host = &plan->hosts->hosts[is_server ? errand->to : errand->from];

	add(words, "env");
	add(words, arena_format(words->arena, "ASSAY_MEETING_TOKEN=%s", plan->token));
	/* The second sign says that the name is the whole one. */
	if (plan->devices)
		add(words,
		    arena_format(words->arena, "NCCL_IB_HCA==%s", plan->devices[errand->rail]));
	add(words, "assay");
	add(words, "test");
	add(words, "pair");
	add(words, "--consent=load");
	add(words, "--format=json");
	add(words, "--quiet");
	add(words, arena_format(words->arena, "--node=%s", host->name));
	add(words, arena_format(words->arena, "--duration=%us", pair_seconds(plan)));
	add(words,
	    arena_format(words->arena, strchr(address, ':') ? "--meet=[%s]:%u" : "--meet=%s:%u",
			 address, errand->port));
	add(words, is_server ? "--rank=0" : "--rank=1");
	add(words, "--ranks=2");
}

static const char *const *words_of(const struct locate_plan *plan,
				   const struct locate_errand *errand, bool is_server,
				   struct arena *arena)
{
	static void (*const adders[LOCATE_TOOL_COUNT])(const struct locate_plan *plan,
						       const struct locate_errand *errand,
						       bool is_server, struct words *words) = {
		[LOCATE_IPERF3] = add_iperf3,
		[LOCATE_WRITE_BANDWIDTH] = add_write_bandwidth,
		[LOCATE_NCCL] = add_nccl,
	};
	struct words words = begin(plan, is_server ? errand->to : errand->from, arena);

	adders[plan->tool](plan, errand, is_server, &words);
	return words.at;
}

const char *const *locate_server_words(const struct locate_plan *plan,
				       const struct locate_errand *errand, struct arena *arena)
{
	return words_of(plan, errand, true, arena);
}

const char *const *locate_client_words(const struct locate_plan *plan,
				       const struct locate_errand *errand, struct arena *arena)
{
	return words_of(plan, errand, false, arena);
}
