#include <stdio.h>

#include "active/active.h"
#include "host/system.h"

/* How long a request may wait before the clock, the heat and the user are heard again. */
#define TURN_NS 20000000ll

/* Takes what has come of one; false while it goes on. */
static bool receive(struct worker *worker, struct arena *arena, struct worker_result *ret_result)
{
	bool finished = false;
	struct error err;

	if (!worker_receive(worker, arena, &finished, ret_result, &err)) {
		*ret_result = (struct worker_result){ .end = WORKER_DIED };
		return true;
	}
	return finished;
}

/* A request is given what is left of the test, so at the end of it the worker may find first that
 * it was too long: that is the end of the test, and no fault of what was asked. */
static void tell_cut_from_stall(struct active_run *run, struct worker_result *result)
{
	if (result->end == WORKER_STALLED && active_left_ns(run) == 0 && !active_goes_on(run))
		result->end = WORKER_CANCELLED;
}

/* Takes what has come of all; returns how many still work. */
static size_t receive_all(struct active_run *run, const struct worker **waiting,
			  struct worker *workers, struct worker_result *results, size_t count)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		if (!waiting[i])
			continue;
		if (!receive(&workers[i], run->arena, &results[i])) {
			left++;
			continue;
		}
		waiting[i] = NULL;
		tell_cut_from_stall(run, &results[i]);
	}
	return left;
}

static void cancel_all(struct active_run *run, const struct worker **waiting,
		       struct worker *workers, struct worker_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (waiting[i])
			worker_cancel(&workers[i], run->arena, &results[i]);
}

/* Hands out the requests; returns whose answers are waited for. */
static const struct worker **send_all(struct active_run *run, struct worker *workers,
				      const char *const *requests,
				      struct worker_result *ret_results, size_t count)
{
	const struct worker **waiting = ARENA_ARRAY(run->arena, const struct worker *, count);
	int64_t left_ns = active_left_ns(run);

	for (size_t i = 0; i < count; i++) {
		struct error err = { .code = ERROR_NONE };
		int descriptor;

		ret_results[i] = (struct worker_result){ .end = WORKER_DIED };
		workers[i].total_limit_ns = left_ns > 0 ? left_ns : 1;
		if (worker_send(&workers[i], requests[i], &descriptor, &err))
			waiting[i] = &workers[i];
		else
			(void)snprintf(ret_results[i].call, WORKER_CALL_SIZE, "%.90s", err.text);
	}
	return waiting;
}

void active_ask_all(struct active_run *run, struct worker *workers, const char *const *requests,
		    struct worker_result *ret_results, size_t count)
{
	const struct worker **waiting = send_all(run, workers, requests, ret_results, count);

	while (receive_all(run, waiting, workers, ret_results, count) > 0) {
		if (!active_goes_on(run)) {
			cancel_all(run, waiting, workers, ret_results, count);
			return;
		}
		worker_wait(waiting, count, TURN_NS);
	}
}

static bool any_failed(const struct active_band *band, const struct worker **waiting,
		       const struct worker_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!waiting[i] && (results[i].end != WORKER_DONE || band->has_failed(&results[i])))
			return true;
	return false;
}

void active_ask_band(struct active_run *run, const struct active_band *band,
		     const char *const *requests, struct worker_result *ret_results)
{
	const struct host *here = run->request->here;
	size_t count = band->count;
	const struct worker **waiting = send_all(run, band->workers, requests, ret_results, count);
	int64_t until_ns = INT64_MAX;

	while (receive_all(run, waiting, band->workers, ret_results, count) > 0) {
		int64_t now_ns = host_boot_ns(here);

		if (until_ns == INT64_MAX && any_failed(band, waiting, ret_results, count))
			until_ns = now_ns + band->grace_ns;
		if (!active_goes_on(run) || now_ns >= until_ns) {
			cancel_all(run, waiting, band->workers, ret_results, count);
			return;
		}
		worker_wait(waiting, count, TURN_NS);
	}
}

bool active_ask(struct active_run *run, struct worker *worker, const char *request,
		struct worker_result *ret_result, struct error *err)
{
	active_ask_all(run, worker, &request, ret_result, 1);
	if (ret_result->end == WORKER_DIED && ret_result->signal == 0 &&
	    ret_result->answer_count == 0 && worker->process <= 0 && ret_result->call[0] != '\0')
		return fail(err, ERROR_IO, "%s", ret_result->call);
	return true;
}

bool active_process(struct active_run *run, const char *const *words, struct process_limits limits,
		    struct process_result *ret_result, struct error *err)
{
	int64_t left_ns = active_left_ns(run);

	if (limits.limit_ns <= 0 || limits.limit_ns > left_ns)
		limits.limit_ns = left_ns > 0 ? left_ns : 1;
	limits.goes_on = active_process_goes_on;
	limits.context = run;
	return host_run(run->request->here, words, limits, run->arena, ret_result, err);
}

void active_blame(struct active_run *run, const struct worker_result *result, enum measure measure,
		  const char *device)
{
	const char *call = result->call[0] ? result->call : "the start of the process";

	switch (result->end) {
	case WORKER_DONE:
		return;
	case WORKER_STALLED:
		(void)saw_unknown(run->sightings, measure, device, "%s: no answer in time", call);
		return;
	case WORKER_DIED:
		(void)saw_unknown(run->sightings, measure, device,
				  "%s: the process ended, signal %d", call, result->signal);
		return;
	case WORKER_FLOODED:
		(void)saw_unknown(run->sightings, measure, device, "%s: answers without end", call);
		return;
	case WORKER_CANCELLED:
		(void)saw_unknown(run->sightings, measure, device, "%s: %s", call,
				  run->reason ? run->reason : "given up");
		return;
	}
}
