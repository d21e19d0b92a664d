#include <string.h>

#include "check/gpu/walk.h"

/* The record when it is there, and says yes or no; NULL otherwise, and said to be unknown. */
static const struct record *need_word(struct gpu_walk *walk, enum measure measure, const char *gpu)
{
	const struct record *one = gpu_walk_need(walk, measure, gpu);

	if (!one || strcmp(one->text, "yes") == 0 || strcmp(one->text, "no") == 0)
		return one;
	gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, one, "%.*s: '%.40s' is neither yes nor no",
		     SPAN_ARGS(measure_title(measure)), one->text);
	return NULL;
}

static void judge_failure(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = need_word(walk, NODE_GPU_ROWS_FAILURE, gpu);
	struct finding *finding;

	if (!one || strcmp(one->text, "no") == 0)
		return;
	finding =
		gpu_walk_say(walk, VERDICT_FAIL, gpu, one, "a row of memory could not be replaced");
	finding->bar = "no failed replacement: NVIDIA's condition for returning a GPU";
	finding->action = "drain; run the field diagnostics; return the GPU";
	finding->clears = "the exchange of the GPU";
}

/* The broken row is set aside already and its page given up; the spare one comes with a reset. Jobs
 * run on, so it need not be taken out at once. */
static void judge_pending(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = need_word(walk, NODE_GPU_ROWS_PENDING, gpu);
	struct finding *finding;

	if (!one || strcmp(one->text, "no") == 0)
		return;
	finding =
		gpu_walk_say(walk, VERDICT_WARN, gpu, one, "a row of memory waits to be replaced");
	finding->bar = "no pending replacement";
	finding->action = "reset the GPU at its next idle moment";
	finding->clears = "the reset of the GPU";
}

static void judge_banks(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = machine_find(walk->machine, NODE_GPU_ROWS_BANKS_FULL, gpu);
	struct finding *finding;

	if (!one || (one->says == SAYS_VALUE && one->value < 0.5))
		return;
	if (one->says != SAYS_VALUE) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, one,
			     "how many banks have no spare row is not known: %s", one->text);
		return;
	}
	finding =
		gpu_walk_say(walk, VERDICT_WARN, gpu, one,
			     "%.0f banks of memory have no spare row left, none expected: the next "
			     "fault there cannot be mended",
			     one->value);
	finding->bar = "no bank without a spare row (nvmlDeviceGetRowRemapperHistogram)";
	finding->action = "watch it; plan its exchange";
	finding->clears = "the exchange of the GPU";
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *pages = machine_find(walk->machine, NODE_GPU_PAGES_UNCORRECTED, gpu);
	size_t before = walk->found->count;

	if (!machine_find(walk->machine, NODE_GPU_ROWS_FAILURE, gpu) && pages) {
		gpu_walk_say(walk, VERDICT_NOT_APPLICABLE, gpu, pages,
			     "it retires pages and replaces no rows");
		return;
	}
	/* NVML does not tell rows while there are instances: silence then means nothing. */
	if (!machine_find(walk->machine, NODE_GPU_ROWS_FAILURE, gpu) &&
	    machine_state_is(walk->machine, NODE_GPU_PARTITION, gpu, "mig")) {
		gpu_walk_say(walk, VERDICT_NOT_APPLICABLE, gpu,
			     machine_find(walk->machine, NODE_GPU_PARTITION, gpu),
			     "it is divided (MIG), and NVML does not tell replaced rows then");
		return;
	}
	judge_failure(walk, gpu);
	judge_pending(walk, gpu);
	judge_banks(walk, gpu);
	if (walk->found->count == before)
		gpu_walk_well(walk, machine_find(walk->machine, NODE_GPU_ROWS_FAILURE, gpu));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, "nvidia");
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "no row waits to be replaced, none failed to be, spares are left");
}

CHECK(gpu_rows) = {
	.title = "Broken rows of GPU memory have been replaced",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_NVIDIA,
	.required = true,
	.judge = judge,
};
