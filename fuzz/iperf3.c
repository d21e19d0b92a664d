/*
 * Whatever the text, what is read of iperf3's output has figures that can be, and becomes records
 * that say what their measures ask for; what is refused says why, and adds nothing.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "active/import.h"
#include "active/iperf3.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_report(const struct iperf3_report *report)
{
	assert(report->version && report->peer[0] != '\0' && report->local);
	assert(report->streams >= 1 && report->streams <= IPERF3_STREAMS_MAXIMUM);
	assert(report->seconds > 0 && report->bytes_per_s >= 0);
	assert(!isnan(report->retransmits) && !isnan(report->busy));
	assert(report->rtt_s >= 0 && report->rtt_least_s >= 0);
	if (report->is_udp)
		assert(report->lost >= 0 && report->lost <= report->packets &&
		       report->packets >= 1 && report->jitter_s >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	const struct host host = { .root = NULL };
	const struct subject subject = { .parts = {
						 [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n" } };
	struct sightings sightings;
	struct iperf3_report report;
	struct error err = { .code = ERROR_NONE };

	SCOPED_ARENA(arena);
	sightings_start(&sightings, &subject, &host, &arena);
	(void)iperf3_fits(text);
	if (!iperf3_read(text, "input", &arena, &report, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		assert(!active_import_iperf3.read(text, "input", &arena, &sightings, &err));
		assert(sightings.count == 0);
		return 0;
	}
	check_report(&report);
	assert(active_import_iperf3.read(text, "input", &arena, &sightings, &err));
	for (size_t i = 0; i < sightings.count; i++) {
		enum measure measure;

		assert(measure_find(sightings.items[i].what, &measure));
		assert(measure_fits(measure, &sightings.items[i], &err));
	}
	return 0;
}
