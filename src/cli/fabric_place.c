#include "cli/fabric_place.h"

#include <string.h>

#include "cli/fabric_load.h"

/* Which devices of a host are on the compute fabric; in the order of its adapters. */
static uint32_t list_devices(const struct layout *layout, uint32_t host, const char **ret_devices)
{
	const struct fabric_hosts *hosts = layout->hosts;
	uint32_t count = 0;

	for (uint32_t i = 0; i < hosts->hosts[host].adapter_count; i++) {
		const struct fabric_adapter *adapter =
			&hosts->adapters[hosts->hosts[host].first_adapter + i];
		bool is_linked = false;

		for (uint32_t k = layout->first_link[host]; k < layout->first_link[host + 1]; k++) {
			const struct layout_link *link = &layout->links[k];
			uint32_t fabric = layout->switches[link->leaf].fabric;

			is_linked |= layout->graph->ports[link->port].node == adapter->node &&
				     layout->fabrics[fabric].role == ROLE_COMPUTE;
		}
		if (is_linked)
			ret_devices[count++] = adapter->device;
	}
	return count;
}

static bool is_alike(const char *const *one, const char *const *other, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (one[i][0] == '\0' || strcmp(one[i], other[i]) != 0)
			return false;
	}
	return true;
}

/* The devices that all hosts of the compute fabric have in common, when they are the same. */
static void find_devices(const struct layout *layout, struct arena *arena,
			 struct topology_network *network)
{
	const char **first = ARENA_ARRAY(arena, const char *, HOST_ADAPTERS_MAXIMUM);
	const char **devices = ARENA_ARRAY(arena, const char *, HOST_ADAPTERS_MAXIMUM);
	uint32_t first_count = 0;

	for (uint32_t host = 0; host < layout->hosts->host_count; host++) {
		uint32_t count;

		if (layout->home[host] == LAYOUT_NONE)
			continue;
		count = list_devices(layout, host, devices);
		if (first_count == 0) {
			first_count = count;
			memcpy(first, devices, count * sizeof(*first));
		}
		if (count != first_count || !is_alike(devices, first, count))
			return;
	}
	network->devices = first;
	network->device_count = first_count;
}

static void find_network(const struct layout *layout, struct arena *arena,
			 struct topology_network *network)
{
	if (layout->fabric_count == 0)
		return;
	network->is_known = layout->fabrics[0].style != STYLE_UNKNOWN &&
			    layout->fabrics[0].style != STYLE_MIXED;
	network->is_rail_only = layout->fabrics[0].style == STYLE_RAIL_ONLY;
	network->is_rail_optimised = layout->fabrics[0].style == STYLE_RAIL_OPTIMISED;
	find_devices(layout, arena, network);
}

bool fabric_place(const struct session *session, const char *const *paths, size_t count,
		  struct placement *ret_placement, struct fabric_wiring *ret_wiring,
		  struct error *err)
{
	struct fabric_wiring wiring = { 0 };
	struct fabric_input *input = ARENA_NEW(session->arena, struct fabric_input);
	struct layout *layout = ARENA_NEW(session->arena, struct layout);
	struct placement placement;

	if (!fabric_load(session, paths, count, input, err))
		return false;
	if (input->placement) {
		placement = *input->placement;
		if (input->graph.node_count > 0)
			session_note(session, "where hosts lie is what the cloud says; of the rest "
					      "that was given, only hosts and their NVLink domains "
					      "are taken");
	} else if (input->graph.node_count > 0) {
		layout_find(&input->graph, &input->hosts, session->arena, layout);
		layout_place(layout, input->source, &placement);
		find_network(layout, session->arena, &wiring.network);
		wiring.layout = layout;
	} else {
		return fail(err, ERROR_MISSING,
			    "'%s' tells of no fabric; give the output of ibnetdiscover or of assay "
			    "fabric discover too",
			    count > 0 ? paths[0] : "");
	}
	if (!placement_check(&placement, err))
		return fail_while(err, "%s", placement.source);
	*ret_placement = placement;
	if (ret_wiring)
		*ret_wiring = wiring;
	return true;
}
