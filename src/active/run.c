#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "active/active.h"
#include "host/system.h"

enum {
	GRACE_TIMES = 3, /* a test may take so many times what it is expected to */
};

#define GRACE_NS 10000000000ll

/* What judging and writing take at the end: a twentieth of the limit of all, a second at most. */
enum {
	CLOSING_PART = 20,
};
#define CLOSING_NS 1000000000ll

const char *const active_end_names[] = {
	[ACTIVE_DONE] = "done",       [ACTIVE_NOT_RUN] = "not-run", [ACTIVE_CUT] = "cut",
	[ACTIVE_STOPPED] = "stopped", [ACTIVE_TOO_HOT] = "too-hot", [ACTIVE_FAILED] = "failed",
};
static_assert(sizeof(active_end_names) / sizeof(active_end_names[0]) == ACTIVE_END_COUNT,
	      "a name for each end");

static void end_run(struct active_run *run, enum active_end end, const char *reason)
{
	if (run->end != ACTIVE_DONE)
		return;
	run->end = end;
	run->reason = reason;
}

int64_t active_left_ns(const struct active_run *run)
{
	int64_t left_ns = run->deadline_ns - host_boot_ns(run->request->here);

	return left_ns > 0 ? left_ns : 0;
}

static void show(const struct active_run *run)
{
	const struct active_request *request = run->request;
	int64_t left_ns = run->all_deadline_ns - host_boot_ns(request->here);

	if (request->show)
		request->show(request->context, run->step->test->name, run->what, run->share,
			      left_ns > 0 ? left_ns : 0);
}

bool active_goes_on(struct active_run *run)
{
	const struct active_request *request = run->request;
	const char *alarm;

	if (run->end != ACTIVE_DONE)
		return false;
	if (run->heat)
		heat_turn(run->heat);
	show(run);
	alarm = run->heat ? heat_alarm(run->heat) : NULL;
	if (request->is_stopped && request->is_stopped(request->context))
		end_run(run, ACTIVE_STOPPED, "stopped by the user");
	else if (alarm)
		end_run(run, ACTIVE_TOO_HOT, arena_format(run->arena, "%s", alarm));
	else if (active_left_ns(run) == 0)
		end_run(run, ACTIVE_CUT, "its time was over");
	return run->end == ACTIVE_DONE;
}

bool active_process_goes_on(void *run)
{
	return active_goes_on(run);
}

void active_shows(struct active_run *run, double share, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(run->what, sizeof(run->what), format, arguments);
	va_end(arguments);
	run->share = share;
	show(run);
}

void active_fails(struct active_run *run, const char *format, ...)
{
	char text[480];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	end_run(run, ACTIVE_FAILED, arena_format(run->arena, "%s", text));
}

int64_t active_step_limit_ns(const struct active_step *step, int64_t left_ns)
{
	int64_t graced_ns = step->needed_ns * GRACE_TIMES + GRACE_NS;
	int64_t unclaimed_ns = left_ns - step->behind_ns;

	if (left_ns <= 0)
		return 0;
	if (unclaimed_ns < step->needed_ns)
		return (int64_t)((double)left_ns * (double)step->needed_ns /
				 (double)(step->needed_ns + step->behind_ns));
	return step->is_elastic || graced_ns > unclaimed_ns ? unclaimed_ns : graced_ns;
}

static void begin(struct active_run *run, int64_t all_started_ns)
{
	const struct active_request *request = run->request;
	const struct active_step *step = run->step;
	int64_t closing_ns = request->limit_ns / CLOSING_PART;

	if (closing_ns > CLOSING_NS)
		closing_ns = CLOSING_NS;
	run->started_ns = host_boot_ns(request->here);
	run->all_deadline_ns = all_started_ns + request->limit_ns - closing_ns;
	run->deadline_ns = run->started_ns +
			   active_step_limit_ns(step, run->all_deadline_ns - run->started_ns);
	if (step->cannot)
		end_run(run, ACTIVE_NOT_RUN, step->cannot);
	else if (request->consent < step->consent)
		end_run(run, ACTIVE_NOT_RUN,
			arena_format(run->arena, "it needs the consent '%s'",
				     consent_names[step->consent]));
	else
		(void)active_goes_on(run);
}

/* A test that found nothing to measure did not do what it is for, whatever its end: "done" beside
 * nothing but unknowns would hide why. */
static void tell_nothing_measured(struct active_run *run, size_t first)
{
	const struct record *items = run->sightings->items, *unknown = NULL;

	for (size_t i = first; i < run->sightings->count; i++) {
		if (items[i].says == SAYS_VALUE)
			return;
		if (items[i].says == SAYS_UNKNOWN && !unknown)
			unknown = &items[i];
	}
	if (unknown)
		active_fails(run, "nothing was measured: %s", unknown->text);
}

enum active_end active_run_step(const struct active_request *request,
				const struct active_step *step, int64_t all_started_ns,
				struct heat *heat, struct sightings *sightings, struct arena *arena)
{
	struct active_run run = {
		.request = request,
		.step = step,
		.sightings = sightings,
		.arena = arena,
		.heat = heat,
		.share = -1,
	};
	const char *device = arena_format(arena, "test:%s", step->test->name);
	size_t first;

	(void)snprintf(run.what, sizeof(run.what), "%s", step->test->title);
	begin(&run, all_started_ns);
	first = sightings->count;
	if (run.end == ACTIVE_DONE)
		step->test->run(&run);
	if (run.end == ACTIVE_DONE)
		tell_nothing_measured(&run, first);
	if (run.heat)
		heat_listen(run.heat, NULL, NULL);
	sightings_again(sightings, request->host);
	heat_tell(heat, sightings);
	(void)saw_value(sightings, NODE_TEST_DURATION, device,
			(double)(host_boot_ns(request->here) - run.started_ns) / 1e9);
	if (run.reason)
		(void)saw_text(sightings, NODE_TEST_REASON, device, span_of(run.reason));
	(void)saw_state(sightings, NODE_TEST_RUN, device, active_end_names[run.end]);
	return run.end;
}
