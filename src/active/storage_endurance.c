#include "active/lasting.h"
#include "active/storage_fio.h"

#define NS_PER_S 1000000000ll

enum {
	CLIENTS = 8,
	SEQUENTIAL = 1 << 20,
	RANDOM = 64 << 10,
};

/* One half reads and writes large blocks in order, the other smaller ones anywhere. */
static const struct fio_work works[] = {
	{ "sequential-mix", "rw", SEQUENTIAL, .direct = true },
	{ "random-mix", "randrw", RANDOM, .direct = true },
};

/* 7.5 minutes each at deployment, as published tests of providers have it, and a fifth of that each
 * week. A minute has no room for a lasting load: the quick profile shows that it can be put on, and
 * has nothing to compare. */
static const struct amount {
	unsigned windows; /* a multiple of LASTING_ENDS */
	int64_t window_ns, lay_out_ns;
	uint64_t bytes;
} amounts[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { 5, NS_PER_S / 10, NS_PER_S, 32ull << 20 },
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

static void record(struct active_run *run, const struct storage_place *place,
		   const struct fio_load *load, const struct lasting *lasting)
{
	const char *what = fio_load_name(load, run->arena);
	const char *device = storage_device(run->arena, what, place->mark);
	const struct {
		const char *part;
		double value;
	} parts[] = {
		{ "first", lasting_first(lasting) },
		{ "last", lasting_last(lasting) },
		{ "worst", lasting_worst(lasting) },
	};
	const char *why;
	double fall;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		(void)saw_value(
			run->sightings, NODE_TEST_STORAGE_BANDWIDTH,
			storage_device(run->arena,
				       arena_format(run->arena, "%s.%s", what, parts[i].part),
				       place->mark),
			parts[i].value);
	(void)saw_value(run->sightings, NODE_TEST_STORAGE_LASTED, device, lasting->seconds);
	if (lasting_fall(lasting, run->arena, &fall, &why))
		(void)saw_value(run->sightings, NODE_TEST_STORAGE_FALL, device, fall);
	else
		(void)saw_unknown(run->sightings, NODE_TEST_STORAGE_FALL, device, "%s", why);
}

static void last_long(struct active_run *run, const struct storage_place *place,
		      const struct fio_load *load)
{
	const char *what = fio_load_name(load, run->arena);
	unsigned windows = amounts[run->request->profile].windows;
	struct lasting lasting = { 0 };
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
		lasting_add(&lasting, rate_of(&job), (double)load->time_ns / NS_PER_S);
	}
	sightings_again(run->sightings, run->request->host);
	record(run, place, load, &lasting);
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
