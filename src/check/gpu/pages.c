#include <string.h>

#include "check/gpu/walk.h"

/* Retired pages of one GPU before Ampere: DCGM's diagnostics refuse the GPU at 63, a page short of
 * what its InfoROM can hold, and look closer at more than 15. */
enum {
	PAGES_REFUSED = 63,
	PAGES_WATCHED = 15,
};

/* AMD's driver warns when so much of its threshold is used (amdgpu, bad page retirement). */
static const double amd_watched = 0.9;

static void say_pages(struct gpu_walk *walk, enum verdict verdict, const char *gpu,
		      const struct record *pages, double bar)
{
	struct finding *finding = gpu_walk_say(
		walk, verdict, gpu, pages, "%.0f bad pages, %.0f are the limit", pages->value, bar);

	finding->action =
		verdict == VERDICT_FAIL ? "drain; return the GPU" : "watch it; plan its exchange";
	finding->clears = "the exchange of the GPU";
}

static void judge_amd(struct gpu_walk *walk, const char *gpu)
{
	const struct record *pages = gpu_walk_need(walk, NODE_GPU_PAGES_UNCORRECTED, gpu);
	const struct record *limit = machine_find(walk->machine, NODE_GPU_PAGES_THRESHOLD, gpu);
	size_t before = walk->found->count;

	if (!pages)
		return;
	if (pages->value < 0.5) {
		gpu_walk_well(walk, pages);
		return;
	}
	if (!limit || limit->says != SAYS_VALUE || limit->value < 0.5) {
		gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, pages,
			     "%.0f bad pages, and no threshold of the driver to compare with: %s",
			     pages->value,
			     machine_why_unknown(walk->machine, NODE_GPU_PAGES_THRESHOLD, gpu));
		return;
	}
	if (pages->value >= limit->value)
		say_pages(walk, VERDICT_FAIL, gpu, pages, limit->value);
	else if (pages->value >= amd_watched * limit->value)
		say_pages(walk, VERDICT_WARN, gpu, pages, limit->value);
	if (walk->found->count == before) {
		gpu_walk_well(walk, pages);
		return;
	}
	walk->found->items[before].bar = "the driver's threshold, a warning from 90 % of it on";
	finding_rests_on(&walk->found->items[before], limit);
}

/* From Ampere on rows are replaced and no pages retired; all models of the table are of that kind.
 */
static bool replaces_rows(const struct gpu_walk *walk, const char *gpu)
{
	return walk->machine->shape || machine_find(walk->machine, NODE_GPU_ROWS_FAILURE, gpu);
}

static void judge_pending(struct gpu_walk *walk, const char *gpu)
{
	const struct record *one = gpu_walk_need(walk, NODE_GPU_PAGES_PENDING, gpu);
	struct finding *finding;

	if (!one || strcmp(one->text, "no") == 0)
		return;
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, one, "a page waits to be retired");
	finding->action = "reset the GPU at its next idle moment";
	finding->clears = "the reset of the GPU";
}

static void judge_nvidia(struct gpu_walk *walk, const char *gpu)
{
	const struct record *hard = machine_find(walk->machine, NODE_GPU_PAGES_UNCORRECTED, gpu);
	const struct record *soft = machine_find(walk->machine, NODE_GPU_PAGES_CORRECTED, gpu);
	struct finding *finding;
	double pages;

	if (!hard && !soft && replaces_rows(walk, gpu)) {
		gpu_walk_say(walk, VERDICT_NOT_APPLICABLE, gpu, NULL,
			     "it replaces rows and retires no pages");
		return;
	}
	hard = gpu_walk_need(walk, NODE_GPU_PAGES_UNCORRECTED, gpu);
	soft = gpu_walk_need(walk, NODE_GPU_PAGES_CORRECTED, gpu);
	judge_pending(walk, gpu);
	if (!hard || !soft)
		return;
	pages = hard->value + soft->value;
	if (pages < PAGES_WATCHED + 0.5) {
		gpu_walk_well(walk, hard);
		return;
	}
	finding = gpu_walk_say(walk, pages < PAGES_REFUSED - 0.5 ? VERDICT_WARN : VERDICT_FAIL, gpu,
			       hard, "%.0f retired pages, more than %d are watched, %d refused",
			       pages, PAGES_WATCHED, PAGES_REFUSED);
	finding->bar = "DCGM diagnostics: 15 and 63 pages";
	finding->action = pages < PAGES_REFUSED - 0.5 ? "watch it; plan its exchange"
						      : "drain; return the GPU";
	finding->clears = "the exchange of the GPU";
	finding_rests_on(finding, soft);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk))) {
		if (machine_state_is(seen->machine, NODE_GPU_VENDOR, gpu, "amd"))
			judge_amd(&walk, gpu);
		else
			judge_nvidia(&walk, gpu);
	}
	gpu_walk_end(&walk, "few or no pages of memory were given up");
}

CHECK(gpu_pages) = {
	.title = "Few pages of GPU memory were given up",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_GPU,
	.judge = judge,
};
