#include <stdlib.h>
#include <string.h>

#include "fabric/topology_parts.h"

static const char *prefix_of(const struct topology_job *job)
{
	return job->options->label_prefix ? job->options->label_prefix : TOPOLOGY_LABEL_PREFIX;
}

static const char *key_of(const struct topology_job *job, const char *name)
{
	return arena_format(job->arena, "%s/%s", prefix_of(job), name);
}

static bool check_prefix(const struct topology_job *job, struct error *err)
{
	return fit_is(prefix_of(job), FIT_OBJECT) ||
	       fail(err, ERROR_INVALID,
		    "--label-prefix '%s': it is lower case, digits, '-' and '.', as a name of DNS",
		    prefix_of(job));
}

/* What the labels of hosts are made of. */
struct labels {
	const char *const *units;                   /* values, of each unit */
	const char *tiers[PLACEMENT_TIERS_MAXIMUM]; /* keys */
};

static void labels_make(const struct topology_job *job, struct labels *ret_labels)
{
	*ret_labels = (struct labels){ .units = topology_units(job, FIT_LABEL) };
	for (unsigned tier = 0; tier < job->placement->tier_count; tier++)
		ret_labels->tiers[tier] = key_of(job, arena_format(job->arena, "tier-%u", tier));
}

static void add_label(const struct topology_job *job, const char *key, const char *value)
{
	text_format(job->into, "    \"%s\": \"%s\"\n", key, value);
}

static void add_node(const struct topology_job *job, const struct labels *labels,
		     const struct placement_host *host, bool *started)
{
	uint32_t unit = host->unit;

	text_format(job->into,
		    "%sapiVersion: v1\nkind: Node\nmetadata:\n  name: \"%s\"\n  labels:\n",
		    *started ? "---\n" : "", fit_name(host->name, FIT_OBJECT, job->arena));
	*started = true;
	while (unit != UINT32_MAX) {
		add_label(job, labels->tiers[job->placement->units[unit].tier],
			  labels->units[unit]);
		unit = job->placement->units[unit].parent;
	}
	if (host->domain[0] != '\0')
		add_label(job, key_of(job, "domain"),
			  fit_name(host->domain, FIT_LABEL, job->arena));
	if (host->subdomain[0] != '\0')
		add_label(job, key_of(job, "sub-domain"),
			  fit_name(host->subdomain, FIT_LABEL, job->arena));
}

/* Names of Kubernetes are lower case, and kubelet makes a host's so; nothing else is changed. */
static const char *lower_of(const char *name, struct arena *arena)
{
	char *lower = arena_take(arena, strlen(name) + 1);

	for (size_t i = 0; name[i] != '\0'; i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	return lower;
}

static bool is_node_name(const struct placement_host *host, const void *context)
{
	SCOPED_ARENA(arena);

	(void)context;
	return fit_is(lower_of(host->name, &arena), FIT_OBJECT);
}

/* A host by the name that its node has. */
struct lowered {
	const char *name;
	uint32_t host;
};

static int compare_lowered(const void *a, const void *b)
{
	const struct lowered *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order != 0 ? order : left->host < right->host ? -1 : left->host > right->host;
}

/* Two hosts whose names differ in capitals alone would be one node, with the place of whichever
 * comes last. */
static const bool *find_alike(const struct topology_job *job)
{
	const struct placement *placement = job->placement;
	uint32_t count = placement->host_count;
	struct lowered *all = ARENA_ARRAY(job->arena, struct lowered, (size_t)count + 1);
	bool *is_alike = ARENA_ARRAY(job->arena, bool, (size_t)count + 1);

	for (uint32_t i = 0; i < count; i++)
		all[i] = (struct lowered){ lower_of(placement->hosts[i].name, job->arena), i };
	qsort(all, count, sizeof(*all), compare_lowered);
	for (uint32_t i = 1; i < count; i++)
		if (strcmp(all[i - 1].name, all[i].name) == 0)
			is_alike[all[i - 1].host] = is_alike[all[i].host] = true;
	return is_alike;
}

struct alike {
	const struct placement_host *hosts;
	const bool *is_alike;
};

static bool is_single(const struct placement_host *host, const void *context)
{
	const struct alike *alike = context;

	return !alike->is_alike[host - alike->hosts];
}

/* The hosts that are nodes of Kubernetes, each one of its own. */
static void keep_nodes(const struct topology_job *job, struct topology_job *ret_job)
{
	struct topology_job named;
	struct alike alike;

	topology_keep(job, is_node_name, NULL, "because no node of Kubernetes has such a name",
		      &named);
	alike = (struct alike){ named.placement->hosts, find_alike(&named) };
	topology_keep(&named, is_single, &alike,
		      "because to Kubernetes it and another, which differs in capitals alone, are "
		      "one node",
		      ret_job);
}

bool topology_write_kubernetes(const struct topology_job *job, struct error *err)
{
	struct topology_job kept;
	struct labels labels;
	bool started = false;

	if (!check_prefix(job, err))
		return false;
	topology_comment(job, "kubectl apply --server-side --field-manager=assay -f THIS-FILE");
	topology_comment(job, "sets the labels and nothing else. It would make a node that the "
			      "cluster does not have:");
	topology_comment(job, "look at the same with --dry-run=server first.");
	keep_nodes(job, &kept);
	topology_say_unplaced(&kept, "without a label of a tier");
	labels_make(&kept, &labels);
	for (uint32_t i = 0; i < kept.placement->host_count; i++) {
		const struct placement_host *host = &kept.placement->hosts[i];

		if (host->unit != UINT32_MAX || host->domain[0] != '\0')
			add_node(&kept, &labels, host, &started);
	}
	job->notes->unplaced = kept.placement->host_count - kept.placement->placed;
	return started ||
	       fail(err, ERROR_MISSING,
		    "no host has a place: there is nothing to label; assay fabric describe "
		    "tells why");
}

bool topology_write_kueue(const struct topology_job *job, struct error *err)
{
	if (!check_prefix(job, err))
		return false;
	if (job->tree.root_count == 0)
		return fail(err, ERROR_MISSING,
			    "no host has a place: there are no levels; assay fabric describe "
			    "tells why");
	topology_comment(job, "It takes the labels of --for kubernetes. Kueue before 0.15 knows "
			      "v1beta1 instead.");
	text_add(job->into, "apiVersion: kueue.x-k8s.io/v1beta2\nkind: Topology\nmetadata:\n"
			    "  name: \"fabric\"\nspec:\n  levels:\n");
	for (unsigned tier = job->placement->tier_count; tier-- > 0;)
		text_format(job->into, "    - nodeLabel: \"%s\"\n",
			    key_of(job, arena_format(job->arena, "tier-%u", tier)));
	text_add(job->into, "    - nodeLabel: \"kubernetes.io/hostname\"\n");
	return true;
}

static void add_member(const struct topology_job *job, const char *type, const char *name)
{
	text_format(
		job->into,
		"    - type: %s\n      selector:\n        exactMatch:\n          name: \"%s\"\n",
		type, name);
}

/* Volcano counts tiers from 1. */
static void open_hyper_node(const struct topology_job *job, uint32_t unit, const char *name,
			    bool *started)
{
	text_format(job->into,
		    "%sapiVersion: topology.volcano.sh/v1alpha1\nkind: HyperNode\nmetadata:\n"
		    "  name: \"%s\"\nspec:\n  tier: %u\n  members:\n",
		    *started ? "---\n" : "", name, job->placement->units[unit].tier + 1);
	*started = true;
}

/* A unit has hosts or units below it, and one of them at least. */
static void add_hyper_node(const struct topology_job *job, const char *const *names, uint32_t unit,
			   bool *started)
{
	const struct placement_tree *tree = &job->tree;

	open_hyper_node(job, unit, names[unit], started);
	for (uint32_t i = tree->first_host[unit]; i < tree->first_host[unit + 1]; i++) {
		const char *host = job->placement->hosts[tree->hosts[i]].name;

		add_member(job, "Node", fit_name(host, FIT_OBJECT, job->arena));
	}
	for (uint32_t i = tree->first_child[unit]; i < tree->first_child[unit + 1]; i++)
		add_member(job, "HyperNode", names[tree->children[i]]);
}

bool topology_write_volcano(const struct topology_job *job, struct error *err)
{
	struct topology_job kept;
	const char *const *names;
	bool started = false;

	keep_nodes(job, &kept);
	topology_say_unplaced(&kept, "in no HyperNode");
	names = topology_units(&kept, FIT_OBJECT);
	for (uint32_t unit = 0; unit < kept.placement->unit_count; unit++) {
		if (kept.tree.below[unit] > 0)
			add_hyper_node(&kept, names, unit, &started);
	}
	job->notes->left_out += kept.placement->host_count - kept.placement->placed;
	return started ||
	       fail(err, ERROR_MISSING,
		    "no host has a place: there are no HyperNodes; assay fabric describe "
		    "tells why");
}
