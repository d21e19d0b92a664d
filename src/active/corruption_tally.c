#include "active/corruption_tally.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *const corruption_point_names[] = {
	[CORRUPTION_ALONE] = "alone",
	[CORRUPTION_ALL] = "all",
	[CORRUPTION_BURSTS] = "bursts",
	[CORRUPTION_COPIES] = "copies",
};
static_assert(sizeof(corruption_point_names) / sizeof(corruption_point_names[0]) ==
		      CORRUPTION_POINT_COUNT,
	      "a name for each point");

static const char *const repeats_names[] = {
	[CORRUPTION_NOT_REPEATED] = "not run again",
	[CORRUPTION_TRANSIENT] = "transient",
	[CORRUPTION_INTERMITTENT] = "intermittent",
	[CORRUPTION_PERSISTENT] = "persistent",
};

void corruption_tally_start(struct corruption_tally *tally, struct arena *arena)
{
	tally->arena = arena;
	tally->counts = ARENA_ARRAY(arena, struct corruption_count,
				    tally->unit_count * tally->kernel_count);
	tally->rounds = ARENA_ARRAY(arena, uint64_t, tally->unit_count);
	tally->points = ARENA_ARRAY(arena, uint64_t, CORRUPTION_POINT_COUNT);
	tally->undecided = ARENA_ARRAY(arena, uint32_t, tally->kernel_count);
	tally->decided = ARENA_ARRAY(arena, uint32_t, tally->kernel_count);
	tally->known_well = ARENA_ARRAY(arena, uint32_t, tally->kernel_count);
	tally->known_ill = ARENA_ARRAY(arena, uint32_t, tally->kernel_count);
	tally->chosen = ARENA_ARRAY(arena, uint64_t, tally->unit_count * tally->lanes);
	tally->chosen_odd = ARENA_ARRAY(arena, uint32_t, tally->unit_count);
}

/* The digests of those that are present, one after the other. */
static size_t choose(struct corruption_tally *tally, const struct corruption_ballot *ballot)
{
	const uint64_t *digests = ballot->digests;
	size_t count = 0;

	for (size_t unit = 0; unit < tally->unit_count; unit++)
		if (!ballot->present || ballot->present[unit])
			memcpy(&tally->chosen[count++ * tally->lanes],
			       &digests[unit * tally->lanes], tally->lanes * sizeof(*digests));
	return count;
}

static void count_odd(struct corruption_tally *tally, const struct corruption_ballot *ballot,
		      uint32_t *ret_odd)
{
	const bool *present = ballot->present;
	size_t at = 0;

	for (size_t unit = 0; unit < tally->unit_count; unit++) {
		struct corruption_count *count =
			&tally->counts[unit * tally->kernel_count + ballot->kernel];

		ret_odd[unit] = !present || present[unit] ? tally->chosen_odd[at++] : 0;
		if (ret_odd[unit] == 0)
			continue;
		count->mismatches++;
		count->lanes |= ret_odd[unit];
		count->points |= 1u << ballot->point;
	}
}

enum vote_says corruption_tally_vote(struct corruption_tally *tally,
				     const struct corruption_ballot *ballot,
				     uint64_t *ret_reference, uint32_t *ret_odd)
{
	const size_t count = choose(tally, ballot);
	const enum vote_says says =
		vote(tally->chosen, count, tally->lanes, ret_reference, tally->chosen_odd);

	count_odd(tally, ballot, ret_odd);
	if (says == VOTE_AGREED || says == VOTE_ODD)
		tally->decided[ballot->kernel]++;
	else
		tally->undecided[ballot->kernel]++;
	return says;
}

void corruption_tally_against(struct corruption_tally *tally,
			      const struct corruption_ballot *ballot, const uint64_t *reference,
			      uint32_t *ret_odd)
{
	const size_t count = choose(tally, ballot);

	(void)vote_against(tally->chosen, count, tally->lanes, reference, tally->chosen_odd);
	count_odd(tally, ballot, ret_odd);
	tally->decided[ballot->kernel]++;
}

void corruption_tally_undecided(struct corruption_tally *tally, unsigned kernel)
{
	tally->undecided[kernel]++;
}

void corruption_tally_rounds(struct corruption_tally *tally, enum corruption_point point,
			     uint64_t rounds, const bool *present)
{
	tally->points[point] += rounds;
	for (size_t unit = 0; unit < tally->unit_count; unit++)
		if (!present || present[unit])
			tally->rounds[unit] += rounds;
}

void corruption_tally_known(struct corruption_tally *tally, unsigned kernel, bool is_known)
{
	if (is_known)
		tally->known_well[kernel]++;
	else
		tally->known_ill[kernel]++;
}

bool corruption_tally_wants_rerun(const struct corruption_tally *tally, size_t unit,
				  unsigned kernel)
{
	const struct corruption_count *count = &tally->counts[unit * tally->kernel_count + kernel];

	return count->mismatches > 0 && count->reruns == 0;
}

void corruption_tally_rerun(struct corruption_tally *tally, size_t unit, unsigned kernel,
			    bool is_wrong, bool is_witness_right)
{
	struct corruption_count *count = &tally->counts[unit * tally->kernel_count + kernel];

	count->is_witness_well = (count->reruns == 0 || count->is_witness_well) && is_witness_right;
	count->reruns++;
	count->again += is_wrong;
}

enum corruption_repeats corruption_repeats_of(const struct corruption_count *count)
{
	if (count->reruns == 0 || !count->is_witness_well)
		return CORRUPTION_NOT_REPEATED;
	if (count->again == 0)
		return CORRUPTION_TRANSIENT;
	return count->again < count->reruns ? CORRUPTION_INTERMITTENT : CORRUPTION_PERSISTENT;
}

static void write_odd(const struct corruption_tally *tally, size_t unit, unsigned kernel,
		      struct sightings *sightings)
{
	const struct corruption_count *count = &tally->counts[unit * tally->kernel_count + kernel];
	const char *device =
		arena_format(tally->arena, "%s/%s", tally->units[unit], tally->kernels[kernel]);
	const enum corruption_repeats repeats = corruption_repeats_of(count);
	SCOPED_TEXT(lanes);
	SCOPED_TEXT(points);

	for (unsigned lane = 0; lane < tally->lanes; lane++)
		if (count->lanes >> lane & 1)
			text_format(&lanes, "%s%u", lanes.length > 0 ? "+" : "", lane);
	for (unsigned point = 0; point < CORRUPTION_POINT_COUNT; point++)
		if (count->points >> point & 1)
			text_format(&points, "%s%s", points.length > 0 ? "+" : "",
				    corruption_point_names[point]);
	(void)saw_value(sightings, NODE_TEST_CORRUPTION_MISMATCHES, device, count->mismatches);
	(void)saw_state(sightings, NODE_TEST_CORRUPTION_LANES, device, text_string(&lanes));
	(void)saw_state(sightings, NODE_TEST_CORRUPTION_POINTS, device, text_string(&points));
	if (repeats != CORRUPTION_NOT_REPEATED)
		(void)saw_state(sightings, NODE_TEST_CORRUPTION_REPEATS, device,
				repeats_names[repeats]);
	else
		(void)saw_unknown(sightings, NODE_TEST_CORRUPTION_REPEATS, device, "%s",
				  count->reruns > 0 ? "a unit of the majority differed as well"
						    : "there was no time to run it again");
}

/* Of the units from `first` on that are parts of one whole; returns where the next one begins. */
static size_t write_whole(const struct corruption_tally *tally, size_t first,
			  struct sightings *sightings)
{
	const char *name = tally->units[first];
	const size_t length = strcspn(name, "/");
	const char *whole = arena_format(tally->arena, "%.*s", (int)length, name);
	uint64_t rounds = UINT64_MAX, mismatches = 0;
	size_t unit = first;

	for (; unit < tally->unit_count && strncmp(tally->units[unit], name, length) == 0 &&
	       strcspn(tally->units[unit], "/") == length;
	     unit++) {
		rounds = tally->rounds[unit] < rounds ? tally->rounds[unit] : rounds;
		for (unsigned kernel = 0; kernel < tally->kernel_count; kernel++) {
			const size_t at = unit * tally->kernel_count + kernel;

			mismatches += tally->counts[at].mismatches;
			if (tally->counts[at].mismatches > 0)
				write_odd(tally, unit, kernel, sightings);
		}
	}
	(void)saw_value(sightings, NODE_TEST_CORRUPTION_ROUNDS, whole, (double)rounds);
	if (rounds > 0)
		(void)saw_value(sightings, NODE_TEST_CORRUPTION_MISMATCHES, whole,
				(double)mismatches);
	return unit;
}

static void write_kernel(const struct corruption_tally *tally, unsigned kernel,
			 struct sightings *sightings)
{
	const char *device =
		arena_format(tally->arena, "test:%s/%s", tally->test, tally->kernels[kernel]);

	if (tally->undecided[kernel] > 0)
		(void)saw_unknown(sightings, NODE_TEST_CORRUPTION_MISMATCHES, device,
				  "%u of %u votes had no majority", tally->undecided[kernel],
				  tally->undecided[kernel] + tally->decided[kernel]);
	if (tally->known_ill[kernel] > 0)
		(void)saw_state(sightings, NODE_TEST_CORRUPTION_KNOWN, device, "differs");
}

/* One word for all kernels, besides those that differ. */
static void write_known(const struct corruption_tally *tally, const char *test,
			struct sightings *sightings)
{
	uint32_t well = 0, ill = 0;

	for (unsigned kernel = 0; kernel < tally->kernel_count; kernel++) {
		well += tally->known_well[kernel];
		ill += tally->known_ill[kernel];
		write_kernel(tally, kernel, sightings);
	}
	if (well + ill > 0)
		(void)saw_state(sightings, NODE_TEST_CORRUPTION_KNOWN, test,
				ill > 0 ? "differs" : "agrees");
}

void corruption_tally_write(const struct corruption_tally *tally, struct sightings *sightings)
{
	const char *test = arena_format(tally->arena, "test:%s", tally->test);

	(void)saw_value(sightings, NODE_TEST_CORRUPTION_UNITS, test, (double)tally->unit_count);
	for (unsigned point = 0; point < CORRUPTION_POINT_COUNT; point++)
		if (tally->points[point] > 0)
			(void)saw_value(sightings, NODE_TEST_CORRUPTION_ROUNDS,
					arena_format(tally->arena, "%s/%s", test,
						     corruption_point_names[point]),
					(double)tally->points[point]);
	write_known(tally, test, sightings);
	for (size_t unit = 0; unit < tally->unit_count;)
		unit = write_whole(tally, unit, sightings);
}
