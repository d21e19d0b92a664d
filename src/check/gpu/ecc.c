#include <string.h>

#include "check/gpu/walk.h"

static const char reset_action[] = "drain; reset the GPU; run the field diagnostics when it comes "
				   "again";

/* Counters that must be zero since the driver started; of AMD's blocks there is one each. */
static const struct {
	enum measure measure;
	enum verdict verdict;
	const char *what;
} counters[] = {
	{ NODE_GPU_ECC_UNCORRECTED, VERDICT_FAIL, "uncorrected memory errors" },
	{ NODE_GPU_RAS_UNCORRECTED, VERDICT_FAIL, "uncorrected errors" },
	/* An error that was found in data which nobody has used yet; the page is given up. */
	{ NODE_GPU_RAS_DEFERRED, VERDICT_WARN, "deferred errors" },
};

static bool is_of(const char *device, const char *gpu)
{
	return device && span_is(device_whole(device), gpu);
}

static void judge_counter(struct gpu_walk *walk, size_t which, const struct record *one)
{
	const char *device = record_device(one);
	struct finding *finding;

	if (one->says != SAYS_VALUE) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, device, one, "%s are not known: %s",
			     counters[which].what,
			     machine_why_unknown(walk->machine, counters[which].measure, device));
		return;
	}
	if (one->value < 0.5)
		return;
	finding = gpu_walk_say(walk, counters[which].verdict, device, one,
			       "%.0f %s since the driver started, none expected", one->value,
			       counters[which].what);
	finding->bar = "none: data has been lost";
	finding->action = reset_action;
	finding->clears = "the reset of the GPU";
}

static void judge_counters(struct gpu_walk *walk, const char *gpu)
{
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		const struct record *one;
		size_t at = 0;

		while ((one = machine_next(walk->machine, counters[i].measure, &at)))
			if (is_of(record_device(one), gpu))
				judge_counter(walk, i, one);
	}
}

/* NVIDIA's driver raises this flag when the on-chip memory has had so many uncorrected errors that
 * the GPU is to be tested; it counts over the life of the GPU. */
static void judge_sram(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = machine_find(walk->machine, NODE_GPU_ECC_SRAM_THRESHOLD, gpu);
	struct finding *finding;

	if (!one || (one->says == SAYS_STATE && strcmp(one->text, "below") == 0))
		return;
	if (one->says != SAYS_STATE || strcmp(one->text, "exceeded") != 0) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, one,
			     "whether the on-chip memory is past its threshold is not known: %s",
			     one->text);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, one,
			       "uncorrected errors of the on-chip memory are past the driver's "
			       "threshold");
	finding->bar = "the driver's own threshold (nvmlDeviceGetSramEccErrorStatus)";
	finding->action = "drain; run the field diagnostics; return the GPU when they fail";
	finding->clears = "the exchange of the GPU";
}

/* True when errors are counted at all. */
static bool judge_mode(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = machine_find(walk->machine, NODE_GPU_ECC_MODE, gpu);
	struct finding *finding;

	/* AMD's data centre GPUs cannot be without; their library need not say so. */
	if (!one && machine_state_is(walk->machine, NODE_GPU_VENDOR, gpu, "amd"))
		return true;
	one = gpu_walk_need(walk, NODE_GPU_ECC_MODE, gpu);
	if (!one || strcmp(one->text, "off") != 0)
		return true;
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, one,
			       "error correction is off, on expected: errors go unseen");
	finding->bar = "on: the default of data centre GPUs";
	finding->action = "turn ECC on; reset the GPU";
	return false;
}

/* All is well now: what happened earlier is said and not held against it. */
static void say_well(struct gpu_walk *walk, const char *gpu, const struct record *none)
{
	const struct record *life =
		machine_find(walk->machine, NODE_GPU_ECC_UNCORRECTED_LIFETIME, gpu);

	if (!life || life->says != SAYS_VALUE || life->value < 0.5) {
		gpu_walk_well(walk, none);
		return;
	}
	finding_rests_on(gpu_walk_say(walk, VERDICT_PASS, gpu, none,
				      "no uncorrected error since the driver started, %.0f in its "
				      "life before",
				      life->value),
			 life);
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *none = machine_find(walk->machine, NODE_GPU_ECC_UNCORRECTED, gpu);
	size_t before = walk->found->count;

	if (!judge_mode(walk, gpu))
		return;
	judge_sram(walk, gpu);
	judge_counters(walk, gpu);
	if (!none)
		(void)gpu_walk_need(walk, NODE_GPU_ECC_UNCORRECTED, gpu);
	if (walk->found->count == before)
		say_well(walk, gpu, none);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "errors are corrected, and none was uncorrected since the driver "
			    "started");
}

CHECK(gpu_ecc) = {
	.title = "GPU memory has lost no data",
	.since = "0.1",
	.needs = "node.gpu.ecc",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
