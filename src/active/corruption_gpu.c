#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "active/corruption_model.h"
#include "active/corruption_plan.h"
#include "active/gpu_silence.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

enum {
	RERUNS = 5,
	SLACK_MS = 500,
	ROUND_MS = 40, /* as a goal, of all kernels */
	TIMED_STEPS = 32,
	STEPS_MAXIMUM = 1 << 18,
	BATCH_MS = 1000,
	CALL_LIMIT_S = 60,
};

static const int64_t usual_ns[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = 2 * NS_PER_S,
	[ACTIVE_WEEKLY] = 300 * NS_PER_S,
	[ACTIVE_BURN_IN] = 3600 * NS_PER_S,
};

/* How far the test is when each operating point ends. */
static const double point_ends[] = {
	[CORRUPTION_ALONE] = 0.2,
	[CORRUPTION_ALL] = 0.6,
	[CORRUPTION_BURSTS] = 0.8,
	[CORRUPTION_COPIES] = 1,
};

struct gpu {
	struct worker worker;
	struct worker_result result;
	bool is_out;
};

struct trial {
	struct active_run *run;
	struct gpu *gpus; /* by model */
	struct corruption_model_gpu *names;
	size_t count;
	struct corruption_model *models;
	size_t model_count;
	int64_t begun_ns, needed_ns, round_ns;
	uint64_t steps, next_round;
};

static void take_answer(struct trial *trial, size_t which, const struct worker *worker,
			const struct worker_result *result)
{
	struct active_run *run = trial->run;
	struct gpu *gpu = &trial->gpus[which];
	const char *name = trial->names[which].name;
	struct span why;

	gpu->worker = *worker;
	gpu->result = *result;
	if (result->end == WORKER_CANCELLED)
		return;
	gpu_blame(run, result, NODE_TEST_CORRUPTION_MISMATCHES, name);
	gpu->is_out = result->end != WORKER_DONE;
	if (!corruption_read_word(result, "refused", &why))
		return;
	(void)saw_unknown(run->sightings, NODE_TEST_CORRUPTION_MISMATCHES, name, "%.*s",
			  SPAN_ARGS(why));
	gpu->is_out = true;
}

/* Asks those that are not out, each "WORDS GPU"; who does not come back or refuses is out, and
 * said to be unknown. */
static bool ask(struct trial *trial, size_t first, size_t count, const char *words)
{
	struct active_run *run = trial->run;
	struct worker *workers = ARENA_ARRAY(run->arena, struct worker, count);
	struct worker_result *results = ARENA_ARRAY(run->arena, struct worker_result, count);
	const char **requests = ARENA_ARRAY(run->arena, const char *, count);
	size_t *asked = ARENA_ARRAY(run->arena, size_t, count);
	size_t asked_count = 0;

	for (size_t i = first; i < first + count; i++) {
		if (trial->gpus[i].is_out)
			continue;
		asked[asked_count] = i;
		workers[asked_count] = trial->gpus[i].worker;
		requests[asked_count++] =
			arena_format(run->arena, "%s %s", words, trial->names[i].name);
	}
	active_ask_all(run, workers, requests, results, asked_count);
	for (size_t i = 0; i < asked_count; i++)
		take_answer(trial, asked[i], &workers[i], &results[i]);
	return run->end == ACTIVE_DONE;
}

/* There is no kernel of ours for AMD's matrix cores. */
static void tell_untested(struct active_run *run, const char *gpu)
{
	const struct record *vendor = active_seen(run->request, NODE_GPU_VENDOR, gpu);

	if (vendor && vendor->says == SAYS_STATE && strcmp(vendor->text, "amd") == 0)
		(void)saw_unknown(run->sightings, NODE_TEST_CORRUPTION_MISMATCHES,
				  arena_format(run->arena, "%s/mma", gpu),
				  "the matrix cores of AMD's GPUs are not tested");
}

static void make_gpus(struct trial *trial)
{
	struct active_run *run = trial->run;
	const char *const *names;

	trial->count = gpu_list(run->request, run->arena, &names);
	trial->gpus = ARENA_ARRAY(run->arena, struct gpu, trial->count);
	trial->names = ARENA_ARRAY(run->arena, struct corruption_model_gpu, trial->count);
	for (size_t i = 0; i < trial->count; i++) {
		trial->names[i].name = names[i];
		trial->gpus[i].is_out =
			gpu_is_left_out(run, NODE_TEST_CORRUPTION_MISMATCHES, names[i]);
		tell_untested(run, names[i]);
		trial->gpus[i].worker = (struct worker){
			.host = run->request->here,
			.function = corruption_gpu_answer,
			.context = run->request->here,
			.call_limit_ns = CALL_LIMIT_S * NS_PER_S,
			.name = "gpu",
		};
	}
}

/* Sorts the GPUs by model. Those that tell none are left out. */
static void read_names(struct trial *trial)
{
	size_t kept = 0;

	for (size_t i = 0; i < trial->count; i++) {
		struct gpu gpu = trial->gpus[i];
		struct corruption_model_gpu name = trial->names[i];
		size_t at = kept;

		if (gpu.is_out || !corruption_model_read(&gpu.result, trial->run->arena, &name)) {
			worker_end(&gpu.worker);
			continue;
		}
		for (; at > 0 && strcmp(trial->names[at - 1].model, name.model) > 0; at--) {
			trial->gpus[at] = trial->gpus[at - 1];
			trial->names[at] = trial->names[at - 1];
		}
		trial->gpus[at] = gpu;
		trial->names[at] = name;
		kept++;
	}
	trial->count = kept;
}

static void make_models(struct trial *trial)
{
	size_t alike;

	trial->models = ARENA_ARRAY(trial->run->arena, struct corruption_model, trial->count + 1);
	for (size_t i = 0; i < trial->count; i += alike) {
		alike = corruption_model_alike(&trial->names[i], trial->count - i);
		corruption_model_start(&trial->models[trial->model_count++],
				       trial->run->step->test->name, trial->names, i, alike,
				       trial->run->arena);
	}
}

/* As many steps as make a round of the slowest GPU as long as it should be. */
static bool choose_steps(struct trial *trial)
{
	char request[40];
	uint64_t slowest_ns = 1, took_ns;
	struct span rest;

	(void)snprintf(request, sizeof(request), "time %d", TIMED_STEPS);
	if (!ask(trial, 0, trial->count, request))
		return false;
	for (size_t i = 0; i < trial->count; i++)
		if (!trial->gpus[i].is_out &&
		    corruption_read_word(&trial->gpus[i].result, "took", &rest) &&
		    span_to_u64(rest, &took_ns) && took_ns > slowest_ns)
			slowest_ns = took_ns;
	trial->steps = ROUND_MS * NS_PER_MS * (uint64_t)TIMED_STEPS / slowest_ns;
	if (trial->steps < TIMED_STEPS)
		trial->steps = TIMED_STEPS;
	if (trial->steps > STEPS_MAXIMUM)
		trial->steps = STEPS_MAXIMUM;
	return true;
}

/* What GPU `which` of the model answered last; NULL when it is out. */
static const struct worker_result *answer_of(const struct trial *trial,
					     const struct corruption_model *model, size_t which)
{
	const struct gpu *gpu = &trial->gpus[model->first + which];

	return gpu->is_out ? NULL : &gpu->result;
}

static bool ran_alike(const struct trial *trial, const struct corruption_model *model)
{
	const struct worker_result **results =
		ARENA_ARRAY(trial->run->arena, const struct worker_result *, model->count);

	for (size_t i = 0; i < model->count; i++)
		results[i] = answer_of(trial, model, i);
	return corruption_model_ran_alike(results, model->count);
}

/* The same rounds again on one GPU. */
static void rerun(struct trial *trial, struct corruption_model *model, size_t which,
		  const char *request)
{
	const size_t gpu = model->first + which;

	for (unsigned n = 0; n < RERUNS; n++) {
		if (!ask(trial, gpu, 1, request) || !ask(trial, gpu, 1, "tell") ||
		    trial->gpus[gpu].is_out)
			return;
		corruption_model_take(model, which, &trial->gpus[gpu].result);
		corruption_model_count_rerun(model, which);
	}
}

static void vote_on_all(struct trial *trial, struct corruption_model *model,
			enum corruption_point point, const char *request)
{
	if (!ask(trial, model->first, model->count, "tell"))
		return;
	for (size_t i = 0; i < model->count; i++)
		corruption_model_take(model, i, answer_of(trial, model, i));
	corruption_model_vote(model, point);
	for (size_t i = 0; i < model->count; i++)
		if (corruption_model_wants_rerun(model, i))
			rerun(trial, model, i, request);
}

static void compare(struct trial *trial, struct corruption_model *model,
		    enum corruption_point point, uint64_t rounds, const char *request)
{
	const size_t units = corruption_model_units(model);
	bool *present = ARENA_ARRAY(trial->run->arena, bool, units);

	if (!ran_alike(trial, model))
		vote_on_all(trial, model, point, request);
	for (size_t i = 0; i < units; i++)
		present[i] = answer_of(trial, model, i / model->multiprocessors) != NULL;
	corruption_tally_rounds(&model->tally, point, rounds, present);
}

static double share_done(const struct trial *trial)
{
	return (double)(host_boot_ns(trial->run->request->here) - trial->begun_ns) /
	       (double)trial->needed_ns;
}

/* How many rounds of all GPUs the next batch of a point has. */
static uint64_t batch_rounds(const struct trial *trial, enum corruption_point point)
{
	const int64_t left_ns =
		(int64_t)((point_ends[point] - share_done(trial)) * (double)trial->needed_ns);
	const int64_t each_ns = point == CORRUPTION_ALONE ? trial->round_ns * (int64_t)trial->count
							  : trial->round_ns;

	return corruption_plan_rounds(each_ns, BATCH_MS * NS_PER_MS, left_ns);
}

/* All at once, or one after the other while the rest are idle: each is then as cool and clocks as
 * high as it ever does. */
static bool run_batch(struct trial *trial, enum corruption_point point, const char *request)
{
	if (point != CORRUPTION_ALONE)
		return ask(trial, 0, trial->count, request);
	for (size_t i = 0; i < trial->count; i++)
		if (!ask(trial, i, 1, request))
			return false;
	return true;
}

static void run_point(struct trial *trial, enum corruption_point point)
{
	/* At least once, however slow it is: a point that was not tried tells nothing. */
	for (bool is_first = true;
	     active_goes_on(trial->run) && (is_first || share_done(trial) < point_ends[point]);
	     is_first = false) {
		const int64_t start_ns = host_boot_ns(trial->run->request->here);
		const uint64_t rounds = batch_rounds(trial, point);
		char request[96];

		(void)snprintf(request, sizeof(request),
			       "run %" PRIu64 " %" PRIu64 " %" PRIu64 " %d", trial->next_round,
			       rounds, trial->steps, (int)point);
		active_shows(trial->run, share_done(trial), "%s, round %" PRIu64,
			     corruption_point_names[point], trial->next_round);
		trial->next_round += rounds;
		if (!run_batch(trial, point, request))
			return;
		trial->round_ns =
			(host_boot_ns(trial->run->request->here) - start_ns) / (int64_t)rounds;
		if (point == CORRUPTION_ALONE)
			trial->round_ns /= (int64_t)trial->count;
		for (size_t i = 0; i < trial->model_count; i++)
			compare(trial, &trial->models[i], point, rounds, request);
	}
}

static void run(struct active_run *run)
{
	struct trial trial = {
		.run = run,
		.begun_ns = host_boot_ns(run->request->here),
		.needed_ns = active_left_ns(run) - SLACK_MS * NS_PER_MS,
	};

	if (trial.needed_ns > run->step->needed_ns)
		trial.needed_ns = run->step->needed_ns;
	if (trial.needed_ns <= 0) {
		active_fails(run, "less than %d ms are left for it", SLACK_MS);
		return;
	}
	make_gpus(&trial);
	(void)ask(&trial, 0, trial.count, "name");
	read_names(&trial);
	make_models(&trial);
	if (trial.count > 0 && run->end == ACTIVE_DONE && choose_steps(&trial)) {
		run_point(&trial, CORRUPTION_ALONE);
		run_point(&trial, CORRUPTION_ALL);
		run_point(&trial, CORRUPTION_BURSTS);
		run_point(&trial, CORRUPTION_COPIES);
	}
	for (size_t i = 0; i < trial.count; i++)
		worker_end(&trial.gpus[i].worker);
	sightings_again(run->sightings, run->request->host);
	for (size_t i = 0; i < trial.model_count; i++)
		corruption_tally_write(&trial.models[i].tally, run->sightings);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	gpu_plan(request, arena, step, "all multiprocessors, 64 MiB of memory each",
		 usual_ns[request->profile]);
}

static const char *const judged_by[] = { "corruption-gpu", NULL };

const struct active_test active_corruption_gpu = {
	.name = "corruption-gpu",
	.group = "corruption",
	.title = "multiprocessors that compute wrongly without an error",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
