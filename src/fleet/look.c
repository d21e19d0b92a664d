#include "fleet/parts.h"

#include <stdlib.h>
#include <string.h>

#include "host/system.h"

enum {
	PATIENCE_MS = 100,
	WORKER_CALLS_LIMIT = 10, /* a worker may take so many times the limit of one call */
	SIGHT_CALLS_LIMIT = 5,   /* and a probe that asks mounts and drives so many */
	LEFT_OUT_S = 600,        /* a probe that hung rests for so long */
};

/* The descriptor of one that was asked, in the loop. */
struct news {
	uv_poll_t poll;
	struct agent *agent;
};

static void receive(struct agent *agent);
static void look(struct agent *agent, size_t first);
static void finish(struct agent *agent);

static void on_news_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_news(uv_poll_t *poll, int status, int events)
{
	const struct news *news = poll->data;

	(void)status;
	(void)events;
	receive(news->agent);
}

static void on_patience(uv_timer_t *timer)
{
	receive(timer->data);
}

static void watch(struct agent *agent, struct asked *asked, int descriptor)
{
	struct news *news;

	if (descriptor < 0)
		return;
	news = calloc(1, sizeof(*news));
	if (!news)
		memory_exhausted(sizeof(*news));
	news->agent = agent;
	news->poll.data = news;
	if (uv_poll_init(&agent->loop, &news->poll, descriptor) != 0) {
		free(news); /* on_patience is enough, only slower */
		return;
	}
	(void)uv_poll_start(&news->poll, UV_READABLE, on_news);
	asked->news = news;
}

static void unwatch(struct asked *asked)
{
	if (asked->news)
		uv_close((uv_handle_t *)&asked->news->poll, on_news_closed);
	asked->news = NULL;
}

/* ---- asking ---- */

/* Hands the request over; on failure the answer is that there is none. */
static void hand_over(struct agent *agent, struct asked *asked, const char *request)
{
	struct error err = { 0 };
	int descriptor = -1;

	asked->is_asked = worker_send(&asked->worker, request, &descriptor, &err);
	if (asked->is_asked) {
		watch(agent, asked, descriptor);
		return;
	}
	agent_say(agent, 3, "%s", err.text);
	asked->result = (struct worker_result){ .end = WORKER_DIED };
}

/* Asks what the vendor's library of this machine has to say, if there is one. */
static void ask_worker(struct agent *agent, enum probe_worker which)
{
	struct asked *asked = &agent->asked[which];
	struct worker made = { 0 }, none = { 0 };
	struct probe_request counters = agent->probe;
	const char *request;

	if (asked->is_tired && !agent->look_is_full) {
		/* It is not asked again at each pace: a driver that hangs keeps each child. */
		asked->result.answers = NULL;
		asked->result.answer_count = 0;
		agent->probe.answers[which] = &asked->result;
		return;
	}
	/* Whether there is such a GPU is seen by a full look: it is hundreds of files. */
	if (!agent->look_is_full) {
		if (asked->counters) {
			agent->probe.answers[which] = &asked->result;
			hand_over(agent, asked, asked->counters);
		}
		return;
	}
	counters.shares = PROBE_COUNTERS;
	asked->counters = probe_worker_make(which, &counters, &agent->asking, &none);
	request = probe_worker_make(which, &agent->probe, &agent->asking, &made);
	if (!request)
		return;
	asked->is_tired = false;
	if (asked->worker.shared)
		worker_take_over(&made, &asked->worker);
	asked->worker = made;
	agent->probe.answers[which] = &asked->result;
	hand_over(agent, asked, request);
}

static bool is_waiting(const struct agent *agent)
{
	for (unsigned i = 0; i < ASKED_COUNT; i++)
		if (agent->asked[i].is_asked)
			return true;
	return false;
}

void agent_look_now(struct agent *agent, bool full)
{
	int64_t limit_ns = agent->settings.call_limit_ns;

	if (agent->is_looking) {
		agent->full_is_wanted = agent->full_is_wanted || full;
		return;
	}
	agent->is_looking = true;
	agent->look_is_full = full;
	agent->look_began_ns = uv_hrtime();
	agent->probe = (struct probe_request){
		.host = agent->request->host,
		.shares = full ? PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS : PROBE_COUNTERS,
		.call_limit_ns = limit_ns,
		.total_limit_ns = limit_ns * WORKER_CALLS_LIMIT,
		.trust_user_space = agent->settings.trust_user_space,
	};
	if (full)
		arena_clear(&agent->asking);
	ask_worker(agent, PROBE_WORKER_NVML);
	ask_worker(agent, PROBE_WORKER_AMD_SMI);
	(void)uv_timer_start(&agent->patience, on_patience, PATIENCE_MS, PATIENCE_MS);
	if (!is_waiting(agent))
		look(agent, 0);
}

/* ---- looking ---- */

static void begin_look(struct agent *agent, struct agent_look *one, unsigned number)
{
	struct subject subject = agent->settings.subject;

	arena_clear(&one->arena);
	/* A reload ends what the settings point to; a look stays. */
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++)
		if (subject.parts[i])
			subject.parts[i] = arena_string(&one->arena, span_of(subject.parts[i]));
	sightings_start(&one->sightings, &subject, agent->request->host, &one->arena);
	/* Each look has its own ids. */
	one->sightings.run = arena_format(&one->arena, "%s-%u", one->sightings.run, number);
}

/* The last full look found nothing that the vendor's probe could count. */
static bool is_without(const struct agent *agent, const struct probe *probe)
{
	if (agent->look_is_full)
		return false;
	return (probe == &probe_nvidia && !agent->asked[PROBE_WORKER_NVML].counters) ||
	       (probe == &probe_amd && !agent->asked[PROBE_WORKER_AMD_SMI].counters);
}

static uint64_t find_left_out(const struct agent *agent)
{
	int64_t now = host_unix_time(agent->request->host);
	uint64_t mask = 0;

	for (size_t i = 0; i < probe_count && i < AGENT_PROBES_MAXIMUM; i++)
		if (agent->left_out_until[i] > now || is_without(agent, probes[i]))
			mask |= 1ull << i;
	return mask;
}

/* Looks with the probes from `first` on, in a child that has all the agent knows. */
static void look(struct agent *agent, size_t first)
{
	struct asked *asked = &agent->asked[ASKED_LOOK];
	struct worker made = { 0 };

	if (first == 0) {
		begin_look(agent, &agent->fresh, agent->look_is_full ? 0 : 1);
		agent->probe.before = &agent->looks[agent->newest].sightings;
		/* Mounts and drives are asked by the child; together they have their limit. */
		agent->probe.total_limit_ns = agent->probe.call_limit_ns * SIGHT_CALLS_LIMIT;
	}
	agent->order = (struct sight_order){
		.request = &agent->probe,
		.sightings = &agent->fresh.sightings,
		.first = first,
		.left_out = find_left_out(agent),
	};
	sight_worker(&agent->order, &made);
	if (asked->worker.shared)
		worker_take_over(&made, &asked->worker);
	asked->worker = made;
	hand_over(agent, asked, "look");
	if (!asked->is_asked)
		finish(agent);
}

/* The look that has ended takes its place; the one of counters before is kept. */
static void take_look(struct agent *agent)
{
	enum look_kind kind = agent->look_is_full ? LOOK_FULL : LOOK_COUNTERS;
	struct agent_look old = agent->looks[kind];

	if (kind == LOOK_COUNTERS) {
		old = agent->looks[LOOK_BEFORE];
		agent->looks[LOOK_BEFORE] = agent->looks[LOOK_COUNTERS];
	}
	agent->looks[kind] = agent->fresh;
	agent->fresh = old;
	agent->newest = kind;
	agent->counts.last_counters = agent->looks[kind].sightings.time;
	if (agent->look_is_full)
		agent->counts.last_full = agent->counts.last_counters;
}

static void finish(struct agent *agent)
{
	bool again = agent->full_is_wanted;

	(void)uv_timer_stop(&agent->patience);
	take_look(agent);
	agent->counts.looks++;
	agent->counts.look_seconds = (double)(uv_hrtime() - agent->look_began_ns) / 1e9;
	arena_clear(&agent->cycle);
	agent->is_looking = agent->full_is_wanted = false;
	agent_judge(agent, false);
	if (again)
		agent_look_now(agent, true);
}

/* A probe that hung or crashed is left out for a while; those behind it look after all. */
static void go_on_behind(struct agent *agent, const struct worker_result *result)
{
	static const char *const how[] = {
		[WORKER_DONE] = "ended",
		[WORKER_STALLED] = "hangs",
		[WORKER_DIED] = "crashed",
		[WORKER_FLOODED] = "answers without end",
		[WORKER_CANCELLED] = "was given up",
	};
	size_t which = 0;

	while (which < probe_count && strcmp(probes[which]->name, result->call) != 0)
		which++;
	agent->counts.look_stalls++;
	if (which >= probe_count || which >= AGENT_PROBES_MAXIMUM) {
		agent_say(agent, 3, "the look could not begin");
		finish(agent);
		return;
	}
	agent_say(agent, 3,
		  "looking at %s %s: it is left out for %d s, and what it would tell is unknown",
		  probes[which]->title, how[result->end], LEFT_OUT_S);
	agent->left_out_until[which] = host_unix_time(agent->request->host) + LEFT_OUT_S;
	look(agent, which + 1);
}

static void take_answers(struct agent *agent)
{
	const struct worker_result *result = &agent->asked[ASKED_LOOK].result;
	size_t bad = sight_take(result, &agent->fresh.sightings);

	if (bad > 0)
		agent_say(agent, 4, "%zu sightings came back in no form", bad);
	if (result->end == WORKER_DONE)
		finish(agent);
	else
		go_on_behind(agent, result);
}

static void receive_one(struct agent *agent, struct asked *asked)
{
	struct error err = { 0 };
	bool finished = false;

	if (!worker_receive(&asked->worker, &agent->cycle, &finished, &asked->result, &err)) {
		agent_say(agent, 3, "%s", err.text);
		asked->result = (struct worker_result){ .end = WORKER_DIED };
		finished = true;
	}
	if (!finished)
		return;
	asked->is_asked = false;
	unwatch(asked);
	if (asked != &agent->asked[ASKED_LOOK]) {
		asked->is_tired = asked->result.end == WORKER_STALLED;
		agent->counts.stalls += asked->is_tired;
	}
}

/* Takes what those who were asked have said, and goes on when all have ended. */
static void receive(struct agent *agent)
{
	bool was_look = agent->asked[ASKED_LOOK].is_asked;

	for (unsigned i = 0; i < ASKED_COUNT; i++)
		if (agent->asked[i].is_asked)
			receive_one(agent, &agent->asked[i]);
	if (!agent->is_looking || is_waiting(agent))
		return;
	if (was_look)
		take_answers(agent);
	else
		look(agent, 0);
}

void agent_look_at_log(struct agent *agent)
{
	struct probe_request request = {
		.host = agent->request->host,
		.shares = PROBE_QUICK | PROBE_FULL,
		.trust_user_space = agent->settings.trust_user_space,
	};
	struct agent_look *one = &agent->looks[LOOK_LOG];

	begin_look(agent, one, LOOK_LOG);
	probe_kernel_log.look(&request, &one->sightings);
	agent->counts.log_looks++;
	agent_judge(agent, true);
}

void agent_end_workers(struct agent *agent)
{
	for (unsigned i = 0; i < ASKED_COUNT; i++) {
		unwatch(&agent->asked[i]);
		if (agent->asked[i].worker.shared)
			worker_end(&agent->asked[i].worker);
	}
}
