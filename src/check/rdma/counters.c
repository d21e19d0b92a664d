#include <string.h>

#include "check/tally.h"

/* Rates over a shorter window are told with it: a single error weighs much. */
static const double window_short_s = 60.0;

static const double seconds_per_hour = 3600.0;

/* Counters by the kernel's name with the rate above which they matter, as NVIDIA/NVSentinel 1.14
 * judges them; 120 symbol errors an hour are a bit error rate of 1e-12 (InfiniBand Architecture
 * Specification). A rate of zero allows none. Where one of these is 0, its value since the start
 * is judged as well. */
static const struct counter {
	const char *name;
	const char *bar, *meaning;
	double per_hour;
	enum verdict verdict;
	bool is_of_boot; /* also judged since the start of the machine */
} counters[] = {
	{ "link_downed", "none", "the link went down", 0.0, VERDICT_FAIL, false },
	{ "excessive_buffer_overrun_errors", "none", "buffers of the port overran", 0.0,
	  VERDICT_FAIL, true },
	{ "local_link_integrity_errors", "none", "the link had more errors than it may", 0.0,
	  VERDICT_FAIL, true },
	{ "rnr_nak_retry_err", "none", "the receiver was not ready until retries ran out", 0.0,
	  VERDICT_FAIL, true },
	{ "symbol_error", "120 an hour", "symbols arrived broken", 120.0, VERDICT_FAIL, false },
	{ "link_error_recovery", "5 a minute", "the link recovered from errors", 300.0,
	  VERDICT_WARN, false },
	{ "port_rcv_errors", "10 a second", "packets arrived broken", 36000.0, VERDICT_WARN,
	  false },
	{ "port_xmit_discards", "100 a second", "packets were thrown away before they were sent",
	  360000.0, VERDICT_WARN, false },
	{ "roce_slow_restart", "10 a second", "senders began slowly again after losses", 36000.0,
	  VERDICT_WARN, false },
	{ "local_ack_timeout_err", "1 a second", "answers did not come in time", 3600.0,
	  VERDICT_WARN, false },
};

enum {
	COUNTERS = sizeof(counters) / sizeof(counters[0]),
};

static const char counter_action[] =
	"clean and reseat the cable or optics at both ends; again: replace it, then the adapter";

struct state {
	struct tally tally;
	size_t judged, rates; /* counters; rates between two looks among them */
	double window_s;      /* the shortest */
	const struct record *any;
};

static const struct counter *find_counter(const char *device)
{
	const char *slash = strrchr(device, '/');

	for (size_t i = 0; slash && i < COUNTERS; i++)
		if (strcmp(counters[i].name, slash + 1) == 0)
			return &counters[i];
	return NULL;
}

/* "rdma:mlx5_0/1" of "rdma:mlx5_0/1/symbol_error". */
static const char *port_of(const char *device, struct arena *arena)
{
	const char *slash = strrchr(device, '/');

	return arena_string(arena, (struct span){ device, (size_t)(slash - device) });
}

static const char *words_of_window(const struct counter_rate *rate, struct arena *arena)
{
	if (rate->since_boot)
		return "since the start of the machine; when is not known";
	return arena_format(arena, "in %.0f s%s", rate->window_s,
			    rate->window_s < window_short_s ? ", a short window" : "");
}

static void say(struct state *state, const struct counter *counter, const struct counter_rate *rate)
{
	struct arena *arena = state->tally.found->arena;
	const char *device = rate->now->subject.parts[SUBJECT_DEVICE];
	enum verdict verdict = rate->since_boot ? VERDICT_WARN : counter->verdict;
	struct finding *finding;

	finding = findings_add(
		state->tally.found, verdict, device, "%s: %s: %s rose by %.0f %s; %s allowed",
		device_label(state->tally.machine, port_of(device, arena), arena), counter->meaning,
		counter->name, rate->rise, words_of_window(rate, arena), counter->bar);
	finding->bar = "NVIDIA/NVSentinel 1.14, rates of port counters";
	finding->action = counter_action;
	finding_rests_on(finding, rate->now);
	finding_rests_on(finding, rate->before);
}

static void judge_one(struct state *state, const struct record *one)
{
	const char *device = one->subject.parts[SUBJECT_DEVICE];
	const struct counter *counter = device ? find_counter(device) : NULL;
	struct counter_rate rate;

	if (one->says != SAYS_VALUE) {
		/* Of the many counters only those above are missed; of a port that refuses, all. */
		if (counter || !device || strchr(device, '/') == strrchr(device, '/'))
			(void)tally_need(&state->tally, NODE_RDMA_COUNTER, device);
		return;
	}
	if (!counter)
		return;
	if (!machine_rate(state->tally.machine, NODE_RDMA_COUNTER, device, &rate)) {
		/* Without the uptime what must be zero is still more than zero. */
		rate = (struct counter_rate){ .rise = one->value, .since_boot = true, .now = one };
	}
	if (rate.since_boot && !counter->is_of_boot)
		return;
	state->judged++;
	state->any = one;
	if (!rate.since_boot && (state->rates == 0 || rate.window_s < state->window_s))
		state->window_s = rate.window_s;
	state->rates += !rate.since_boot;
	if (rate.rise > 0.5 &&
	    (rate.since_boot || rate.rise * seconds_per_hour > counter->per_hour * rate.window_s))
		say(state, counter, &rate);
	else
		tally_well(&state->tally, one);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct state state = { .judged = 0 };
	const struct record *one;
	size_t at = 0;

	tally_start(&state.tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_RDMA_COUNTER, &at)))
		judge_one(&state, one);
	if (!tally_is_clean(&state.tally))
		return;
	if (state.rates > 0) {
		tally_pass(&state.tally, "%zu counters of ports: none above its bar in %.0f s%s",
			   state.judged, state.window_s,
			   state.window_s < window_short_s ? "; the window is short" : "");
		return;
	}
	/* Rates need two looks: what was seen once is no sign of health. */
	finding_rests_on(
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "%zu counters that must be zero are zero since the start of the "
			     "machine; the rates of the others need a second look",
			     state.judged),
		state.any)
		->action = "look twice: assay check --interval 60";
}

CHECK(rdma_counters) = {
	.title = "Error counters of RDMA ports stand still",
	.since = "0.1",
	.needs = "node.rdma.counter",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_RDMA,
	.judge = judge,
};
