#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "active/pattern.h"
#include "active/storage_keeper.h"
#include "host/raw.h"
#include "host/system.h"

enum {
	ALIGNED = 4096,
	PIECE = 1 << 20, /* bytes written and compared at once; a file has whole ones */
};

void keep_sync(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned char bytes[ALIGNED];
	int file = raw_open(keeper->folder, "synced", RAW_WRITE | RAW_CREATE);

	if (file < 0) {
		keeper_fails(keeper, "opening the file to sync");
		return;
	}
	for (unsigned i = 0; i < task->rounds; i++) {
		int64_t from_ns;

		worker_calls(keeper->port, "fsync in %.60s", task->mark);
		pattern_fill(i, 0, bytes, sizeof(bytes));
		/* The same place again: what is timed is the medium, not the growing of a file. */
		if (pwrite(file, bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
			keeper_fails(keeper, "writing what is to be synced");
		from_ns = host_boot_ns(task->here);
		if (fsync(file) != 0)
			keeper_fails(keeper, "fsync");
		crowd_says_time(keeper->port, (double)(host_boot_ns(task->here) - from_ns) / 1e9);
		keeper->sum.rounds++;
	}
	if (close(file) != 0)
		keeper_fails(keeper, "closing what was synced");
}

static void name_data(char name[static 40], unsigned rank)
{
	(void)snprintf(name, 40, "data.%06u", rank);
}

/* A piece of memory that may be read into past the page cache. */
static unsigned char *take_piece(void)
{
	void *piece = NULL;

	if (posix_memalign(&piece, ALIGNED, PIECE) != 0)
		memory_exhausted(PIECE);
	return piece;
}

void keep_write(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned char *piece = take_piece();
	char name[40];
	int file;

	name_data(name, task->rank);
	file = raw_open(keeper->folder, name, RAW_WRITE | RAW_CREATE | RAW_EMPTY);
	if (file < 0)
		keeper_fails(keeper, "opening the file to write");
	for (uint64_t at = 0; file >= 0 && at < task->bytes; at += PIECE) {
		worker_calls(keeper->port, "writing in %.60s", task->mark);
		pattern_fill(task->rank + 1, at, piece, PIECE);
		if (write(file, piece, PIECE) == PIECE)
			continue;
		keeper_fails(keeper, "writing");
		break;
	}
	worker_calls(keeper->port, "fsync of what was written in %.50s", task->mark);
	if (file >= 0 && fsync(file) != 0)
		keeper_fails(keeper, "fsync of what was written");
	if (file >= 0) {
		raw_forget(file);
		(void)close(file);
	}
	free(piece);
}

/* Of the next node, or of the process before on this one. */
void keep_verify(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned owner = (task->rank + 1) % task->ranks;
	unsigned char *piece = take_piece();
	char name[40];
	int file;

	name_data(name, owner);
	file = raw_open(keeper->folder, name, RAW_READ | (task->takes_direct ? RAW_DIRECT : 0));
	if (file < 0)
		keeper_fails(keeper, "opening what was written");
	for (uint64_t at = 0; file >= 0 && at < task->bytes; at += PIECE) {
		ssize_t length;

		worker_calls(keeper->port, "reading back in %.60s", task->mark);
		length = read(file, piece, PIECE);
		if (length != PIECE) {
			errno = length < 0 ? errno : EIO;
			keeper_fails(keeper, "reading back");
			break;
		}
		keeper->sum.violations += pattern_differs(owner + 1, at, piece, PIECE);
		keeper->sum.rounds++;
	}
	if (file >= 0)
		(void)close(file);
	free(piece);
}
