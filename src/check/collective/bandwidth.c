#include "check/collective/curve.h"
#include "check/reference.h"

#include <string.h>

/* Names of the rows in figures.tsv. */
static const struct {
	const char *metric, *threshold;
} rows[COLLECTIVE_COUNT] = {
	[COLLECTIVE_ALL_REDUCE] = { "all_reduce_busbw", "all_reduce_busbw_min" },
	[COLLECTIVE_ALL_GATHER] = { "all_gather_busbw", "all_gather_busbw_ref" },
	[COLLECTIVE_REDUCE_SCATTER] = { "reduce_scatter_busbw", "reduce_scatter_busbw_ref" },
	[COLLECTIVE_ALL_TO_ALL] = { "alltoall_busbw", "alltoall_busbw_ref" },
	[COLLECTIVE_BROADCAST] = { "broadcast_busbw", "broadcast_busbw_ref" },
	[COLLECTIVE_SEND_RECEIVE] = { "sendrecv_busbw", "sendrecv_busbw_ref" },
};

/* Rows are of the usual way alone. */
static bool is_usual(const struct curve *curve)
{
	return strcmp(curve->way, "nvlink") == 0 || strcmp(curve->way, "network") == 0 ||
	       strcmp(curve->way, "nccl-tests") == 0;
}

/* With two nodes an all-reduce adds up inside each node first, and needs so little of the adapters
 * that one in three may be lost unseen (docs/test-collective.md): it proves nothing, good or bad.
 */
static bool proves_nothing(const struct curve *curve)
{
	return curve->nodes == 2 && curve->collective == COLLECTIVE_ALL_REDUCE;
}

static void judge_curve(const struct check_input *seen, const struct curve *curve,
			struct findings *found)
{
	const struct curve_point *last = &curve->points[curve->count - 1];
	struct measured measured = measured_of(last->record, last->spread);
	const struct shape_row *shape = seen->machine->shape;
	struct reference_query query = {
		.title = arena_format(found->arena, "bus bandwidth of %u ranks", curve->ranks),
		.metric = rows[curve->collective].metric,
		.threshold = rows[curve->collective].threshold,
		.size = arena_format(found->arena, "%s", curve_size(last->bytes, false).at),
		.gpus = curve->ranks,
		.nodes = curve->nodes,
		.may_exceed_peak = curve->collective == COLLECTIVE_ALL_REDUCE,
		.action = "see collective-explained for what it looks like, and test the pairs",
	};

	if (shape && shape->links > 0 && curve->nodes == 1) {
		query.bound = (double)shape->links * shape->link_bytes_per_s;
		query.bound_row =
			arena_format(found->arena, "%u links of %.0f GB/s: shape.tsv %s",
				     shape->links, shape->link_bytes_per_s / 1e9, shape->model);
	}
	(void)reference_judge(seen, &query, &measured, found);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct curve curve;
	size_t at = 0;

	while (curve_next(seen->machine, &at, found->arena, &curve)) {
		if (curve.count == 0 || !is_usual(&curve))
			continue;
		if (proves_nothing(&curve))
			finding_rests_on(
				findings_add(found, VERDICT_NOT_APPLICABLE, curve.name,
					     "%s: two nodes add up inside each node first, and may "
					     "lose a third of their adapters unseen; the other "
					     "collectives are judged",
					     curve_label(&curve, found->arena)),
				curve.points[curve.count - 1].record);
		else
			judge_curve(seen, &curve, found);
	}
}

CHECK(collective_bandwidth) = {
	.title = "Collectives reach the bus bandwidth of the model",
	.since = "0.1",
	.needs = "node.test.collective.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
