#include "active/storage_promise.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/raw.h"
#include "host/system.h"

#define PAUSE_NS 200000ll
/* Longer than any file system needs to hand a lock on. */
#define LOCK_NS 30000000000ll
/* How long a lock is held: long enough that a second holder would be met. */
#define HOLD_NS 300000ll

enum {
	ALIGNED = 4096,
};

/* One process at its work. */
struct keeper {
	struct worker_port *port;
	const struct crowd_task *task;
	int folder;
	struct crowd_sum sum;
};

static void fails(struct keeper *keeper, const char *what)
{
	crowd_says_error(keeper->port, what, errno);
	keeper->sum.errors++;
}

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
	char text[24];
	uint64_t value;
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
		fails(keeper, "making a folder under the lock");
	if (!count_up(keeper, counter))
		fails(keeper, "counting under the lock");
	if (alone && !raw_remove_folder(keeper->folder, held))
		fails(keeper, "removing a folder under the lock");
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

static void lock(struct keeper *keeper, const char *word)
{
	enum raw_lock kind = kind_of(word);
	char name[40];
	int file;

	(void)snprintf(name, sizeof(name), "lock.%.20s", word);
	file = raw_open(keeper->folder, name, RAW_READ | RAW_WRITE | RAW_CREATE);
	if (file < 0) {
		fails(keeper, "opening the file to lock");
		return;
	}
	for (unsigned i = 0; i < keeper->task->rounds; i++) {
		worker_calls(keeper->port, "locking (%.20s) in %.50s", word, keeper->task->mark);
		if (!take_lock(keeper, file, kind)) {
			fails(keeper, "locking");
			break;
		}
		hold(keeper, word);
		if (!raw_unlock(file, kind))
			fails(keeper, "unlocking");
	}
	(void)close(file);
}

static void count_locks(struct keeper *keeper, const char *word)
{
	const struct crowd_task *task = keeper->task;
	uint64_t expected = (uint64_t)task->rounds * task->ranks, value = 0;
	char name[40];
	int file;

	(void)snprintf(name, sizeof(name), "counter.%.20s", word);
	file = raw_open(keeper->folder, name, RAW_READ);
	if (file < 0 || !read_counter(file, &value))
		fails(keeper, "reading the counter");
	else if (value < expected)
		keeper->sum.violations += expected - value;
	if (file >= 0)
		(void)close(file);
}

/* "r000 p0001 n000123 ....\n" */
static void write_record(char record[static PROMISE_RECORD + 1], unsigned process, unsigned round)
{
	int length = snprintf(record, PROMISE_RECORD + 1, "%06u %08u ", process, round);

	memset(record + length, 'a' + (int)(process % 26), PROMISE_RECORD - 1 - (size_t)length);
	record[PROMISE_RECORD - 1] = '\n';
	record[PROMISE_RECORD] = '\0';
}

static void append(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	int file = raw_open(keeper->folder, "appended", RAW_WRITE | RAW_CREATE | RAW_APPEND);
	char record[PROMISE_RECORD + 1];

	if (file < 0) {
		fails(keeper, "opening the file to append to");
		return;
	}
	for (unsigned i = 0; i < task->rounds; i++) {
		worker_calls(keeper->port, "appending in %.60s", task->mark);
		write_record(record, task->rank * task->count + task->number, i);
		if (write(file, record, PROMISE_RECORD) != PROMISE_RECORD)
			fails(keeper, "appending");
		keeper->sum.rounds++;
	}
	if (close(file) != 0)
		fails(keeper, "closing the file that was appended to");
}

uint64_t append_count(struct span text, unsigned processes, unsigned rounds, struct arena *arena)
{
	bool *seen = ARENA_ARRAY(arena, bool, (size_t)processes *rounds);
	char expected[PROMISE_RECORD + 1];
	uint64_t count = 0;
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		struct span head = SPAN("");
		uint64_t process, round;
		struct span rest = line;

		if (line.length != PROMISE_RECORD - 1 || !span_cut(&rest, ' ', &head) ||
		    !span_to_u64(head, &process) || !span_cut(&rest, ' ', &head) ||
		    !span_to_u64(head, &round) || process >= processes || round >= rounds)
			continue;
		write_record(expected, (unsigned)process, (unsigned)round);
		if (memcmp(expected, line.at, line.length) != 0 || seen[process * rounds + round])
			continue;
		seen[process * rounds + round] = true;
		count++;
	}
	return count;
}

static void count_appended(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned processes = (unsigned)task->bytes * task->ranks;
	uint64_t expected = (uint64_t)processes * task->rounds, count;
	size_t room = (size_t)expected * PROMISE_RECORD * 2, length = 0;
	int file = raw_open(keeper->folder, "appended", RAW_READ);
	ssize_t more = 1;

	SCOPED_ARENA(arena);
	char *bytes = arena_take(&arena, room);
	worker_calls(keeper->port, "reading what was appended in %.50s", task->mark);
	while (file >= 0 && length < room && more > 0) {
		more = read(file, bytes + length, room - length);
		length += more > 0 ? (size_t)more : 0;
	}
	if (file < 0 || more < 0)
		fails(keeper, "reading what was appended");
	if (file >= 0)
		(void)close(file);
	count = append_count((struct span){ bytes, length }, processes, task->rounds, &arena);
	keeper->sum.violations += expected - count;
}

void pattern_fill(uint64_t seed, uint64_t offset, unsigned char *into, size_t size)
{
	for (size_t at = 0; at + 8 <= size; at += 8) {
		/* The finisher of SplitMix64 (Steele, Lea and Flood 2014) over seed and place. */
		uint64_t word = seed * 0x9e3779b97f4a7c15 + (offset + at) / 8 + 1;

		word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
		word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
		word ^= word >> 31;
		memcpy(into + at, &word, 8);
	}
}

uint64_t pattern_differs(uint64_t seed, uint64_t offset, const unsigned char *bytes, size_t size)
{
	unsigned char expected[512];
	uint64_t count = 0;

	for (size_t at = 0; at < size; at += sizeof(expected)) {
		size_t piece = size - at < sizeof(expected) ? size - at : sizeof(expected);

		pattern_fill(seed, offset + at, expected, sizeof(expected));
		if (memcmp(expected, bytes + at, piece) == 0)
			continue;
		for (size_t i = 0; i < piece; i++)
			count += expected[i] != bytes[at + i];
	}
	return count;
}

/* A version of the file is one number all through, so that a mix of two shows. */
static void fill_version(unsigned char bytes[static PROMISE_VERSION], uint64_t version)
{
	for (size_t at = 0; at < PROMISE_VERSION; at += 8)
		memcpy(bytes + at, &version, 8);
}

static bool put_version(struct keeper *keeper, uint64_t version)
{
	unsigned char bytes[PROMISE_VERSION];
	int file = raw_open(keeper->folder, "version.new", RAW_WRITE | RAW_CREATE | RAW_EMPTY);
	bool good;

	if (file < 0)
		return false;
	fill_version(bytes, version);
	good = write(file, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes);
	return close(file) == 0 && good && raw_rename(keeper->folder, "version.new", "version");
}

static void replace(struct keeper *keeper)
{
	int done;

	for (unsigned i = 0; i < keeper->task->rounds; i++) {
		worker_calls(keeper->port, "replacing a file in %.60s", keeper->task->mark);
		if (!put_version(keeper, i + 1)) {
			fails(keeper, "replacing a file");
			break;
		}
		keeper->sum.rounds++;
	}
	done = raw_open(keeper->folder, "version.done", RAW_WRITE | RAW_CREATE);
	if (done < 0 || close(done) != 0)
		fails(keeper, "saying that it is done");
}

enum version {
	VERSION_WHOLE,
	VERSION_NONE,
	VERSION_BROKEN,
	VERSION_REFUSED,
};

static enum version read_version(int folder)
{
	unsigned char bytes[PROMISE_VERSION + 1], expected[PROMISE_VERSION];
	int file = raw_open(folder, "version", RAW_READ);
	uint64_t version;
	ssize_t length;

	if (file < 0)
		return errno == ENOENT ? VERSION_NONE : VERSION_REFUSED;
	length = read(file, bytes, sizeof(bytes));
	(void)close(file);
	if (length < 0)
		return VERSION_REFUSED;
	if (length != PROMISE_VERSION)
		return VERSION_BROKEN;
	memcpy(&version, bytes, 8);
	fill_version(expected, version);
	return memcmp(expected, bytes, PROMISE_VERSION) == 0 ? VERSION_WHOLE : VERSION_BROKEN;
}

static void look_on(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	uint64_t size;
	bool was_there = false;

	while (!raw_size(keeper->folder, "version.done", &size)) {
		enum version version = read_version(keeper->folder);

		worker_calls(keeper->port, "reading a file that is replaced in %.40s", task->mark);
		was_there = was_there || version == VERSION_WHOLE || version == VERSION_BROKEN;
		keeper->sum.rounds += was_there;
		if (version == VERSION_BROKEN || (version == VERSION_NONE && was_there))
			keeper->sum.violations++;
		else if (version == VERSION_REFUSED)
			fails(keeper, "reading a file that is replaced");
		if (!was_there)
			raw_pause_ns(PAUSE_NS);
	}
}

static void sync_often(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned char bytes[ALIGNED];
	int file = raw_open(keeper->folder, "synced", RAW_WRITE | RAW_CREATE);

	if (file < 0) {
		fails(keeper, "opening the file to sync");
		return;
	}
	for (unsigned i = 0; i < task->rounds; i++) {
		int64_t from_ns;

		worker_calls(keeper->port, "fsync in %.60s", task->mark);
		pattern_fill(i, 0, bytes, sizeof(bytes));
		/* The same place again: what is timed is the medium, not the growing of a file. */
		if (pwrite(file, bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
			fails(keeper, "writing what is to be synced");
		from_ns = host_boot_ns(task->here);
		if (fsync(file) != 0)
			fails(keeper, "fsync");
		crowd_says_time(keeper->port, (double)(host_boot_ns(task->here) - from_ns) / 1e9);
		keeper->sum.rounds++;
	}
	if (close(file) != 0)
		fails(keeper, "closing what was synced");
}

static void name_data(char name[static 40], unsigned rank)
{
	(void)snprintf(name, 40, "data.%06u", rank);
}

/* A piece of memory that may be read into past the page cache. */
static unsigned char *take_piece(void)
{
	void *piece = NULL;

	if (posix_memalign(&piece, ALIGNED, PROMISE_PIECE) != 0)
		memory_exhausted(PROMISE_PIECE);
	return piece;
}

static void write_data(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned char *piece = take_piece();
	char name[40];
	int file;

	name_data(name, task->rank);
	file = raw_open(keeper->folder, name, RAW_WRITE | RAW_CREATE | RAW_EMPTY);
	if (file < 0)
		fails(keeper, "opening the file to write");
	for (uint64_t at = 0; file >= 0 && at < task->bytes; at += PROMISE_PIECE) {
		worker_calls(keeper->port, "writing in %.60s", task->mark);
		pattern_fill(task->rank + 1, at, piece, PROMISE_PIECE);
		if (write(file, piece, PROMISE_PIECE) == PROMISE_PIECE)
			continue;
		fails(keeper, "writing");
		break;
	}
	worker_calls(keeper->port, "fsync of what was written in %.50s", task->mark);
	if (file >= 0 && fsync(file) != 0)
		fails(keeper, "fsync of what was written");
	if (file >= 0) {
		raw_forget(file);
		(void)close(file);
	}
	free(piece);
}

/* Of the next node, or of the process before on this one. */
static void verify_data(struct keeper *keeper)
{
	const struct crowd_task *task = keeper->task;
	unsigned owner = (task->rank + 1) % task->ranks;
	unsigned char *piece = take_piece();
	char name[40];
	int file;

	name_data(name, owner);
	file = raw_open(keeper->folder, name, RAW_READ | (task->takes_direct ? RAW_DIRECT : 0));
	if (file < 0)
		fails(keeper, "opening what was written");
	for (uint64_t at = 0; file >= 0 && at < task->bytes; at += PROMISE_PIECE) {
		ssize_t length;

		worker_calls(keeper->port, "reading back in %.60s", task->mark);
		length = read(file, piece, PROMISE_PIECE);
		if (length != PROMISE_PIECE) {
			errno = length < 0 ? errno : EIO;
			fails(keeper, "reading back");
			break;
		}
		keeper->sum.violations += pattern_differs(owner + 1, at, piece, PROMISE_PIECE);
		keeper->sum.rounds++;
	}
	if (file >= 0)
		(void)close(file);
	free(piece);
}

/* What stands behind the word in the request. */
static const char *behind(const char *request, const char *word)
{
	size_t length = strlen(word);

	return strncmp(request, word, length) == 0 ? request + length : NULL;
}

static void do_request(struct keeper *keeper, const char *request)
{
	static const struct {
		const char *word;
		void (*work)(struct keeper *keeper);
	} works[] = {
		{ "append", append },    { "appended", count_appended }, { "fsync", sync_often },
		{ "write", write_data }, { "verify", verify_data },      { "replace", replace },
		{ "look", look_on },
	};
	const char *kind;

	if ((kind = behind(request, "lock ")))
		lock(keeper, kind);
	else if ((kind = behind(request, "locks-counted ")))
		count_locks(keeper, kind);
	if (strcmp(request, "rename") == 0)
		request = keeper->task->number + keeper->task->rank == 0 ? "replace" : "look";
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++)
		if (strcmp(request, works[i].word) == 0)
			works[i].work(keeper);
}

void promise_work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct crowd_task *task = context;
	struct keeper keeper = { .port = port, .task = task };

	(void)state;
	worker_calls(port, "opening %.60s", task->mark);
	keeper.folder = raw_open_folder(task->path);
	if (keeper.folder < 0) {
		fails(&keeper, "opening the folder");
	} else {
		crowd_await(task);
		do_request(&keeper, request);
	}
	crowd_says_sum(port, &keeper.sum);
}
