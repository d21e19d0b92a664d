#include "active/storage_crowd.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/raw.h"
#include "host/system.h"

/* A call that takes longer hangs; a lock may be waited for so long. */
#define CALL_NS 60000000000ll
#define STEP_NS 1000000ll
/* Until all processes are there. */
#define GATHER_NS 3000000ll

void crowd_await(const struct crowd_task *task)
{
	while (host_boot_ns(task->here) < task->start_ns)
		raw_pause_ns(STEP_NS);
}

void crowd_says_time(struct worker_port *port, double seconds)
{
	worker_answers(port, "time %.9f", seconds);
}

void crowd_says_error(struct worker_port *port, const char *what, int number)
{
	worker_answers(port, "error %s: %s", what, strerror(number));
}

void crowd_says_sum(struct worker_port *port, const struct crowd_sum *sum)
{
	worker_answers(port, "sum %llu %llu %llu", (unsigned long long)sum->rounds,
		       (unsigned long long)sum->violations, (unsigned long long)sum->errors);
}

static bool take_sum(struct span words, struct crowd_sum *sum)
{
	uint64_t *const into[] = { &sum->rounds, &sum->violations, &sum->errors };

	for (size_t i = 0; i < sizeof(into) / sizeof(into[0]); i++) {
		struct span word = SPAN("");
		uint64_t value;

		if (!span_cut(&words, ' ', &word) || !span_to_u64(word, &value))
			return false;
		*into[i] += value;
	}
	sum->ended++;
	return true;
}

static void take_line(struct span line, struct arena *arena, struct crowd_sum *sum)
{
	struct span head = SPAN("");
	double seconds;

	(void)span_cut(&line, ' ', &head);
	if (span_is(head, "time") && span_to_double(line, &seconds))
		times_add(&sum->times, seconds);
	else if (span_is(head, "error"))
		sum->error = arena_string(arena, line);
	else if (!span_is(head, "sum") || !take_sum(line, sum))
		sum->error = arena_format(arena, "a process said '%.60s'", line.at);
}

static void take(struct active_run *run, const struct worker_result *result, struct crowd_sum *sum)
{
	for (size_t i = 0; i < result->answer_count; i++)
		take_line(result->answers[i], run->arena, sum);
	if (result->end == WORKER_STALLED)
		sum->error = arena_format(run->arena, "%s: no answer in time", result->call);
	else if (result->end != WORKER_DONE && result->end != WORKER_CANCELLED)
		sum->error = arena_format(run->arena, "%s: the process ended, signal %d",
					  result->call, result->signal);
}

bool crowd_run(struct active_run *run, worker_function *function, const struct crowd_task *task,
	       const char *request, struct crowd_sum *ret_sum)
{
	struct crowd_task tasks[CROWD_MAXIMUM];
	struct worker workers[CROWD_MAXIMUM];
	struct worker_result results[CROWD_MAXIMUM];
	const char *requests[CROWD_MAXIMUM];
	unsigned count = task->count;

	assert(count > 0 && count <= CROWD_MAXIMUM);
	*ret_sum = (struct crowd_sum){ 0 };
	times_start(&ret_sum->times, CROWD_TIMES, run->arena);
	for (unsigned i = 0; i < count; i++) {
		tasks[i] = *task;
		tasks[i].number = i;
		tasks[i].start_ns = host_boot_ns(task->here) + (int64_t)count * GATHER_NS;
		requests[i] = request;
		workers[i] = (struct worker){
			.host = task->here,
			.function = function,
			.context = &tasks[i],
			.call_limit_ns = CALL_NS,
			.name = "storage",
			.is_for_once = true,
		};
	}
	active_ask_all(run, workers, requests, results, count);
	for (unsigned i = 0; i < count; i++) {
		take(run, &results[i], ret_sum);
		worker_end(&workers[i]);
	}
	sightings_again(run->sightings, run->request->host);
	return ret_sum->ended == count;
}
