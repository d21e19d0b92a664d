/*
 * Whatever the bytes, training_file_read gives cases and curves within their limits, or an error
 * that names the file; and a curve is fitted with finite numbers or refused.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/training_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_curve(const struct training_curve *curve)
{
	double factor = collective_factor(curve->collective, curve->gpus);
	struct error err = { 0 };
	struct alpha_beta fit;

	assert(curve->title && curve->gpus >= 2 && curve->timing_count <= TIMINGS_MAXIMUM);
	if (!alpha_beta_fit(curve->timings, curve->timing_count, factor, &fit, &err)) {
		assert(err.text[0] != '\0');
		return;
	}
	assert(isfinite(fit.alpha_us) && isfinite(fit.busbw_gb_per_s) && fit.busbw_gb_per_s > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = (const char *)data, .length = size };
	struct training_file file;
	struct error err = { 0 };
	SCOPED_ARENA(arena);

	if (!training_file_read(text, "input", &arena, &file, &err)) {
		assert(err.code != ERROR_NONE && strncmp(err.text, "input", 5) == 0);
		return 0;
	}
	assert(file.case_count + file.curve_count > 0);
	assert(file.case_count <= TRAINING_CASES_MAXIMUM);
	for (unsigned i = 0; i < file.curve_count; i++)
		check_curve(&file.curves[i]);
	return 0;
}
