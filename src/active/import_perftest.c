#include <string.h>

#include "active/import.h"
#include "active/perftest.h"

enum {
	LOOKED_AT = 8192, /* bytes: the heading of a table stands in them */
};

static bool stands_in(struct span text, const char *words)
{
	size_t length = strlen(words);

	if (text.length > LOOKED_AT)
		text.length = LOOKED_AT;
	for (size_t i = 0; i + length <= text.length; i++)
		if (memcmp(text.at + i, words, length) == 0)
			return true;
	return false;
}

static bool fits(struct span text)
{
	return stands_in(text, "rdma_cm QPs") || stands_in(text, "rdma_cm_QPs") ||
	       (stands_in(text, "#bytes") && stands_in(text, "#iterations"));
}

/* "write" of "RDMA_Write BW Test"; NULL for what no check judges. */
static const char *verb_of(const char *test)
{
	if (strstr(test, "RDMA_Write"))
		return "write";
	if (strstr(test, "RDMA_Read"))
		return "read";
	return strncmp(test, "Send", 4) == 0 ? "send" : NULL;
}

static void add_row(const struct perftest_report *report, const struct perftest_row *row,
		    const char *verb, struct arena *arena, struct sightings *sightings)
{
	/* The port is not told; 1 is what perftest takes, and what most adapters have. */
	const char *device = arena_format(arena, "rdma:%.40s/1/%s:%llu", report->device, verb,
					  (unsigned long long)row->bytes);

	if (!report->is_latency) {
		(void)saw_value(sightings, NODE_TEST_RDMA_BANDWIDTH, device, row->bytes_per_s);
		return;
	}
	(void)saw_value(sightings, NODE_TEST_RDMA_LATENCY, device,
			row->typical_s > 0 ? row->typical_s : row->average_s);
	if (row->p99_s > 0)
		(void)saw_value(sightings, NODE_TEST_RDMA_LATENCY_P99, device, row->p99_s);
	else
		(void)saw_unknown(sightings, NODE_TEST_RDMA_LATENCY_P99, device,
				  "a run of a fixed length in time tells no percentile");
}

static bool read(struct span text, const char *file, struct arena *arena,
		 struct sightings *sightings, struct error *err)
{
	struct perftest_report report;
	const char *verb;

	if (!perftest_read(text, file, arena, &report, err))
		return false;
	verb = verb_of(report.test);
	if (!verb || report.device[0] == '\0')
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: perftest's '%.40s' on '%.40s' is nothing that is judged here",
			    file, report.test, report.device);
	if (report.is_bidirectional)
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: figures of both directions together are not judged: run it "
			    "without -b",
			    file);
	for (size_t i = 0; i < report.count; i++)
		add_row(&report, &report.rows[i], verb, arena, sightings);
	return true;
}

static const char *const judged_by[] = { "rdma-bandwidth", "rdma-latency", "rdma-rails-alike",
					 NULL };

const struct active_importer active_import_perftest = {
	.name = "perftest",
	.checks = judged_by,
	.fits = fits,
	.read = read,
};
