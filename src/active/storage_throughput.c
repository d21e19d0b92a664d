#include <assert.h>
#include <math.h>

#include "active/storage_fio.h"

#define NS_PER_MS 1000000ll
#define NS_PER_S 1000000000ll

enum {
	SEQUENTIAL = 1 << 20,
	RANDOM_DIRECT = 64 << 10,
	RANDOM_BUFFERED = 4 << 10,
	CLIENT_STEPS = 6, /* 1, 2, 4 … 32 */
};

/* Block sizes as the published tests of providers have them (docs/testing.md). */
static const struct fio_work works[] = {
	{ "sequential-write", "write", SEQUENTIAL, .direct = true },
	{ "sequential-read", "read", SEQUENTIAL, .direct = true },
	{ "random-read", "randread", RANDOM_DIRECT, .direct = true },
	{ "random-read", "randread", RANDOM_BUFFERED, .is_once = true },
	{ "sequential-read", "read", SEQUENTIAL, .is_once = true },
	{ "random-write", "randwrite", RANDOM_DIRECT, .direct = true },
	{ "sequential-write", "write", SEQUENTIAL, .direct = false },
	{ "random-write", "randwrite", RANDOM_BUFFERED, .direct = false },
};

/* How much of it each profile does. */
static const struct amount {
	size_t works;
	unsigned clients[CLIENT_STEPS]; /* up to the first 0 */
	int64_t each_ns;
	int64_t lay_out_ns;
	uint64_t bytes;
} amounts[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { 4, { 1, 8 }, 500 * NS_PER_MS, 3 * NS_PER_S, 256ull << 20 },
	[ACTIVE_WEEKLY] = { 8, { 1, 2, 4, 8, 16, 32 }, 3 * NS_PER_S, 20 * NS_PER_S, 8ull << 30 },
	[ACTIVE_BURN_IN] = { 8, { 1, 2, 4, 8, 16, 32 }, 10 * NS_PER_S, 60 * NS_PER_S, 32ull << 30 },
};
static_assert(sizeof(works) / sizeof(works[0]) == 8, "the profiles count them");

/* What fio needs to start and to end. */
#define START_NS (500 * NS_PER_MS)

static unsigned count_clients(const struct amount *amount)
{
	unsigned count = 0;

	while (count < CLIENT_STEPS && amount->clients[count] > 0)
		count++;
	return count;
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const struct amount *amount = &amounts[request->profile];
	int64_t loads = (int64_t)(amount->works * count_clients(amount));

	storage_plan(request, arena, step,
		     amount->lay_out_ns + loads * (amount->each_ns + START_NS), amount->bytes);
}

static void record(struct active_run *run, const char *device, const struct fio_side *side)
{
	const struct {
		enum measure measure;
		double value;
	} figures[] = {
		{ NODE_TEST_STORAGE_BANDWIDTH, side->bytes_per_s },
		{ NODE_TEST_STORAGE_RATE, side->per_s },
		{ NODE_TEST_STORAGE_LATENCY_P50, side->p50_s },
		{ NODE_TEST_STORAGE_LATENCY_P90, side->p90_s },
		{ NODE_TEST_STORAGE_LATENCY_P99, side->p99_s },
	};

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		(void)saw_value(run->sightings, figures[i].measure, device, figures[i].value);
}

static void measure_one(struct active_run *run, const struct storage_place *place,
			const struct fio_load *load)
{
	const char *what = fio_load_name(load, run->arena);
	const char *device = storage_device(run->arena, what, place->mark);
	struct fio_job job;

	if (load->work->direct && !place->takes_direct) {
		(void)saw_unknown(run->sightings, NODE_TEST_STORAGE_BANDWIDTH, device,
				  "the file system refuses files past the page cache (O_DIRECT)");
		return;
	}
	if (!fio_run(run, place, load, &job))
		return;
	sightings_again(run->sightings, run->request->host);
	record(run, device, job.read.bytes > 0 ? &job.read : &job.write);
}

static void measure(struct active_run *run, const struct storage_place *place)
{
	const struct amount *amount = &amounts[run->request->profile];
	unsigned steps = count_clients(amount), done = 0;
	unsigned most = amount->clients[steps - 1];
	uint64_t size = fio_size(place, most, amount->bytes);

	if (size == 0) {
		storage_blames(run, place, "folder", NODE_TEST_STORAGE_BANDWIDTH,
			       "%.1f MB may be written (%d %% of what is free), %d MB needed",
			       (double)place->room / 1e6, STORAGE_SHARE_PERCENT,
			       FIO_CLIENT_LEAST / 1000000 * (int)most);
		return;
	}
	active_shows(run, 0, "%s: writing the files", place->mark);
	if (!fio_prepare(run, place, most, size, amount->lay_out_ns, &size))
		return;
	for (size_t i = 0; i < amount->works; i++) {
		for (unsigned k = 0; k < steps && active_goes_on(run); k++) {
			const struct fio_load load = { &works[i], amount->clients[k], size,
						       amount->each_ns };

			active_shows(run, (double)done++ / (double)(amount->works * steps),
				     "%s: %s", place->mark, fio_load_name(&load, run->arena));
			measure_one(run, place, &load);
		}
	}
}

static void run(struct active_run *run)
{
	if (fio_is_there(run))
		storage_each(run, measure);
}

static const char *const judged_by[] = {
	"storage-throughput",
	"storage-latency",
	"storage-scaling",
	NULL,
};

const struct active_test active_storage_throughput = {
	.name = "storage-throughput",
	.group = "storage",
	.title = "reading and writing of each folder by growing numbers of clients",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
