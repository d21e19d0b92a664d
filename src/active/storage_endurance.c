#include <math.h>

#include "active/storage_fio.h"

#define NS_PER_S 1000000000ll

enum {
	CLIENTS = 8,
	WINDOWS_MAXIMUM = 15,
	ENDS = 5, /* the first and the last fifth are compared */
	SEQUENTIAL = 1 << 20,
	RANDOM = 64 << 10,
};

/* One half reads and writes large blocks in order, the other smaller ones anywhere. */
static const struct fio_work works[] = {
	{ "sequential-mix", "rw", SEQUENTIAL, .direct = true },
	{ "random-mix", "randrw", RANDOM, .direct = true },
};

/* 7.5 minutes each at deployment, as published tests of providers have it; scaled where less time
 * is given. */
static const struct amount {
	unsigned windows; /* a multiple of ENDS */
	int64_t window_ns, lay_out_ns;
	uint64_t bytes;
} amounts[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { 5, 2 * NS_PER_S / 5, 2 * NS_PER_S, 128ull << 20 },
	[ACTIVE_WEEKLY] = { 15, 6 * NS_PER_S, 10 * NS_PER_S, 4ull << 30 },
	[ACTIVE_BURN_IN] = { 15, 30 * NS_PER_S, 60 * NS_PER_S, 16ull << 30 },
};

/* What fio needs to start and to end. */
#define START_NS (NS_PER_S / 2)

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const struct amount *amount = &amounts[request->profile];

	storage_plan(request, arena, step,
		     amount->lay_out_ns +
			     2 * (int64_t)amount->windows * (amount->window_ns + START_NS),
		     amount->bytes);
}

static double rate_of(const struct fio_job *job)
{
	return (job->read.bytes > 0 ? job->read.bytes_per_s : 0) +
	       (job->write.bytes > 0 ? job->write.bytes_per_s : 0);
}

static double mean(const double *rates, unsigned count)
{
	double sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += rates[i];
	return sum / count;
}

static void record(struct active_run *run, const struct storage_place *place,
		   const struct fio_load *load, const double *rates, unsigned count)
{
	const char *what = fio_load_name(load, run->arena);
	double first = mean(rates, count / ENDS);
	double last = mean(rates + count - count / ENDS, count / ENDS);
	double worst = first;

	for (unsigned i = 0; i < count; i++)
		worst = fmin(worst, rates[i]);

	const struct {
		const char *part;
		double value;
	} parts[] = { { "first", first }, { "last", last }, { "worst", worst } };
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		(void)saw_value(
			run->sightings, NODE_TEST_STORAGE_BANDWIDTH,
			storage_device(run->arena,
				       arena_format(run->arena, "%s.%s", what, parts[i].part),
				       place->mark),
			parts[i].value);
	/* What got faster did not fall. */
	(void)saw_value(run->sightings, NODE_TEST_STORAGE_FALL,
			storage_device(run->arena, what, place->mark),
			first > 0 ? fmax(0, 100 * (1 - last / first)) : (double)NAN);
}

static void last_long(struct active_run *run, const struct storage_place *place,
		      const struct fio_load *load)
{
	const char *what = fio_load_name(load, run->arena);
	unsigned windows = amounts[run->request->profile].windows;
	double rates[WINDOWS_MAXIMUM] = { 0 };
	struct fio_job job;

	for (unsigned i = 0; i < windows; i++) {
		active_shows(run, (double)i / windows, "%s: %s, part %u of %u", place->mark, what,
			     i + 1, windows);
		if (!active_goes_on(run) || !fio_run(run, place, load, &job)) {
			(void)saw_unknown(run->sightings, NODE_TEST_STORAGE_FALL,
					  storage_device(run->arena, what, place->mark),
					  "part %u of %u was not measured%s%s", i + 1, windows,
					  run->reason ? ": " : "", run->reason ? run->reason : "");
			return;
		}
		rates[i] = rate_of(&job);
	}
	sightings_again(run->sightings, run->request->host);
	record(run, place, load, rates, windows);
}

static void measure(struct active_run *run, const struct storage_place *place)
{
	const struct amount *amount = &amounts[run->request->profile];
	uint64_t size = fio_size(place, CLIENTS, amount->bytes);

	if (size == 0) {
		storage_blames(run, place, "folder", NODE_TEST_STORAGE_FALL,
			       "%.1f MB may be written (%d %% of what is free), %d MB needed",
			       (double)place->room / 1e6, STORAGE_SHARE_PERCENT,
			       FIO_CLIENT_LEAST / 1000000 * CLIENTS);
		return;
	}
	active_shows(run, 0, "%s: writing the files", place->mark);
	if (!fio_prepare(run, place, CLIENTS, size, amount->lay_out_ns, &size))
		return;
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]) && active_goes_on(run); i++) {
		struct fio_work work = works[i];
		const struct fio_load load = { &work, CLIENTS, size, amount->window_ns };

		work.direct = place->takes_direct;
		last_long(run, place, &load);
	}
}

static void run(struct active_run *run)
{
	if (fio_is_there(run))
		storage_each(run, measure);
}

static const char *const judged_by[] = { "storage-endurance", NULL };

const struct active_test active_storage_endurance = {
	.name = "storage-endurance",
	.group = "storage",
	.title = "whether each folder keeps its speed under a lasting load",
	.profiles = 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
