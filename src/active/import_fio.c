#include "active/import_fio.h"

#include <math.h>
#include <string.h>

#include "active/import.h"
#include "active/storage.h"
#include "base/json.h"

#define NS 1e-9

enum {
	VERSION_MAXIMUM = 40,
	NAME_MAXIMUM = 60,
	LOOKED_AT = 1 << 16, /* bytes: remarks of fio may stand before its report */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool fio_version_is_known(struct span version)
{
	/* Fio 2 has its times in microseconds under the same heads, and what comes after 3 is not
	 * known. */
	return version.length > 6 && version.length < VERSION_MAXIMUM &&
	       span_starts(version, "fio-3.") && is_digit(version.at[6]);
}

/* From the first line that begins with a brace to the last brace. */
static struct span cut_document(struct span text)
{
	while (text.length > 0 && text.at[0] != '{') {
		const char *next = memchr(text.at, '\n', text.length);
		size_t skipped = next ? (size_t)(next + 1 - text.at) : text.length;

		text.at += skipped;
		text.length -= skipped;
	}
	while (text.length > 0 && text.at[text.length - 1] != '}')
		text.length--;
	return text;
}

/* NAN when there is none or it is not a number that can be. */
static double number(const struct node *map, const char *key)
{
	const struct node *node = node_find(map, key);
	double value;

	if (!node || node->kind != NODE_SCALAR || node->quoted ||
	    !span_to_double(node->text, &value) || value < 0)
		return NAN;
	return value;
}

static const char *word(const struct node *map, const char *key, struct arena *arena)
{
	const struct node *node = node_find(map, key);

	if (!node || node->kind != NODE_SCALAR || node->text.length > NAME_MAXIMUM * 64)
		return NULL;
	return arena_string(arena, node->text);
}

static void read_side(const struct node *node, struct fio_side *side)
{
	const struct node *times = node_find(node, "clat_ns");
	const struct node *percentiles = node_find(times, "percentile");
	double kib_per_s = number(node, "bw");

	*side = (struct fio_side){
		.bytes = number(node, "io_bytes"),
		.bytes_per_s = number(node, "bw_bytes"), /* since 3.2; before only KiB */
		.per_s = number(node, "iops"),
		.p50_s = number(percentiles, "50.000000") * NS,
		.p90_s = number(percentiles, "90.000000") * NS,
		.p99_s = number(percentiles, "99.000000") * NS,
	};
	if (isnan(side->bytes_per_s))
		side->bytes_per_s = kib_per_s * 1024;
	if (isnan(side->bytes))
		side->bytes = 0;
}

/* An option of the job, or else of all jobs. */
static const char *option(const struct node *job, const struct node *all, const char *name,
			  struct arena *arena)
{
	const char *own = word(node_find(job, "job options"), name, arena);

	return own ? own : word(all, name, arena);
}

static bool read_job(const struct node *node, const struct node *all, const char *file,
		     struct arena *arena, struct fio_job *job, struct error *err)
{
	const char *name = word(node, "jobname", arena);
	const char *direct, *clients;
	const struct node *error = node_find(node, "error");

	if (node->kind != NODE_MAP || !name || strlen(name) > NAME_MAXIMUM)
		return node_fail(node, file, err, ERROR_INVALID,
				 "a job of fio has a jobname of at most %d bytes", NAME_MAXIMUM);
	direct = option(node, all, "direct", arena);
	clients = option(node, all, "numjobs", arena);
	*job = (struct fio_job){
		.name = name,
		.pattern = option(node, all, "rw", arena),
		.block = option(node, all, "bs", arena),
		.folder = option(node, all, "directory", arena),
		.clients = 1,
		.direct = direct && strcmp(direct, "1") == 0,
	};
	if (clients && (!span_to_u64(span_of(clients), &job->clients) || job->clients == 0))
		return node_fail(node, file, err, ERROR_INVALID, "numjobs '%.40s' is no number",
				 clients);
	if (!error || error->kind != NODE_SCALAR || !span_to_i64(error->text, &job->error))
		return node_fail(node, file, err, ERROR_INVALID, "job '%s' does not say its error",
				 name);
	read_side(node_find(node, "read"), &job->read);
	read_side(node_find(node, "write"), &job->write);
	return true;
}

bool fio_read(struct span text, const char *file, struct arena *arena,
	      struct fio_report *ret_report, struct error *err)
{
	const struct node *root, *jobs, *version;
	struct fio_job *read;

	if (text.length > FIO_REPORT_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: a report of fio has at most %d MiB", file,
			    FIO_REPORT_MAXIMUM >> 20);
	text = cut_document(text);
	if (text.length == 0)
		return fail(err, ERROR_PARSE, "%s: there is no report of fio in JSON", file);
	if (!json_read(text, file, 1, arena, &root, err))
		return false;
	version = node_find(root, "fio version");
	if (!version || version->kind != NODE_SCALAR || !fio_version_is_known(version->text))
		return node_fail(root, file, err, ERROR_UNSUPPORTED,
				 "'fio version' is not fio-3: its figures cannot be told apart");
	jobs = node_find(root, "jobs");
	if (!jobs || jobs->kind != NODE_LIST || jobs->count == 0 || jobs->count > FIO_JOBS_MAXIMUM)
		return node_fail(root, file, err, ERROR_INVALID, "'jobs' is a list of 1 to %d jobs",
				 FIO_JOBS_MAXIMUM);
	read = ARENA_ARRAY(arena, struct fio_job, jobs->count);
	for (size_t i = 0; i < jobs->count; i++)
		if (!read_job(&jobs->items[i], node_find(root, "global options"), file, arena,
			      &read[i], err))
			return false;
	*ret_report = (struct fio_report){
		.version = arena_string(arena, version->text),
		.jobs = read,
		.count = jobs->count,
	};
	return true;
}

static bool fits(struct span text)
{
	static const char key[] = "\"fio version\"";

	if (text.length > LOOKED_AT)
		text.length = LOOKED_AT;
	for (size_t i = 0; i + sizeof(key) - 1 <= text.length; i++)
		if (memcmp(text.at + i, key, sizeof(key) - 1) == 0)
			return true;
	return false;
}

static bool is_random(const struct fio_job *job)
{
	return job->pattern && strncmp(job->pattern, "rand", 4) == 0;
}

static void record_side(const struct fio_job *job, const struct fio_side *side, const char *verb,
			struct sightings *sightings)
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
	struct arena *arena = sightings->arena;
	const char *what = arena_format(
		arena, "%s-%s.%s.c%llu", is_random(job) ? "random" : "sequential", verb,
		job->direct ? "direct" : "buffered", (unsigned long long)job->clients);
	const char *device =
		storage_device(arena, what, storage_mark(arena, job->folder ? job->folder : "-"));

	if (!job->pattern)
		device = storage_device(arena, arena_format(arena, "%s.%s", verb, job->name), "-");
	if (side->bytes <= 0)
		return;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (!isnan(figures[i].value))
			(void)saw_value(sightings, figures[i].measure, device, figures[i].value);
}

/* Whether one of the jobs up to this one has the folder already. */
static bool is_first_of_folder(const struct fio_report *report, size_t which)
{
	const char *folder = report->jobs[which].folder;

	for (size_t i = 0; i < which; i++)
		if (report->jobs[i].folder && strcmp(report->jobs[i].folder, folder) == 0)
			return false;
	return true;
}

/* The folder as the checks know it: whether it takes files past the page cache. */
static void record_folder(const struct fio_report *report, size_t which,
			  struct sightings *sightings)
{
	const char *folder = report->jobs[which].folder;
	bool takes_direct = false;
	const char *device;

	if (!folder || !is_first_of_folder(report, which))
		return;
	for (size_t i = which; i < report->count; i++) {
		const struct fio_job *job = &report->jobs[i];

		takes_direct = takes_direct || (job->direct && job->error == 0 && job->folder &&
						strcmp(job->folder, folder) == 0);
	}
	device = storage_device(sightings->arena, "direct", storage_mark(sightings->arena, folder));
	(void)saw_state(sightings, NODE_TEST_STORAGE_DIRECT, device,
			takes_direct ? "taken" : "untried");
}

static bool read_into(struct span text, const char *file, struct arena *arena,
		      struct sightings *sightings, struct error *err)
{
	struct fio_report report = { 0 };

	if (!fio_read(text, file, arena, &report, err))
		return false;
	(void)saw_state(sightings, NODE_TEST_STORAGE_TOOL, "tool:fio", report.version);
	for (size_t i = 0; i < report.count; i++) {
		const struct fio_job *job = &report.jobs[i];

		record_folder(&report, i, sightings);
		record_side(job, &job->read, "read", sightings);
		record_side(job, &job->write, "write", sightings);
		if (job->error != 0)
			(void)saw_text(sightings, NODE_TEST_STORAGE_ERROR,
				       storage_device(sightings->arena, job->name, "-"),
				       span_of(arena_format(sightings->arena, "fio: error %lld",
							    (long long)job->error)));
	}
	return true;
}

static const char *const judged_by[] = { "storage-throughput", "storage-latency", "storage-scaling",
					 NULL };

const struct active_importer active_import_fio = {
	.name = "fio",
	.checks = judged_by,
	.fits = fits,
	.read = read_into,
};
