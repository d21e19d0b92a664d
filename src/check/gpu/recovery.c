#include <string.h>

#include "check/gpu/walk.h"

/* The driver tells its recovery action from branch R565 on: NVML's
 * NVML_FI_DEV_GET_GPU_RECOVERY_ACTION, Xid 154. */
static const uint64_t first_driver = 565;

static const struct {
	const char *word, *action;
} actions[] = {
	{ "reset-gpu", "drain; reset the GPU" },
	{ "reboot-node", "drain; reboot the node" },
	{ "drain-p2p",
	  "drain what uses peer-to-peer copies of this GPU; reset it when it is idle" },
	{ "drain-and-reset", "drain; let the jobs end; reset the GPU" },
};

static bool is_too_old(const struct machine *machine, const char **ret_version)
{
	const char *version = machine_state(machine, NODE_NVIDIA_DRIVER, NULL);
	struct span rest = span_of(version), major;
	uint64_t number;

	*ret_version = version;
	return span_cut(&rest, '.', &major) && span_to_u64(major, &number) && number < first_driver;
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = machine_find(walk->machine, NODE_GPU_RECOVERY, gpu);
	struct finding *finding;
	const char *version;

	if (!one && is_too_old(walk->machine, &version)) {
		gpu_walk_say(walk, VERDICT_NOT_APPLICABLE, gpu,
			     machine_find(walk->machine, NODE_NVIDIA_DRIVER, NULL),
			     "driver %s does not tell a recovery action; R565 and later do",
			     version);
		return;
	}
	one = gpu_walk_need(walk, NODE_GPU_RECOVERY, gpu);
	if (!one)
		return;
	if (strcmp(one->text, "none") == 0) {
		gpu_walk_well(walk, one);
		return;
	}
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(one->text, actions[i].word) != 0)
			continue;
		finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, one,
				       "the driver asks for %s, none expected", one->text);
		finding->bar = "none: the driver's own recovery action (NVML)";
		finding->action = actions[i].action;
		finding->clears = "the driver's action is none again";
		return;
	}
	gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, one, "'%s' is no recovery action known here",
		     one->text);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, "nvidia");
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "the driver asks for nothing");
}

CHECK(gpu_recovery) = {
	.title = "The driver asks for no reset and no reboot",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_NVIDIA,
	.required = true,
	.judge = judge,
};
