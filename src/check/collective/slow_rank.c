#include "check/collective/curve.h"
#include "check/gpu/walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pairs of one node, or of one rail, differ by about a percent (fabric.md's sources: pairs of 8 x
 * H100 within 1 %); a rank that is slow with each of its partners by more than this is named. */
static const double well_share = 0.95;
static const double bad_share = 0.90;

/* In the name of a way through one adapter alone: "collective:send-receive:nic-mlx5_0". */
static const char alone[] = ":nic-";

enum {
	RANKS_LEAST = 3, /* of two one cannot tell which is slow */
	RANKS_MOST = 4096,
};

/* What is compared: the ranks of a way, the rails of a curve, or the adapters of a node. */
struct peers {
	const char *name; /* "collective:nvlink" */
	const struct record **records;
	size_t count;
};

static int compare(const void *a, const void *b)
{
	double one = (*(const struct record *const *)a)->value;
	double other = (*(const struct record *const *)b)->value;

	return (one > other) - (one < other);
}

static double median_of(const struct peers *peers, struct arena *arena)
{
	const struct record **sorted = ARENA_ARRAY(arena, const struct record *, peers->count);

	memcpy(sorted, peers->records, peers->count * sizeof(*sorted));
	qsort(sorted, peers->count, sizeof(*sorted), compare);
	return peers->count % 2
		       ? sorted[peers->count / 2]->value
		       : (sorted[peers->count / 2 - 1]->value + sorted[peers->count / 2]->value) /
				 2;
}

static const char *label_of(const struct machine *machine, const struct record *record,
			    struct arena *arena)
{
	const char *device = record_device(record), *rail = strstr(device, "/rail:");
	struct span whole = span_of(device), way;

	if (rail)
		return arena_format(arena, "rail %s", rail + 6);
	if (strstr(device, alone) && !strstr(device, "/rank:")) {
		whole = span_of(strstr(device, alone) + strlen(alone));
		(void)span_cut(&whole, '/', &way);
		return arena_format(arena, "adapter %.*s", SPAN_ARGS(way));
	}
	(void)span_cut(&whole, '/', &way);
	return curve_rank_label(machine, arena_string(arena, way) + strlen("collective:"), device,
				arena);
}

static void judge_peers(const struct check_input *seen, const struct peers *peers,
			struct findings *found)
{
	double middle = median_of(peers, found->arena);
	unsigned slow = 0;

	if (peers->count < RANKS_LEAST) {
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, peers->name,
					      "of %zu it cannot be told which is slow",
					      peers->count),
				 peers->records[0]);
		return;
	}
	for (size_t i = 0; i < peers->count; i++) {
		const struct record *one = peers->records[i];
		struct finding *finding;

		if (one->value >= middle * well_share)
			continue;
		slow++;
		finding = findings_add(
			found, one->value < middle * bad_share ? VERDICT_FAIL : VERDICT_WARN,
			record_device(one),
			"%s reaches %.1f GB/s at best, the median is %.1f (%.0f %% "
			"less)",
			label_of(seen->machine, one, found->arena), one->value / 1e9, middle / 1e9,
			100 * (1 - one->value / middle));
		finding->bar = "the median of its peers in the same run";
		finding->action = "drain it; its links, its adapter and its PCIe come first";
		finding_rests_on(finding, one);
	}
	if (slow == 0)
		finding_rests_on(findings_add(found, VERDICT_PASS, peers->name,
					      "%zu are within %.0f %% of their median, %.1f GB/s",
					      peers->count, 100 * (1 - well_share), middle / 1e9),
				 peers->records[0]);
}

/* Records whose device has the part, one set after the other: those of one whole are neighbours. */
static void judge_all(const struct check_input *seen, enum measure measure, const char *part,
		      struct findings *found)
{
	struct arena *arena = found->arena;
	struct peers peers = { .records = ARENA_ARRAY(arena, const struct record *, RANKS_MOST) };
	const struct record *record;
	size_t at = 0;

	while ((record = machine_next(seen->machine, measure, &at))) {
		const char *device = record_device(record);
		const char *behind = device ? strstr(device, part) : NULL;
		const char *name;

		if (!behind || record->says != SAYS_VALUE || !(record->value > 0))
			continue;
		name = arena_string(arena, (struct span){ device, (size_t)(behind - device) });
		if (peers.count > 0 && strcmp(name, peers.name) != 0) {
			judge_peers(seen, &peers, found);
			peers.count = 0;
		}
		peers.name = name;
		if (peers.count < RANKS_MOST)
			peers.records[peers.count++] = record;
	}
	if (peers.count > 0)
		judge_peers(seen, &peers, found);
}

/* The point of that size; NULL: there is none. */
static const struct record *record_at(const struct curve *curve, double bytes)
{
	for (unsigned i = 0; i < curve->count; i++)
		if (fabs(curve->points[i].bytes - bytes) < 0.5)
			return curve->points[i].record;
	return NULL;
}

/* Each adapter alone has a curve of sends and receives: they are compared at the largest size that
 * all of them have. */
static void judge_adapters(const struct check_input *seen, struct findings *found)
{
	struct arena *arena = found->arena;
	struct peers peers = {
		.name = "collective:send-receive:nic",
		.records = ARENA_ARRAY(arena, const struct record *, RANKS_MOST),
	};
	double bytes = (double)INFINITY;
	struct curve curve;

	for (size_t at = 0; curve_next(seen->machine, &at, arena, &curve);)
		if (strstr(curve.name, alone) && curve.count > 0 &&
		    curve.collective == COLLECTIVE_SEND_RECEIVE)
			bytes = fmin(bytes, curve.points[curve.count - 1].bytes);
	for (size_t at = 0; curve_next(seen->machine, &at, arena, &curve);) {
		const struct record *record = record_at(&curve, bytes);

		if (strstr(curve.name, alone) && record && peers.count < RANKS_MOST &&
		    curve.collective == COLLECTIVE_SEND_RECEIVE)
			peers.records[peers.count++] = record;
	}
	if (peers.count > 0)
		judge_peers(seen, &peers, found);
}

static void judge_states(const struct check_input *seen, struct findings *found)
{
	const struct record *record;
	size_t at = 0;

	while ((record = machine_next(seen->machine, NODE_TEST_COLLECTIVE_RANK_STATE, &at))) {
		struct finding *finding;

		if (record->says == SAYS_UNKNOWN) {
			findings_add_unknown(found, seen->machine, NODE_TEST_COLLECTIVE_RANK_STATE,
					     record_device(record));
			continue;
		}
		if (strcmp(record->text, "ok") == 0)
			continue;
		finding = findings_add(found, VERDICT_FAIL, record_device(record), "%s %s%s",
				       label_of(seen->machine, record, found->arena),
				       strcmp(record->text, "error") == 0 ? "answers with an " : "",
				       record->text);
		finding->action = "drain it; see the log of its node";
		finding_rests_on(finding, record);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	judge_states(seen, found);
	judge_all(seen, NODE_TEST_COLLECTIVE_RANK_SPEED, "/rank:", found);
	judge_all(seen, NODE_TEST_COLLECTIVE_BUSBW, "/rail:", found);
	judge_adapters(seen, found);
}

CHECK(collective_slow_rank) = {
	.title = "No rank holds the others up",
	.since = "0.1",
	.needs = "node.test.collective.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
