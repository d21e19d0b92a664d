#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "active/storage_keeper.h"
#include "host/raw.h"
#include "host/system.h"

#define PAUSE_NS 200000ll
/* Longer than any file system needs to hand a lock on. */
#define LOCK_NS 30000000000ll
/* How long a lock is held: long enough that a second holder would be met. */
#define HOLD_NS 300000ll

static bool read_counter(int file, uint64_t *ret_value)
{
	char text[24] = "";
	ssize_t length = pread(file, text, sizeof(text) - 1, 0);
	struct span word = { text, length > 0 ? (size_t)length : 0 };

	if (length < 0)
		return false;
	*ret_value = 0;
	return length == 0 || span_to_u64(word, ret_value);
}

static bool count_up(struct keeper *keeper, const char *counter)
{
	int file = raw_open(keeper->folder, counter, RAW_READ | RAW_WRITE | RAW_CREATE);
	uint64_t value = 0;
	char text[24];
	bool good;

	if (file < 0)
		return false;
	good = read_counter(file, &value);
	/* Between reading and writing a second holder has its chance. */
	raw_pause_ns(HOLD_NS);
	(void)snprintf(text, sizeof(text), "%020llu", (unsigned long long)value + 1);
	good = good && pwrite(file, text, strlen(text), 0) == (ssize_t)strlen(text) &&
	       fsync(file) == 0;
	return close(file) == 0 && good;
}

/* While the lock is held nobody else can have made the folder that stands for it. */
static void hold(struct keeper *keeper, const char *kind)
{
	char held[40], counter[40];
	bool alone;

	(void)snprintf(held, sizeof(held), "held.%.20s", kind);
	(void)snprintf(counter, sizeof(counter), "counter.%.20s", kind);
	alone = raw_make_folder(keeper->folder, held);
	if (!alone && errno == EEXIST)
		keeper->sum.violations++;
	else if (!alone)
		keeper_fails(keeper, "making a folder under the lock");
	if (!count_up(keeper, counter))
		keeper_fails(keeper, "counting under the lock");
	if (alone && !raw_remove_folder(keeper->folder, held))
		keeper_fails(keeper, "removing a folder under the lock");
	keeper->sum.rounds++;
}

/* Tries again and again: some clients let one that waits sleep for half a minute. */
static bool take_lock(struct keeper *keeper, int file, enum raw_lock kind)
{
	int64_t until_ns = host_boot_ns(keeper->task->here) + LOCK_NS;

	while (!raw_lock(file, kind, false)) {
		if (errno != EAGAIN && errno != EACCES)
			return false;
		if (host_boot_ns(keeper->task->here) > until_ns) {
			errno = ETIMEDOUT;
			return false;
		}
		raw_pause_ns(PAUSE_NS);
	}
	return true;
}

static enum raw_lock kind_of(const char *word)
{
	if (strcmp(word, "posix") == 0)
		return RAW_LOCK_POSIX;
	return strcmp(word, "open") == 0 ? RAW_LOCK_OPEN : RAW_LOCK_FLOCK;
}

void keep_lock(struct keeper *keeper, const char *word)
{
	enum raw_lock kind = kind_of(word);
	char name[40];
	int file;

	(void)snprintf(name, sizeof(name), "lock.%.20s", word);
	file = raw_open(keeper->folder, name, RAW_READ | RAW_WRITE | RAW_CREATE);
	if (file < 0) {
		keeper_fails(keeper, "opening the file to lock");
		return;
	}
	for (unsigned i = 0; i < keeper->task->rounds; i++) {
		worker_calls(keeper->port, "locking (%.20s) in %.50s", word, keeper->task->mark);
		if (!take_lock(keeper, file, kind)) {
			keeper_fails(keeper, "locking");
			break;
		}
		hold(keeper, word);
		if (!raw_unlock(file, kind))
			keeper_fails(keeper, "unlocking");
	}
	(void)close(file);
}

void keep_locks_counted(struct keeper *keeper, const char *word)
{
	const struct crowd_task *task = keeper->task;
	uint64_t expected = (uint64_t)task->rounds * task->ranks, value = 0;
	char name[40];
	int file;

	(void)snprintf(name, sizeof(name), "counter.%.20s", word);
	file = raw_open(keeper->folder, name, RAW_READ);
	if (file < 0 || !read_counter(file, &value))
		keeper_fails(keeper, "reading the counter");
	else if (value < expected)
		keeper->sum.violations += expected - value;
	if (file >= 0)
		(void)close(file);
}
