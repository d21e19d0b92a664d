#include <string.h>

#include "check/check.h"

static const char imex[] = "service:nvidia-imex";

static const char *device_of(const struct record *record)
{
	return record->subject.parts[SUBJECT_DEVICE];
}

/* All GPUs have to say the same cluster and clique. False when they do not, or do not say. */
static bool judge_membership(const struct machine *machine, const struct record **ret_first,
			     struct findings *found)
{
	const struct record *one, *first = NULL;
	size_t at = 0;
	double clique = 0.0;
	struct finding *finding;

	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at))) {
		const char *gpu = device_of(one) ? device_of(one) : "";
		const struct record *cluster = machine_find(machine, NODE_GPU_FABRIC_CLUSTER, gpu);
		double own;
		bool has_clique = machine_value(machine, NODE_GPU_FABRIC_CLIQUE, gpu, &own);

		if (!cluster || cluster->says != SAYS_STATE || !has_clique) {
			findings_add_unknown(
				found, machine,
				has_clique ? NODE_GPU_FABRIC_CLUSTER : NODE_GPU_FABRIC_CLIQUE, gpu);
			return false;
		}
		if (!first) {
			first = cluster;
			clique = own;
		}
		if (strcmp(cluster->text, "none") != 0 && strcmp(cluster->text, first->text) == 0 &&
		    own >= clique && own <= clique)
			continue;
		finding =
			findings_add(found, VERDICT_FAIL, gpu,
				     "%s: cluster %.60s, clique %.0f; all GPUs of the node in one "
				     "expected, and the first is in %.60s, %.0f",
				     device_label(machine, gpu, found->arena), cluster->text, own,
				     first->text, clique);
		finding->action = "drain; have the NVLink domain of the rack set up again";
		finding_rests_on(finding, cluster);
		finding_rests_on(finding, machine_find(machine, NODE_GPU_FABRIC_CLIQUE, gpu));
		finding_rests_on(finding, first);
		return false;
	}
	*ret_first = first;
	return first != NULL;
}

/* The service that lets processes of different nodes share memory over NVLink. Where a scheduler
 * starts it with the job it does not run on the host. */
static bool judge_imex(const struct machine *machine, struct findings *found)
{
	const char *state = machine_state(machine, NODE_SERVICE, imex);
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);
	struct finding *finding;

	if (state && strcmp(state, "running") == 0)
		return true;
	if (!state) {
		findings_add_unknown(found, machine, NODE_SERVICE, imex);
		return false;
	}
	if (container && strcmp(container, "none") != 0) {
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, imex,
				     "whether nvidia-imex runs on the node does not show in a "
				     "container (%s)",
				     container),
			machine_find(machine, NODE_SERVICE, imex));
		return false;
	}
	finding =
		findings_add(found, VERDICT_WARN, imex,
			     "nvidia-imex is %s, running expected, unless the scheduler starts it "
			     "with each job",
			     state);
	finding->bar = "running on each node of a domain (NVIDIA IMEX service guide)";
	finding->action =
		"start nvidia-imex with the addresses of the domain's nodes, or use compute "
		"domains";
	finding_rests_on(finding, machine_find(machine, NODE_SERVICE, imex));
	return false;
}

static void judge_domain(const struct machine *machine, struct findings *found)
{
	const struct record *first = NULL;
	bool is_member = judge_membership(machine, &first, found);
	bool has_imex = judge_imex(machine, found);
	struct finding *finding;

	/* Never a pass: what was seen is not all that is asked. */
	finding = findings_add(found, VERDICT_UNKNOWN, NULL,
			       "%s; whether no other tenant is in the domain cannot be seen from a "
			       "node and is attested by the provider only",
			       is_member && has_imex ? "all GPUs are in one NVLink domain and "
						       "nvidia-imex is running"
						     : "the NVLink domain");
	finding->action = "ask the provider which partitions the rack has and who is in them";
	finding_rests_on(finding, first);
	finding_rests_on(finding, machine_find(machine, NODE_SERVICE, imex));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *reason;

	if (machine_has(machine, PART_GPU, &reason) == PRESENCE_ABSENT)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "%s", reason)->observed =
			machine->observed;
	else if (!machine->shape)
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "no reference for the NVLink of these GPUs: their model is not in "
			     "shape.tsv, not known, or not one");
	else if (!machine->shape->multi_node_links)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "the NVLink of a %s does not leave the node: shape.tsv (%s)",
			     machine->shape->model, machine->shape->source)
			->observed = machine->observed;
	else
		judge_domain(machine, found);
}

CHECK(nvlink_domain) = {
	.title = "The node is in one NVLink domain, and nobody else",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.cmax = "nvlink-boundary",
	.judge = judge,
};
