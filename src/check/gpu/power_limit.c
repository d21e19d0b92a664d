#include "check/gpu/walk.h"

/* Limits are set in whole watts and told in milliwatts; a provider that lowers one lowers it by
 * more than this. */
static const double tolerance = 0.01;

static void say_low(struct gpu_walk *walk, const char *gpu, const struct record *limit,
		    double expected, const char *bar)
{
	struct finding *finding =
		gpu_walk_say(walk, VERDICT_FAIL, gpu, limit,
			     "it may draw %.0f W, %.0f W expected (%.0f %% less): it slows down "
			     "under load and no counter shows it",
			     limit->value, expected, 100 * (1 - limit->value / expected));

	finding->bar = bar;
	finding->action =
		"set the limit to its default (nvidia-smi -pl, amd-smi reset --power-cap)";
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct shape_row *shape = walk->machine->shape;
	const struct record *limit = gpu_walk_need(walk, NODE_GPU_POWER_LIMIT, gpu);
	const struct record *usual = machine_find(walk->machine, NODE_GPU_POWER_LIMIT_DEFAULT, gpu);
	const char *row = NULL;
	struct finding *finding;

	if (!limit)
		return;
	if (shape && shape->power_limit_w > 0)
		row = arena_format(walk->found->arena, "%.0f W: shape.tsv %s (%s)",
				   shape->power_limit_w, shape->model, shape->source);
	if (usual && usual->says == SAYS_VALUE) {
		if (limit->value < usual->value * (1 - tolerance)) {
			say_low(walk, gpu, limit, usual->value, "the default limit of this GPU");
			return;
		}
		/* Boards of one chip are sold with several defaults: that is told, not condemned.
		 */
		if (row && usual->value < shape->power_limit_w * (1 - tolerance)) {
			finding = gpu_walk_say(walk, VERDICT_WARN, gpu, usual,
					       "its default limit is %.0f W, the model's %.0f W",
					       usual->value, shape->power_limit_w);
			finding->bar = row;
			finding->action = "ask the provider which board this is";
			return;
		}
		gpu_walk_well(walk, limit);
		return;
	}
	if (!row) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, limit,
			     "it may draw %.0f W, and no reference for its default: %s",
			     limit->value,
			     machine_why_unknown(walk->machine, NODE_GPU_POWER_LIMIT_DEFAULT, gpu));
		return;
	}
	if (limit->value < shape->power_limit_w * (1 - tolerance))
		say_low(walk, gpu, limit, shape->power_limit_w, row);
	else
		gpu_walk_well(walk, limit);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "the power limit is the default");
}

CHECK(gpu_power_limit) = {
	.title = "The GPU may draw the power it is sold with",
	.since = "0.1",
	.needs = "node.gpu.power.limit",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_GPU,
	.judge = judge,
};
