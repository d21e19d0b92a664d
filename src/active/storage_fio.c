#include "active/storage_fio.h"

#include <string.h>

#include "host/system.h"

#define NS_PER_MS 1000000ll
#define NS_PER_S 1000000000ll

enum {
	SAID_MAXIMUM = 1 << 20,
	VERSION_MAXIMUM = 256,
	QUOTED = 160,
};

/* A version is told at once; what takes longer hangs. */
#define VERSION_NS (10 * NS_PER_S)
/* Beyond the time that fio was given: laying out files, and writing back what is dirty. */
#define EXTRA_NS (60 * NS_PER_S)

static struct span first_line(struct span text)
{
	struct span line = SPAN("");

	text = span_trim(text);
	(void)span_cut(&text, '\n', &line);
	if (line.length > QUOTED)
		line.length = QUOTED;
	return line;
}

bool fio_is_there(struct active_run *run)
{
	const char *const words[] = { "fio", "--version", NULL };
	const struct process_limits limits = { .limit_ns = VERSION_NS, .maximum = VERSION_MAXIMUM };
	struct process_result result;
	struct span version;
	struct error err;

	if (!active_process(run, words, limits, &result, &err)) {
		active_fails(run, "%s", err.text);
		return false;
	}
	/* Out of time, as on a machine that is busy: that is not fio's fault. */
	if (result.stalled && !active_goes_on(run))
		return false;
	version = first_line(result.said);
	if (!result.stopped && (result.status != 0 || !fio_version_is_known(version)))
		active_fails(run, "fio says it is '%.*s': only reports of fio-3 are known",
			     SPAN_ARGS(version));
	if (result.stopped || run->end != ACTIVE_DONE)
		return false;
	(void)saw_state(run->sightings, NODE_TEST_STORAGE_TOOL, "tool:fio",
			arena_string(run->arena, version));
	return true;
}

const char *fio_load_name(const struct fio_load *load, struct arena *arena)
{
	return arena_format(arena, "%s.%s.c%u", load->work->name,
			    load->work->direct ? "direct" : "buffered", load->clients);
}

uint64_t fio_size(const struct storage_place *place, unsigned clients, uint64_t most)
{
	uint64_t all = place->room < most ? place->room : most;
	uint64_t size = all / clients >> 20 << 20;

	return size < FIO_CLIENT_LEAST ? 0 : size;
}

/* Why it failed, in its own words. */
static void blame(struct active_run *run, const struct storage_place *place, const char *what,
		  const struct process_result *result)
{
	struct span said = first_line(result->complained);

	if (said.length == 0)
		said = first_line(result->said);
	if (result->stalled)
		storage_blames(run, place, what, NODE_TEST_STORAGE_BANDWIDTH,
			       "fio did not end in time");
	else
		storage_blames(run, place, what, NODE_TEST_STORAGE_BANDWIDTH,
			       "fio ended with %d: %.*s", result->status, SPAN_ARGS(said));
}

static bool take(struct active_run *run, const struct storage_place *place, const char *what,
		 const struct process_result *result, struct fio_job *ret_job)
{
	struct fio_report report;
	struct error err;

	/* Ended because the test ends: that is no fault of fio's, and not of the file system's. */
	if (result->stopped || (result->stalled && !active_goes_on(run)))
		return false;
	if (result->stalled || result->status != 0 || result->cut) {
		blame(run, place, what, result);
		return false;
	}
	if (!fio_read(result->said, "fio", run->arena, &report, &err)) {
		storage_blames(run, place, what, NODE_TEST_STORAGE_BANDWIDTH, "%s", err.text);
		return false;
	}
	if (report.jobs[0].error != 0) {
		storage_blames(run, place, what, NODE_TEST_STORAGE_BANDWIDTH, "fio: %s",
			       strerror((int)report.jobs[0].error));
		return false;
	}
	*ret_job = report.jobs[0];
	return true;
}

bool fio_run(struct active_run *run, const struct storage_place *place, const struct fio_load *load,
	     struct fio_job *ret_job)
{
	const struct fio_work *work = load->work;
	struct arena *arena = run->arena;
	const char *what = fio_load_name(load, arena);
	/* Threads, because processes of fio leave its group and would outlive it. Names of files
	 * are relative, because fio takes a path apart at colons. */
	const char *const words[] = {
		"fio",
		"--name=assay",
		"--thread",
		"--ioengine=psync",
		"--group_reporting",
		"--filename_format=client.$jobnum",
		"--fallocate=none",
		"--percentile_list=50:90:99",
		"--output-format=json",
		arena_format(arena, "--rw=%s", work->rw),
		arena_format(arena, "--bs=%u", work->block),
		arena_format(arena, "--size=%llu", (unsigned long long)load->size),
		arena_format(arena, "--numjobs=%u", load->clients),
		arena_format(arena, "--direct=%d", work->direct ? 1 : 0),
		arena_format(arena, "--runtime=%lldms", (long long)(load->time_ns / NS_PER_MS)),
		work->is_once ? NULL : "--time_based",
		NULL,
	};
	const struct process_limits limits = {
		.limit_ns = load->time_ns + EXTRA_NS,
		.maximum = SAID_MAXIMUM,
		.folder = place->scratch,
	};
	struct process_result result;
	struct error err;

	if (!active_process(run, words, limits, &result, &err)) {
		storage_blames(run, place, what, NODE_TEST_STORAGE_BANDWIDTH, "%s", err.text);
		return false;
	}
	return take(run, place, what, &result, ret_job);
}

bool fio_prepare(struct active_run *run, const struct storage_place *place, unsigned clients,
		 uint64_t size, int64_t time_ns, uint64_t *ret_size)
{
	static const struct fio_work lay = {
		.name = "lay-out",
		.rw = "write",
		.block = 1 << 20,
		.is_once = true,
	};
	const struct fio_load load = { &lay, clients, size, time_ns };
	struct fio_job job;
	uint64_t each;

	if (!fio_run(run, place, &load, &job))
		return false;
	/* What was cut by the clock is not equally long; what is missing of half of the mean is
	 * little, and fio writes it itself. */
	each = (uint64_t)job.write.bytes / clients;
	if (each < size)
		each = each / 2 >> 20 << 20;
	if (each < FIO_CLIENT_LEAST) {
		storage_blames(
			run, place, "lay-out", NODE_TEST_STORAGE_BANDWIDTH,
			"in %.1f s only %.1f MB were written: too slow to be tested in this time",
			(double)time_ns / NS_PER_S, job.write.bytes / 1e6);
		return false;
	}
	*ret_size = each;
	return true;
}
