/*
 * Scans a kernel log in pieces, as a reader of a file does, and prints how many lines of each topic
 * it has: "xid 12".
 *
 * usage: kmsg-scan FILE
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "evidence/kernel_line.h"

enum {
	PIECE_BYTES = 256 << 10,
};

struct counts {
	unsigned long lines[KERNEL_TOPIC_COUNT];
};

static void count(void *context, const struct kernel_line *line)
{
	struct counts *counts = context;

	counts->lines[line->topic]++;
}

/* Keeps what is left of a piece, at most the longest line, before the next one. */
static bool scan_file(int file, struct kernel_scan *scan)
{
	static char buffer[KERNEL_LINE_MAXIMUM + PIECE_BYTES];
	struct span log = { buffer, 0 };

	while (!scan->is_end) {
		ssize_t got = read(file, buffer + log.length, PIECE_BYTES);
		size_t used;

		if (got < 0)
			return false;
		scan->is_end = got == 0;
		log.length += (size_t)got;
		used = kernel_scan(scan, log);
		log.length -= used;
		if (log.length > KERNEL_LINE_MAXIMUM)
			log.length = KERNEL_LINE_MAXIMUM;
		memmove(buffer, buffer + used, log.length);
	}
	return true;
}

/* Of its own: what wait4() tells is at least what the parent held. */
static unsigned long peak_kib(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	unsigned long kib = 0;

	while (file && fgets(line, sizeof(line), file))
		for (const char *at = line; strncmp(line, "VmHWM:", 6) == 0 && *at != '\0'; at++)
			if (*at >= '0' && *at <= '9')
				kib = kib * 10 + (unsigned long)(*at - '0');
	if (file)
		(void)fclose(file);
	return kib;
}

int main(int argc, char **argv)
{
	struct counts counts = { .lines = { 0 } };
	struct kernel_scan scan = { .found = count, .context = &counts };
	int file;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: kmsg-scan FILE\n");
		return 64;
	}
	file = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (file < 0 || !scan_file(file, &scan)) {
		(void)fprintf(stderr, "kmsg-scan: '%s': %s\n", argv[1], strerror(errno));
		return 66;
	}
	(void)close(file);
	for (int topic = KERNEL_OTHER + 1; topic < KERNEL_TOPIC_COUNT; topic++)
		(void)printf("%s %lu\n", kernel_topic_names[topic], counts.lines[topic]);
	(void)printf("peak-kib %lu\n", peak_kib());
	return 0;
}
