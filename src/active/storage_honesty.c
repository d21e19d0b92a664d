#include <string.h>

#include "active/storage_meeting.h"
#include "active/storage_promise.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll

enum {
	PROCESSES = 4,
	LOCK_ROUNDS = 25, /* of each process: a hundred of all on one node */
};

/* How much of it each profile does. */
static const struct amount {
	unsigned appends, renames, syncs; /* appends of each process */
	uint64_t bytes;
	int64_t needed_ns;
} amounts[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { 250, 500, 100, 16ull << 20, 5 * NS_PER_S },
	[ACTIVE_WEEKLY] = { 1000, 5000, 1000, 256ull << 20, 30 * NS_PER_S },
	[ACTIVE_BURN_IN] = { 2500, 20000, 2000, 1024ull << 20, 120 * NS_PER_S },
};

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	storage_plan(request, arena, step, amounts[request->profile].needed_ns,
		     amounts[request->profile].bytes);
}

/* A folder in which promises are tested, by all ranks. */
struct trial {
	struct active_run *run;
	const struct storage_place *place;
	const char *path;
	struct crowd_task task;
};

static void record(const struct trial *trial, const char *what, enum measure measure, double value)
{
	(void)saw_value(trial->run->sightings, measure,
			storage_device(trial->run->arena, what, trial->place->mark), value);
}

static void record_error(const struct trial *trial, const char *what, const struct crowd_sum *sum)
{
	record(trial, what, NODE_TEST_STORAGE_ERRORS, (double)sum->errors);
	if (sum->error)
		(void)saw_text(trial->run->sightings, NODE_TEST_STORAGE_ERROR,
			       storage_device(trial->run->arena, what, trial->place->mark),
			       span_of(sum->error));
}

/* The crowd does it, all ranks at once; false, and recorded, when it came to nothing. */
static bool do_all(const struct trial *trial, const char *what, const char *request, unsigned count,
		   struct crowd_sum *ret_sum)
{
	struct active_run *run = trial->run;
	struct crowd_task task = trial->task;

	task.count = count;
	if (!active_goes_on(run))
		return false;
	active_shows(run, -1, "%s: %s", trial->place->mark, what);
	if (!storage_meeting_wait(run, trial->place, trial->path,
				  arena_format(run->arena, "%s-begin", request)))
		return false;
	if (!crowd_run(run, promise_work, &task, request, ret_sum)) {
		storage_blames(run, trial->place, what, NODE_TEST_STORAGE_VIOLATIONS, "%s",
			       ret_sum->error ? ret_sum->error
			       : run->reason  ? run->reason
					      : "it was not done");
		return false;
	}
	return storage_meeting_wait(run, trial->place, trial->path,
				    arena_format(run->arena, "%s-end", request));
}

static void record_violations(const struct trial *trial, const char *what,
			      const struct crowd_sum *sum)
{
	/* Nothing tried is nothing kept: a lock that is refused is an error, not a promise. */
	if (sum->rounds > 0) {
		record(trial, what, NODE_TEST_STORAGE_ROUNDS, (double)sum->rounds);
		record(trial, what, NODE_TEST_STORAGE_VIOLATIONS, (double)sum->violations);
	}
	record_error(trial, what, sum);
}

static void test_lock(const struct trial *trial, const char *kind)
{
	struct arena *arena = trial->run->arena;
	const char *what = arena_format(arena, "lock.%s", kind);
	struct trial counting = *trial;
	struct crowd_sum sum, counted;

	if (!do_all(trial, what, arena_format(arena, "lock %s", kind), PROCESSES, &sum))
		return;
	counting.task.rounds = LOCK_ROUNDS * PROCESSES;
	if (sum.errors == 0 &&
	    do_all(&counting, what, arena_format(arena, "locks-counted %s", kind), 1, &counted)) {
		/* Two holders that met are seen twice: as a holder and by the counter. */
		if (counted.violations > sum.violations)
			sum.violations = counted.violations;
	}
	record_violations(trial, what, &sum);
}

static void test_append(const struct trial *trial)
{
	struct trial counting = *trial;
	struct crowd_sum sum, counted;

	if (!do_all(trial, "append", "append", PROCESSES, &sum))
		return;
	counting.task.bytes = PROCESSES;
	if (!do_all(&counting, "append", "appended", 1, &counted))
		return;
	/* Records whose writing failed are missing, and were not promised. */
	sum.violations = counted.violations > sum.errors ? counted.violations - sum.errors : 0;
	sum.errors += counted.errors;
	record_violations(trial, "append", &sum);
}

static void test_fsync(const struct trial *trial)
{
	struct crowd_sum sum;

	if (!do_all(trial, "fsync", "fsync", 1, &sum))
		return;
	record_error(trial, "fsync", &sum);
	if (sum.errors > 0)
		return;
	record(trial, "fsync", NODE_TEST_STORAGE_LATENCY_P50, times_percentile(&sum.times, 0.5));
	record(trial, "fsync", NODE_TEST_STORAGE_LATENCY_P90, times_percentile(&sum.times, 0.9));
	record(trial, "fsync", NODE_TEST_STORAGE_LATENCY_P99, times_percentile(&sum.times, 0.99));
}

static void test_checksum(const struct trial *trial)
{
	struct crowd_sum written, verified;

	if (trial->place->room < trial->task.bytes) {
		storage_blames(trial->run, trial->place, "checksum", NODE_TEST_STORAGE_CORRUPT,
			       "%.1f MB may be written (%d %% of what is free), %.1f MB needed",
			       (double)trial->place->room / 1e6, STORAGE_SHARE_PERCENT,
			       (double)trial->task.bytes / 1e6);
		return;
	}
	if (!do_all(trial, "checksum", "write", 1, &written))
		return;
	if (written.errors > 0) {
		record_error(trial, "checksum", &written);
		return;
	}
	if (!do_all(trial, "checksum", "verify", 1, &verified))
		return;
	record_error(trial, "checksum", &verified);
	if (verified.rounds > 0)
		record(trial, "checksum", NODE_TEST_STORAGE_CORRUPT, (double)verified.violations);
}

static void measure(struct active_run *run, const struct storage_place *place)
{
	const struct amount *amount = &amounts[run->request->profile];
	struct crowd_sum sum;
	struct trial trial = {
		.run = run,
		.place = place,
		.path = storage_meeting_open(run, place),
		.task = { .here = run->request->here,
			  .mark = place->mark,
			  .rank = run->request->targets->rank,
			  .ranks = storage_meeting_ranks(run->request),
			  .bytes = amount->bytes,
			  .takes_direct = place->takes_direct },
	};

	if (!trial.path)
		return;
	trial.task.path = trial.path;
	trial.task.rounds = LOCK_ROUNDS;
	test_lock(&trial, "posix");
	test_lock(&trial, "open");
	test_lock(&trial, "flock");
	trial.task.rounds = amount->appends;
	test_append(&trial);
	trial.task.rounds = amount->renames;
	if (do_all(&trial, "rename", "rename", PROCESSES, &sum))
		record_violations(&trial, "rename", &sum);
	trial.task.rounds = amount->syncs;
	test_fsync(&trial);
	test_checksum(&trial);
	(void)storage_meeting_wait(run, place, trial.path, STORAGE_MEETING_OVER);
}

static void run(struct active_run *run)
{
	storage_each(run, measure);
}

static const char *const judged_by[] = { "file-locks", "storage-honesty", "data-intact", NULL };

const struct active_test active_storage_honesty = {
	.name = "storage-honesty",
	.group = "storage",
	.title = "whether locks exclude, renames are whole, fsync waits, and data stays as written",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
