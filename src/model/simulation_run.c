#include "model/simulation_run.h"

#include <assert.h>
#include <math.h>

enum phase {
	PHASE_COMPUTING,
	PHASE_WRITING,
	PHASE_UNNOTICED, /* the job stands and nobody knows */
	PHASE_DRAINING,
	PHASE_WAITING,
	PHASE_STARTING,
	PHASE_COUNT,
};

enum timer {
	TIMER_PHASE,
	TIMER_FAILURE,
	TIMER_REPAIR,
	TIMER_SLOW,
	TIMER_SLOW_FOUND,
	TIMER_CORRUPTION,
	TIMER_CORRUPTION_FOUND,
	TIMER_COUNT,
};

enum stream {
	STREAM_FAILURE,
	STREAM_CAUSE,
	STREAM_SLOW,
	STREAM_CORRUPTION,
	STREAM_REPAIR,
	STREAM_COUNT,
};

struct job {
	const struct simulation_inputs *inputs;
	struct simulation_run *run;
	struct repairs *repairs;
	double now;
	double at[TIMER_COUNT]; /* INFINITY: not set */
	enum phase phase;
	double remaining_h; /* of computing until the next checkpoint */
	double pending_h;   /* work since the last checkpoint */
	double secured_h;   /* work behind a checkpoint that nothing throws away */
	double tainted_h;   /* work behind a checkpoint that holds a corruption */
	bool corrupt;
	bool leaving;    /* after this checkpoint slow nodes leave */
	bool slow_known; /* slow nodes were found and are still in the job */
	uint32_t slow, broken /* and still in the job */, missing, spares;
	double failure_h, slow_h, corruption_h; /* mean times; INFINITY: never */
	struct chance streams[STREAM_COUNT];
};

static double mean_time(double rate, uint32_t nodes)
{
	return rate > 0 ? 1 / (rate * nodes) : (double)INFINITY;
}

static double next_time(struct job *job, enum stream stream, double mean_h)
{
	return isinf(mean_h) ? mean_h : job->now + chance_time(&job->streams[stream], mean_h);
}

/* Spends the time until the next event on what the job does. */
static void spend(struct job *job, double until)
{
	static const enum loss losses[PHASE_COUNT] = {
		[PHASE_COMPUTING] = LOSS_COUNT,     [PHASE_WRITING] = LOSS_WRITING,
		[PHASE_UNNOTICED] = LOSS_DETECTION, [PHASE_DRAINING] = LOSS_DRAIN,
		[PHASE_WAITING] = LOSS_WAITING,     [PHASE_STARTING] = LOSS_RESTART,
	};
	double hours = until - job->now;
	double *lost = job->run->lost;

	job->now = until;
	if (job->phase != PHASE_COMPUTING) {
		lost[losses[job->phase]] += hours;
		return;
	}
	if (job->missing > 0) {
		double away = hours * job->missing / job->inputs->nodes;

		lost[LOSS_MISSING] += away;
		hours -= away;
	}
	if (job->slow > 0) {
		double slow = hours * job->inputs->slow_share;

		lost[LOSS_SLOW] += slow;
		hours -= slow;
	}
	job->pending_h += hours;
}

static void begin(struct job *job, enum phase phase, double hours)
{
	job->phase = phase;
	job->at[TIMER_PHASE] = job->now + hours;
}

static void compute(struct job *job)
{
	job->leaving = job->slow_known;
	if (job->leaving)
		begin(job, PHASE_WRITING, job->inputs->write_h);
	else
		begin(job, PHASE_COMPUTING, job->remaining_h);
}

static void start(struct job *job)
{
	begin(job, PHASE_STARTING, job->inputs->restart_h);
}

static void count_out(struct job *job)
{
	uint32_t out = job->broken + job->repairs->count + job->repairs->queued;

	if (out > job->run->peak)
		job->run->peak = out;
}

/* Broken nodes leave, spares come. */
static void replace(struct job *job)
{
	uint32_t filled;

	repairs_add(job->repairs, job->now, job->broken);
	job->at[TIMER_REPAIR] = repairs_next(job->repairs);
	job->missing += job->broken;
	job->broken = 0;
	filled = job->spares < job->missing ? job->spares : job->missing;
	job->spares -= filled;
	job->missing -= filled;
	if (job->missing == 0 || job->inputs->recovery == RECOVERY_TOLERANT) {
		start(job);
		return;
	}
	job->run->waited = true;
	begin(job, PHASE_WAITING, (double)INFINITY);
}

/* The job goes back to its last checkpoint. */
static void roll_back(struct job *job, enum loss loss)
{
	job->run->lost[loss] += job->pending_h;
	job->pending_h = 0;
	job->remaining_h = job->inputs->interval_h;
	job->leaving = false;
}

/* What is left of the interval when a job is interrupted that loses nothing. */
static void interrupt(struct job *job)
{
	if (job->phase == PHASE_COMPUTING)
		job->remaining_h = job->at[TIMER_PHASE] - job->now;
	else if (job->phase == PHASE_WRITING)
		job->remaining_h = 0;
}

static void leave(struct job *job)
{
	job->broken += job->slow;
	job->slow = 0;
	job->slow_known = false;
	job->leaving = false;
	count_out(job);
	begin(job, PHASE_DRAINING, job->inputs->drain_h);
}

static void written(struct job *job)
{
	if (job->corrupt)
		job->tainted_h += job->pending_h;
	else
		job->secured_h += job->pending_h;
	job->pending_h = 0;
	job->remaining_h = job->inputs->interval_h;
	if (job->leaving)
		leave(job);
	else
		compute(job);
}

static void end_phase(struct job *job)
{
	switch (job->phase) {
	case PHASE_COMPUTING:
		if (job->inputs->write_h > 0)
			begin(job, PHASE_WRITING, job->inputs->write_h);
		else
			written(job);
		break;
	case PHASE_WRITING:
		written(job);
		break;
	case PHASE_UNNOTICED:
		if (job->broken > 0)
			begin(job, PHASE_DRAINING, job->inputs->drain_h);
		else
			start(job);
		break;
	case PHASE_DRAINING:
		replace(job);
		break;
	case PHASE_STARTING:
		compute(job);
		break;
	case PHASE_WAITING:
	case PHASE_COUNT:
		assert(false); /* these do not end by themselves */
	}
}

static unsigned draw_cause(struct job *job)
{
	unsigned last = job->inputs->cause_count - 1;
	unsigned cause = 0;

	if (last == 0)
		return 0;

	double left = chance_share(&job->streams[STREAM_CAUSE]);
	while (cause < last && left >= job->inputs->causes[cause].share)
		left -= job->inputs->causes[cause++].share;
	return cause;
}

/* As many of the job's nodes as are still whole. */
static uint32_t whole(const struct job *job, uint32_t nodes)
{
	uint32_t left = job->inputs->nodes - job->broken - job->missing - job->slow;

	return nodes < left ? nodes : left;
}

static void node_fails(struct job *job)
{
	unsigned cause = draw_cause(job);

	job->at[TIMER_FAILURE] = next_time(job, STREAM_FAILURE, job->failure_h);
	job->run->by_cause[cause]++;
	job->broken += whole(job, job->inputs->causes[cause].nodes);
	count_out(job);
	if (job->phase == PHASE_WAITING) {
		replace(job);
		return;
	}
	if (job->inputs->recovery == RECOVERY_TOLERANT)
		interrupt(job);
	else
		roll_back(job, LOSS_REWORK);
	begin(job, PHASE_UNNOTICED, job->inputs->detect_h);
}

static void repair_ends(struct job *job)
{
	repairs_end(job->repairs, job->now);
	job->at[TIMER_REPAIR] = repairs_next(job->repairs);
	if (job->missing == 0) {
		job->spares += job->inputs->recovery != RECOVERY_COLD;
		return;
	}
	job->missing--;
	if (job->missing == 0 && job->phase == PHASE_WAITING)
		start(job);
}

static void node_slows(struct job *job)
{
	job->at[TIMER_SLOW] = next_time(job, STREAM_SLOW, job->slow_h);
	job->slow += whole(job, 1);
	if (job->slow > 0 && isinf(job->at[TIMER_SLOW_FOUND]))
		job->at[TIMER_SLOW_FOUND] = job->now + job->inputs->slow_find_h;
}

static void slow_found(struct job *job)
{
	job->at[TIMER_SLOW_FOUND] = (double)INFINITY;
	job->slow_known = job->slow > 0;
	if (!job->slow_known)
		return;
	if (job->phase == PHASE_WRITING) {
		job->leaving = true;
	} else if (job->phase == PHASE_COMPUTING) {
		interrupt(job);
		if (job->inputs->recovery == RECOVERY_TOLERANT)
			leave(job);
		else
			compute(job);
	}
}

static void corrupts(struct job *job)
{
	job->at[TIMER_CORRUPTION] = next_time(job, STREAM_CORRUPTION, job->corruption_h);
	if (job->corrupt || job->phase != PHASE_COMPUTING)
		return;
	job->corrupt = true;
	job->at[TIMER_CORRUPTION_FOUND] = job->now + job->inputs->corruption_find_h;
}

static void corruption_found(struct job *job)
{
	job->at[TIMER_CORRUPTION_FOUND] = (double)INFINITY;
	job->corrupt = false;
	job->run->lost[LOSS_CORRUPTION] += job->tainted_h;
	job->tainted_h = 0;
	roll_back(job, LOSS_CORRUPTION);
	job->broken += whole(job, 1);
	count_out(job);
	if (job->phase == PHASE_WAITING)
		replace(job);
	else if (job->phase != PHASE_UNNOTICED && job->phase != PHASE_DRAINING)
		begin(job, PHASE_DRAINING, job->inputs->drain_h);
}

static enum timer earliest(const struct job *job)
{
	enum timer first = TIMER_PHASE;

	for (enum timer timer = TIMER_FAILURE; timer < TIMER_COUNT; timer++)
		first = job->at[timer] < job->at[first] ? timer : first;
	return first;
}

static void happen(struct job *job, enum timer timer)
{
	static void (*const happens[TIMER_COUNT])(struct job *) = {
		[TIMER_PHASE] = end_phase,
		[TIMER_FAILURE] = node_fails,
		[TIMER_REPAIR] = repair_ends,
		[TIMER_SLOW] = node_slows,
		[TIMER_SLOW_FOUND] = slow_found,
		[TIMER_CORRUPTION] = corrupts,
		[TIMER_CORRUPTION_FOUND] = corruption_found,
	};

	job->run->events++;
	happens[timer](job);
}

static void set_up(struct job *job, uint64_t key)
{
	const struct simulation_inputs *inputs = job->inputs;

	for (unsigned i = 0; i < STREAM_COUNT; i++)
		job->streams[i].key = random_join(key, i);
	repairs_start(job->repairs, inputs->crews, inputs->repair_h,
		      job->streams[STREAM_REPAIR].key);
	job->spares = inputs->recovery == RECOVERY_COLD ? 0 : inputs->spares;
	job->remaining_h = inputs->interval_h;
	job->failure_h = mean_time(inputs->failure_rate, inputs->nodes);
	job->slow_h = mean_time(inputs->slow_rate, inputs->nodes);
	job->corruption_h = mean_time(inputs->corruption_rate, inputs->nodes);
	for (unsigned i = 0; i < TIMER_COUNT; i++)
		job->at[i] = (double)INFINITY;
	job->at[TIMER_FAILURE] = next_time(job, STREAM_FAILURE, job->failure_h);
	job->at[TIMER_SLOW] = next_time(job, STREAM_SLOW, job->slow_h);
	job->at[TIMER_CORRUPTION] = next_time(job, STREAM_CORRUPTION, job->corruption_h);
	compute(job);
}

void simulation_run(const struct simulation_inputs *inputs, uint64_t key, struct repairs *repairs,
		    struct simulation_run *ret_run)
{
	struct job job = { .inputs = inputs, .run = ret_run, .repairs = repairs };

	*ret_run = (struct simulation_run){ 0 };
	set_up(&job, key);
	for (;;) {
		enum timer timer = earliest(&job);

		if (job.at[timer] >= inputs->horizon_h)
			break;
		spend(&job, job.at[timer]);
		happen(&job, timer);
	}
	spend(&job, inputs->horizon_h);
	/* Work since a corruption that is not found yet is lost all the same. */
	if (job.corrupt)
		ret_run->lost[LOSS_CORRUPTION] += job.tainted_h + job.pending_h;
	else
		job.secured_h += job.pending_h;
	ret_run->useful = job.secured_h;
}
