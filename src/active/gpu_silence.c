#include "active/gpu_silence.h"

#include <string.h>

enum {
	PROCESSES_TOLD = 8,
};

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

/* "4711, 4712": those that the look could tell, of this GPU. */
static void list_processes(const struct sightings *seen, const char *gpu, struct text *into)
{
	static const char part[] = "/pid:";
	const size_t length = strlen(gpu);
	unsigned count = 0;

	for (size_t i = 0; i < seen->count && count < PROCESSES_TOLD; i++) {
		const struct record *one = &seen->items[i];
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, measures[NODE_GPU_PROCESS_MEMORY].name) != 0 || !device ||
		    strncmp(device, gpu, length) != 0 ||
		    strncmp(device + length, part, strlen(part)) != 0)
			continue;
		text_format(into, "%s%s", count++ > 0 ? ", " : " (",
			    device + length + strlen(part));
	}
	text_add(into, count > 0 ? ")" : "");
}

const char *gpu_users(const struct active_request *request, const char *gpu, struct arena *arena)
{
	const struct record *processes = active_seen(request, NODE_GPU_PROCESSES, gpu);
	SCOPED_TEXT(who);

	if (request->consent == CONSENT_DESTRUCTIVE || !processes ||
	    processes->says != SAYS_VALUE || processes->value < 0.5)
		return NULL;
	list_processes(request->seen, gpu, &who);
	return arena_format(arena,
			    "in use: %.0f process%s%s comput%s on it; end what is not needed, or "
			    "--consent destructive loads it all the same",
			    processes->value, processes->value < 1.5 ? "" : "es", text_string(&who),
			    processes->value < 1.5 ? "es" : "e");
}

const char *gpu_users_words(const struct active_request *request, struct arena *arena)
{
	const char *const *gpus;
	size_t count = active_devices(request, NODE_GPU_PROCESSES, arena, &gpus);
	SCOPED_TEXT(words);

	for (size_t i = 0; i < count; i++)
		if (gpu_users(request, gpus[i], arena))
			text_format(&words, "%s%s",
				    words.length > 0 ? ", " : "; left out: ", gpus[i]);
	if (words.length > 0)
		text_add(&words, ", which others use");
	return arena_string(arena, text_span(&words));
}

bool gpu_is_left_out(struct active_run *run, enum measure measure, const char *gpu)
{
	const char *test = gpu_silent_in(run, gpu);
	const char *users = test ? NULL : gpu_users(run->request, gpu, run->arena);

	if (test)
		(void)saw_unknown(run->sightings, measure, gpu, "did not answer in %s", test);
	if (users)
		(void)saw_unknown(run->sightings, measure, gpu, "%s", users);
	return test || users;
}
