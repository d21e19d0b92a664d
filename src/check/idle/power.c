#include <string.h>

#include "check/gpu/walk.h"

/* What criterion monitoring.idle-power asks of the two generations that it knows a figure for. */
static const struct {
	enum gpu_generation generation;
	double power_w;
	const char *bar;
} bars[] = {
	{ GENERATION_B100, 250, "250 W for Blackwell: criterion monitoring.idle-power" },
	{ GENERATION_GB200, 300, "300 W for Grace-Blackwell: criterion monitoring.idle-power" },
};

/* A row of figures.tsv for the model comes before the criterion. */
static bool find_bar(const struct check_input *seen, struct arena *arena, double *ret_power_w,
		     const char **ret_bar)
{
	const struct shape_row *shape = seen->machine->shape;
	const struct figure_query query = {
		.shape = shape,
		.metric = "idle_power",
		.gpus = 1,
		.nodes = 1,
		.kind = FIGURE_THRESHOLD,
	};
	const struct figure_row *row =
		seen->handbook ? handbook_figure(seen->handbook, &query) : NULL;

	if (row) {
		*ret_power_w = figure_in_base_unit(row);
		*ret_bar = arena_format(arena, "%.0f W: figures.tsv line %u (%s)", *ret_power_w,
					row->line, row->source);
		return true;
	}
	for (size_t i = 0; i < sizeof(bars) / sizeof(bars[0]); i++) {
		if (strcmp(shape->vendor, "nvidia") != 0 || shape->generation != bars[i].generation)
			continue;
		*ret_power_w = bars[i].power_w;
		*ret_bar = bars[i].bar;
		return true;
	}
	return false;
}

/* True when nothing works on the GPU; says why not, or that it is not known. */
static bool is_idle(struct gpu_walk *walk, const char *gpu)
{
	const struct record *use = gpu_walk_need(walk, NODE_GPU_UTILISATION, gpu);
	const struct record *processes = gpu_walk_need(walk, NODE_GPU_PROCESSES, gpu);

	if (!use || !processes)
		return false;
	if (use->value <= 0.0 && processes->value <= 0.0)
		return true;
	finding_rests_on(gpu_walk_say(walk, VERDICT_NOT_APPLICABLE, gpu, use,
				      "it is not idle: %.0f processes, %.0f %% of the time in use",
				      processes->value, use->value),
			 processes);
	return false;
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu, double power_w, const char *bar)
{
	const struct record *one;
	struct finding *finding;

	if (!is_idle(walk, gpu))
		return;
	one = gpu_walk_need(walk, NODE_GPU_POWER, gpu);
	if (!one)
		return;
	if (one->value < power_w) {
		gpu_walk_well(walk, one);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, one,
			       "it draws %.0f W without work, under %.0f W expected", one->value,
			       power_w);
	finding->bar = bar;
	finding->action = "look for work that no process shows, and at clocks that are held up";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct shape_row *shape = seen->machine->shape;
	struct gpu_walk walk;
	double power_w;
	const char *gpu, *bar;

	if (!shape) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "the model of the GPUs is not known: no reference for their idle "
			     "power")
			->observed = seen->machine->observed;
		return;
	}
	if (!find_bar(seen, found->arena, &power_w, &bar)) {
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "no figure is known for the idle power of %s", shape->model)
			->observed = seen->machine->observed;
		return;
	}
	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu, power_w, bar);
	gpu_walk_end(&walk, arena_format(found->arena, "idle and under %.0f W", power_w));
}

CHECK(idle_power) = {
	.title = "Idle GPUs draw little power",
	.since = "0.1",
	.needs = "node.gpu.power",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.settle_s = 60,
	.judge = judge,
};
