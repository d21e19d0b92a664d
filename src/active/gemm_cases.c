#include "active/gemm_cases.h"

#include <stdio.h>
#include <string.h>

#include "active/gpu_crew.h"

enum {
	/* Opening loads a library of half a gigabyte, from a disk that may be far away. */
	OPEN_CALLS = 30,
	/* A wait is for some twenty milliseconds of products, or for one that is very slow. */
	CASE_CALLS = 5,
};

static void limit_calls(struct gpu_crew *crew, unsigned times)
{
	for (size_t i = 0; i < crew->count; i++)
		crew->workers[i].call_limit_ns = crew->run->request->call_limit_ns * times;
}

static const char *device_of(const struct record *record)
{
	return record->subject.parts[SUBJECT_DEVICE];
}

/* The library was opened, and its version told. */
static bool has_opened(const struct active_run *run, const char *gpu)
{
	const struct sightings *seen = run->sightings;

	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->items[i].what, measures[NODE_TEST_GEMM_LIBRARY].name) == 0 &&
		    strcmp(device_of(&seen->items[i]), gpu) == 0)
			return true;
	return false;
}

static void open_all(struct gpu_crew *crew)
{
	limit_calls(crew, OPEN_CALLS);
	active_shows(crew->run, 0, "opening %zu GPUs", crew->count);
	gpu_crew_ask(crew, "open", NODE_TEST_GEMM);
	for (size_t i = 0; i < crew->count; i++)
		if (!has_opened(crew->run, crew->gpus[i]))
			crew->is_out[i] = true;
	limit_calls(crew, CASE_CALLS);
}

static void add_spread(struct active_run *run, const char *name)
{
	const struct sightings *seen = run->sightings;
	double best = 0, worst = 0;
	size_t count = 0;

	for (size_t i = 0; i < seen->count; i++) {
		const struct record *one = &seen->items[i];
		const char *part;

		if (strcmp(one->what, measures[NODE_TEST_GEMM].name) != 0 ||
		    one->says != SAYS_VALUE)
			continue;
		part = strchr(device_of(one), '/');
		if (!part || strcmp(part + 1, name) != 0)
			continue;
		best = count == 0 || one->value > best ? one->value : best;
		worst = count == 0 || one->value < worst ? one->value : worst;
		count++;
	}
	if (count >= 2 && best > 0)
		(void)saw_value(run->sightings, NODE_TEST_GEMM_SPREAD,
				arena_format(run->arena, "gpus:all/%s", name),
				100 * (1 - worst / best));
}

void gemm_cases_run(struct active_run *run, const struct gemm_case *cases, size_t count)
{
	const struct gemm_cases context = { run->request->here, cases, count };
	struct gpu_crew crew;

	gpu_crew_make(run, gemm_child, &context, &crew);
	open_all(&crew);
	for (size_t i = 0; i < count && active_goes_on(run); i++) {
		char name[GEMM_NAME_SIZE];

		gemm_name(cases[i].type, &cases[i].shape, cases[i].batch, name);
		active_shows(run, (double)i / (double)count, "%s on %zu GPUs", name, crew.count);
		gpu_crew_ask(&crew, arena_format(run->arena, "%zu", i),
			     gemm_case_measure(cases[i].kind));
		if (cases[i].kind == GEMM_CASE_FIXED)
			add_spread(run, name);
	}
	gpu_crew_end(&crew);
}

int64_t gemm_cases_time_ns(const struct gemm_case *cases, size_t count)
{
	/* To open the library, and for each case to fill, to choose and to warm up. */
	double seconds = 3;

	for (size_t i = 0; i < count; i++) {
		seconds += 0.3;
		if (cases[i].kind == GEMM_CASE_SEARCH)
			seconds += cases[i].limit_s;
		seconds += cases[i].least_s * 1.5;
	}
	return (int64_t)(seconds * 1e9);
}
