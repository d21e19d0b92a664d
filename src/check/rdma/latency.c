#include <string.h>

#include "check/rdma/measured.h"

/* figures.tsv, rdma_write_lat_max: OCI's gates for ib_write_lat, 5 us, and 9 us where the
 * processor is NVIDIA's Grace. They are of writes; a read goes there and back. */
static const double write_limit_s = 5e-6, write_limit_grace_s = 9e-6;

static const double read_factor = 2;

static const double microseconds = 1e6;

static double limit_of(const struct tally *tally, const struct rdma_measured *measured)
{
	const struct shape_row *shape = tally->machine->shape;
	double limit =
		shape && strncmp(shape->model, "GB", 2) == 0 ? write_limit_grace_s : write_limit_s;

	return span_is(measured->task, "write") ? limit : limit * read_factor;
}

static void judge_run(struct tally *tally, const struct rdma_measured *measured)
{
	double limit = limit_of(tally, measured), p99 = measured->record->value;
	struct finding *finding;

	if (rdma_measured_in_software(tally, measured)) {
		findings_add(tally->found, VERDICT_UNKNOWN, measured->device,
			     "%s: %.1f us by an adapter in software: no reference", measured->label,
			     p99 * microseconds);
		return;
	}
	if (p99 <= limit) {
		tally_well(tally, measured->record);
		return;
	}
	finding = findings_add(tally->found, VERDICT_FAIL, measured->device,
			       "%s: 99 %% within %.2f us, %.0f us expected", measured->label,
			       p99 * microseconds, limit * microseconds);
	(void)finding_rests_on(finding, measured->record);
	finding->bar =
		"figures.tsv rdma_write_lat_max (OCI's gates): 5 us, 9 us on GB200 and GB300; "
		"twice that for reads";
	finding->action =
		"look at the power states of the processors, at the switches between, and "
		"at the node that the adapter belongs to";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct rdma_measured measured;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while (rdma_measured_next(&tally, NODE_TEST_RDMA_LATENCY_P99, &at, &measured))
		judge_run(&tally, &measured);
	tally_pass(&tally, "%zu run%s of perftest: 99 of 100 messages are within the limit",
		   tally.well, plural(tally.well));
}

CHECK(rdma_latency) = {
	.title = "Small messages cross the back end without delay",
	.since = "0.1",
	.needs = "node.test.rdma.latency",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_RDMA,
	.judge = judge,
};
