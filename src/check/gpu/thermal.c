#include <math.h>

#include "check/gpu/spread.h"
#include "check/gpu/walk.h"

/* At this distance from the temperature at which it slows down a GPU has nothing left for a warmer
 * hour. */
static const double margin_c = 3;

/* Where a provider that publishes its practice alerts at the latest (criterion
 * monitoring.temperature). */
static const double alert_c = 88;

/* Against its neighbours: GPUs that draw about the same power, within this share of it. Fifteen
 * degrees is this project's bar, no vendor states one; where the neighbours differ more among
 * themselves, as when air passes one GPU after the other, six of their own deviations count. */
static const double similar_power = 0.2;
static const double distance_c = 15;
static const double deviations = 6;

enum {
	PEERS_MINIMUM = 3,
	GPUS_MAXIMUM = 64,
};

static bool draws_alike(const struct machine *machine, const char *a, const char *b)
{
	double one, other;

	return machine_value(machine, NODE_GPU_POWER, a, &one) &&
	       machine_value(machine, NODE_GPU_POWER, b, &other) &&
	       fabs(one - other) <= similar_power * fmax(one, other);
}

/* What the neighbours that draw alike have, without the GPU itself. */
static struct spread look_around(const struct machine *machine, enum measure measure,
				 const char *gpu)
{
	double values[GPUS_MAXIMUM];
	const struct record *one;
	size_t count = 0, at = 0;

	while (count < GPUS_MAXIMUM && (one = machine_next(machine, measure, &at))) {
		const char *device = record_device(one);

		if (one->says == SAYS_VALUE && device && !span_is(span_of(device), gpu) &&
		    draws_alike(machine, gpu, device))
			values[count++] = one->value;
	}
	return spread_of(values, count);
}

static void judge_peers(struct gpu_walk *walk, const char *gpu, enum measure measure,
			const char *what)
{
	const struct record *one = machine_find(walk->machine, measure, gpu);
	struct spread around;
	struct finding *finding;
	double bar;

	if (!one || one->says != SAYS_VALUE)
		return;
	around = look_around(walk->machine, measure, gpu);
	bar = around.median + fmax(distance_c, deviations * around.deviation);
	if (around.count < PEERS_MINIMUM || one->value <= bar)
		return;
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, one,
			       "its %s has %.0f C; %zu neighbours that draw about the same power "
			       "have %.0f C in the middle, up to %.0f C is usual",
			       what, one->value, around.count, around.median, bar);
	finding->bar = "median of the neighbours and 15 C, or six of their deviations";
	finding->action = "look at the seat of its cooler and the air or coolant at its place";
	finding_rests_on(finding, machine_find(walk->machine, NODE_GPU_POWER, gpu));
}

/* The distance to the slowdown; from the two temperatures where the library does not tell it. */
static bool find_margin(const struct machine *machine, const char *gpu, double temperature,
			double *ret_margin)
{
	double slowdown;

	if (machine_value(machine, NODE_GPU_TEMPERATURE_MARGIN, gpu, ret_margin))
		return true;
	if (!machine_value(machine, NODE_GPU_TEMPERATURE_SLOWDOWN, gpu, &slowdown))
		return false;
	*ret_margin = slowdown - temperature;
	return true;
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = gpu_walk_need(walk, NODE_GPU_TEMPERATURE, gpu);
	const struct record *memory = machine_find(walk->machine, NODE_GPU_TEMPERATURE_MEMORY, gpu);
	size_t before = walk->found->count;
	struct finding *finding = NULL;
	double margin;

	if (!one)
		return;
	if (!find_margin(walk->machine, gpu, one->value, &margin)) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, one,
			     "%.0f C, and at how many it slows down is not known: %s", one->value,
			     machine_why_unknown(walk->machine, NODE_GPU_TEMPERATURE_MARGIN, gpu));
	} else if (margin <= margin_c) {
		finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, one,
				       "%.0f C, %.0f C below the temperature at which it slows "
				       "down; more than %.0f C expected",
				       one->value, margin, margin_c);
		finding->bar = "3 C to the slowdown of this GPU (nvmlDeviceGetMarginTemperature)";
	} else if (one->value >= alert_c) {
		finding = gpu_walk_say(walk, VERDICT_WARN, gpu, one,
				       "%.0f C, less than %.0f C expected", one->value, alert_c);
		finding->bar = "88 C: criterion monitoring.temperature";
	}
	if (finding) {
		finding->action = "drain; look at fans, filters, coolant and inlet air";
		finding_rests_on(finding,
				 machine_find(walk->machine, NODE_GPU_TEMPERATURE_MARGIN, gpu));
	} else {
		judge_peers(walk, gpu, NODE_GPU_TEMPERATURE, "chip");
	}
	if (memory && memory->says != SAYS_VALUE)
		(void)gpu_walk_need(walk, NODE_GPU_TEMPERATURE_MEMORY, gpu);
	judge_peers(walk, gpu, NODE_GPU_TEMPERATURE_MEMORY, "memory");
	if (walk->found->count == before)
		gpu_walk_well(walk, one);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "far enough from the temperature at which it slows down, none far "
			    "hotter than its neighbours");
}

CHECK(gpu_thermal) = {
	.title = "No GPU is about to get too hot",
	.since = "0.1",
	.needs = "node.gpu.temperature",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_GPU,
	.settle_s = 60,
	.judge = judge,
};
