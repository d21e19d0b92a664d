#include "check/collective/curve.h"
#include "check/reference.h"

#include <string.h>

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
		.metric = curve_rows[curve->collective].metric,
		.threshold = curve_rows[curve->collective].threshold,
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
		if (curve.count == 0 || !curve_is_usual(&curve))
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
