#include "check/gpu/walk.h"

/* A hundredth of the time costs a hundredth of the speed at most; a tenth is felt. This project's
 * bars. */
static const double noticed = 1, sustained = 10;

static const struct {
	const char *word, *what, *action;
} reasons[] = {
	{ "hw-thermal", "heat (hardware)", "drain; look at fans, coolant and the cooler's seat" },
	{ "sw-thermal", "heat (driver)", "look at fans, coolant and the inlet's temperature" },
	{ "power-brake", "the power brake of the node",
	  "drain; look at the power supplies and their cables" },
	{ "hw-slowdown", "a hardware slowdown", "drain; look at power and cooling" },
};

static double share_of(const struct gpu_walk *walk, const char *gpu, const char *word,
		       const struct record **ret_record)
{
	const char *device = arena_format(walk->found->arena, "%s/%s", gpu, word);

	*ret_record = machine_find(walk->machine, NODE_TEST_BURN_THROTTLE, device);
	return *ret_record && (*ret_record)->says == SAYS_VALUE ? (*ret_record)->value : -1;
}

/* The power limit is what ends a healthy GPU's clock under such a load: said, not condemned. */
static const char *explain(const struct gpu_walk *walk, const char *gpu)
{
	const struct record *record;
	double capped = share_of(walk, gpu, "sw-power", &record), power, limit;
	const char *text = "";

	if (capped >= 0)
		text = arena_format(walk->found->arena,
				    "; its power limit held it for %.0f %%, as is usual", capped);
	if (machine_value(walk->machine, NODE_TEST_BURN_POWER, gpu, &power) &&
	    machine_value(walk->machine, NODE_GPU_POWER_LIMIT, gpu, &limit))
		text = arena_format(walk->found->arena, "%s; it drew %.0f W of %.0f W", text, power,
				    limit);
	return text;
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *record, *last = NULL;
	size_t told = 0, before = walk->found->count;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		double share = share_of(walk, gpu, reasons[i].word, &record);
		struct finding *finding;

		told += share >= 0;
		last = share >= 0 ? record : last;
		if (share < noticed)
			continue;
		finding = gpu_walk_say(walk, share < sustained ? VERDICT_WARN : VERDICT_FAIL, gpu,
				       record,
				       "%s held its clock down for %.1f %% of the full load, under "
				       "%.0f %% expected%s",
				       reasons[i].what, share, noticed, explain(walk, gpu));
		finding->bar = "1 % of the time is told, 10 % fails";
		finding->action = reasons[i].action;
	}
	if (walk->found->count > before)
		return;
	if (told == sizeof(reasons) / sizeof(reasons[0]))
		gpu_walk_well(walk, last);
	else
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, last,
			     "why its clock was low is not known: %s",
			     machine_why_unknown(walk->machine, NODE_TEST_BURN_THROTTLE, gpu));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "under full load nothing but the power limit held a clock down");
}

CHECK(burn_throttling) = {
	.title = "Under load neither heat nor the node slows the GPU",
	.since = "0.1",
	.needs = "node.test.burn.throttle",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
