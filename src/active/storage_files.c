#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "active/storage_tree.h"
#include "host/raw.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll

/* How much of it each profile does. */
static const struct amount {
	unsigned modules;
	unsigned ranks; /* that make one folder at once */
	unsigned walks;
	int64_t needed_ns;
} amounts[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { 500, 32, 3, 3 * NS_PER_S },
	[ACTIVE_WEEKLY] = { 2500, 128, 5, 20 * NS_PER_S },
	[ACTIVE_BURN_IN] = { 10000, 128, 5, 120 * NS_PER_S },
};

#define CALL_NS 60000000000ll

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const struct amount *amount = &amounts[request->profile];

	storage_plan(request, arena, step, amount->needed_ns,
		     (uint64_t)amount->modules * 2 * TREE_FILE_MEAN);
}

/* What every rank of a job does first: makes the folder of its output, unless another one was
 * faster, and a file of its own in it. */
static void make_one(struct worker_port *port, const char *request, void **state,
		     const void *context)
{
	const struct crowd_task *task = context;
	struct crowd_sum sum = { .rounds = 1 };
	int folder = raw_open_folder(task->path);
	int64_t from_ns;
	char name[40];
	int file;

	(void)request;
	(void)state;
	(void)snprintf(name, sizeof(name), "one/rank%04u", task->number);
	crowd_await(task);
	worker_calls(port, "making one folder in %.60s", task->mark);
	from_ns = host_boot_ns(task->here);
	if (!raw_make_folder(folder, "one") && errno != EEXIST) {
		crowd_says_error(port, "making a folder", errno);
		sum.errors++;
	}
	file = raw_open(folder, name, RAW_WRITE | RAW_CREATE | RAW_EXCLUSIVE);
	if (file < 0 || close(file) != 0) {
		crowd_says_error(port, "making a file in it", errno);
		sum.errors++;
	}
	crowd_says_time(port, (double)(host_boot_ns(task->here) - from_ns) / 1e9);
	crowd_says_sum(port, &sum);
}

static void make_at_once(struct active_run *run, const struct storage_place *place, unsigned ranks)
{
	const struct crowd_task task = {
		.here = run->request->here,
		.path = place->scratch,
		.mark = place->mark,
		.count = ranks,
	};
	const char *what = arena_format(run->arena, "make-one.c%u", ranks);
	const char *device = storage_device(run->arena, what, place->mark);
	struct crowd_sum sum;

	active_shows(run, 0.9, "%s: %u processes make one folder", place->mark, ranks);
	if (!crowd_run(run, make_one, &task, "make", &sum)) {
		storage_blames(run, place, what, NODE_TEST_STORAGE_ERRORS, "%s",
			       sum.error     ? sum.error
			       : run->reason ? run->reason
					     : "it was not done");
		return;
	}
	(void)saw_value(run->sightings, NODE_TEST_STORAGE_ERRORS, device, (double)sum.errors);
	(void)saw_value(run->sightings, NODE_TEST_STORAGE_LATENCY_P50, device,
			times_percentile(&sum.times, 0.5));
	(void)saw_value(run->sightings, NODE_TEST_STORAGE_LATENCY_P90, device,
			times_percentile(&sum.times, 0.9));
	(void)saw_value(run->sightings, NODE_TEST_STORAGE_LATENCY_P99, device,
			times_percentile(&sum.times, 0.99));
	if (sum.error)
		(void)saw_text(run->sightings, NODE_TEST_STORAGE_ERROR, device, span_of(sum.error));
}

static void measure(struct active_run *run, const struct storage_place *place)
{
	const struct amount *amount = &amounts[run->request->profile];
	const char *walk = storage_device(run->arena, "walk", place->mark);
	const struct tree_task task = {
		.here = run->request->here,
		.path = place->scratch,
		.mark = place->mark,
		.modules = amount->modules,
		.may_drop = run->request->consent >= CONSENT_DESTRUCTIVE,
		.warm_walks = amount->walks,
	};
	struct worker worker = {
		.host = run->request->here,
		.function = tree_work,
		.context = &task,
		.call_limit_ns = CALL_NS,
		.name = "storage",
		.is_for_once = true,
	};
	struct worker_result result;
	struct error err;

	if (place->room < (uint64_t)amount->modules * 2 * TREE_FILE_MEAN) {
		storage_blames(run, place, "walk", NODE_TEST_STORAGE_FILES,
			       "%.1f MB may be written (%d %% of what is free), %.1f MB needed",
			       (double)place->room / 1e6, STORAGE_SHARE_PERCENT,
			       amount->modules * 2.0 * TREE_FILE_MEAN / 1e6);
		return;
	}
	active_shows(run, 0, "%s: %u small files", place->mark, amount->modules * 2);
	if (active_ask(run, &worker, "tree", &result, &err)) {
		active_take(run, &result);
		active_blame(run, &result, NODE_TEST_STORAGE_FILES, walk);
	} else {
		storage_blames(run, place, "walk", NODE_TEST_STORAGE_FILES, "%s", err.text);
	}
	worker_end(&worker);
	if (active_goes_on(run))
		make_at_once(run, place, amount->ranks);
}

static void run(struct active_run *run)
{
	storage_each(run, measure);
}

static const char *const judged_by[] = { "storage-files", NULL };

const struct active_test active_storage_files = {
	.name = "storage-files",
	.group = "storage",
	.title = "small files of each folder, and many processes that make one folder",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
