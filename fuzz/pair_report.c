/*
 * Whatever the text, what is read of a pair's report has figures that can be; what is refused says
 * why.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "active/pair_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct pair_report report;
	struct error err = { .code = ERROR_NONE };

	SCOPED_ARENA(arena);
	if (!pair_report_read(text, "input", &arena, &report, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		return 0;
	}
	assert(report.bytes_per_s >= 0 && report.worst_part <= 1);
	assert(report.node && report.why);
	assert(!report.has_opened || report.has_met);
	return 0;
}
