#include "active/locate_batch.h"

#include "host/system.h"
#include "host/worker.h"

#define NS_PER_S 1000000000ll

/* Until the first one listens; of launchers that take longer the other side comes again. */
#define SETTLE_NS (NS_PER_S / 5)

/* Between two tries of a partner that does not listen: so often at least, and for so long, as
 * launchers of two hosts do not take the same time. */
#define PAUSE_NS (NS_PER_S / 2)
#define PATIENCE_NS (20 * NS_PER_S)

/* srun has to tell the other end first. */
#define ENDING_NS (5 * NS_PER_S)

enum {
	TRIES = 8,
	SAID_MAXIMUM = 1 << 20,
};

struct batch {
	const struct locate_plan *plan;
	const struct locate_errand *errands;
	struct locate_answer *answers;
	struct process **servers, **clients; /* NULL where none runs */
	size_t count;
	int64_t deadline_ns;
	struct arena *arena;
	bool is_over; /* who still waits, waits in vain */
};

static bool goes_on(void *context)
{
	const struct batch *batch = context;
	const struct locate_plan *plan = batch->plan;

	return !batch->is_over && !(plan->is_stopped && plan->is_stopped(plan->context)) &&
	       host_boot_ns(plan->here) < batch->deadline_ns;
}

static void start(struct batch *batch, size_t which, const char *const *words,
		  struct process **ret_process)
{
	const struct process_limits limits = {
		.limit_ns = locate_program_limit_ns(batch->plan),
		.maximum = SAID_MAXIMUM,
		.goes_on = goes_on,
		.context = batch,
		.environment = batch->plan->environment,
		.ending_ns = ENDING_NS,
	};
	struct locate_answer *answer = &batch->answers[which];
	struct error err = { 0 };

	*ret_process = NULL;
	if (!goes_on(batch)) {
		answer->outcome = LOCATE_STOPPED;
		answer->why = "ended before its turn";
	} else if (!host_start(batch->plan->here, words, limits, ret_process, &err)) {
		answer->outcome = LOCATE_UNABLE;
		answer->why = arena_string(batch->arena, span_of(err.text));
	}
}

/* All at the same time, since each may take a while. */
static void ask_to_end(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->clients[i])
			host_ask_to_end(batch->clients[i]);
		if (batch->servers[i])
			host_ask_to_end(batch->servers[i]);
	}
}

static void await_client(struct batch *batch, size_t which)
{
	struct locate_answer *answer = &batch->answers[which];
	struct process_result said;

	host_await(batch->clients[which], batch->arena, &said);
	batch->clients[which] = NULL;
	locate_read(batch->plan, &batch->errands[which], &said, batch->arena, answer);
}

/* Those who have no partner yet come again while it may only be late. */
static bool try_again(struct batch *batch)
{
	bool is_any = false;

	for (size_t i = 0; i < batch->count; i++) {
		if (batch->answers[i].outcome != LOCATE_AWAY || !batch->servers[i] ||
		    !host_is_running(batch->servers[i]))
			continue;
		start(batch, i, locate_client_words(batch->plan, &batch->errands[i], batch->arena),
		      &batch->clients[i]);
		is_any = true;
	}
	return is_any;
}

/* True when somebody has to come again. */
static bool await_clients(struct batch *batch)
{
	bool is_any = false;

	for (size_t i = 0; i < batch->count; i++) {
		if (!batch->is_over && !goes_on(batch)) {
			batch->is_over = true;
			ask_to_end(batch);
		}
		if (batch->clients[i])
			await_client(batch, i);
		is_any = is_any || batch->answers[i].outcome == LOCATE_AWAY;
	}
	return is_any;
}

/* A partner that never listened is at fault itself, and not the network. */
static void end_server(struct batch *batch, size_t which)
{
	struct locate_answer *answer = &batch->answers[which];
	struct process_result said;
	const char *complaint;

	host_await(batch->servers[which], batch->arena, &said);
	batch->servers[which] = NULL;
	if (answer->outcome != LOCATE_AWAY)
		return;
	complaint = locate_server_complaint(batch->plan, &said, batch->arena);
	if (!complaint)
		return;
	answer->outcome = LOCATE_UNABLE;
	answer->is_server_unable = true;
	answer->why = complaint;
}

void locate_batch(const struct locate_plan *plan, const struct locate_errand *errands, size_t count,
		  int64_t deadline_ns, struct arena *arena, struct locate_answer *ret_answers)
{
	struct batch batch = {
		.plan = plan,
		.errands = errands,
		.answers = ret_answers,
		.servers = ARENA_ARRAY(arena, struct process *, count + 1),
		.clients = ARENA_ARRAY(arena, struct process *, count + 1),
		.count = count,
		.deadline_ns = deadline_ns,
		.arena = arena,
	};
	int64_t begun_ns;

	for (size_t i = 0; i < count; i++) {
		ret_answers[i] = (struct locate_answer){ .outcome = LOCATE_AWAY, .why = "" };
		start(&batch, i, locate_server_words(plan, &errands[i], arena), &batch.servers[i]);
		ret_answers[i].is_server_unable = ret_answers[i].outcome == LOCATE_UNABLE;
	}
	worker_wait(NULL, 0, SETTLE_NS);
	begun_ns = host_boot_ns(plan->here);
	for (unsigned i = 0;
	     (i < TRIES || host_boot_ns(plan->here) - begun_ns < PATIENCE_NS) && try_again(&batch);
	     i++) {
		if (!await_clients(&batch) || !goes_on(&batch))
			break;
		worker_wait(NULL, 0, i == 0 ? SETTLE_NS : PAUSE_NS);
	}
	batch.is_over = true;
	ask_to_end(&batch);
	for (size_t i = 0; i < count; i++)
		if (batch.servers[i])
			end_server(&batch, i);
}
