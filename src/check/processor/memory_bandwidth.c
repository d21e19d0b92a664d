#include <stdio.h>
#include <string.h>

#include "check/tally.h"

/* Of one machine's nodes each has as many channels as the others; a module that fell out, or one
 * that runs slower, costs its channel. Between repetitions the figure moves by a few percent. */
static const double asymmetry = 0.10;

/* Of what the channels could carry, triad reaches 80 to 90 % on servers of AMD, Intel and NVIDIA as
 * their makers publish it (EPYC 9654: 789 of 922 GB/s; Grace: 450 of 512 GB/s a chip); half is what
 * is left when every second channel is empty or unused. */
static const double usual_share = 0.70, least_share = 0.50;

/* More than the channels can carry: the reference is wrong, or the caches had a part in it. */
static const double impossible_share = 1.05;

static const double gb = 1e9;

static const char action[] = "look for a missing or slower memory module, a channel that is empty, "
			     "and for other jobs on the node";

/* "numa:0" of "numa:0/triad". */
static const char *node_of(const char *device, struct arena *arena)
{
	return arena_string(arena, device_whole(device));
}

static bool ends_with(const char *device, const char *end)
{
	size_t length = strlen(device), tail = strlen(end);

	return length >= tail && strcmp(device + length - tail, end) == 0;
}

static void judge_elements(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_PROCESSOR_MEMORY_WRONG, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;

		if (one->says != SAYS_VALUE) {
			(void)tally_need(tally, NODE_TEST_PROCESSOR_MEMORY_WRONG, device);
			continue;
		}
		if (one->value < 0.5)
			continue;
		finding = tally_say(tally, VERDICT_FAIL, device, one,
				    "%.0f elements in memory did not hold what was written to them",
				    one->value);
		finding->bar = "none may be wrong";
		finding->action = "drain; the memory or a processor changes data: test both";
	}
}

/* The figure of a node against what its channels could carry. */
static void judge_share(struct tally *tally, const struct record *triad)
{
	const char *device = triad->subject.parts[SUBJECT_DEVICE];
	const char *node = node_of(device, tally->found->arena);
	const struct record *expected =
		machine_find(tally->machine, NODE_TEST_PROCESSOR_MEMORY_EXPECTED, node);
	struct finding *finding;
	double share;

	if (!expected || expected->says != SAYS_VALUE || expected->value <= 0) {
		tally_say(tally, VERDICT_UNKNOWN, device, triad,
			  "%.1f GB/s, and no reference: %.300s", triad->value / gb,
			  machine_why_unknown(tally->machine, NODE_TEST_PROCESSOR_MEMORY_EXPECTED,
					      node));
		return;
	}
	share = triad->value / expected->value;
	if (share > impossible_share) {
		finding = tally_say(tally, VERDICT_UNKNOWN, device, triad,
				    "%.1f GB/s, more than the %.1f GB/s that the memory channels "
				    "could carry by the firmware's word",
				    triad->value / gb, expected->value / gb);
	} else if (share < usual_share) {
		finding = tally_say(
			tally, share < least_share ? VERDICT_FAIL : VERDICT_WARN, device, triad,
			"%.1f GB/s, %.0f %% of the %.1f GB/s that its memory channels "
			"could carry; %.0f %% expected",
			triad->value / gb, 100 * share, expected->value / gb, 100 * usual_share);
		finding->action = action;
	} else {
		tally_well(tally, triad);
		return;
	}
	(void)finding_rests_on(finding, expected);
	finding->bar = "the channels and rates of the memory modules, by the firmware (SMBIOS)";
}

static void judge_asymmetry(struct tally *tally, const struct record *triad,
			    const struct record *best)
{
	const char *device = triad->subject.parts[SUBJECT_DEVICE];
	struct finding *finding;

	if (triad->value >= best->value * (1 - asymmetry))
		return;
	finding = tally_say(tally, VERDICT_WARN, device, triad,
			    "%.1f GB/s, %.0f %% less than the %.1f GB/s of %s", triad->value / gb,
			    100 * (1 - triad->value / best->value), best->value / gb,
			    device_label(tally->machine, best->subject.parts[SUBJECT_DEVICE],
					 tally->found->arena));
	(void)finding_rests_on(finding, best);
	finding->bar = "the NUMA nodes of one machine are within 10 % of each other";
	finding->action = action;
}

/* The nodes are alike: that much is known without any reference. */
static void say_alike(struct tally *tally, size_t nodes, const struct record *best,
		      const struct record *worst)
{
	struct finding *finding;

	if (nodes < 2 || worst->value < best->value * (1 - asymmetry))
		return;
	finding = findings_add(tally->found, VERDICT_PASS, NULL,
			       "%zu NUMA nodes are alike: triad %.1f to %.1f GB/s", nodes,
			       worst->value / gb, best->value / gb);
	(void)finding_rests_on(finding, worst);
	(void)finding_rests_on(finding, best);
	finding->bar = "the NUMA nodes of one machine are within 10 % of each other";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *triads[256], *best = NULL, *worst = NULL, *one;
	size_t count = 0, at = 0;
	struct tally tally;

	tally_start(&tally, seen, found);
	judge_elements(&tally);
	while ((one = machine_next(seen->machine, NODE_TEST_PROCESSOR_MEMORY, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || !ends_with(device, "/triad") || count == 256)
			continue;
		if (!tally_need(&tally, NODE_TEST_PROCESSOR_MEMORY, device))
			continue;
		triads[count++] = one;
		best = !best || one->value > best->value ? one : best;
		worst = !worst || one->value < worst->value ? one : worst;
	}
	for (size_t i = 0; i < count; i++) {
		judge_share(&tally, triads[i]);
		judge_asymmetry(&tally, triads[i], best);
	}
	say_alike(&tally, count, best, worst);
	tally_pass(&tally, "triad reaches what the memory channels of %zu NUMA node%s let expect",
		   tally.well, plural(tally.well));
}

CHECK(processor_memory_bandwidth) = {
	.title = "The memory of the processors is as fast as its channels",
	.since = "0.1",
	.needs = "node.test.processor.memory",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
