#include "check/collective/curve.h"

/* More bytes take no less of a link than fewer. Where the library changes its algorithm or protocol
 * a step of a few percent is usual (4 % at 16 MiB on 8 A100, stas00/ml-engineering network/README);
 * more than this is worth a look. */
static const double usual = 0.10;

static void judge_curve(const struct curve *curve, struct findings *found)
{
	const char *label = curve_label(curve, found->arena);
	struct finding *finding;
	double largest = 0;
	unsigned where = 0;

	for (unsigned i = 1; i < curve->count; i++) {
		double fall = 1 - curve->points[i].busbw / curve->points[i - 1].busbw;

		if (curve->points[i - 1].busbw > 0 && fall > largest) {
			largest = fall;
			where = i;
		}
	}
	if (largest <= usual) {
		finding_rests_on(findings_add(found, VERDICT_PASS, curve->name,
					      "%s: from one size to the next it falls by %.1f %% "
					      "at most",
					      label, largest * 100),
				 curve->points[curve->count - 1].record);
		return;
	}
	finding = findings_add(
		found, VERDICT_WARN, curve->name,
		"%s: it falls by %.0f %% between %s (%.1f GB/s) and %s (%.1f GB/s)", label,
		largest * 100, curve_size(curve->points[where - 1].bytes, true).at,
		curve->points[where - 1].busbw / 1e9,
		curve_size(curve->points[where].bytes, true).at, curve->points[where].busbw / 1e9);
	finding->action = "run it again; if it stays, look at NCCL_DEBUG_SUBSYS=TUNING for what "
			  "the library chooses there";
	finding_rests_on(finding, curve->points[where].record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct curve curve;
	size_t at = 0;

	while (curve_next(seen->machine, &at, found->arena, &curve))
		if (curve.count >= 3)
			judge_curve(&curve, found);
}

CHECK(collective_dips) = {
	.title = "The bandwidth of collectives grows with the size",
	.since = "0.1",
	.needs = "node.test.collective.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
