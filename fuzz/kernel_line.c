/*
 * Whatever the bytes, a kernel log that comes in pieces has the same lines of interest as the
 * whole, a line that is found is within the log and of the topic that its message has, and what the
 * grammar takes is within its bounds. The first byte of the input is the length of the pieces.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/kernel_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was found, as a sum that depends on the order. */
struct seen {
	uint64_t count, sum;
	struct span log;
};

static uint64_t mixed(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(0x100000001b3);
}

static bool is_inside(struct span part, struct span whole)
{
	return part.length == 0 || (part.at >= whole.at && part.length <= whole.length &&
				    (size_t)(part.at - whole.at) <= whole.length - part.length);
}

static void check_pci(const char *name)
{
	size_t length = strlen(name);

	assert(length >= sizeof("0000:3b:00.0") - 1 && length < PCI_NAME_SIZE);
	assert(name[length - 2] == '.' && name[length - 5] == ':' && name[length - 8] == ':');
	for (size_t i = 0; i < length; i++)
		assert(strchr("0123456789abcdef:.", name[i]));
}

static void check_grammar(struct span message)
{
	char name[PCI_NAME_SIZE];
	struct xid_line xid;
	struct sxid_line sxid;

	if (kernel_line_pci(message, name))
		check_pci(name);
	if (xid_parse(message, &xid)) {
		assert(span_starts(message, "NVRM: Xid ("));
		assert(is_inside(xid.text, message) && is_inside(xid.unit, message));
		assert(is_inside(xid.process_name, message));
		assert(xid.register_count <= XID_REGISTERS_MAXIMUM);
		assert(!xid.is_nvlink5 || (xid.code >= 144 && xid.code <= 150));
		assert(!(xid.fatal && xid.link_fatal));
		if (xid.pci[0] != '\0')
			check_pci(xid.pci);
	}
	if (sxid_parse(message, &sxid)) {
		assert(is_inside(sxid.text, message) && !(sxid.fatal && sxid.non_fatal));
		if (sxid.pci[0] != '\0')
			check_pci(sxid.pci);
	}
}

static void found(void *context, const struct kernel_line *line)
{
	struct seen *seen = context;

	assert(line->topic > KERNEL_OTHER && line->topic < KERNEL_TOPIC_COUNT);
	assert(line->topic == kernel_topic(line->message));
	assert(is_inside(line->message, seen->log));
	assert(line->message.length <= KERNEL_LINE_MAXIMUM);
	assert(line->boot_us >= -1 && line->level <= 7);
	check_grammar(line->message);
	seen->count++;
	seen->sum = mixed(seen->sum, (uint64_t)line->topic);
	seen->sum = mixed(seen->sum, line->sequence);
	seen->sum = mixed(seen->sum, (uint64_t)line->boot_us);
	seen->sum = mixed(seen->sum, line->facility * 8 + line->level);
	for (size_t i = 0; i < line->message.length; i++)
		seen->sum = mixed(seen->sum, (unsigned char)line->message.at[i]);
}

static void scan_whole(struct span log, bool trust, struct seen *seen)
{
	const struct kernel_scan scan = {
		.trust_user_space = trust,
		.is_end = true,
		.found = found,
		.context = seen,
	};
	size_t used;

	seen->log = log;
	used = kernel_scan(&scan, log);
	assert(used == log.length);
	(void)used;
}

/* As a reader does, with a block of exactly the bytes that it holds. */
static void scan_pieces(struct span log, size_t piece, struct seen *seen)
{
	struct kernel_scan scan = { .found = found, .context = seen };
	struct span rest = { NULL, 0 };

	do {
		size_t added = log.length < piece ? log.length : piece, used;
		char *block = malloc(rest.length + added > 0 ? rest.length + added : 1);

		assert(block);
		if (rest.length > 0)
			memcpy(block, rest.at, rest.length);
		if (added > 0)
			memcpy(block + rest.length, log.at, added);
		log = (struct span){ log.at + added, log.length - added };
		scan.is_end = log.length == 0;
		seen->log = (struct span){ block, rest.length + added };
		used = kernel_scan(&scan, seen->log);
		assert(used <= seen->log.length && (!scan.is_end || used == seen->log.length));
		free((void *)(uintptr_t)rest.at);
		rest = (struct span){ block, seen->log.length - used };
		if (rest.length > KERNEL_LINE_MAXIMUM)
			rest.length = KERNEL_LINE_MAXIMUM;
		memmove(block, block + used, rest.length);
	} while (!scan.is_end);
	free((void *)(uintptr_t)rest.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = { 0 }, pieces = { 0 }, trusting = { 0 };
	struct span log;
	size_t piece;

	if (size == 0)
		return 0;
	log = (struct span){ (const char *)data + 1, size - 1 };
	/* Long pieces for long inputs: what is kept is copied with every piece. */
	piece = 1 + data[0] + size / 64;
	scan_whole(log, false, &whole);
	scan_pieces(log, piece, &pieces);
	assert(whole.count == pieces.count && whole.sum == pieces.sum);
	scan_whole(log, true, &trusting);
	assert(trusting.count >= whole.count);
	check_grammar(log);
	return 0;
}
