#include "check/collective/curve.h"
#include "check/reference.h"

#include <math.h>
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
 * that one in three may be lost unseen (docs/testing.md): it proves nothing, good or bad. */
static bool proves_nothing(const struct curve *curve)
{
	return curve->nodes == 2 && curve->collective == COLLECTIVE_ALL_REDUCE;
}

/* Bytes of "16GiB", "16G" or "17179869184B", as rows have it; 0 for everything else. */
static double bytes_of(const char *size)
{
	static const struct {
		const char *unit;
		double bytes;
	} units[] = {
		{ "", 1 },       { "B", 1 },        { "K", 0x1p10 }, { "KiB", 0x1p10 },
		{ "M", 0x1p20 }, { "MiB", 0x1p20 }, { "G", 0x1p30 }, { "GiB", 0x1p30 },
	};
	struct span rest = span_of(size);
	size_t digits = 0;
	uint64_t number;

	while (digits < rest.length && rest.at[digits] >= '0' && rest.at[digits] <= '9')
		digits++;
	if (!span_to_u64((struct span){ rest.at, digits }, &number))
		return 0;
	rest = (struct span){ rest.at + digits, rest.length - digits };
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (span_is(rest, units[i].unit))
			return (double)number * units[i].bytes;
	return 0;
}

/* How the rows of this model spell the size; a measured one comes before a bar. */
static const char *spelling(const struct check_input *seen, const struct curve *curve, double bytes)
{
	const struct handbook *handbook = seen->handbook;
	const char *found = NULL;

	for (size_t i = 0; handbook && i < handbook->figure_count; i++) {
		const struct figure_row *row = &handbook->figures[i];
		bool is_measured = strcmp(row->metric, rows[curve->collective].metric) == 0;

		if ((!is_measured && strcmp(row->metric, rows[curve->collective].threshold) != 0) ||
		    !figure_usable(row) || figure_fits(row, seen->machine->shape) == 0 ||
		    fabs(bytes_of(row->size) - bytes) > 0.5)
			continue;
		if (is_measured)
			return row->size;
		found = row->size;
	}
	return found;
}

static void judge_curve(const struct check_input *seen, const struct curve *curve,
			struct findings *found)
{
	const struct curve_point *last = &curve->points[curve->count - 1];
	struct measured measured = measured_of(last->record, last->spread);
	const struct shape_row *shape = seen->machine->shape;
	const char *size = shape ? spelling(seen, curve, last->bytes) : NULL;
	struct reference_query query = {
		.title = arena_format(found->arena, "bus bandwidth of %u ranks", curve->ranks),
		.metric = rows[curve->collective].metric,
		.threshold = rows[curve->collective].threshold,
		.size = size ? size
			     : arena_format(found->arena, "%s", curve_size(last->bytes, false).at),
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
