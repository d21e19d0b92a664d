#include "check/gemm/rows.h"

#include <string.h>

#include "check/gpu/walk.h"

/* The shape that references are of; others are told, and compared between the GPUs alone. */
static const char fixed[] = "8192x8192x8192";

static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);

	(void)machine;
	(void)arena;
	ret_kind->is_left_out = !gemm_is_shape(part, fixed);
	ret_kind->query = gemm_query(part, "product of 8192 each way", fixed);
}

/* A format that the model has and the GPU has not: it is another model. */
static void judge_formats(struct tally *tally, const struct check_input *seen)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GEMM_FORMAT, &at))) {
		const char *part = gpu_rate_part(record_device(one));
		const struct figure_query query = {
			.shape = tally->machine->shape,
			.metric = arena_format(tally->found->arena, "gemm_%s", part),
			.gpus = 1,
			.nodes = 1,
			.kind = FIGURE_SPEC,
		};
		const struct figure_row *row;
		struct finding *finding;

		if (one->says != SAYS_STATE || strcmp(one->text, "absent") != 0 ||
		    !seen->handbook || !query.shape)
			continue;
		row = handbook_figure(seen->handbook, &query);
		if (!row)
			continue;
		finding = tally_say(tally, VERDICT_FAIL, record_device(one), one,
				    "it does not multiply %s, and the model %s does", part,
				    query.shape->model);
		finding->bar = arena_format(tally->found->arena, "figures.tsv line %u (%s)",
					    row->line, row->source);
		finding->action = "compare what the driver says it is with what was sold";
	}
}

/* True when at least the format that every GPU has was measured in the shape. */
static void need_shape(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GEMM_LIBRARY, &at))) {
		const char *device =
			arena_format(tally->found->arena, "%s/bf16:%s", record_device(one), fixed);

		if (!machine_find(tally->machine, NODE_TEST_GEMM, device))
			tally_say(
				tally, VERDICT_UNKNOWN, record_device(one), one,
				"no product of 8192 each way was made: nothing to hold it against");
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	judge_formats(&tally, seen);
	gpu_rates_judge(&tally, seen, NODE_TEST_GEMM, tell);
	gpu_rates_missing(&tally, NODE_TEST_GEMM);
	need_shape(&tally);
	(void)tally_pass(&tally, "%zu products of 8192 each way are as fast as they should be",
			 tally.well);
}

CHECK(gemm_throughput) = {
	.title = "Matrix products are as fast as the model's",
	.since = "0.1",
	.needs = "node.test.gemm",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_NVIDIA,
	.judge = judge,
};
