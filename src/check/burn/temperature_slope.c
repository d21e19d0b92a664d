#include "check/gpu/walk.h"

#include <math.h>

/* Speed lost to heat, in percent for ten degrees more: the answers of the criterion
 * performance.thermal. */
static const double cool = 1, warm = 3;

static const char bar[] = "under 1 % for 10 C is cool, 1 to 3 % warm, more throttles: criterion "
			  "performance.thermal";

/* An interval that reaches so far on both sides of its middle tells no answer from its neighbour.
 */
static const double widest = 1;

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *loss = gpu_walk_need(walk, NODE_TEST_BURN_LOSS, gpu);
	double low, high;
	struct finding *finding;

	if (!loss)
		return;
	if (!machine_value(walk->machine, NODE_TEST_BURN_LOSS_LOW, gpu, &low) ||
	    !machine_value(walk->machine, NODE_TEST_BURN_LOSS_HIGH, gpu, &high)) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, loss,
			     "it loses %.2f %% for 10 C, and how well that is known is not",
			     loss->value);
		return;
	}
	if (high < cool) {
		gpu_walk_well(walk, loss);
		return;
	}
	if (low <= warm && (high - low) / 2 > widest) {
		finding = gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, loss,
				       "it loses %.2f %% for 10 C, anything from %.2f to %.2f %%: "
				       "too wide for an answer",
				       loss->value, low, high);
		finding->bar = bar;
		finding->action = "burn longer, or over a wider range of temperatures";
		return;
	}
	if (loss->value < cool && low < cool) {
		gpu_walk_well(walk, loss);
		return;
	}
	finding = gpu_walk_say(walk, loss->value > warm ? VERDICT_FAIL : VERDICT_WARN, gpu, loss,
			       "it loses %.2f %% of its speed for 10 C more (%.2f to %.2f %%), "
			       "under %.0f %% expected",
			       loss->value, low, high, cool);
	finding->bar = bar;
	finding->action = "look at its coolant or air, at its cooler's seat and at its inlet";
	finding_rests_on(finding,
			 machine_find(walk->machine, NODE_TEST_BURN_TEMPERATURE_HIGH, gpu));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "heat costs less than 1 % of the speed for ten degrees");
}

CHECK(burn_temperature_slope) = {
	.title = "The GPU runs cool enough to keep its speed",
	.since = "0.1",
	.needs = "node.test.burn.loss",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
