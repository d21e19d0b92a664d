#include "active/gpu_silence.h"

#include <string.h>

void gpu_blame(struct active_run *run, const struct worker_result *result, enum measure measure,
	       const char *gpu)
{
	active_blame(run, result, measure, gpu);
	if (result->end == WORKER_STALLED)
		(void)saw_text(run->sightings, NODE_TEST_GPU_SILENT, gpu,
			       span_of(run->step->test->name));
}

const char *gpu_silent_in(const struct active_run *run, const char *gpu)
{
	const struct sightings *seen = run->sightings;

	for (size_t i = 0; i < seen->count; i++) {
		const struct record *one = &seen->items[i];
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, measures[NODE_TEST_GPU_SILENT].name) == 0 && device &&
		    strcmp(device, gpu) == 0)
			return one->text;
	}
	return NULL;
}

bool gpu_is_left_out(struct active_run *run, enum measure measure, const char *gpu)
{
	const char *test = gpu_silent_in(run, gpu);

	if (test)
		(void)saw_unknown(run->sightings, measure, gpu, "did not answer in %s", test);
	return test;
}
