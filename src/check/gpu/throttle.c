#include <string.h>

#include "check/gpu/walk.h"

/* Reasons that no healthy GPU has. Idle, an application's own setting, the power limit under load
 * and clocks kept equal on purpose are not among them. */
static const struct {
	const char *word, *what;
} reasons[] = {
	{ "hw-thermal", "heat (hardware)" },
	{ "sw-thermal", "heat (driver)" },
	{ "power-brake", "the power brake of the node" },
	{ "hw-slowdown", "a hardware slowdown" },
};

static const struct {
	enum measure measure;
	const char *what, *action;
} counters[] = {
	{ NODE_GPU_THROTTLE_THERMAL, "heat",
	  "drain; look at fans, filters, coolant and the seat of the GPU" },
	{ NODE_GPU_THROTTLE_BOARD, "limits of the board or the power brake",
	  "drain; look at the power supplies and their cables" },
};

/* Slowed for this share of the window it is sustained: what gpud calls a fault, 0.6 events a
 * minute with a look each minute for ten minutes. */
static const double sustained = 0.6;

/* A hundredth of the time costs a hundredth of the speed at most; less is not told. */
static const double noticed = 0.01;

/* Judges the time in the state; true when a finding was added. */
static bool judge_time(struct gpu_walk *walk, const char *gpu, size_t which)
{
	const struct record *one = machine_find(walk->machine, counters[which].measure, gpu);
	struct counter_rate rate;
	struct finding *finding;
	double share;

	if (!one)
		return false;
	if (!machine_rate(walk->machine, counters[which].measure, gpu, &rate)) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, one,
			     "how long %s slowed it is not known: %s", counters[which].what,
			     one->says == SAYS_UNKNOWN ? one->text : "no window to compare with");
		return true;
	}
	share = rate.rise / rate.window_s;
	if (share < noticed)
		return false;
	finding = gpu_walk_say(walk, share < sustained ? VERDICT_WARN : VERDICT_FAIL, gpu, rate.now,
			       "%s slowed it for %.1f s of %.0f s (%.0f %%)%s, under 1 %% expected",
			       counters[which].what, rate.rise, rate.window_s, 100 * share,
			       rate.since_boot ? " since the start" : "");
	finding->bar = "60 % of the time fails (gpud: 0.6 a minute), 1 % is told";
	finding->action = counters[which].action;
	finding->clears = "a window without it";
	finding_rests_on(finding, rate.before);
	return true;
}

/* Judges the moment: one look may catch what passes, so it is a warning only. */
static bool judge_moment(struct gpu_walk *walk, const char *gpu, const struct record *now)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		struct finding *finding;

		if (!state_has(now->text, reasons[i].word))
			continue;
		finding = gpu_walk_say(walk, VERDICT_WARN, gpu, now,
				       "its clock is held down by %s at this moment",
				       reasons[i].what);
		finding->bar = "none of hw-slowdown, hw-thermal, sw-thermal, power-brake";
		finding->action = "look again over a minute; then at cooling and power";
		return true;
	}
	return false;
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *now = gpu_walk_need(walk, NODE_GPU_THROTTLE, gpu);
	bool told = !now;

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		told |= judge_time(walk, gpu, i);
	if (!told && !judge_moment(walk, gpu, now))
		gpu_walk_well(walk, now);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "neither heat nor lack of power holds the clock down");
}

CHECK(gpu_throttle) = {
	.title = "Neither heat nor lack of power slows the GPU",
	.since = "0.1",
	.needs = "node.gpu.throttle",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.settle_s = 60,
	.judge = judge,
};
