#include <assert.h>
#include <string.h>

#include "active/network.h"

#define NS_PER_S 1000000000ll

/* What a run takes besides the time that it measures. */
#define AROUND_NS (NS_PER_S / 4)

enum {
	WORDS_MAXIMUM = 24,
	HOST_MAXIMUM = 170, /* the name of a device has 200 characters */
	OMITTED_FROM = 3,   /* seconds */
};

const struct network_task network_tasks[] = {
	{ "send:8", false, false, NETWORK_STREAMS },
	{ "receive:8", false, true, NETWORK_STREAMS },
	{ "send:1", false, false, 1 },
	{ "receive:1", false, true, 1 },
	{ "udp-send", true, false, 1 },
	{ "udp-receive", true, true, 1 },
};

const size_t network_task_count = sizeof(network_tasks) / sizeof(network_tasks[0]);

/* Letters, digits and what stands in names and addresses; '%' before the scope of an address. */
static bool is_host(struct span host)
{
	static const char others[] = ".-_:%";

	if (host.length == 0 || host.length > HOST_MAXIMUM || host.at[0] == '-')
		return false;
	for (size_t i = 0; i < host.length; i++) {
		char c = host.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr(others, c))))
			return false;
	}
	return true;
}

static size_t count_of(struct span text, char sought)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++)
		count += text.at[i] == sought;
	return count;
}

static bool refuse(struct span text, struct error *err)
{
	return fail(err, ERROR_INVALID, "--peer '%.*s': give HOST, HOST:PORT or [ADDRESS]:PORT",
		    (int)(text.length < 100 ? text.length : 100), text.at);
}

bool network_peer_read(struct span text, struct arena *arena, const char **ret_host,
		       unsigned *ret_port, struct error *err)
{
	struct span rest = text, host = text;
	uint64_t port = 0;
	bool has_port = false;

	if (span_starts(text, "[")) {
		rest = (struct span){ text.at + 1, text.length - 1 };
		if (!span_cut(&rest, ']', &host) || count_of(text, ']') != 1)
			return refuse(text, err);
		has_port = rest.length > 0;
		if (has_port && rest.at[0] != ':')
			return refuse(text, err);
		if (has_port)
			rest = (struct span){ rest.at + 1, rest.length - 1 };
	} else if (count_of(text, ':') == 1) {
		(void)span_cut(&rest, ':', &host);
		has_port = true;
	}
	if (!is_host(host) ||
	    (has_port && (!span_to_u64(rest, &port) || port == 0 || port > UINT16_MAX)))
		return refuse(text, err);
	*ret_host = arena_string(arena, host);
	*ret_port = (unsigned)port;
	return true;
}

static void add(const char **words, size_t *count, const char *option, const char *value)
{
	assert(*count + 2 < WORDS_MAXIMUM);
	words[(*count)++] = option;
	if (value)
		words[(*count)++] = value;
}

const char *const *network_words(const struct network_task *task, const char *host, unsigned port,
				 unsigned seconds, struct arena *arena)
{
	const char **words = ARENA_ARRAY(arena, const char *, WORDS_MAXIMUM);
	size_t count = 0;

	add(words, &count, "iperf3", NULL);
	add(words, &count, "-J", NULL);
	add(words, &count, "-c", host);
	add(words, &count, "-p", arena_format(arena, "%u", port ? port : NETWORK_PORT));
	add(words, &count, "-t", arena_format(arena, "%u", seconds));
	if (task->is_reverse)
		add(words, &count, "-R", NULL);
	if (task->is_udp) {
		add(words, &count, "-u", NULL);
		add(words, &count, "-b", arena_format(arena, "%d", NETWORK_UDP_BITS_PER_S));
		return words;
	}
	add(words, &count, "-P", arena_format(arena, "%u", task->streams));
	if (seconds >= OMITTED_FROM)
		add(words, &count, "-O", arena_format(arena, "%d", NETWORK_OMITTED));
	return words;
}

unsigned network_seconds(int64_t left_ns, size_t runs)
{
	int64_t each_ns = left_ns / (int64_t)(runs ? runs : 1) - AROUND_NS;
	int64_t seconds = each_ns / NS_PER_S;

	if (seconds >= OMITTED_FROM)
		seconds -= NETWORK_OMITTED;
	if (seconds < 1)
		return 1;
	return seconds < NETWORK_SECONDS ? (unsigned)seconds : NETWORK_SECONDS;
}

const char *network_device(const char *host, const char *task, struct arena *arena)
{
	return arena_format(arena, "network:%s/%s", host, task);
}

static void say_udp(struct sightings *sightings, const struct iperf3_report *report,
		    const char *device)
{
	(void)saw_value(sightings, NODE_TEST_NETWORK_LOSS, device,
			100 * report->lost / report->packets);
	(void)saw_value(sightings, NODE_TEST_NETWORK_PACKETS, device, report->packets);
	if (report->lost < report->packets)
		(void)saw_value(sightings, NODE_TEST_NETWORK_JITTER, device, report->jitter_s);
}

void network_say(struct sightings *sightings, const struct iperf3_report *report,
		 const char *device)
{
	if (report->is_udp) {
		say_udp(sightings, report, device);
		return;
	}
	if (report->bytes_per_s > 0)
		(void)saw_value(sightings, NODE_TEST_NETWORK_BANDWIDTH, device,
				report->bytes_per_s);
	else
		(void)saw_unknown(sightings, NODE_TEST_NETWORK_BANDWIDTH, device,
				  "iperf3 ended well and nothing had arrived");
	if (report->busy >= 0)
		(void)saw_value(sightings, NODE_TEST_NETWORK_BUSY, device, report->busy);
	if (report->retransmits >= 0)
		(void)saw_value(sightings, NODE_TEST_NETWORK_RETRANSMITS, device,
				report->retransmits);
	else
		(void)saw_unknown(sightings, NODE_TEST_NETWORK_RETRANSMITS, device,
				  "the system of the side that sends does not count them");
	if (report->rtt_s > 0)
		(void)saw_value(sightings, NODE_TEST_NETWORK_ROUND_TRIP, device, report->rtt_s);
	if (report->rtt_least_s > 0)
		(void)saw_value(sightings, NODE_TEST_NETWORK_ROUND_TRIP_LEAST, device,
				report->rtt_least_s);
}
