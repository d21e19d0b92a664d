#define _GNU_SOURCE /* memmem */

#include "host/kmsg.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/text.h"
#include "host/below.h"
#include "host/recorder.h"
#include "host/system.h"

enum {
	/* The device of the kernel's log, Documentation/admin-guide/devices.txt. */
	KMSG_MAJOR = 1,
	KMSG_MINOR = 11,
	RECORDED_PIECE_SIZE = 64 << 10,
	OVERRUNS_MAXIMUM = 64, /* in one read: a kernel that logs faster than this reads */
};

static const char live_log[] = "/dev/kmsg";
static const char system_log[] = "/var/log/kern.log";

static bool open_live(const struct host *host, bool from_now, struct kmsg *ret_kmsg,
		      struct error *err)
{
	struct stat status;
	int file = open_below(host, live_log, O_RDONLY);

	if (file < 0)
		return fail_system(err, "opening", live_log);
	if (fstat(file, &status) != 0 || !S_ISCHR(status.st_mode) ||
	    status.st_rdev != makedev(KMSG_MAJOR, KMSG_MINOR)) {
		(void)close(file);
		return fail(err, ERROR_UNSUPPORTED, "'%s' is not the kernel's log", live_log);
	}
	if (lseek(file, 0, from_now ? SEEK_END : SEEK_SET) < 0) {
		(void)fail_system(err, "seeking in", live_log);
		(void)close(file);
		return false;
	}
	*ret_kmsg = (struct kmsg){ .file = file };
	return true;
}

/* Where the last start of the kernel begins, in a log that is kept over restarts: each kernel
 * begins with its name. All of it when there is no start in it. */
static struct span last_start(struct span log)
{
	struct span rest = log, line;
	const char *start = log.at;

	while (span_cut(&rest, '\n', &line)) {
		const char *stamp = memchr(line.at, ']', line.length);
		struct span text = line;

		if (stamp && line.at + line.length - stamp > 2) {
			text.at = stamp + 2;
			text.length = (size_t)(line.at + line.length - text.at);
		}
		if (span_starts(text, "Linux version ") || span_starts(line, "Linux version "))
			start = line.at;
	}
	return (struct span){ start, log.length - (size_t)(start - log.at) };
}

/* Without "Nov 26 00:00:01 host kernel: " before each line, as a system log has it. */
static struct span without_prefix(struct span log, struct arena *arena)
{
	static const char mark[] = " kernel: ";
	char *into = arena_take(arena, log.length + 1);
	struct span line;
	size_t length = 0;

	while (span_cut(&log, '\n', &line)) {
		const char *found = memmem(line.at, line.length, mark, sizeof(mark) - 1);

		if (!found)
			continue;
		found += sizeof(mark) - 1;
		memcpy(into + length, found, (size_t)(line.at + line.length - found));
		length += (size_t)(line.at + line.length - found);
		into[length++] = '\n';
	}
	return (struct span){ into, length };
}

static bool open_file(const struct host *host, struct arena *arena, struct span *ret_log,
		      struct error *err)
{
	const char *const paths[] = { live_log, "/var/log/dmesg", system_log };
	struct span log = { 0 };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct error own = { 0 };

		if (host_peek(host, paths[i], KMSG_FILE_MAXIMUM, arena, &log, &own)) {
			if (paths[i] == system_log)
				log = last_start(without_prefix(log, arena));
			*ret_log = log;
			return true;
		}
		/* A device below a root is this machine's, not that of the root. */
		if (own.code != ERROR_MISSING && own.code != ERROR_INVALID)
			return fail(err, own.code, "%s", own.text);
	}
	return fail(err, ERROR_MISSING, "there is no '%s', '%s' or '%s'", paths[0], paths[1],
		    paths[2]);
}

static bool read_records(struct kmsg *kmsg, char *into, size_t size, size_t *ret_length,
			 struct error *err);

/* A recorder keeps the log as it is now, as the file that it is on a captured machine. */
static bool record_live(const struct host *host, struct arena *arena, struct kmsg *ret_kmsg,
			struct error *err)
{
	char *piece = arena_take(arena, RECORDED_PIECE_SIZE);
	struct text log = { .maximum = KMSG_FILE_MAXIMUM };
	struct error own = { 0 };
	struct kmsg kmsg;
	size_t length = 0;
	bool done;

	if (!open_live(host, false, &kmsg, &own)) {
		recorder_keep_refusal(host, ASKED_PEEK, live_log, &own);
		return fail(err, own.code, "%s", own.text);
	}
	do {
		done = !read_records(&kmsg, piece, RECORDED_PIECE_SIZE, &length, NULL) ||
		       length == 0;
		text_add_span(&log, (struct span){ piece, done ? 0 : length });
	} while (!done && !log.overflowed);
	kmsg_close(&kmsg);
	recorder_keep_text(host, live_log, text_span(&log), true);
	*ret_kmsg = (struct kmsg){ .file = -1 };
	ret_kmsg->rest = (struct span){ arena_string(arena, text_span(&log)), log.length };
	text_release(&log);
	return true;
}

bool kmsg_open(const struct host *host, bool from_now, struct arena *arena, struct kmsg *ret_kmsg,
	       struct error *err)
{
	struct span log = { 0 };

	if (!host_is_elsewhere(host) && host->recorder && !from_now)
		return record_live(host, arena, ret_kmsg, err);
	if (!host_is_elsewhere(host))
		return open_live(host, from_now, ret_kmsg, err);
	if (!open_file(host, arena, &log, err))
		return false;
	if (from_now)
		log.length = 0;
	*ret_kmsg = (struct kmsg){ .file = -1, .rest = log };
	return true;
}

int kmsg_descriptor(const struct kmsg *kmsg)
{
	return kmsg->file;
}

/* Follows the sequence numbers; a gap counts only where the kernel said that there is one. */
static void follow(struct kmsg *kmsg, struct span record)
{
	struct span level, sequence;
	uint64_t number;

	if (!span_cut(&record, ',', &level) || !span_cut(&record, ',', &sequence) ||
	    !span_to_u64(sequence, &number))
		return;
	if (kmsg->overrun && number > kmsg->next)
		kmsg->lost += number - kmsg->next;
	kmsg->overrun = false;
	kmsg->next = number + 1;
}

static bool read_records(struct kmsg *kmsg, char *into, size_t size, size_t *ret_length,
			 struct error *err)
{
	unsigned overruns = 0;
	size_t length = 0;

	while (size - length >= KMSG_RECORD_MAXIMUM) {
		ssize_t more = read(kmsg->file, into + length, KMSG_RECORD_MAXIMUM);

		if (more > 0) {
			follow(kmsg, (struct span){ into + length, (size_t)more });
			length += (size_t)more;
		} else if (more < 0 && errno == EPIPE && overruns++ < OVERRUNS_MAXIMUM) {
			kmsg->overrun = true;
		} else if (more == 0 || errno == EAGAIN || errno == EPIPE) {
			break;
		} else if (errno != EINTR) {
			return fail_system(err, "reading", live_log);
		}
	}
	*ret_length = length;
	return true;
}

bool kmsg_read(struct kmsg *kmsg, char *into, size_t size, size_t *ret_length, struct error *err)
{
	assert(size >= KMSG_RECORD_MAXIMUM);
	if (kmsg->file >= 0)
		return read_records(kmsg, into, size, ret_length, err);
	if (size > kmsg->rest.length)
		size = kmsg->rest.length;
	if (size > 0)
		memcpy(into, kmsg->rest.at, size);
	kmsg->rest.at += size;
	kmsg->rest.length -= size;
	*ret_length = size;
	return true;
}

uint64_t kmsg_lost(const struct kmsg *kmsg)
{
	return kmsg->lost;
}

void kmsg_close(struct kmsg *kmsg)
{
	if (kmsg->file >= 0)
		(void)close(kmsg->file);
	*kmsg = (struct kmsg){ .file = -1 };
}
