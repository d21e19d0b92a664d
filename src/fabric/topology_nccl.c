#include "fabric/topology_parts.h"

static void add_devices(const struct topology_job *job)
{
	const struct topology_network *network = &job->options->network;

	if (network->device_count == 0) {
		topology_comment(job, "NCCL_IB_HCA: the adapters of hosts are not known, or differ "
				      "from host to host.");
		return;
	}
	topology_comment(job, "The adapters of the compute fabric by their exact names, so that "
			      "storage's are left alone.");
	text_add(job->into, "NCCL_IB_HCA==");
	for (uint32_t i = 0; i < network->device_count; i++)
		text_format(job->into, "%s%s", i > 0 ? "," : "", network->devices[i]);
	text_add_char(job->into, '\n');
	for (uint32_t i = 0; i < network->other_count; i++)
		topology_comment(job, "Not so on %s.", network->others[i]);
	if (network->other_count > 0)
		topology_note(
			job,
			"%u host%s other adapters on the compute fabric than most, or not all "
			"of them, the first %s: look at them before the file goes there",
			network->other_count, network->other_count == 1 ? " has" : "s have",
			network->others[0]);
}

static void add_rails(const struct topology_job *job)
{
	const struct topology_network *network = &job->options->network;

	if (!network->is_known) {
		topology_comment(job, "NCCL_CROSS_NIC: how rails are wired is not known.");
	} else if (network->is_rail_only) {
		topology_comment(job, "No switch joins the rails: a ring has to stay on its own.");
		text_add(job->into, "NCCL_CROSS_NIC=0\n");
	} else if (network->is_rail_optimised) {
		topology_comment(job, "Each rail has its leaf, and the tier above joins them: NCCL "
				      "tries both (2, its default).");
		topology_comment(job, "NCCL_CROSS_NIC=2");
	} else {
		topology_comment(job,
				 "Adapters of a host share a leaf: rings may change the rail.");
		text_add(job->into, "NCCL_CROSS_NIC=1\n");
	}
}

bool topology_write_nccl(const struct topology_job *job, struct error *err)
{
	(void)err;
	add_devices(job);
	add_rails(job);
	topology_comment(job, "The order of ranks counts more than any setting: see --for hosts.");
	return true;
}

bool topology_write_hosts(const struct topology_job *job, struct error *err)
{
	const struct placement *placement = job->placement;
	const struct placement_tree *tree = &job->tree;

	if (placement->host_count == 0)
		return fail(err, ERROR_MISSING,
			    "no host has a place: there is nothing to write; assay fabric describe "
			    "tells why");
	for (uint32_t i = 0; i < tree->order_count; i++) {
		uint32_t unit = tree->order[i];

		topology_comment(job, "%s", placement->units[unit].name);
		for (uint32_t k = tree->first_host[unit]; k < tree->first_host[unit + 1]; k++)
			text_format(job->into, "%s\n", placement->hosts[tree->hosts[k]].name);
	}
	topology_say_unplaced(job, "at the end");
	for (uint32_t i = 0; i < placement->host_count; i++) {
		if (placement->hosts[i].unit == UINT32_MAX)
			text_format(job->into, "%s\n", placement->hosts[i].name);
		job->notes->unplaced += placement->hosts[i].unit == UINT32_MAX;
	}
	return true;
}
