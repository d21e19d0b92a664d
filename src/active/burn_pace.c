#include "active/burn_pace.h"

#define NS_PER_S 1000000000ll

enum {
	CYCLES = 6, /* of a short one */
	FULL_PERCENT = 80,
	HALF_PERCENT = 14,
	PULSES_LEAST = 3,
	CYCLE_SLICES = 10, /* of a short burn-in: at least so many in a cycle */
};

static const int64_t cycle_most_ns = 600 * NS_PER_S, cycle_least_ns = 2 * NS_PER_S;
static const int64_t slice_most_ns = NS_PER_S / 2;
static const int64_t cycle_shortest_ns = NS_PER_S / 100;

struct burn_pace burn_pace_of(int64_t start_ns, int64_t end_ns)
{
	struct burn_pace pace = { .start_ns = start_ns, .end_ns = end_ns };
	int64_t cycle_ns = (end_ns - start_ns) / CYCLES;

	/* Of a sensor that tells something once a second there have to be some under full load. */
	if (cycle_ns < cycle_least_ns)
		cycle_ns = end_ns - start_ns < cycle_least_ns ? end_ns - start_ns : cycle_least_ns;
	if (cycle_ns < cycle_shortest_ns)
		cycle_ns = cycle_shortest_ns;
	pace.cycle_ns = cycle_ns > cycle_most_ns ? cycle_most_ns : cycle_ns;
	pace.pulse_ns = pace.cycle_ns * HALF_PERCENT / 100 / PULSES_LEAST;
	if (pace.pulse_ns > NS_PER_S)
		pace.pulse_ns = NS_PER_S;
	return pace;
}

enum burn_phase burn_pace_at(const struct burn_pace *pace, int64_t now_ns, bool *ret_is_on,
			     int64_t *ret_since_ns, int64_t *ret_until_ns)
{
	int64_t half_at = pace->cycle_ns * FULL_PERCENT / 100;
	int64_t idle_at = pace->cycle_ns * (FULL_PERCENT + HALF_PERCENT) / 100;
	enum burn_phase phase;
	int64_t cycle_at, within, until;

	*ret_is_on = false;
	*ret_since_ns = now_ns;
	*ret_until_ns = now_ns < pace->start_ns ? pace->start_ns : now_ns;
	if (now_ns < pace->start_ns || now_ns >= pace->end_ns)
		return BURN_IDLE;
	within = (now_ns - pace->start_ns) % pace->cycle_ns;
	cycle_at = now_ns - within;
	if (within < half_at) {
		phase = BURN_FULL;
		*ret_is_on = true;
		*ret_since_ns = cycle_at;
		until = cycle_at + half_at;
	} else if (within < idle_at) {
		int64_t pulse_at = (within - half_at) % pace->pulse_ns;

		phase = BURN_HALF;
		*ret_is_on = pulse_at < pace->pulse_ns / 2;
		*ret_since_ns = cycle_at + half_at;
		until = now_ns - pulse_at + (*ret_is_on ? pace->pulse_ns / 2 : pace->pulse_ns);
		if (until > cycle_at + idle_at)
			until = cycle_at + idle_at;
	} else {
		phase = BURN_IDLE;
		*ret_since_ns = cycle_at + idle_at;
		until = cycle_at + pace->cycle_ns;
	}
	*ret_until_ns = until < pace->end_ns ? until : pace->end_ns;
	return phase;
}

int64_t burn_pace_slice_ns(const struct burn_pace *pace)
{
	int64_t slice_ns = pace->cycle_ns / CYCLE_SLICES;

	return slice_ns < slice_most_ns ? slice_ns : slice_most_ns;
}

int64_t burn_pace_full_ns(const struct burn_pace *pace, int64_t now_ns, int64_t until_ns)
{
	int64_t full_ns = 0, since_ns, change_ns;
	bool is_on;

	while (now_ns < until_ns) {
		enum burn_phase phase = burn_pace_at(pace, now_ns, &is_on, &since_ns, &change_ns);
		int64_t end_ns = change_ns < until_ns ? change_ns : until_ns;

		if (end_ns <= now_ns)
			break;
		if (phase == BURN_FULL)
			full_ns += end_ns - now_ns;
		now_ns = end_ns;
	}
	return full_ns;
}
