#include "active/storage_tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/repeats.h"
#include "host/raw.h"
#include "host/system.h"
#include "probe/vendor_say.h"

enum {
	NAME_SIZE = 64,
	LARGEST = 20000,
	CALL_EVERY = 64, /* operations between two calls that are announced */
};

/* Bytes of files as they lie in an installed package: many small ones, few large ones. */
static const unsigned sizes[] = { 600, 1500, 3000, 4096, 9000, LARGEST };

/* One operation on each file or folder of the tree. */
struct phase {
	const struct tree_task *task;
	struct worker_port *port;
	struct arena *arena;
	int folder;
	const char *what;
	struct storage_times times;
	uint64_t errors;
	int error; /* the last */
};

static void name_folder(char name[static NAME_SIZE], unsigned module)
{
	(void)snprintf(name, NAME_SIZE, "p%04u", module / TREE_PACKAGE);
}

/* Both files of a module lie in the folder of its package. */
static void name_file(char name[static NAME_SIZE], unsigned module, const char *end)
{
	(void)snprintf(name, NAME_SIZE, "p%04u/m%06u.%s", module / TREE_PACKAGE, module, end);
}

static void end_one(struct phase *phase, int64_t from_ns, bool good)
{
	int number = errno;

	times_add(&phase->times, (double)(host_boot_ns(phase->task->here) - from_ns) / 1e9);
	if (good)
		return;
	phase->errors++;
	phase->error = number;
}

static bool create_file(int folder, const char *name, unsigned size)
{
	char bytes[LARGEST];
	int file = raw_open(folder, name, RAW_WRITE | RAW_CREATE | RAW_EXCLUSIVE);
	bool good;

	if (file < 0)
		return false;
	memset(bytes, 'x', size);
	good = write(file, bytes, size) == (ssize_t)size;
	return close(file) == 0 && good;
}

static bool read_file(int folder, const char *name)
{
	char bytes[LARGEST];
	int file = raw_open(folder, name, RAW_READ);
	bool good;

	if (file < 0)
		return false;
	good = read(file, bytes, sizeof(bytes)) >= 0;
	(void)close(file);
	return good;
}

static void create_one(struct phase *phase, const char *name, unsigned which)
{
	int64_t from_ns = host_boot_ns(phase->task->here);

	end_one(phase, from_ns,
		create_file(phase->folder, name,
			    sizes[which % (sizeof(sizes) / sizeof(sizes[0]))]));
}

static void stat_one(struct phase *phase, const char *name, unsigned which)
{
	int64_t from_ns = host_boot_ns(phase->task->here);
	uint64_t size;

	(void)which;
	end_one(phase, from_ns, raw_size(phase->folder, name, &size));
}

static void read_one(struct phase *phase, const char *name, unsigned which)
{
	int64_t from_ns = host_boot_ns(phase->task->here);

	(void)which;
	end_one(phase, from_ns, read_file(phase->folder, name));
}

static void delete_one(struct phase *phase, const char *name, unsigned which)
{
	int64_t from_ns = host_boot_ns(phase->task->here);

	(void)which;
	end_one(phase, from_ns, raw_remove(phase->folder, name));
}

static void start_phase(struct phase *phase, const char *what)
{
	phase->what = what;
	phase->errors = 0;
	phase->error = 0;
	times_start(&phase->times, (size_t)phase->task->modules * 2, phase->arena);
	worker_calls(phase->port, "%s in %.60s", what, phase->task->mark);
}

static const char *device_of(const struct phase *phase, const char *what)
{
	return storage_device(phase->arena, what, phase->task->mark);
}

static void end_phase(struct phase *phase)
{
	const char *device = device_of(phase, phase->what);
	double sum = times_sum(&phase->times);

	say_value(phase->port, device, NODE_TEST_STORAGE_ERRORS, (double)phase->errors);
	if (phase->errors > 0) {
		say_text(phase->port, device, NODE_TEST_STORAGE_ERROR, "%s",
			 strerror(phase->error));
		return;
	}
	if (phase->times.count == 0 || sum <= 0)
		return;
	say_value(phase->port, device, NODE_TEST_STORAGE_RATE, (double)phase->times.count / sum);
	say_value(phase->port, device, NODE_TEST_STORAGE_LATENCY_P50,
		  times_percentile(&phase->times, 0.5));
	say_value(phase->port, device, NODE_TEST_STORAGE_LATENCY_P90,
		  times_percentile(&phase->times, 0.9));
	say_value(phase->port, device, NODE_TEST_STORAGE_LATENCY_P99,
		  times_percentile(&phase->times, 0.99));
}

static void each_file(struct phase *phase, const char *what,
		      void (*one)(struct phase *phase, const char *name, unsigned which))
{
	char name[NAME_SIZE];

	start_phase(phase, what);
	for (unsigned i = 0; i < phase->task->modules; i++) {
		if (i % CALL_EVERY == 0)
			worker_calls(phase->port, "%s in %.60s", what, phase->task->mark);
		name_file(name, i, "py");
		one(phase, name, i);
		name_file(name, i, "pyc");
		one(phase, name, i + 3);
	}
	end_phase(phase);
}

static bool make_folders(struct phase *phase)
{
	char name[NAME_SIZE];

	for (unsigned i = 0; i < phase->task->modules; i += TREE_PACKAGE) {
		name_folder(name, i);
		if (raw_make_folder(phase->folder, name))
			continue;
		say_text(phase->port, device_of(phase, "create"), NODE_TEST_STORAGE_ERROR,
			 "making a folder: %s", strerror(errno));
		say_value(phase->port, device_of(phase, "create"), NODE_TEST_STORAGE_ERRORS, 1);
		return false;
	}
	return true;
}

static void list_folders(struct phase *phase)
{
	char name[NAME_SIZE];
	size_t count;

	start_phase(phase, "list");
	for (unsigned i = 0; i < phase->task->modules; i += TREE_PACKAGE) {
		int64_t from_ns = host_boot_ns(phase->task->here);

		name_folder(name, i);
		end_one(phase, from_ns, raw_count(phase->folder, name, &count));
	}
	end_phase(phase);
}

/* What an import of every module does: the folder is listed once, then for each module its date is
 * looked at, that of the source, and the compiled file is read. Seconds; negative when it failed.
 */
static double walk(const struct phase *phase)
{
	const struct tree_task *task = phase->task;
	int64_t from_ns = host_boot_ns(task->here);
	char folder[NAME_SIZE], name[NAME_SIZE];
	uint64_t size;
	size_t count;
	bool good = true;

	for (unsigned i = 0; good && i < task->modules; i++) {
		if (i % CALL_EVERY == 0)
			worker_calls(phase->port, "walking through %.60s", task->mark);
		name_folder(folder, i);
		if (i % TREE_PACKAGE == 0)
			good = raw_count(phase->folder, folder, &count);
		name_file(name, i, "py");
		good = good && raw_size(phase->folder, folder, &size) &&
		       raw_size(phase->folder, name, &size);
		name_file(name, i, "pyc");
		good = good && read_file(phase->folder, name);
	}
	return good ? (double)(host_boot_ns(task->here) - from_ns) / 1e9 : -1;
}

static void say_walk(const struct phase *phase, const char *what, double seconds)
{
	if (seconds < 0)
		say_unknown(phase->port, device_of(phase, what), NODE_TEST_STORAGE_WALK,
			    "the walk failed: %s", strerror(errno));
	else
		say_value(phase->port, device_of(phase, what), NODE_TEST_STORAGE_WALK, seconds);
}

static void walk_cold(const struct phase *phase)
{
	const char *device = device_of(phase, "walk.cold");

	worker_calls(phase->port, "dropping the caches of the machine");
	if (!phase->task->may_drop)
		say_unknown(phase->port, device, NODE_TEST_STORAGE_WALK,
			    "dropping the caches of the machine needs the consent 'destructive'");
	else if (!raw_drop_caches())
		say_unknown(phase->port, device, NODE_TEST_STORAGE_WALK,
			    "the caches of the machine cannot be dropped: %s", strerror(errno));
	else
		say_walk(phase, "walk.cold", walk(phase));
}

static void walk_warm(const struct phase *phase)
{
	struct repeats repeats = { 0 };

	for (unsigned i = 0; i < phase->task->warm_walks; i++) {
		double seconds = walk(phase);

		if (seconds < 0) {
			say_walk(phase, "walk.warm", seconds);
			return;
		}
		repeats_add(&repeats, seconds);
	}
	say_walk(phase, "walk.warm", repeats_summary(&repeats).median);
}

void tree_work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct tree_task *task = context;

	SCOPED_ARENA(arena);
	struct phase phase = {
		.task = task,
		.port = port,
		.arena = &arena,
		.folder = raw_open_folder(task->path),
	};

	(void)request;
	(void)state;
	worker_calls(port, "making folders in %.60s", task->mark);
	if (!make_folders(&phase))
		return;
	say_value(port, device_of(&phase, "walk"), NODE_TEST_STORAGE_FILES, task->modules * 2.0);
	each_file(&phase, "create", create_one);
	each_file(&phase, "stat", stat_one);
	each_file(&phase, "read", read_one);
	list_folders(&phase);
	walk_cold(&phase);
	walk_warm(&phase);
	each_file(&phase, "delete", delete_one);
}
