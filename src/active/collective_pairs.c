#include <stdio.h>
#include <string.h>

#include "active/collective.h"

enum {
	FLOAT_BYTES = 4,
	ROUNDS = 3, /* with several partners a slow one clears nobody, and one good one does */
	ITERATIONS = 4,
	BLOCKS = 3,
	DEVICE_SIZE = 120,
	FIND_BYTES = 4096,
};

static const char *device_of(const struct sweep *sweep)
{
	return arena_format(sweep->ensemble->run->arena, "collective:%s", sweep->variant->name);
}

static unsigned rounds_of(const struct sweep *sweep)
{
	unsigned ranks = sweep->ensemble->rank_count;

	return ranks > ROUNDS ? ROUNDS : ranks - 1;
}

/* One round of pairs; what each reaches is put where it is better than before. */
static bool measure_round(struct sweep *sweep, unsigned round, uint64_t elements, double *best)
{
	struct ensemble *ensemble = sweep->ensemble;
	double seconds = (double)elements * FLOAT_BYTES / 1e9 * ITERATIONS * BLOCKS;

	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		unsigned partner;

		sweep->requests[i] = NULL;
		if (!sweep_partner(i, ensemble->rank_count, ensemble->node_count, round, &partner))
			continue;
		sweep->requests[i] = arena_format(
			ensemble->run->arena, "measure %s %llu %u %u %d %d",
			collective_names[COLLECTIVE_SEND_RECEIVE], (unsigned long long)elements,
			partner, partner, BLOCKS, ITERATIONS);
	}
	if (!sweep_ask(sweep, sweep_limit_ns(sweep, seconds), RANK_TIMES,
		       NODE_TEST_COLLECTIVE_RANK_SPEED, device_of(sweep)))
		return false;
	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		const struct rank_answer *answer = &sweep->replies[i].answer;

		for (unsigned j = 0; sweep->replies[i].was_asked && j < answer->time_count; j++) {
			double speed = (double)elements * FLOAT_BYTES / answer->times_s[j];

			best[i] = speed > best[i] ? speed : best[i];
		}
	}
	return true;
}

void sweep_pairs(struct sweep *sweep, uint64_t bytes)
{
	struct ensemble *ensemble = sweep->ensemble;
	double *best = ARENA_ARRAY(ensemble->run->arena, double, ensemble->rank_count);
	uint64_t elements = sweep_elements(COLLECTIVE_SEND_RECEIVE, bytes, ensemble->rank_count);

	active_shows(ensemble->run, sweep->done / sweep->all, "pairs of ranks, %s",
		     sweep->variant->name);
	for (unsigned round = 0; round < rounds_of(sweep); round++)
		if (!measure_round(sweep, round, elements, best))
			return;
	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		char device[DEVICE_SIZE];

		(void)snprintf(device, sizeof(device), "collective:%s/rank:%u",
			       sweep->variant->name, i);
		if (best[i] > 0)
			sweep_says_value(sweep, NODE_TEST_COLLECTIVE_RANK_SPEED, device, best[i]);
		else
			sweep_says_unknown(sweep, NODE_TEST_COLLECTIVE_RANK_SPEED, device,
					   "it had no partner");
	}
	sweep_tell(sweep);
}

/* What a round of the search is about to do: asks those whose request is there, and takes note of
 * who answered as awaited. */
static void ask_round(struct sweep *sweep, int64_t limit_ns, enum rank_said awaited, bool *is_well)
{
	struct ensemble *ensemble = sweep->ensemble;

	(void)ensemble_ask(ensemble, sweep->requests, limit_ns, sweep->replies);
	for (unsigned i = 0; i < ensemble->rank_count; i++) {
		const struct ensemble_reply *reply = &sweep->replies[i];

		if (reply->was_asked)
			is_well[i] = reply->end == WORKER_DONE && reply->has_answer &&
				     reply->answer.said == awaited;
	}
}

/* Each pair makes a communicator of two and adds up a few numbers. `ret_partners` as found. */
static void try_pairs(struct sweep *sweep, const unsigned *partners, bool *is_well)
{
	struct ensemble *ensemble = sweep->ensemble;
	struct arena *arena = ensemble->run->arena;
	unsigned count = ensemble->rank_count;
	const char **ids = ARENA_ARRAY(arena, const char *, count);
	int64_t limit_ns = ensemble->run->request->call_limit_ns;

	for (unsigned i = 0; i < count; i++)
		sweep->requests[i] = is_well[i] && i < partners[i] ? "id" : NULL;
	ask_round(sweep, limit_ns, RANK_ID, is_well);
	for (unsigned i = 0; i < count; i++) {
		if (!sweep->replies[i].was_asked || !is_well[i])
			continue;
		ids[i] = arena_string(arena, sweep->replies[i].answer.id);
		ids[partners[i]] = ids[i];
	}
	for (unsigned i = 0; i < count; i++)
		sweep->requests[i] = ids[i] ? arena_format(arena, "join %s 2 %d", ids[i],
							   i < partners[i] ? 0 : 1)
					    : NULL;
	ask_round(sweep, limit_ns, RANK_JOINED, is_well);
	for (unsigned i = 0; i < count; i++) {
		bool both = ids[i] && is_well[i] && is_well[partners[i]];

		is_well[i] = both;
		sweep->requests[i] = both ? arena_format(arena, "verify %s %d 0 0",
							 collective_names[COLLECTIVE_ALL_REDUCE],
							 FIND_BYTES / FLOAT_BYTES)
					  : NULL;
	}
	ask_round(sweep, limit_ns, RANK_COMPARED, is_well);
}

static void open_again(struct sweep *sweep, bool *is_well)
{
	struct ensemble *ensemble = sweep->ensemble;

	ensemble_renew(ensemble);
	for (unsigned i = 0; i < ensemble->rank_count; i++)
		sweep->requests[i] =
			arena_format(ensemble->run->arena, "open %s %d %s", ensemble->ranks[i].gpu,
				     1 << 20, sweep->variant->settings);
	ask_round(sweep, sweep_limit_ns(sweep, 3), RANK_OPENED, is_well);
}

static void say_found(struct sweep *sweep, const bool *is_cleared)
{
	unsigned bad = 0, count = sweep->ensemble->rank_count;
	char device[DEVICE_SIZE];

	for (unsigned i = 0; i < count; i++)
		bad += !is_cleared[i];
	for (unsigned i = 0; i < count && bad < count; i++) {
		(void)snprintf(device, sizeof(device), "collective:%s/rank:%u",
			       sweep->variant->name, i);
		sweep_says_state(sweep, NODE_TEST_COLLECTIVE_RANK_STATE, device,
				 is_cleared[i] ? "ok" : "hangs");
	}
	if (bad < count)
		return;
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(device, sizeof(device), "collective:%s/rank:%u",
			       sweep->variant->name, i);
		sweep_says_unknown(sweep, NODE_TEST_COLLECTIVE_RANK_STATE, device,
				   "all ranks hang, also two by two");
	}
}

void sweep_localise(struct sweep *sweep)
{
	struct ensemble *ensemble = sweep->ensemble;
	struct arena *arena = ensemble->run->arena;
	unsigned count = ensemble->rank_count, left = count;
	bool *is_cleared = ARENA_ARRAY(arena, bool, count);
	bool *is_well = ARENA_ARRAY(arena, bool, count);
	unsigned *partners = ARENA_ARRAY(arena, unsigned, count);

	for (unsigned round = 0; round < rounds_of(sweep) && left > 1; round++) {
		active_shows(ensemble->run, sweep->done / sweep->all,
			     "which rank hangs, two by two, round %u", round + 1);
		open_again(sweep, is_well);
		for (unsigned i = 0; i < count; i++)
			if (!sweep_partner(i, count, ensemble->node_count, round, &partners[i])) {
				partners[i] = i;
				is_well[i] = false;
			}
		try_pairs(sweep, partners, is_well);
		if (!active_goes_on(ensemble->run))
			return;
		left = 0;
		for (unsigned i = 0; i < count; i++) {
			is_cleared[i] = is_cleared[i] || is_well[i];
			left += !is_cleared[i];
		}
	}
	say_found(sweep, is_cleared);
}
