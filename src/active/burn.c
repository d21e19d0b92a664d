#include "active/burn_load.h"
#include "active/burn_log.h"
#include "active/burn_look.h"
#include "active/burn_say.h"
#include "active/gpu_silence.h"
#include "host/system.h"

#include <stdio.h>
#include <string.h>

#define NS_PER_S 1000000000ll
#define NEEDED_NS (60 * NS_PER_S)

/* One request: short against the memory of samples, long against the making of a request. The first
 * ones are shorter: how many operations of all ranks fit into one is known from the one before. */
#define TURN_NS (10 * NS_PER_S)
#define TURN_FIRST_NS (NS_PER_S / 2)

/* Drivers of eight GPUs start one after the other, libraries compile and try what is fastest. */
#define READY_NS (60 * NS_PER_S)

/* A slice takes half a second, and may have to wait for a processor on a machine that is busy. */
#define CALL_LEAST_NS (5 * NS_PER_S)

/* For the last slice to end and for the second look: a tenth of the time. */
#define AFTER_LEAST_NS NS_PER_S
#define AFTER_MOST_NS (5 * NS_PER_S)
enum {
	AFTER_PART = 10,
};

struct burn {
	struct active_run *run;
	struct burn_gpu *gpus;
	struct worker *workers;
	size_t count;
	struct burn_pace pace;
	struct burn_traffic traffic;
	struct sightings before, after;
	bool is_burning;
};

static size_t gpus_that_answer(const struct active_request *request, struct arena *arena,
			       const char *const **ret_gpus)
{
	const char *const *all;
	size_t count = active_devices(request, NODE_GPU_ANSWERS, arena, &all), found = 0;
	const char **gpus = ARENA_ARRAY(arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		const struct record *answers = active_seen(request, NODE_GPU_ANSWERS, all[i]);

		if (answers && answers->says == SAYS_STATE && strcmp(answers->text, "ok") == 0)
			gpus[found++] = all[i];
	}
	*ret_gpus = gpus;
	return found;
}

/* The same without those that did not answer in an earlier test of this run or that others use. */
static size_t gpus_to_load(struct active_run *run, const char *const **ret_gpus)
{
	const char *const *all;
	size_t count = gpus_that_answer(run->request, run->arena, &all), found = 0;
	const char **gpus = ARENA_ARRAY(run->arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++)
		if (!gpu_is_left_out(run, NODE_TEST_BURN_END, all[i]))
			gpus[found++] = all[i];
	*ret_gpus = gpus;
	return found;
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const char *const *gpus;
	size_t count = gpus_that_answer(request, arena, &gpus);

	if (count == 0) {
		step->is_absent = active_devices(request, NODE_GPU_VENDOR, arena, &gpus) == 0;
		step->cannot = step->is_absent ? "no GPU was seen" : "no GPU answers";
		return;
	}
	step->loads = arena_format(arena,
				   "%zu GPU%s with matrix products%s up to the power limit, in "
				   "steps of full load, pulses and none%s",
				   count, count == 1 ? "" : "s",
				   burn_traffic_cannot(count)
					   ? ""
					   : ", and with an all-reduce of NCCL where it is found,",
				   gpu_users_words(request, arena));
	step->needed_ns = NEEDED_NS;
	step->is_elastic = true;
}

static void hear_sample(void *context, const struct heat_sample *sample)
{
	struct burn *burn = context;

	if (!burn->is_burning)
		return;
	for (size_t i = 0; i < burn->count; i++)
		if (strcmp(burn->gpus[i].name, sample->gpu) == 0)
			burn_log_sample(&burn->gpus[i].log, sample);
}

static void drop(struct burn *burn, struct burn_gpu *gpu, const char *end, const char *why)
{
	gpu->end = end;
	gpu->why = arena_format(burn->run->arena, "%s", why);
}

/* What cannot be loaded at all, for want of a driver or a library, has not failed under load. */
static void drop_for_error(struct burn *burn, struct burn_gpu *gpu, struct span words)
{
	gpu->was_not_ready = !burn->is_burning && gpu->log.last_ns == 0;
	drop(burn, gpu, "failed", arena_string(burn->run->arena, words));
}

/* A rank that waits for others in vain is stopped with its process; the GPU is well. */
static void take_end(struct burn *burn, struct burn_gpu *gpu, const struct worker_result *result)
{
	if (result->end == WORKER_STALLED && burn->traffic.is_on && gpu->waits)
		gpu->rank_end = "waited";
	else if (result->end == WORKER_STALLED)
		drop(burn, gpu, "stalled", result->call);
	else if (result->end == WORKER_DIED || result->end == WORKER_FLOODED)
		drop(burn, gpu, "died", result->call[0] ? result->call : "the process");
}

static void take_slice(struct burn_gpu *gpu, const struct burn_line *line)
{
	burn_log_slice(&gpu->log, line->start_ns, line->end_ns, line->speed);
	gpu->checked_products += line->checked;
}

static void take_wrong(struct burn *burn, struct burn_gpu *gpu, const struct burn_line *line)
{
	struct arena *arena = burn->run->arena;

	gpu->wrong += line->wrong;
	if (gpu->place)
		return;
	if (line->row_count == 1 && line->column_count == 1)
		gpu->place =
			arena_format(arena, "row %llu, column %llu", (unsigned long long)line->row,
				     (unsigned long long)line->column);
	else if (line->row_count + line->column_count > 0)
		gpu->place = arena_format(arena, "the sums of %llu rows and %llu columns",
					  (unsigned long long)line->row_count,
					  (unsigned long long)line->column_count);
	else
		gpu->place = "the sums of rows and columns are right all the same";
}

static void take_lines(struct burn *burn, struct burn_gpu *gpu, bool is_first,
		       const struct worker_result *result)
{
	for (size_t i = 0; i < result->answer_count; i++) {
		struct burn_line line;

		if (!burn_line_read(result->answers[i], &line))
			continue;
		if (line.kind == BURN_LINE_SLICE)
			take_slice(gpu, &line);
		else if (line.kind == BURN_LINE_WRONG)
			take_wrong(burn, gpu, &line);
		else if (line.kind == BURN_LINE_ERROR)
			drop_for_error(burn, gpu, line.words);
		else
			burn_traffic_take(&burn->traffic, burn->run, gpu, is_first, &line);
	}
	take_end(burn, gpu, result);
}

/* Asks the GPUs that are left, and takes what they say; false when the test has to end. What the
 * requests take of memory is given back: there are thousands of them in eight hours. */
static bool turn(struct burn *burn, const struct burn_turn *turn)
{
	SCOPED_ARENA(scratch);
	struct active_run run = *burn->run;
	struct worker *workers = ARENA_ARRAY(&scratch, struct worker, burn->count);
	struct worker_result *results = ARENA_ARRAY(&scratch, struct worker_result, burn->count);
	const char **requests = ARENA_ARRAY(&scratch, const char *, burn->count);
	size_t *which = ARENA_ARRAY(&scratch, size_t, burn->count), asked = 0;

	run.arena = &scratch;
	for (size_t i = 0; i < burn->count; i++) {
		if (burn->gpus[i].end)
			continue;
		which[asked] = i;
		workers[asked] = burn->workers[i];
		requests[asked++] = burn_request(&scratch, burn->gpus[i].name, turn);
	}
	active_ask_all(&run, workers, requests, results, asked);
	for (size_t i = 0; i < asked; i++) {
		burn->workers[which[i]] = workers[i];
		take_lines(burn, &burn->gpus[which[i]], i == 0, &results[i]);
	}
	burn->run->end = run.end;
	burn->run->reason = run.reason ? arena_format(burn->run->arena, "%s", run.reason) : NULL;
	return asked > 0 && active_goes_on(burn->run);
}

static void make(struct burn *burn, const char *const *gpus)
{
	const struct active_request *request = burn->run->request;

	burn->gpus = ARENA_ARRAY(burn->run->arena, struct burn_gpu, burn->count);
	burn->workers = ARENA_ARRAY(burn->run->arena, struct worker, burn->count);
	for (size_t i = 0; i < burn->count; i++) {
		burn->gpus[i].name = gpus[i];
		burn->workers[i] = (struct worker){
			.host = request->here,
			.function = burn_load_serve,
			.context = request->here,
			.call_limit_ns = READY_NS,
			.total_limit_ns = READY_NS,
			.name = "burn",
		};
	}
}

static size_t left(const struct burn *burn)
{
	size_t count = 0;

	for (size_t i = 0; i < burn->count; i++)
		count += !burn->gpus[i].end;
	return count;
}

static void limit_calls(struct burn *burn, int64_t limit_ns)
{
	for (size_t i = 0; i < burn->count; i++)
		burn->workers[i].call_limit_ns = limit_ns;
}

/* Makes all processes ready to multiply, the new ones too. */
static bool make_ready(struct burn *burn)
{
	const struct burn_turn none = { .pace = burn_pace_of(0, 1) };

	limit_calls(burn, READY_NS);
	return turn(burn, &none) && left(burn) > 0;
}

/* Loads for some time; false when the test has to end. */
static bool hold_on(struct burn *burn, int64_t now_ns, int64_t until_ns)
{
	int64_t call_ns = burn->run->request->call_limit_ns;
	const struct burn_turn one = {
		.pace = burn->pace,
		.until_ns = until_ns,
		.order = burn_traffic_order(&burn->traffic, &burn->pace, now_ns, until_ns),
	};

	limit_calls(burn, call_ns > CALL_LEAST_NS ? call_ns : CALL_LEAST_NS);
	if (!turn(burn, &one))
		return false;
	return !burn_traffic_settle(&burn->traffic, burn->run, burn->gpus, burn->count) ||
	       make_ready(burn);
}

/* From when all are ready until the time for the second look. */
static void hold(struct burn *burn)
{
	struct active_run *run = burn->run;
	int64_t now_ns = host_boot_ns(run->request->here), turn_ns = TURN_FIRST_NS;
	int64_t left_ns = active_left_ns(run);
	int64_t after_ns = left_ns / AFTER_PART;

	if (after_ns < AFTER_LEAST_NS)
		after_ns = AFTER_LEAST_NS;
	if (after_ns > AFTER_MOST_NS)
		after_ns = AFTER_MOST_NS;
	int64_t end_ns = now_ns + left_ns - after_ns;

	burn->pace = burn_pace_of(now_ns, end_ns);
	burn_traffic_start(&burn->traffic, &burn->pace);
	for (size_t i = 0; i < burn->count; i++)
		burn_log_start(&burn->gpus[i].log, &burn->pace);
	burn->is_burning = true;
	while (now_ns < end_ns) {
		int64_t until_ns = now_ns + turn_ns < end_ns ? now_ns + turn_ns : end_ns;

		active_shows(run,
			     (double)(now_ns - burn->pace.start_ns) /
				     (double)(end_ns - burn->pace.start_ns),
			     "%zu GPUs under load%s", left(burn),
			     burn->traffic.is_on ? ", with an all-reduce" : "");
		if (!hold_on(burn, now_ns, until_ns))
			break;
		now_ns = host_boot_ns(run->request->here);
		turn_ns = 2 * turn_ns < TURN_NS ? 2 * turn_ns : TURN_NS;
	}
	burn->is_burning = false;
}

static void end_workers(struct burn *burn)
{
	for (size_t i = 0; i < burn->count; i++)
		worker_end(&burn->workers[i]);
}

static void run(struct active_run *run)
{
	struct burn burn = { .run = run };
	const char *const *gpus;
	const char *why = NULL;

	burn.count = gpus_to_load(run, &gpus);
	if (burn.count == 0) {
		active_fails(run, "each GPU is in use or did not answer in the tests before");
		return;
	}
	active_shows(run, -1, "counting errors before the load");
	if (!burn_look(run, &burn.before))
		return;
	make(&burn, gpus);
	if (run->heat)
		heat_listen(run->heat, hear_sample, &burn);
	active_shows(run, -1, "making %zu GPUs ready", burn.count);
	burn.pace = burn_pace_of(0, 1);
	if (make_ready(&burn) &&
	    burn_traffic_open(&burn.traffic, run, burn.workers, burn.gpus, burn.count) &&
	    (burn.traffic.is_on || make_ready(&burn)))
		hold(&burn);
	end_workers(&burn);
	if (run->heat)
		heat_listen(run->heat, NULL, NULL);
	if (left(&burn) == 0 && run->end == ACTIVE_DONE)
		why = "no GPU was left";
	active_shows(run, -1, "counting errors after the load");
	if (!burn_look(run, &burn.after))
		why = run->reason ? run->reason : "given up";
	burn_say(run, &burn.pace, burn.gpus, burn.count);
	burn_say_traffic(run, &burn.traffic, burn.gpus, burn.count);
	for (size_t i = 0; i < burn.count; i++)
		burn_say_errors(run, gpus[i], &burn.before, &burn.after,
				run->end == ACTIVE_DONE ? NULL : why);
	if (left(&burn) == 0)
		active_fails(run, "no GPU was left: %s", burn.gpus[0].why);
}

static const char *const judged_by[] = {
	"burn-errors",     "burn-throttling", "burn-temperature-slope", "burn-steadiness",
	"burn-efficiency", "burn-collective", "burn-duration",          NULL,
};

const struct active_test active_burn = {
	.name = "burn",
	.group = "burn",
	.title = "all GPUs at full load, with steps of power, as long as there is time",
	.profiles = 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
