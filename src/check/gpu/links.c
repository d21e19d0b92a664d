#include <string.h>

#include "check/gpu/link_list.h"

/* What a driver reports may be a little below the round figure of the data sheet. */
static const double speed_tolerance = 0.01;

struct tally {
	unsigned up, down, unknown, slow, no_speed, to_switch, to_gpu;
	double slowest;
	const char *first_down, *first_slow, *first_unknown, *first_up;
	const char *refused; /* its speed was asked for and not told */
};

static void count_link(const struct machine *machine, const char *link, double bar,
		       struct tally *tally)
{
	const char *state = machine_state(machine, NODE_GPU_LINK, link);
	const char *peer = machine_state(machine, NODE_GPU_LINK_PEER, link);
	double speed;

	if (!state) {
		tally->first_unknown = tally->unknown++ ? tally->first_unknown : link;
		return;
	}
	if (strcmp(state, "up") != 0) {
		tally->first_down = tally->down++ ? tally->first_down : link;
		return;
	}
	tally->first_up = tally->up++ ? tally->first_up : link;
	if (peer)
		*(strcmp(peer, "switch") == 0 ? &tally->to_switch : &tally->to_gpu) += 1;
	if (bar <= 0.0)
		return;
	if (!machine_value(machine, NODE_GPU_LINK_SPEED, link, &speed)) {
		tally->no_speed++;
		if (machine_find(machine, NODE_GPU_LINK_SPEED, link))
			tally->refused = link;
	} else if (speed < bar * (1.0 - speed_tolerance)) {
		tally->slowest =
			tally->slow == 0 || speed < tally->slowest ? speed : tally->slowest;
		tally->first_slow = tally->slow++ ? tally->first_slow : link;
	}
}

/* Cards that a bridge joins by choice have no link up without one. */
static bool may_have_none(const struct shape_row *shape)
{
	return !shape->has_switch && !shape->multi_node_links &&
	       strcmp(shape->vendor, "nvidia") == 0;
}

static struct finding *add_fault(const struct shape_row *shape, const struct tally *tally,
				 const char *gpu, const char *label, struct findings *found)
{
	if (tally->up < shape->links && tally->up + tally->unknown >= shape->links)
		return findings_add(found, VERDICT_UNKNOWN, gpu,
				    "%s: %u links up, %u expected, and %u did not say", label,
				    tally->up, shape->links, tally->unknown);
	if (tally->up == 0 && may_have_none(shape))
		return findings_add(
			found, VERDICT_WARN, gpu,
			"%s: no link is up of the %u that a %s with a bridge has: there is "
			"no bridge, or it is dead",
			label, shape->links, shape->model);
	if (tally->up < shape->links)
		return findings_add(found, VERDICT_FAIL, gpu, "%s: %u links up, %u expected", label,
				    tally->up, shape->links);
	if (tally->slow > 0)
		return findings_add(found, VERDICT_FAIL, gpu,
				    "%s: %u links are slow, the slowest at %.1f GB/s, %.1f GB/s "
				    "expected",
				    label, tally->slow, tally->slowest / 1e9,
				    shape->link_bytes_per_s / 1e9);
	if (tally->to_switch > 0 && tally->to_gpu > 0)
		return findings_add(found, VERDICT_WARN, gpu,
				    "%s: %u links end at switches and %u at GPUs, all at one kind "
				    "expected",
				    label, tally->to_switch, tally->to_gpu);
	if (tally->refused)
		return findings_add(found, VERDICT_UNKNOWN, gpu,
				    "%s: %u links up, but the speed of %u is not known", label,
				    tally->up, tally->no_speed);
	return NULL;
}

/* True when all is well. */
static bool judge_gpu(const struct machine *machine, const struct gpu_links *gpu, struct tally *all,
		      struct findings *found)
{
	const struct shape_row *shape = machine->shape;
	const char *label = device_label(machine, gpu->gpu, found->arena);
	struct tally tally = { 0 };
	struct finding *finding;

	for (size_t i = 0; i < gpu->count; i++)
		count_link(machine, gpu->links[i], shape->link_bytes_per_s, &tally);
	all->up += tally.up;
	all->no_speed += tally.no_speed;
	if (tally.up + tally.down + tally.unknown == 0) {
		findings_add(found, VERDICT_UNKNOWN, gpu->gpu,
			     "%s: no state of any link was recorded", label);
		return false;
	}
	finding = add_fault(shape, &tally, gpu->gpu, label, found);
	if (!finding)
		return true;
	finding->bar =
		arena_format(found->arena, "%u links of %.0f GB/s: shape.tsv %s (%s)", shape->links,
			     shape->link_bytes_per_s / 1e9, shape->model, shape->source);
	finding->action =
		"drain; reset all GPUs of the node together; again: look at the board, its "
		"bridge and its switches";
	if (tally.first_down)
		finding_rests_on(finding, machine_find(machine, NODE_GPU_LINK, tally.first_down));
	if (tally.first_unknown)
		finding_rests_on(finding,
				 machine_find(machine, NODE_GPU_LINK, tally.first_unknown));
	if (tally.first_slow)
		finding_rests_on(finding,
				 machine_find(machine, NODE_GPU_LINK_SPEED, tally.first_slow));
	if (tally.refused)
		finding_rests_on(finding,
				 machine_find(machine, NODE_GPU_LINK_SPEED, tally.refused));
	if (!finding->evidence[0] && tally.first_up)
		finding_rests_on(finding, machine_find(machine, NODE_GPU_LINK, tally.first_up));
	return false;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct gpu_links *gpus;
	size_t count = gpu_links_find(machine, found->arena, &gpus);
	struct finding *finding;
	bool all_well = true;
	struct tally all = { 0 };

	if (!machine->shape) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "no reference for the links of these GPUs: their model is not in "
			     "shape.tsv, not known, or not one");
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (!judge_gpu(machine, &gpus[i], &all, found))
			all_well = false;
	if (count == 0 || !all_well)
		return;
	finding = findings_add(found, VERDICT_PASS, NULL,
			       "%u links of %zu GPUs are up, %u of them at the speed of a %s, the "
			       "speed of %u was not told",
			       all.up, count, all.up - all.no_speed, machine->shape->model,
			       all.no_speed);
	finding->bar =
		arena_format(found->arena, "%u links: shape.tsv %s (%s)", machine->shape->links,
			     machine->shape->model, machine->shape->source);
	for (size_t i = 0; i < count; i++)
		finding_rests_on(finding, machine_find(machine, NODE_GPU_LINK, gpus[i].links[0]));
}

CHECK(gpu_links) = {
	.title = "All links between GPUs are up and at full speed",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_LINKS,
	.required = true,
	.judge = judge,
};
