/*
 * Whatever the text, what is read of perftest's output has rows, each with iterations and finite
 * figures, and what is refused says why.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "active/perftest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct perftest_report report;
	struct error err = { .code = ERROR_NONE };
	SCOPED_ARENA(arena);

	(void)perftest_complaint(text, text);
	if (!perftest_read(text, "input", &arena, &report, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		return 0;
	}
	assert(report.count > 0 && report.test && report.device && report.link);
	for (size_t i = 0; i < report.count; i++) {
		assert(report.rows[i].iterations > 0);
		assert(isfinite(report.rows[i].bytes_per_s) && report.rows[i].bytes_per_s >= 0);
		assert(isfinite(report.rows[i].p99_s) && report.rows[i].p99_s >= 0);
	}
	return 0;
}
