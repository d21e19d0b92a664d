#include <string.h>

#include "check/rdma/measured.h"

/* Of the port's rate, from 64 KiB on: what is left after headers and acknowledgements. OCI's gates
 * are 96 of 100, 192 of 200, 384 of 400 Gb/s; Azure's 380 of 400. */
static const double share_expected = 0.96;

/* A gate of the model that is lower than that and no lower than so much of the rate is of the same
 * adapters (375 and 350 of 400 Gb/s); one further below is of others. */
static const double share_of_a_gate = 0.85;

static const double byte_bits = 8, giga = 1e9;

enum {
	BYTES_LEAST = 65536,
};

struct bar {
	double gb_per_s; /* in Gb/s */
	const char *words;
};

static bool find_bar(const struct tally *tally, const struct check_input *seen,
		     const struct rdma_measured *measured, struct bar *ret_bar)
{
	const struct figure_query query = {
		.shape = seen->machine->shape,
		.metric = "rdma_write_bw_min",
		.gpus = 1,
		.nodes = 2,
		.kind = FIGURE_THRESHOLD,
	};
	const struct figure_row *row =
		seen->handbook && query.shape ? handbook_figure(seen->handbook, &query) : NULL;
	struct arena *arena = tally->found->arena;
	double rate;

	if (!machine_value(tally->machine, NODE_RDMA_RATE, measured->port, &rate) || rate <= 0)
		return false;
	*ret_bar = (struct bar){
		.gb_per_s = rate * share_expected,
		.words = arena_format(arena,
				      "%.0f %% of the port's %.0f Gb/s, as OCI's gates have it",
				      100 * share_expected, rate),
	};
	if (row && strcmp(row->unit, "Gb/s") == 0 && row->value < ret_bar->gb_per_s &&
	    row->value >= rate * share_of_a_gate)
		*ret_bar = (struct bar){
			.gb_per_s = row->value,
			.words = arena_format(arena, "figures.tsv line %u: %.0f Gb/s (%.150s)",
					      row->line, row->value, row->source),
		};
	return true;
}

static void judge_run(struct tally *tally, const struct check_input *seen,
		      const struct rdma_measured *measured)
{
	double reached = measured->record->value * byte_bits / giga;
	struct finding *finding;
	struct bar bar;

	if (rdma_measured_in_software(tally, measured)) {
		findings_add(tally->found, VERDICT_UNKNOWN, measured->device,
			     "%s: %.2f Gb/s by an adapter in software: no reference",
			     measured->label, reached);
		return;
	}
	if (!find_bar(tally, seen, measured, &bar)) {
		finding = findings_add(
			tally->found, VERDICT_UNKNOWN, measured->device,
			"%s: %.1f Gb/s, and no reference: %.200s", measured->label, reached,
			machine_why_unknown(tally->machine, NODE_RDMA_RATE, measured->port));
		(void)finding_rests_on(finding, measured->record);
		return;
	}
	if (reached >= bar.gb_per_s) {
		tally_well(tally, measured->record);
		return;
	}
	finding = findings_add(tally->found, VERDICT_FAIL, measured->device,
			       "%s: %.1f Gb/s, %.1f Gb/s expected", measured->label, reached,
			       bar.gb_per_s);
	(void)finding_rests_on(finding, measured->record);
	finding->bar = bar.words;
	finding->action =
		span_starts(measured->task, "gpu-")
			? "look at ACS, at the IOMMU, at nvidia_peermem or dma-buf, and at "
			  "the PCIe link of the adapter and of the GPU"
			: "look at cable, PCIe link and relaxed ordering of the adapter, "
			  "and at its counters of errors";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct rdma_measured measured;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while (rdma_measured_next(&tally, NODE_TEST_RDMA_BANDWIDTH, &at, &measured))
		if (measured.bytes >= BYTES_LEAST)
			judge_run(&tally, seen, &measured);
	tally_pass(&tally, "%zu run%s of perftest reach the rate of their ports", tally.well,
		   plural(tally.well));
}

CHECK(rdma_bandwidth) = {
	.title = "Every RDMA port carries what its rate promises",
	.since = "0.1",
	.needs = "node.test.rdma.bandwidth",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_RDMA,
	.judge = judge,
};
