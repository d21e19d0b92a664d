#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "active/storage_keeper.h"
#include "host/raw.h"

/* Until the file that is to be replaced is there. */
#define PAUSE_NS 200000ll

enum {
	VERSION_BYTES = 4096, /* of the file */
};

/* A version of the file is one number all through, so that a mix of two shows. */
static void fill_version(unsigned char bytes[static VERSION_BYTES], uint64_t version)
{
	for (size_t at = 0; at < VERSION_BYTES; at += 8)
		memcpy(bytes + at, &version, 8);
}

static bool put_version(struct keeper *keeper, uint64_t version)
{
	unsigned char bytes[VERSION_BYTES];
	int file = raw_open(keeper->folder, "version.new", RAW_WRITE | RAW_CREATE | RAW_EMPTY);
	bool good;

	if (file < 0)
		return false;
	fill_version(bytes, version);
	good = write(file, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes);
	return close(file) == 0 && good && raw_rename(keeper->folder, "version.new", "version");
}

void keep_replace(struct keeper *keeper)
{
	int done;

	for (unsigned i = 0; i < keeper->task->rounds; i++) {
		worker_calls(keeper->port, "replacing a file in %.60s", keeper->task->mark);
		if (!put_version(keeper, i + 1)) {
			keeper_fails(keeper, "replacing a file");
			break;
		}
		keeper->sum.rounds++;
	}
	done = raw_open(keeper->folder, "version.done", RAW_WRITE | RAW_CREATE);
	if (done < 0 || close(done) != 0)
		keeper_fails(keeper, "saying that it is done");
}

enum version {
	VERSION_WHOLE,
	VERSION_NONE,
	VERSION_BROKEN,
	VERSION_REFUSED,
};

static enum version read_version(int folder)
{
	unsigned char bytes[VERSION_BYTES + 1], expected[VERSION_BYTES];
	int file = raw_open(folder, "version", RAW_READ);
	uint64_t version;
	ssize_t length;

	if (file < 0)
		return errno == ENOENT ? VERSION_NONE : VERSION_REFUSED;
	length = read(file, bytes, sizeof(bytes));
	(void)close(file);
	if (length < 0)
		return VERSION_REFUSED;
	if (length != VERSION_BYTES)
		return VERSION_BROKEN;
	memcpy(&version, bytes, 8);
	fill_version(expected, version);
	return memcmp(expected, bytes, VERSION_BYTES) == 0 ? VERSION_WHOLE : VERSION_BROKEN;
}

void keep_look(struct keeper *keeper)
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
			keeper_fails(keeper, "reading a file that is replaced");
		if (!was_there)
			raw_pause_ns(PAUSE_NS);
	}
}
