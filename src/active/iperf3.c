#include "active/iperf3.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const double byte_bits = 8, millisecond = 1e-3, microsecond = 1e-6;

enum {
	LOOKED_AT = 16384,
	VERSION_MAXIMUM = 40,
	NAME_MAXIMUM = 170, /* the name of a device has 200 characters */
	WORDS_MAXIMUM = 160,
	INTERVALS_MAXIMUM = 1024, /* later ones are left out */
	INTERVALS_LEAST = 4,
	THREADED_MINOR = 16, /* from 3.16 on a stream is a thread */
};

static const char busy[] = "the peer serves somebody else; iperf3 takes one at a time";
static const char refused[] = "nobody listens there: start 'iperf3 -s' on the peer";
static const char no_route[] = "there is no way to the peer";
static const char no_answer[] = "the peer does not answer: is a firewall in between?";
static const char unreached[] = "the peer was not reached: does 'iperf3 -s' run there?";
static const char turned_away[] = "the peer closed the connection before the test began";
static const char no_name[] = "the name of the peer is not known, or no resolver answers";

/* What iperf3 complains of, which it says in the words of the system. A complaint while it connects
 * and the same one later are two things: the first that fits counts. */
static const struct {
	const char *words, *more, *sentence;
	bool is_away;
} complaints[] = {
	{ "busy running a test", "", busy, false },
	{ "unable to connect", "Connection refused", refused, true },
	{ "unable to connect", "unreachable", no_route, true },
	{ "unable to connect", "No route to host", no_route, true },
	{ "unable to connect", "timed out", no_answer, true },
	/* What a name that is not found ends with, up to 3.12 at least. */
	{ "unable to connect", "Resource temporarily unavailable", no_name, true },
	{ "unable to connect", "Name or service not known", no_name, true },
	{ "unable to connect", "name resolution", no_name, true },
	{ "unable to read from stream socket", "",
	  "no packet of UDP comes through: is a firewall in between?", false },
	{ "control socket has closed unexpectedly", "",
	  "the peer closed the connection in the middle", false },
	{ "server has terminated", "", "iperf3 of the peer was ended", false },
	{ "client has terminated", "", "iperf3 was ended before its result", false },
	{ "authorization", "", "the peer asks for a user name and a password", false },
};

bool iperf3_fits(struct span text)
{
	if (text.length > LOOKED_AT)
		text.length = LOOKED_AT;
	return span_contains(text, "\"iperf 3.") && span_contains(text, "\"start\"");
}

bool iperf3_is_busy(const struct error *err)
{
	return strstr(err->text, busy) != NULL;
}

bool iperf3_is_turned_away(const struct error *err)
{
	return strstr(err->text, turned_away) != NULL;
}

bool iperf3_is_away(const struct error *err)
{
	if (strstr(err->text, unreached))
		return true;
	for (size_t i = 0; i < COUNT(complaints); i++)
		if (complaints[i].is_away && strstr(err->text, complaints[i].sentence))
			return true;
	return false;
}

/* NAN when there is none, or it is no number that can be. */
static double number(const struct node *map, const char *key)
{
	const struct node *node = node_find(map, key);
	double value;

	if (!node || node->kind != NODE_SCALAR || node->quoted ||
	    !span_to_double(node->text, &value) || value < 0)
		return NAN;
	return value;
}

static double known_or(double value, double otherwise)
{
	return isnan(value) ? otherwise : value;
}

/* "" when there is none, or it is longer than a name can be. */
static const char *word(const struct node *map, const char *key, struct arena *arena)
{
	const struct node *node = node_find(map, key);

	if (!node || node->kind != NODE_SCALAR || node->text.length > NAME_MAXIMUM)
		return "";
	return arena_string(arena, node->text);
}

static bool never_connected(const struct node *root)
{
	const struct node *connected = node_find(node_find(root, "start"), "connected");

	return connected && connected->kind == NODE_LIST && connected->count == 0;
}

/* A peer that listens, but closes what it took: as while it opens its port anew. */
static bool was_turned_away(const struct node *root, const struct node *said)
{
	static const char *const words[] = { "Connection reset", "Broken pipe",
					     "control socket has closed" };

	for (size_t i = 0; i < COUNT(words) && never_connected(root); i++)
		if (span_contains(said->text, words[i]))
			return true;
	return false;
}

static bool refuse(const struct node *root, const struct node *said, const char *file,
		   struct error *err)
{
	if (was_turned_away(root, said))
		return fail(err, ERROR_INVALID, "%s: %s", file, turned_away);
	for (size_t i = 0; i < COUNT(complaints); i++)
		if (span_contains(said->text, complaints[i].words) &&
		    span_contains(said->text, complaints[i].more))
			return fail(err, ERROR_INVALID, "%s: %s", file, complaints[i].sentence);
	return fail(err, ERROR_INVALID, "%s: iperf3 says: %.*s", file,
		    (int)(said->text.length < WORDS_MAXIMUM ? said->text.length : WORDS_MAXIMUM),
		    said->text.at);
}

/* Up to 3.9 at least a peer that cannot be reached leaves no error among the JSON, only what was
 * to be filled in. */
static bool was_unreached(const struct node *root)
{
	const struct node *end = node_find(root, "end");

	return never_connected(root) && end && end->kind == NODE_MAP && end->count == 0;
}

/* "iperf 3.12", "iperf 3.21+". */
static bool read_version(const struct node *start, struct arena *arena, const char **ret_version,
			 uint64_t *ret_minor)
{
	static const char begins[] = "iperf 3.";
	const struct node *node = node_find(start, "version");
	struct span minor;

	if (!node || node->kind != NODE_SCALAR || node->text.length > VERSION_MAXIMUM ||
	    !span_starts(node->text, begins))
		return false;
	minor = (struct span){ node->text.at + sizeof(begins) - 1, 0 };
	while (minor.length + sizeof(begins) - 1 < node->text.length &&
	       minor.at[minor.length] >= '0' && minor.at[minor.length] <= '9')
		minor.length++;
	if (!span_to_u64(minor, ret_minor))
		return false;
	*ret_version =
		arena_string(arena, (struct span){ node->text.at + 6, node->text.length - 6 });
	return true;
}

/* What was run. */
static bool read_start(const struct node *root, const char *file, struct arena *arena,
		       struct iperf3_report *report, struct error *err)
{
	const struct node *start = node_find(root, "start");
	const struct node *test = node_find(start, "test_start");
	const struct node *to = node_find(start, "connecting_to");
	const struct node *connected = node_find(start, "connected");
	const char *protocol = word(test, "protocol", arena);
	double streams = number(test, "num_streams"), port = number(to, "port");

	if (node_find(start, "accepted_connection"))
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: it is of the side that listens: give that of the side that came",
			    file);
	report->peer = word(to, "host", arena);
	if (report->peer[0] == '\0' || !(streams >= 1 && streams <= IPERF3_STREAMS_MAXIMUM))
		return fail(err, ERROR_PARSE, "%s: it does not say what was run", file);
	report->is_udp = strcmp(protocol, "UDP") == 0;
	if (!report->is_udp && strcmp(protocol, "TCP") != 0)
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: '%.20s' is not judged here, TCP and UDP are", file, protocol);
	if (number(test, "bidir") > 0 ||
	    node_find(node_find(root, "end"), "sum_sent_bidir_reverse"))
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: both ways at once are not judged: run it without --bidir", file);
	report->streams = (uint64_t)streams;
	report->port = port >= 1 && port <= UINT16_MAX ? (uint64_t)port : 0;
	report->is_reverse = number(test, "reverse") > 0;
	report->local = "";
	if (connected && connected->kind == NODE_LIST && connected->count > 0)
		report->local = word(&connected->items[0], "local_host", arena);
	return true;
}

/* Round trips: of the streams the middle of the means and the least. */
static void read_round_trips(const struct node *streams, struct iperf3_report *report)
{
	double sum = 0, least = INFINITY;
	size_t count = 0;

	for (size_t i = 0; streams && streams->kind == NODE_LIST && i < streams->count; i++) {
		const struct node *sender = node_find(&streams->items[i], "sender");
		double mean = number(sender, "mean_rtt"), best = number(sender, "min_rtt");

		if (!(mean > 0) || !(best > 0))
			continue;
		sum += mean;
		least = fmin(least, best);
		count++;
	}
	if (count == 0)
		return;
	report->rtt_s = sum / (double)count * microsecond;
	report->rtt_least_s = least * microsecond;
}

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

/* Of two intervals that follow each other, as a pulled cable is longer than a busy processor's
 * pause. The last interval is left out where it is a short rest, which says little. */
static double read_worst_part(const struct node *root)
{
	const struct node *intervals = node_find(root, "intervals");
	double rates[INTERVALS_MAXIMUM];
	double length = NAN;
	double worst = INFINITY;
	size_t count = 0;

	for (size_t i = 0; intervals && intervals->kind == NODE_LIST && i < intervals->count &&
			   count < INTERVALS_MAXIMUM;
	     i++) {
		const struct node *sum = node_find(&intervals->items[i], "sum");
		const struct node *omitted = node_find(sum, "omitted");
		double rate = number(sum, "bits_per_second");
		double seconds = number(sum, "seconds");

		if (isnan(rate) || (omitted && span_is(omitted->text, "true")))
			continue;
		length = fmax(known_or(length, 0), seconds);
		if (i + 1 < intervals->count || seconds > length / 2)
			rates[count++] = rate;
	}
	if (count < INTERVALS_LEAST)
		return -1;
	for (size_t i = 0; i + 1 < count; i++)
		worst = fmin(worst, (rates[i] + rates[i + 1]) / 2);
	qsort(rates, count, sizeof(*rates), compare);
	return rates[count / 2] > 0 ? fmin(worst / rates[count / 2], 1) : 0;
}

static void read_tcp(const struct node *root, const struct node *end, struct iperf3_report *report)
{
	const struct node *sent = node_find(end, "sum_sent");
	double segment = number(node_find(root, "start"), "tcp_mss");
	double bytes = number(sent, "bytes"), again = number(sent, "retransmits");

	if (!(segment > 0))
		segment = number(node_find(root, "start"), "tcp_mss_default");
	report->worst_part = read_worst_part(root);
	report->retransmits = -1;
	if (segment > 0 && bytes >= segment && !isnan(again))
		report->retransmits = 100 * again / (bytes / segment);
	if (!report->is_reverse)
		read_round_trips(node_find(end, "streams"), report);
}

/* What was lost stands in "sum", and in "sum_received" since that exists; "sum_sent" always says
 * that nothing was. A loss is seen by the gap before a packet that arrives: when none arrives,
 * nothing counts as lost. */
static bool read_udp(const struct node *end, const char *file, struct iperf3_report *report,
		     struct error *err)
{
	const struct node *sum = node_find(end, "sum"), *received = node_find(end, "sum_received");

	report->packets = number(sum, "packets");
	report->lost = number(sum, "lost_packets");
	report->jitter_s = known_or(number(sum, "jitter_ms"), 0) * millisecond;
	if (!(report->packets >= 1 && report->packets <= IPERF3_PACKETS_MAXIMUM) ||
	    isnan(report->lost))
		return fail(err, ERROR_PARSE, "%s: it does not say how many packets were lost",
			    file);
	if (number(received, "packets") < 1 || report->lost > report->packets)
		report->lost = report->packets;
	return true;
}

/* How busy the busier side was, by thread. */
static double read_busy(const struct node *end, uint64_t minor, uint64_t streams)
{
	const struct node *busy_share = node_find(end, "cpu_utilization_percent");
	double here = number(busy_share, "host_total"), there = number(busy_share, "remote_total");

	if (isnan(here) || isnan(there))
		return -1;
	return fmax(here, there) / (minor >= THREADED_MINOR ? (double)streams : 1);
}

static bool read_end(const struct node *root, const char *file, uint64_t minor,
		     struct iperf3_report *report, struct error *err)
{
	const struct node *end = node_find(root, "end");
	const struct node *arrived = node_find(end, "sum_received");
	double bits_per_s;

	/* Up to 3.6 UDP has one sum of both sides, with the rate of the side that sends. */
	if (report->is_udp && !arrived)
		arrived = node_find(end, "sum");
	bits_per_s = number(arrived, "bits_per_second");
	report->seconds = number(arrived, "seconds");
	if (isnan(bits_per_s) || !(report->seconds > 0))
		return fail(err, ERROR_PARSE, "%s: there is no result of iperf3 in it", file);
	report->bytes_per_s = bits_per_s / byte_bits;
	report->busy = read_busy(end, minor, report->streams);
	if (report->is_udp)
		return read_udp(end, file, report, err);
	read_tcp(root, end, report);
	return true;
}

bool iperf3_read(struct span text, const char *file, struct arena *arena,
		 struct iperf3_report *ret_report, struct error *err)
{
	struct iperf3_report report = { .retransmits = -1, .worst_part = -1, .busy = -1 };
	const struct node *root, *said;
	uint64_t minor;

	text = span_trim(text);
	if (text.length > IPERF3_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: more than %d MiB", file,
			    IPERF3_BYTES_MAXIMUM >> 20);
	if (text.length == 0)
		return fail(err, ERROR_PARSE, "%s: iperf3 said nothing", file);
	/* Up to 3.12 at least the sizes of buffers stand there once a stream. */
	if (!json_read_repeating(text, file, arena, &root, err))
		return false;
	said = node_find(root, "error");
	if (said && said->kind == NODE_SCALAR)
		return refuse(root, said, file, err);
	if (was_unreached(root))
		return fail(err, ERROR_INVALID, "%s: %s", file, unreached);
	if (!read_version(node_find(root, "start"), arena, &report.version, &minor))
		return fail(err, ERROR_UNSUPPORTED, "%s: it is not of iperf3, version 3", file);
	if (!read_start(root, file, arena, &report, err) ||
	    !read_end(root, file, minor, &report, err))
		return false;
	*ret_report = report;
	return true;
}
