/*
 * Whatever the bytes, a preset of goodput is refused with a reason, or gives figures that lie in
 * their ranges and a simulation whose hours add up.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "model/causes.h"
#include "model/goodput_study.h"
#include "model/preset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const double EVENTS_MAXIMUM = 100000; /* that a target has time for */

static void check_figures(const struct goodput_study *study)
{
	for (unsigned i = 0; i < FIGURE_COUNT; i++) {
		const struct quantity *figure = &study->figures[i];

		assert(isnan(figure->value) ||
		       (figure->low <= figure->value && figure->value <= figure->high));
	}
}

static bool is_short(const struct goodput_study *study)
{
	for (unsigned i = 0; i < CASE_COUNT; i++) {
		const double *values = study->values[i];
		double failures = values[GOODPUT_GPUS] / values[GOODPUT_MTBF] +
				  (values[GOODPUT_SLOW_RATE] + values[GOODPUT_CORRUPTION_RATE]) *
					  values[GOODPUT_GPUS] / 24000;
		double hours = values[GOODPUT_DAYS] * 24;

		if (hours * failures * 20 > EVENTS_MAXIMUM ||
		    hours * 60 / fmin(values[GOODPUT_CHECKPOINT], 1) > EVENTS_MAXIMUM)
			return false;
	}
	return true;
}

static void check_simulation(struct goodput_study *study, struct arena *arena)
{
	struct goodput_request request = { .seed = 1, .runs = 2, .threads = 1 };
	struct error err = { 0 };

	if (!is_short(study) || !goodput_simulate(study, &request, arena, &err))
		return;
	for (unsigned i = 0; i < CASE_COUNT; i++) {
		double sum = study->results[i].mean;

		for (unsigned j = 0; j < LOSS_COUNT; j++)
			sum += study->results[i].lost[j];
		assert(fabs(sum - 1) < 1e-6);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	struct span text = { (const char *)data, size };
	const struct failure_cause *causes = NULL;
	struct parameters parameters;
	struct goodput_study study;
	struct error err = { 0 };
	unsigned cause_count = 0;
	struct preset preset;

	parameters_init(&parameters, &goodput_table);
	if (!preset_read(text, "f", &arena, &preset, &err) ||
	    !preset_apply(&preset, ORIGIN_FILE, &arena, &parameters, &err) ||
	    (preset.causes &&
	     !causes_read(preset.causes, "f", &arena, &causes, &cause_count, &err)) ||
	    !goodput_settle(&parameters, &err)) {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
		return 0;
	}
	goodput_study(&parameters, causes, cause_count, &study);
	check_figures(&study);
	check_simulation(&study, &arena);
	return 0;
}
