#include "check/collective/curve.h"

#include <math.h>

/* Sizes below it follow other protocols, and say nothing of many bytes. */
static const double fit_from_bytes = 65536;

/* Alpha so many times what the library's own constants give at most is a slow network. */
static const double slow_times = 3;

/* Without NVLS an all-reduce is a ring: 1.3 times slower on H100, 1.24 on B200. */
static const double ring_width = 0.06;

static unsigned take_timings(const struct curve *curve, struct timing *timings)
{
	unsigned large = 0, count = 0;

	for (unsigned i = 0; i < curve->count; i++)
		large += curve->points[i].bytes >= fit_from_bytes;
	for (unsigned i = 0; i < curve->count; i++) {
		if (large >= 4 && curve->points[i].bytes < fit_from_bytes)
			continue;
		timings[count++] = (struct timing){
			.bytes = curve->points[i].bytes,
			.time_us = curve->points[i].time_s * 1e6,
		};
	}
	return count;
}

/* Why it is slow, as far as the share tells; NULL: it is not. */
static const char *why_slow(const struct alpha_beta_meaning *meaning, const struct alpha_beta *fit,
			    const struct network *network, const struct rank_group *group,
			    struct arena *arena)
{
	double ring = network->domain_ring_gb_per_s;

	switch (meaning->band) {
	case BAND_ABOVE:
	case BAND_AT:
	case BAND_COUNT:
		return NULL;
	case BAND_RAILS:
		return arena_format(arena,
				    "%u of %u adapters' worth: the others may be down, shared or "
				    "not used",
				    meaning->rails, network->rail_count);
	case BAND_HALF:
		return "half: a PCIe link of half its width or generation, or one adapter for two "
		       "GPUs";
	case BAND_THIRD:
		return "a third: GPUDirect RDMA looks off, the data goes through the host";
	case BAND_BETWEEN:
		break;
	}
	if (group->domains == 1 && network->domain_switch_gb_per_s > 0 &&
	    fabs(fit->busbw_gb_per_s / ring - 1) <= ring_width)
		return "what a ring reaches: the NVLink switch does not add up (NVLS is off, or "
		       "fabric manager or NCCL does not offer it)";
	if (group->domains == 1)
		return "less than the links allow, and no known cause has this share: links that "
		       "are down or slow, or a rank that is";
	return "no known cause has this share: oversubscription or congestion in the network";
}

static const char *about_alpha(const struct alpha_beta *fit,
			       const struct alpha_beta_meaning *meaning, struct arena *arena)
{
	if (fit->alpha_us <= meaning->most_us * slow_times)
		return "";
	return arena_format(arena,
			    "; each operation waits %.0f us, %.0f at most expected: TCP in "
			    "place of RDMA, or a slow host",
			    fit->alpha_us, meaning->most_us);
}

static const char *about_shape(const struct alpha_beta_meaning *meaning)
{
	switch (meaning->shape) {
	case SHAPE_CURVED:
		return "; the curve bends: another protocol or algorithm from some size on";
	case SHAPE_ROUGH:
		return "; the points lie on no line: congestion, or too few repeats";
	case SHAPE_STRAIGHT:
	case SHAPE_COUNT:
		break;
	}
	return "";
}

static void explain(const struct check_input *seen, const struct curve *curve,
		    struct findings *found)
{
	const struct record *record = curve->points[curve->count - 1].record;
	const char *label = curve_label(curve, found->arena), *reason, *why;
	struct timing timings[TIMINGS_MAXIMUM];
	unsigned count = take_timings(curve, timings);
	struct alpha_beta fit;
	struct alpha_beta_meaning meaning;
	struct curve_bound bound;
	struct finding *finding;
	struct error err;

	if (!alpha_beta_fit(timings, count, collective_factor(curve->collective, curve->ranks),
			    &fit, &err)) {
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, curve->name,
					      "%s: no alpha and beta: %s", label, err.text),
				 record);
		return;
	}
	/* As collective-bandwidth has it: it may lose a third of the adapters unseen. */
	if (curve->nodes == 2 && curve->collective == COLLECTIVE_ALL_REDUCE) {
		finding_rests_on(findings_add(found, VERDICT_NOT_APPLICABLE, curve->name,
					      "%s: %.1f GB/s of many bytes, %.0f us of none; two "
					      "nodes add up inside each node first, so that it "
					      "tells nothing of the adapters",
					      label, fit.busbw_gb_per_s, fit.alpha_us),
				 record);
		return;
	}
	if (!curve_network(seen, curve, found->arena, &bound, &reason)) {
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, curve->name,
					      "%s: %.1f GB/s of many bytes, %.0f us of none; no "
					      "bound: %s",
					      label, fit.busbw_gb_per_s, fit.alpha_us, reason),
				 record);
		return;
	}
	alpha_beta_explain(&fit, timings, &bound.network, &bound.group, curve->collective,
			   &meaning);
	why = why_slow(&meaning, &fit, &bound.network, &bound.group, found->arena);
	finding = findings_add(
		found, why ? VERDICT_WARN : VERDICT_PASS, curve->name,
		"%s: %.1f GB/s of many bytes, %.0f %% of %.0f; %.0f us of none; %s%s%s", label,
		fit.busbw_gb_per_s, meaning.share * 100, meaning.reference_gb_per_s, fit.alpha_us,
		why ? why : "as the links allow", about_alpha(&fit, &meaning, found->arena),
		about_shape(&meaning));
	finding->bar = bound.row;
	if (why)
		finding->action = "check the links, adapters and settings that it names";
	finding_rests_on(finding, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct curve curve;
	size_t at = 0;

	while (curve_next(seen->machine, &at, found->arena, &curve))
		if (curve.count > 0)
			explain(seen, &curve, found);
}

CHECK(collective_explained) = {
	.title = "The curve of each collective is explained by the links",
	.since = "0.1",
	.needs = "node.test.collective.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
