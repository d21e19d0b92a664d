#include <stdlib.h>

#include "check/rdma/measured.h"

/* Rails of one node differ by less than 1 % when all is well (each is limited by its own wire); a
 * lane that is lost costs an eighth or more. */
static const double tolerance = 0.05, grave = 0.15;

static const double byte_bits = 8, giga = 1e9;

enum {
	RUNS_MAXIMUM = 1024,
	RAILS_LEAST = 3, /* of two that differ nobody knows which one is wrong */
};

struct run {
	struct rdma_measured measured;
	double rate; /* of the port; 0: not known */
};

struct runs {
	struct run items[RUNS_MAXIMUM];
	size_t count;
};

/* Runs of one task on ports of one rate. */
static bool are_peers(const struct run *a, const struct run *b)
{
	return span_equal(a->measured.task, b->measured.task) &&
	       a->measured.bytes == b->measured.bytes && a->rate > b->rate * 0.99 &&
	       a->rate < b->rate * 1.01;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void judge_run(struct tally *tally, const struct runs *runs, const struct run *one)
{
	double *values = ARENA_ARRAY(tally->found->arena, double, runs->count);
	double value = one->measured.record->value, middle, below;
	struct finding *finding;
	size_t count = 0;

	for (size_t i = 0; i < runs->count; i++)
		if (are_peers(&runs->items[i], one))
			values[count++] = runs->items[i].measured.record->value;
	if (count < RAILS_LEAST)
		return;
	qsort(values, count, sizeof(*values), compare);
	middle = (values[(count - 1) / 2] + values[count / 2]) / 2;
	below = middle > 0 ? 1 - value / middle : 0;
	if (below <= tolerance) {
		tally_well(tally, one->measured.record);
		return;
	}
	finding = findings_add(tally->found, below > grave ? VERDICT_FAIL : VERDICT_WARN,
			       one->measured.device,
			       "%s: %.1f Gb/s, %.0f %% below the middle of %zu rails, %.1f Gb/s",
			       one->measured.label, value * byte_bits / giga, 100 * below, count,
			       middle * byte_bits / giga);
	(void)finding_rests_on(finding, one->measured.record);
	finding->bar = "rails of one rate are within 5 % of their middle";
	finding->action = "compare cable, PCIe link, firmware and settings with those of its peers";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct runs *runs = ARENA_NEW(found->arena, struct runs);
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while (runs->count < RUNS_MAXIMUM &&
	       rdma_measured_next(&tally, NODE_TEST_RDMA_BANDWIDTH, &at,
				  &runs->items[runs->count].measured)) {
		struct run *run = &runs->items[runs->count++];

		if (!machine_value(seen->machine, NODE_RDMA_RATE, run->measured.port, &run->rate))
			run->rate = 1;
	}
	for (size_t i = 0; i < runs->count; i++)
		judge_run(&tally, runs, &runs->items[i]);
	if (tally.well == 0 && tally_is_clean(&tally))
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "fewer than %d ports of one rate were measured alike", RAILS_LEAST);
	else if (tally.well > 0)
		tally_pass(&tally, "%zu run%s are within 5 %% of the middle of their rails",
			   tally.well, plural(tally.well));
}

CHECK(rdma_rails_alike) = {
	.title = "No rail is slower than its peers",
	.since = "0.1",
	.needs = "node.test.rdma.bandwidth",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_RDMA,
	.judge = judge,
};
