/*
 * Whatever fio writes, a report has jobs, each with a name, and no figure below zero; what becomes
 * of it are records that say what their measures ask for.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "active/import.h"
#include "active/import_fio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_side(const struct fio_side *side)
{
	assert(side->bytes >= 0);
	assert(isnan(side->bytes_per_s) || side->bytes_per_s >= 0);
	assert(isnan(side->p50_s) || side->p50_s >= 0);
	assert(isnan(side->p99_s) || side->p99_s >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	const struct host host = { .root = NULL };
	const struct subject subject = { .parts = {
						 [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n" } };
	struct sightings sightings;
	struct fio_report report;
	struct error err;

	SCOPED_ARENA(arena);
	sightings_start(&sightings, &subject, &host, &arena);
	if (!fio_read(text, "fuzz", &arena, &report, &err)) {
		assert(err.text[0] != '\0');
		assert(!active_import_fio.read(text, "fuzz", &arena, &sightings, &err));
		return 0;
	}
	assert(report.count > 0);
	for (size_t i = 0; i < report.count; i++) {
		assert(report.jobs[i].name && report.jobs[i].clients > 0);
		check_side(&report.jobs[i].read);
		check_side(&report.jobs[i].write);
	}
	assert(active_import_fio.read(text, "fuzz", &arena, &sightings, &err));
	for (size_t i = 0; i < sightings.count; i++) {
		enum measure measure;

		assert(measure_find(sightings.items[i].what, &measure));
		assert(measure_fits(measure, &sightings.items[i], &err));
	}
	return 0;
}
