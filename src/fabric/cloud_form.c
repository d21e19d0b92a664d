#include "fabric/cloud_form.h"

#include <string.h>

/* Names of fields: Oracle's metadata address and its ListComputeHosts and
 * ListComputeBareMetalHosts; EC2 DescribeInstanceTopology; nebius.compute.v1.Instance; instances of
 * Lambda's interface; compute.v1.Instance of Google. Labels: OKE, EKS, GKE, topograph before and
 * since 1.0, and NVIDIA's GPU feature discovery (gpu.clique). */
const struct cloud_form cloud_forms[] = {
	{ .name = "OCI rdmaTopologyData",
	  .marks = { "customerlocalblock", "customernetworkblock", "customerhpcislandid" },
	  .hosts = { "hostname" },
	  .units = { "customerlocalblock", "customernetworkblock", "customerhpcislandid" },
	  .domains = { "customergpumemoryfabric" } },
	{ .name = "OCI compute hosts",
	  .marks = { "localblockid", "networkblockid", "hpcislandid" },
	  .hosts = { "instanceid" },
	  .units = { "localblockid", "networkblockid", "hpcislandid" },
	  .domains = { "gpumemoryfabricid" },
	  .needs = "instanceid" },
	{ .name = "OCI bare metal hosts",
	  .marks = { "computelocalblockid", "computenetworkblockid", "computehpcislandid" },
	  .hosts = { "instanceid" },
	  .units = { "computelocalblockid", "computenetworkblockid", "computehpcislandid" },
	  .domains = { "computegpumemoryfabricid" },
	  .needs = "instanceid" },
	{ .name = "AWS DescribeInstanceTopology",
	  .marks = { "networknodes", "networknodeset" },
	  .hosts = { "instanceid" },
	  .lists = { "networknodes", "networknodeset" },
	  .order = CLOUD_NEAREST_LAST,
	  .domains = { "capacityblockid" } },
	{ .name = "Nebius instances",
	  .marks = { "status>infinibandtopologypath", "infinibandtopologypath" },
	  .hosts = { "metadata>name", "hostname", "name" },
	  .ids = { "metadata>id", "id" },
	  .lists = { "status>infinibandtopologypath>path", "status>infinibandtopologypath",
		     "infinibandtopologypath>path", "infinibandtopologypath" },
	  .order = CLOUD_NEAREST_LAST,
	  .domains = { "spec>nvlinstancegroupid", "spec>nvlink>nvlinstancegroupid",
		       "nvlinstancegroupid" } },
	{ .name = "Lambda instances",
	  .marks = { "networkpath" },
	  .hosts = { "hostname", "name", "id" },
	  .ids = { "id" },
	  .lists = { "networkpath" },
	  .order = CLOUD_NEAREST_FIRST,
	  .domains = { "nvlink>domainid" },
	  .subdomains = { "nvlink>cliqueid" } },
	{ .name = "Google Cloud instances",
	  .marks = { "resourcestatus>physicalhosttopology" },
	  .hosts = { "name" },
	  .ids = { "id" },
	  .units = { "resourcestatus>physicalhosttopology>subblock",
		     "resourcestatus>physicalhosttopology>block",
		     "resourcestatus>physicalhosttopology>cluster" } },
	{ .name = "Google Cloud instances",
	  .marks = { "resourcestatus>physicalhost" },
	  .hosts = { "name" },
	  .ids = { "id" },
	  .lists = { "resourcestatus>physicalhost" },
	  .order = CLOUD_HOST_LAST },
	{ .name = "Google Cloud metadata",
	  .marks = { "subblock" },
	  .units = { "subblock", "block", "cluster" } },
	{ .name = "labels of OCI",
	  .marks = { "metadata>labels>oci.oraclecloud.com/rdma.local_block_id" },
	  .hosts = { "metadata>name" },
	  .units = { "metadata>labels>oci.oraclecloud.com/rdma.local_block_id",
		     "metadata>labels>oci.oraclecloud.com/rdma.network_block_id",
		     "metadata>labels>oci.oraclecloud.com/rdma.hpc_island_id" },
	  .domains = { "metadata>labels>oci.oraclecloud.com/rdma.gpu_memory_fabric_id",
		       "metadata>labels>nvidia.com/gpu.clique" } },
	{ .name = "labels of OCI",
	  .marks = { "metadata>labels>oci.oraclecloud.com/host.rack_id" },
	  .hosts = { "metadata>name" },
	  .units = { "metadata>labels>oci.oraclecloud.com/host.rack_id",
		     "metadata>labels>oci.oraclecloud.com/host.network_block_id" },
	  .domains = { "metadata>labels>nvidia.com/gpu.clique" } },
	{ .name = "labels of AWS",
	  .is_open = true,
	  .marks = { "metadata>labels>topology.k8s.aws/network-node-layer-1" },
	  .hosts = { "metadata>name" },
	  .units = { "metadata>labels>topology.k8s.aws/network-node-layer-4",
		     "metadata>labels>topology.k8s.aws/network-node-layer-3",
		     "metadata>labels>topology.k8s.aws/network-node-layer-2",
		     "metadata>labels>topology.k8s.aws/network-node-layer-1" },
	  .domains = { "metadata>labels>topology.k8s.aws/capacity-block-id",
		       "metadata>labels>nvidia.com/gpu.clique" } },
	{ .name = "labels of Google Cloud",
	  .marks = { "metadata>labels>cloud.google.com/gce-topology-subblock",
		     "metadata>labels>cloud.google.com/gce-topology-block" },
	  .hosts = { "metadata>name" },
	  .units = { "metadata>labels>cloud.google.com/gce-topology-subblock",
		     "metadata>labels>cloud.google.com/gce-topology-block" },
	  .domains = { "metadata>labels>nvidia.com/gpu.clique" } },
	{ .name = "labels of topograph",
	  .marks = { "metadata>labels>fabric.topograph.run/tier-0" },
	  .hosts = { "metadata>name" },
	  .units = { "metadata>labels>fabric.topograph.run/tier-0",
		     "metadata>labels>fabric.topograph.run/tier-1",
		     "metadata>labels>fabric.topograph.run/tier-2",
		     "metadata>labels>fabric.topograph.run/tier-3",
		     "metadata>labels>fabric.topograph.run/tier-4" },
	  .domains = { "metadata>labels>accelerator.topograph.run/domain",
		       "metadata>labels>nvidia.com/gpu.clique" },
	  .subdomains = { "metadata>labels>accelerator.topograph.run/sub-domain" } },
	{ .name = "labels of topograph before 1.0",
	  .marks = { "metadata>labels>network.topology.nvidia.com/leaf" },
	  .hosts = { "metadata>name" },
	  .units = { "metadata>labels>network.topology.nvidia.com/leaf",
		     "metadata>labels>network.topology.nvidia.com/spine",
		     "metadata>labels>network.topology.nvidia.com/core" },
	  .domains = { "metadata>labels>network.topology.nvidia.com/accelerator",
		       "metadata>labels>nvidia.com/gpu.clique" } },
};

const unsigned cloud_form_count = sizeof(cloud_forms) / sizeof(cloud_forms[0]);

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "LocalBlockId", "local-block-id" and "local_block_id" are "localblockid". */
static bool is_key(struct span key, struct span wanted)
{
	size_t at = 0;

	if (memchr(wanted.at, '/', wanted.length))
		return span_equal(key, wanted);
	for (size_t i = 0; i < key.length; i++) {
		if (key.at[i] == '-' || key.at[i] == '_')
			continue;
		if (at == wanted.length || folded(key.at[i]) != wanted.at[at++])
			return false;
	}
	return at == wanted.length;
}

static const struct node *find_key(const struct node *map, struct span wanted)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->count; i++)
		if (is_key(map->keys[i].text, wanted))
			return &map->items[i];
	return NULL;
}

static bool is_null(const struct node *node)
{
	return node->kind == NODE_SCALAR && !node->quoted && span_is(node->text, "null");
}

static const struct node *find_way(const struct node *map, const char *way)
{
	struct span rest = span_of(way), key;

	while (map && span_cut(&rest, '>', &key))
		map = find_key(map, key);
	return map && !is_null(map) ? map : NULL;
}

const struct node *cloud_find(const struct node *map, const char *const ways[])
{
	for (unsigned i = 0; i < CLOUD_KEYS_MAXIMUM && ways[i]; i++) {
		const struct node *found = find_way(map, ways[i]);

		if (found)
			return found;
	}
	return NULL;
}

bool cloud_has_mark(const struct cloud_form *form, const struct node *map)
{
	return cloud_find(map, form->marks) != NULL;
}
