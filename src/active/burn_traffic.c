#include "active/burn_traffic.h"

#include <math.h>
#include <string.h>

#define NS_PER_S 1e9

enum {
	RANKS_LEAST = 2,
	FLOAT_BYTES = 4,
	GROWTH = 4, /* a turn has at most so many times the operations of the one before */
};

/* Large enough that bandwidth is what counts, and little of a GPU's memory; in a burn-in that is
 * only tried out, so small that it is filled at once. */
static const uint64_t buffer_bytes = 256 << 20, brief_bytes = 1 << 20;
static const int64_t brief_ns = 60000000000;

/* Of a slice, so that a product never waits for others; and of the slices that a turn may have. */
static const double working_share = 0.8, blocks_share = 0.7;

const char *burn_traffic_cannot(size_t gpus)
{
	return gpus < RANKS_LEAST ? "one GPU has nobody to talk with" : NULL;
}

static void off(struct burn_traffic *traffic, struct active_run *run, const char *gpu,
		struct span why)
{
	traffic->is_on = false;
	if (!traffic->why)
		traffic->why = arena_format(run->arena, "%s: %.*s", gpu, SPAN_ARGS(why));
}

/* Asks all ranks the same, or each what `requests` says; false when one did not answer as awaited,
 * which turns the traffic off. */
struct asking {
	struct active_run *run;
	struct worker *workers; /* of the ranks alone */
	struct burn_gpu **gpus;
	struct rank_answer *answers;
	unsigned count;
};

static bool ask(struct burn_traffic *traffic, const struct asking *asking,
		const char *const *requests, unsigned count, enum rank_said awaited)
{
	struct worker_result *results =
		ARENA_ARRAY(asking->run->arena, struct worker_result, count);

	active_ask_all(asking->run, asking->workers, requests, results, count);
	for (unsigned i = 0; i < count; i++) {
		const struct worker_result *one = &results[i];
		struct rank_answer *answer = &asking->answers[i];

		if (one->end != WORKER_DONE)
			off(traffic, asking->run, asking->gpus[i]->name, span_of(one->call));
		else if (one->answer_count == 0 ||
			 !rank_answer_read(one->answers[one->answer_count - 1], answer))
			off(traffic, asking->run, asking->gpus[i]->name, SPAN("no answer"));
		else if (answer->said != awaited)
			off(traffic, asking->run, asking->gpus[i]->name,
			    answer->said == RANK_ERROR ? answer->words : SPAN("another answer"));
	}
	return traffic->is_on && active_goes_on(asking->run);
}

static bool join(struct burn_traffic *traffic, const struct asking *asking)
{
	struct arena *arena = asking->run->arena;
	const char **requests = ARENA_ARRAY(arena, const char *, asking->count);
	uint64_t bytes = active_left_ns(asking->run) < brief_ns ? brief_bytes : buffer_bytes;

	for (unsigned i = 0; i < asking->count; i++)
		requests[i] = arena_format(arena, "rank open %s %llu -", asking->gpus[i]->name,
					   (unsigned long long)bytes);
	if (!ask(traffic, asking, requests, asking->count, RANK_OPENED))
		return false;
	for (unsigned i = 0; i < asking->count; i++)
		if (asking->answers[i].bytes < bytes)
			bytes = asking->answers[i].bytes;
	traffic->elements = bytes / FLOAT_BYTES / asking->count * asking->count;
	requests[0] = "rank id";
	if (!ask(traffic, asking, requests, 1, RANK_ID))
		return false;
	const char *id = arena_string(arena, asking->answers[0].id);

	for (unsigned i = 0; i < asking->count; i++)
		requests[i] = arena_format(arena, "rank join %s %u %u", id, asking->count, i);
	return ask(traffic, asking, requests, asking->count, RANK_JOINED);
}

bool burn_traffic_open(struct burn_traffic *traffic, struct active_run *run, struct worker *workers,
		       struct burn_gpu *gpus, size_t count)
{
	struct asking asking = {
		.run = run,
		.workers = ARENA_ARRAY(run->arena, struct worker, count),
		.gpus = ARENA_ARRAY(run->arena, struct burn_gpu *, count),
		.answers = ARENA_ARRAY(run->arena, struct rank_answer, count),
	};
	size_t *which = ARENA_ARRAY(run->arena, size_t, count);

	*traffic = (struct burn_traffic){ .is_on = true, .iterations = 1 };
	for (size_t i = 0; i < count; i++) {
		if (gpus[i].end)
			continue;
		which[asking.count] = i;
		asking.gpus[asking.count] = &gpus[i];
		asking.workers[asking.count++] = workers[i];
	}
	traffic->why = burn_traffic_cannot(asking.count);
	traffic->is_on = !traffic->why;
	traffic->ranks = asking.count;
	if (traffic->is_on)
		(void)join(traffic, &asking);
	traffic->was_on = traffic->is_on;
	for (unsigned i = 0; i < asking.count; i++) {
		workers[which[i]] = asking.workers[i];
		asking.gpus[i]->is_rank = traffic->is_on;
	}
	return active_goes_on(run);
}

void burn_traffic_start(struct burn_traffic *traffic, const struct burn_pace *pace)
{
	burn_log_start(&traffic->log, pace);
	traffic->slice_s = (double)burn_pace_slice_ns(pace) / NS_PER_S;
}

struct burn_order burn_traffic_order(struct burn_traffic *traffic, const struct burn_pace *pace,
				     int64_t now_ns, int64_t until_ns)
{
	double full_s = (double)burn_pace_full_ns(pace, now_ns, until_ns) / NS_PER_S;
	double factor = GROWTH, iterations;

	if (!traffic->is_on || traffic->slice_s <= 0)
		return (struct burn_order){ .blocks = 0 };
	if (traffic->working_s > 0) {
		factor = traffic->slice_s * working_share / traffic->working_s;
		factor = factor > GROWTH ? GROWTH : factor;
		iterations = traffic->iterations * factor;
		iterations =
			iterations < RANK_ITERATIONS_MAXIMUM ? iterations : RANK_ITERATIONS_MAXIMUM;
		traffic->iterations = iterations > 1 ? (unsigned)iterations : 1;
		traffic->working_s = 0;
	}
	return (struct burn_order){
		.blocks = (unsigned)ceil(full_s / traffic->slice_s * blocks_share),
		.iterations = traffic->iterations,
		.elements = traffic->elements,
	};
}

static void take_block(struct burn_traffic *traffic, const struct burn_line *line)
{
	double bytes = (double)traffic->elements * FLOAT_BYTES;

	if (line->seconds <= 0)
		return;
	traffic->working_s = fmax(traffic->working_s, line->working_s);
	burn_log_slice(&traffic->log, line->start_ns, line->end_ns,
		       bytes / line->seconds *
			       collective_factor(COLLECTIVE_ALL_REDUCE, traffic->ranks));
}

void burn_traffic_take(struct burn_traffic *traffic, struct active_run *run, struct burn_gpu *gpu,
		       bool is_first, const struct burn_line *line)
{
	switch (line->kind) {
	case BURN_LINE_SLICE:
	case BURN_LINE_WRONG:
	case BURN_LINE_ERROR:
		return;
	case BURN_LINE_WAITS:
	case BURN_LINE_GOES_ON:
		gpu->waits = line->kind == BURN_LINE_WAITS;
		return;
	case BURN_LINE_BLOCK:
		if (is_first)
			take_block(traffic, line);
		return;
	case BURN_LINE_COMPARED:
		gpu->compared++;
		gpu->wrong_elements += line->wrong;
		return;
	case BURN_LINE_NO_RANK:
		gpu->rank_end = "failed";
		gpu->rank_why = arena_string(run->arena, line->words);
		return;
	case BURN_LINE_IN_VAIN:
		gpu->rank_end = "waited";
		return;
	}
}

bool burn_traffic_settle(struct burn_traffic *traffic, struct active_run *run,
			 struct burn_gpu *gpus, size_t count)
{
	const struct burn_gpu *lost = NULL, *waits = NULL;

	if (!traffic->is_on)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!gpus[i].is_rank)
			continue;
		if (gpus[i].end && !gpus[i].rank_end)
			gpus[i].rank_end = gpus[i].end;
		if (gpus[i].rank_end && strcmp(gpus[i].rank_end, "waited") == 0)
			waits = &gpus[i];
		else if (gpus[i].rank_end)
			lost = &gpus[i];
	}
	if (!lost && !waits)
		return false;
	off(traffic, run, lost ? lost->name : "all ranks",
	    lost ? span_of(lost->rank_why ? lost->rank_why : lost->why)
		 : SPAN("each waited for the others in vain"));
	for (size_t i = 0; i < count; i++)
		if (gpus[i].is_rank && !gpus[i].rank_end)
			gpus[i].rank_end = "waited";
	return true;
}
