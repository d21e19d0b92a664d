/*
 * Whatever the processes that load GPUs and ask their sensors say: a sample has figures that can be
 * or none, a slice ends after it began, and a line of the samples' table has all its columns.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "active/burn_load.h"
#include "active/heat_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	LINES_MAXIMUM = 256,
	SAMPLES_MAXIMUM = 8,
	COLUMNS = 10,
};

static void expect_columns(const struct heat_sample *sample)
{
	unsigned tabs = 0;
	SCOPED_TEXT(line);

	heat_table_line(sample, 0, &line);
	for (size_t i = 0; i < line.length; i++)
		tabs += line.at[i] == '\t';
	/* A name may have tabs of its own only when the library gave it some. */
	assert(tabs >= COLUMNS - 1);
	(void)tabs;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { .at = (const char *)data, .length = size }, lines[LINES_MAXIMUM];
	struct heat_sample samples[SAMPLES_MAXIMUM];
	size_t count = 0;
	SCOPED_TEXT(why);
	SCOPED_ARENA(arena);

	while (count < LINES_MAXIMUM && span_cut(&rest, '\n', &lines[count]))
		count++;
	size_t found = heat_read(lines, count, 0, samples, SAMPLES_MAXIMUM);
	assert(found <= SAMPLES_MAXIMUM);
	for (size_t i = 0; i < found; i++) {
		assert(isnan(samples[i].temperature_c) || fabs(samples[i].temperature_c) <= 200);
		assert(heat_is_too_hot(&samples[i], 90, &why) == (why.length > 0));
		expect_columns(&samples[i]);
	}
	for (size_t i = 0; i < count; i++) {
		struct burn_line line;
		struct burn_turn turn;
		const char *gpu;

		if (burn_line_read(lines[i], &line) && line.kind == BURN_LINE_SLICE)
			assert(line.end_ns >= line.start_ns && isfinite(line.speed));
		if (burn_request_read(lines[i], &gpu, &turn, &arena))
			assert(turn.pace.cycle_ns > 0 && turn.pace.pulse_ns > 0);
	}
	return 0;
}
