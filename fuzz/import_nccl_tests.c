/*
 * Whatever the bytes, the importer of nccl-tests refuses them with an error or adds records that
 * fit their measures, and keeps nothing of an environment but harmless settings.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "active/import_nccl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct subject subject = { { [SUBJECT_PROVIDER] = "fuzz", [SUBJECT_NODE] = "node" } };
	const struct span text = { .at = (const char *)data, .length = size };
	const struct host host = { .root = "/" };
	struct nccl_report report;
	struct sightings sightings;
	struct error err;
	SCOPED_ARENA(arena);

	if (nccl_report_read(text, "file", &arena, &report, &err)) {
		assert(report.count > 0 && report.count <= NCCL_RESULTS_MAXIMUM);
		for (unsigned i = 0; i < report.setting_count; i++)
			assert(nccl_setting_is_harmless(span_of(report.settings[i])));
	}
	sightings_start(&sightings, &subject, &host, &arena);
	(void)active_import_text(text, "file", &arena, &sightings, NULL, &err);
	for (size_t i = 0; i < sightings.count; i++) {
		enum measure measure = MEASURE_COUNT;
		bool known = measure_find(sightings.items[i].what, &measure);

		assert(known && measure_fits(measure, &sightings.items[i], NULL));
		(void)known;
	}
	return 0;
}
