#include <string.h>

#include "host/kmsg.h"
#include "probe/log_keep.h"
#include "probe/look.h"
#include "probe/pci_function.h"
#include "probe/probe.h"

enum {
	PIECE_SIZE = 256 << 10,    /* of the log, scanned at once */
	BYTES_MAXIMUM = 128 << 20, /* of a live log: more is a kernel that logs without end */
	KINDS_MAXIMUM = 64,        /* PCI functions that are remembered */
	STAT_MAXIMUM = 4 << 20,    /* bytes of /proc/stat */
};

static const enum measure measure_of[KERNEL_TOPIC_COUNT] = {
	[KERNEL_XID] = NODE_LOG_XID,           [KERNEL_SXID] = NODE_LOG_SXID,
	[KERNEL_GPU_LOST] = NODE_LOG_GPU_LOST, [KERNEL_GPU_PROBE] = NODE_LOG_GPU_PROBE,
	[KERNEL_AMD_RAS] = NODE_LOG_AMD_RAS,   [KERNEL_AMD_GPU] = NODE_LOG_AMD_GPU,
	[KERNEL_NIC] = NODE_LOG_NIC,           [KERNEL_LINK] = NODE_LOG_LINK,
	[KERNEL_PCIE] = NODE_LOG_PCIE,         [KERNEL_MACHINE_CHECK] = NODE_LOG_MACHINE_CHECK,
	[KERNEL_MEMORY] = NODE_LOG_MEMORY,     [KERNEL_STORAGE] = NODE_LOG_STORAGE,
	[KERNEL_STUCK] = NODE_LOG_STUCK,       [KERNEL_OUT_OF_MEMORY] = NODE_LOG_OUT_OF_MEMORY,
	[KERNEL_THERMAL] = NODE_LOG_THERMAL,
};

struct reading {
	const struct host *host;
	struct sightings *sightings;
	struct arena *arena;
	struct log_keep keep;
	const char *const *interfaces; /* names */
	size_t interface_count;
	struct {
		char name[PCI_NAME_SIZE];
		bool is_gpu;
	} kinds[KINDS_MAXIMUM];
	size_t kind_count;
	uint64_t lines;
	bool inside; /* what comes next goes on with a line that was counted */
	bool has_begun, has_from;
	double from_s;
};

static bool is_gpu(struct reading *reading, const char *name)
{
	enum pci_kind kind = PCI_KIND_OTHER;
	SCOPED_ARENA(scratch);

	for (size_t i = 0; i < reading->kind_count; i++)
		if (strcmp(reading->kinds[i].name, name) == 0)
			return reading->kinds[i].is_gpu;
	(void)pci_read_kind(reading->host, name, &scratch, &kind, NULL);
	if (reading->kind_count < KINDS_MAXIMUM) {
		size_t i = reading->kind_count++;

		memcpy(reading->kinds[i].name, name, strlen(name) + 1);
		reading->kinds[i].is_gpu = pci_is_gpu(kind);
	}
	return pci_is_gpu(kind);
}

/* "eth0: link down", "bond0: (slave eth1): link status": the first word before a colon that is an
 * interface. */
static const char *find_interface(const struct reading *reading, struct span message)
{
	struct span piece;

	while (span_cut(&message, ':', &piece)) {
		for (size_t i = piece.length; i-- > 0;) {
			if (piece.at[i] != ' ')
				continue;
			piece.at += i + 1;
			piece.length -= i + 1;
			break;
		}
		for (size_t i = 0; i < reading->interface_count; i++)
			if (span_is(piece, reading->interfaces[i]))
				return reading->interfaces[i];
	}
	return NULL;
}

/* Writes what the message is about into `room`; NULL when it names nothing. */
static const char *find_device(struct reading *reading, const struct kernel_line *line,
			       char room[static RECORD_DEVICE_MAXIMUM])
{
	bool of_gpu = line->topic == KERNEL_XID || line->topic == KERNEL_GPU_LOST;
	const char *prefix = "net:", *name;
	char pci[PCI_NAME_SIZE];

	if (kernel_line_pci(line->message, pci)) {
		name = pci;
		prefix = of_gpu || is_gpu(reading, pci) ? "gpu:" : "pci:";
	} else if (line->topic == KERNEL_LINK || line->topic == KERNEL_NIC) {
		name = find_interface(reading, line->message);
	} else {
		return NULL;
	}
	if (!name || strlen(prefix) + strlen(name) >= RECORD_DEVICE_MAXIMUM)
		return NULL;
	memcpy(room, prefix, strlen(prefix));
	memcpy(room + strlen(prefix), name, strlen(name) + 1);
	return room;
}

static uint32_t find_code(const struct kernel_line *line)
{
	struct xid_line xid;
	struct sxid_line sxid;

	if (line->topic == KERNEL_XID && xid_parse(line->message, &xid))
		return xid.code;
	if (line->topic == KERNEL_SXID && sxid_parse(line->message, &sxid))
		return sxid.code;
	return 0;
}

static void take(void *context, const struct kernel_line *line)
{
	struct reading *reading = context;
	char room[RECORD_DEVICE_MAXIMUM];
	const struct log_message message = {
		.topic = line->topic,
		.device = find_device(reading, line, room),
		.boot_us = line->boot_us,
		.text = line->message,
	};

	log_keep_add(&reading->keep, &message, find_code(line));
}

/* When the first line was logged: the third number of "6,0,1234,-;text", or the first number in
 * brackets. */
static bool find_time(struct span log, double *ret_s)
{
	struct span line, rest, level, sequence, stamp;
	uint64_t number, us;

	if (!span_cut(&log, '\n', &line))
		return false;
	rest = line;
	if (span_cut(&rest, ',', &level) && span_cut(&rest, ',', &sequence) &&
	    span_cut(&rest, ',', &stamp) && span_to_u64(sequence, &number) &&
	    span_to_u64(stamp, &us)) {
		*ret_s = (double)us / 1e6;
		return true;
	}
	while (span_cut(&line, '[', &rest)) {
		rest = line;
		if (span_cut(&rest, ']', &stamp) && stamp.length < line.length &&
		    span_to_double(span_trim(stamp), ret_s) && *ret_s >= 0.0)
			return true;
	}
	return false;
}

/* Counts the lines that begin in the piece; what begins with a blank goes on with the one before.
 */
static void count_lines(struct reading *reading, struct span piece)
{
	while (piece.length > 0) {
		const char *newline = memchr(piece.at, '\n', piece.length);
		size_t length = newline ? (size_t)(newline - piece.at) + 1 : piece.length;

		reading->lines += !reading->inside && piece.at[0] != ' ' && piece.at[0] != '\n';
		reading->inside = !newline;
		piece.at += length;
		piece.length -= length;
	}
}

/* Reads all there is; false with what made it end too early. */
static bool read_all(struct reading *reading, struct kmsg *kmsg, bool trust_user_space,
		     struct error *err)
{
	struct kernel_scan scan = {
		.trust_user_space = trust_user_space,
		.found = take,
		.context = reading,
	};
	char *piece = arena_take(reading->arena, PIECE_SIZE);
	size_t kept = 0, length = 0, total = 0, used;

	while (total < BYTES_MAXIMUM) {
		if (!kmsg_read(kmsg, piece + kept, PIECE_SIZE - kept, &length, err))
			return false;
		if (!reading->has_begun && length > 0) {
			reading->has_begun = true;
			reading->has_from =
				find_time((struct span){ piece, length }, &reading->from_s);
		}
		count_lines(reading, (struct span){ piece + kept, length });
		total += length;
		scan.is_end = length == 0;
		used = kernel_scan(&scan, (struct span){ piece, kept + length });
		if (scan.is_end)
			return true;
		kept = kept + length - used;
		/* What has no end after so many bytes is no line. */
		if (kept > PIECE_SIZE - KMSG_RECORD_MAXIMUM)
			kept = 0;
		memmove(piece, piece + used, kept);
	}
	return fail(err, ERROR_LIMIT, "the kernel's log goes on after %d bytes", BYTES_MAXIMUM);
}

/* When the kernel started, in seconds since the epoch. A folder that is no capture has no clock of
 * its own: only its /proc can tell. */
static bool find_boot(const struct reading *reading, double *ret_boot_s)
{
	struct span text = SPAN(""), value;
	uint64_t seconds;

	if (!host_is_elsewhere(reading->host) || reading->host->capture) {
		*ret_boot_s = (double)reading->sightings->time -
			      (double)host_boot_ns(reading->host) / 1e9;
		return true;
	}
	if (!host_peek(reading->host, "/proc/stat", STAT_MAXIMUM, reading->arena, &text, NULL))
		return false;
	value = line_value(text, ' ', "btime");
	if (!span_to_u64(value, &seconds) || seconds > INT32_MAX * 4ull)
		return false;
	*ret_boot_s = (double)seconds;
	return true;
}

/* The record is as old as the message, and never younger than the look; the day stays that of the
 * look, which saw it then. */
static void set_time(struct record *record, double boot_s, const struct log_message *message)
{
	double time = boot_s + (double)message->boot_us / 1e6;

	if (time < 1.0 || time >= (double)record->time)
		return;
	record->time = (int64_t)time;
}

static void show(struct reading *reading, uint64_t lost)
{
	const struct log_message *const *messages;
	double boot_s = 0.0;
	bool has_boot;
	size_t count;

	log_keep_list(&reading->keep, &messages, &count);
	has_boot = count > 0 && find_boot(reading, &boot_s);
	for (size_t i = 0; i < count; i++) {
		struct record *record = saw_text(reading->sightings, measure_of[messages[i]->topic],
						 messages[i]->device, messages[i]->text);

		if (has_boot && messages[i]->boot_us >= 0)
			set_time(record, boot_s, messages[i]);
	}
	saw_value(reading->sightings, NODE_LOG_DROPPED, NULL,
		  (double)(reading->keep.seen - count + lost));
	saw_value(reading->sightings, NODE_LOG_LINES, NULL, (double)reading->lines);
	if (reading->has_from)
		saw_value(reading->sightings, NODE_LOG_FROM, NULL, reading->from_s);
	else
		saw_unknown(reading->sightings, NODE_LOG_FROM, NULL,
			    "the first line of the log has no time");
}

/* Nothing that a log may tell is known. */
static void show_unknown(struct sightings *sightings, const char *reason)
{
	for (unsigned topic = KERNEL_OTHER + 1; topic < KERNEL_TOPIC_COUNT; topic++)
		saw_unknown(sightings, measure_of[topic], NULL, "%s", reason);
}

static void observe(const struct probe_request *request, struct sightings *sightings)
{
	struct reading *reading = ARENA_NEW(sightings->arena, struct reading);
	struct kmsg kmsg;
	struct error err = { 0 };

	*reading = (struct reading){
		.host = request->host,
		.sightings = sightings,
		.arena = sightings->arena,
		.keep = { .arena = sightings->arena },
	};
	if (!kmsg_open(request->host, false, sightings->arena, &kmsg, &err)) {
		show_unknown(sightings, err.text);
		saw_unknown(sightings, NODE_LOG_LINES, NULL, "%s", err.text);
		return;
	}
	reading->interface_count =
		look_names(request->host, sightings->arena, "/sys/class/net", &reading->interfaces);
	if (!read_all(reading, &kmsg, request->trust_user_space, &err))
		show_unknown(sightings, err.text);
	else if (reading->lines == 0)
		/* A kernel always has something to say: this is no log. */
		show_unknown(sightings, "the kernel's log is empty");
	show(reading, kmsg_lost(&kmsg));
	kmsg_close(&kmsg);
}

const struct probe probe_kernel_log = {
	.name = "kernel_log",
	.title = "the kernel's log",
	.shares = PROBE_QUICK | PROBE_FULL,
	.look = observe,
};
