#include "active/locate_words.h"

#include <assert.h>
#include <string.h>

#include "active/iperf3.h"
#include "active/perftest.h"

#define NS_PER_S 1000000000ll

enum {
	WORDS_MAXIMUM = LOCATE_WORDS_MAXIMUM + 32,
	STARTING_SECONDS = 8, /* of a launcher and of finding each other */
	LAUNCHER_SECONDS = 6, /* beyond what the program itself may take */
	LINE_MAXIMUM = 160,
};

/* What timeout ends with when the program had to be ended. */
static const int timed_out = 124;
static const int killed = 137;

const char *const locate_tool_names[LOCATE_TOOL_COUNT] = {
	[LOCATE_IPERF3] = "iperf3",
	[LOCATE_WRITE_BANDWIDTH] = "ib_write_bw",
};

struct words {
	const char **at;
	size_t count;
};

static void add(struct words *words, const char *word)
{
	assert(words->count + 1 < WORDS_MAXIMUM);
	words->at[words->count++] = word;
}

static const char *replaced(const char *word, const char *host, struct arena *arena)
{
	const char *place = strstr(word, "{}");

	if (!place)
		return word;
	return arena_format(arena, "%.*s%s%s", (int)(place - word), word, host, place + 2);
}

static unsigned program_seconds(const struct locate_plan *plan)
{
	return plan->seconds + STARTING_SECONDS;
}

int64_t locate_program_limit_ns(const struct locate_plan *plan)
{
	return (int64_t)(program_seconds(plan) + LAUNCHER_SECONDS) * NS_PER_S;
}

/* The launcher, and a limit that holds where the program runs. */
static struct words begin(const struct locate_plan *plan, uint32_t host, struct arena *arena)
{
	struct words words = { .at = ARENA_ARRAY(arena, const char *, WORDS_MAXIMUM) };

	for (const char *const *word = plan->launcher; *word; word++)
		add(&words, replaced(*word, plan->hosts->hosts[host].name, arena));
	add(&words, "timeout");
	add(&words, "-k");
	add(&words, "1");
	add(&words, arena_format(arena, "%u", program_seconds(plan)));
	return words;
}

static void add_write_bandwidth(const struct locate_plan *plan, const struct locate_errand *errand,
				struct words *words, struct arena *arena)
{
	add(words, "ib_write_bw");
	if (plan->devices) {
		add(words, "-d");
		add(words, plan->devices[errand->rail]);
	}
	add(words, "-F");
	add(words, "-D");
	add(words, arena_format(arena, "%u", plan->seconds));
	add(words, "-p");
	add(words, arena_format(arena, "%u", errand->port));
}

const char *const *locate_server_words(const struct locate_plan *plan,
				       const struct locate_errand *errand, struct arena *arena)
{
	struct words words = begin(plan, errand->to, arena);

	if (plan->tool == LOCATE_WRITE_BANDWIDTH) {
		add_write_bandwidth(plan, errand, &words, arena);
		return words.at;
	}
	add(&words, "iperf3");
	add(&words, "-s");
	add(&words, "-1");
	add(&words, "--forceflush");
	add(&words, "-p");
	add(&words, arena_format(arena, "%u", errand->port));
	return words.at;
}

/* The address of the partner on that rail; an adapter's programs meet over the first one. */
static const char *address_of(const struct locate_plan *plan, uint32_t host, unsigned rail)
{
	const struct locate_hosts *hosts = plan->hosts;

	return hosts->hosts[host].addresses[rail < hosts->rails ? rail : 0];
}

const char *const *locate_client_words(const struct locate_plan *plan,
				       const struct locate_errand *errand, struct arena *arena)
{
	struct words words = begin(plan, errand->from, arena);

	if (plan->tool == LOCATE_WRITE_BANDWIDTH) {
		add_write_bandwidth(plan, errand, &words, arena);
		add(&words, address_of(plan, errand->to, errand->rail));
		return words.at;
	}
	add(&words, "iperf3");
	add(&words, "-J");
	add(&words, "-c");
	add(&words, address_of(plan, errand->to, errand->rail));
	add(&words, "-p");
	add(&words, arena_format(arena, "%u", errand->port));
	add(&words, "-t");
	add(&words, arena_format(arena, "%u", plan->seconds));
	add(&words, "-i");
	add(&words, "0.2");
	add(&words, "--connect-timeout");
	add(&words, "3000");
	/* With several rails it has to leave by the one that is meant. */
	if (plan->hosts->rails > 1) {
		add(&words, "-B");
		add(&words, address_of(plan, errand->from, errand->rail));
	}
	return words.at;
}

/* The first line that says something, without what a terminal would not show. */
static const char *first_line(const struct process_result *said, struct arena *arena)
{
	const struct span texts[] = { said->complained, said->said };
	char shown[LINE_MAXIMUM];
	size_t length = 0;

	for (unsigned i = 0; i < 2 && length == 0; i++) {
		struct span rest = texts[i];
		struct span line;

		while (length == 0 && span_cut(&rest, '\n', &line))
			for (size_t j = 0; j < line.length && length < sizeof(shown); j++)
				if (line.at[j] >= ' ' && line.at[j] <= '~')
					shown[length++] = line.at[j];
	}
	if (length > 0)
		return arena_string(arena, (struct span){ shown, length });
	if (said->stalled)
		return "the launcher did not come back in time";
	return arena_format(arena, "ended with %d and said nothing", said->status);
}

/* What comes from the program itself, not from what launches it. */
static struct span said_by_iperf3(const struct process_result *said)
{
	struct span text = span_trim(said->said);

	while (text.length > 0 && (text.at[0] == '\r' || text.at[0] == '\n'))
		text = (struct span){ text.at + 1, text.length - 1 };
	return text.length > 0 && text.at[0] == '{' ? text : (struct span){ 0 };
}

static enum locate_outcome read_iperf3(const struct process_result *said, struct arena *arena,
				       struct locate_result *ret_result, const char **ret_why)
{
	struct span text = said_by_iperf3(said);
	struct iperf3_report report;
	struct error err = { 0 };

	if (text.length == 0 && (said->status == timed_out || said->status == killed)) {
		*ret_why = "no end in time";
		return LOCATE_BROKEN;
	}
	if (text.length == 0) {
		*ret_why = first_line(said, arena);
		return LOCATE_UNABLE;
	}
	if (!iperf3_read(text, "iperf3", arena, &report, &err)) {
		*ret_why = arena_string(arena, span_of(err.text));
		if (strstr(err.text, "name of the peer"))
			return LOCATE_UNABLE;
		return strstr(err.text, "nobody listens") || iperf3_is_busy(&err) ? LOCATE_AWAY
										  : LOCATE_BROKEN;
	}
	*ret_why = "nothing arrived";
	if (!(report.bytes_per_s > 0))
		return LOCATE_BROKEN;
	ret_result->rate = report.bytes_per_s;
	ret_result->lost = report.retransmits >= 0 ? report.retransmits / 100 : -1;
	ret_result->worst_part = report.worst_part;
	return LOCATE_MEASURED;
}

static enum locate_outcome read_perftest(const struct process_result *said, struct arena *arena,
					 struct locate_result *ret_result, const char **ret_why)
{
	struct perftest_report report;
	struct error err = { 0 };

	ret_result->lost = -1;
	ret_result->worst_part = -1;
	if (perftest_read(said->said, "ib_write_bw", arena, &report, &err) &&
	    report.rows[report.count - 1].bytes_per_s > 0) {
		ret_result->rate = report.rows[report.count - 1].bytes_per_s;
		return LOCATE_MEASURED;
	}
	*ret_why = first_line(said, arena);
	if (span_contains(said->complained, "Couldn't connect") ||
	    span_contains(said->said, "Couldn't connect"))
		return LOCATE_AWAY;
	if (said->status == timed_out || said->status == killed ||
	    span_contains(said->said, "-----"))
		return LOCATE_BROKEN;
	return LOCATE_UNABLE;
}

enum locate_outcome locate_read(const struct locate_plan *plan, const struct process_result *said,
				struct arena *arena, struct locate_result *ret_result,
				const char **ret_why)
{
	if (said->stopped) {
		*ret_why = "ended before its result";
		return LOCATE_STOPPED;
	}
	if (plan->tool == LOCATE_WRITE_BANDWIDTH)
		return read_perftest(said, arena, ret_result, ret_why);
	return read_iperf3(said, arena, ret_result, ret_why);
}

const char *locate_server_complaint(const struct locate_plan *plan,
				    const struct process_result *said, struct arena *arena)
{
	const char *listens =
		plan->tool == LOCATE_IPERF3 ? "Server listening" : "Waiting for client";

	if (span_contains(said->said, listens) || span_contains(said->complained, listens))
		return NULL;
	return first_line(said, arena);
}
