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

/* Whether the host is one of the compute fabric, and what it has there. */
static bool find_own(const struct layout *layout, uint32_t host, const char **devices,
		     uint32_t *ret_count)
{
	if (layout->home[host] == LAYOUT_NONE ||
	    layout->hosts->hosts[host].naming == HOST_NAMED_BY_GUID)
		return false;
	*ret_count = list_devices(layout, host, devices);
	return true;
}

/* The devices that most have, if there are such: of two hosts that differ none remains (Boyer and
 * Moore). */
static uint32_t vote(const struct layout *layout, const char **devices, const char **most)
{
	uint32_t most_count = 0, count, votes = 0;

	for (uint32_t host = 0; host < layout->hosts->host_count; host++) {
		if (!find_own(layout, host, devices, &count))
			continue;
		if (votes == 0) {
			most_count = count;
			memcpy(most, devices, count * sizeof(*most));
			votes = 1;
		} else if (count == most_count && is_alike(devices, most, count)) {
			votes++;
		} else {
			votes--;
		}
	}
	return most_count;
}

/* The devices that three quarters of the hosts of the compute fabric have, and who has others. */
static void find_devices(const struct layout *layout, struct arena *arena,
			 struct topology_network *network)
{
	const char **most = ARENA_ARRAY(arena, const char *, HOST_ADAPTERS_MAXIMUM);
	const char **devices = ARENA_ARRAY(arena, const char *, HOST_ADAPTERS_MAXIMUM);
	const char **others = ARENA_ARRAY(arena, const char *, layout->hosts->host_count + 1);
	uint32_t most_count = vote(layout, devices, most), count, all = 0, other_count = 0;

	for (uint32_t host = 0; host < layout->hosts->host_count; host++) {
		if (!find_own(layout, host, devices, &count))
			continue;
		all++;
		if (count != most_count || !is_alike(devices, most, count))
			others[other_count++] = layout->hosts->hosts[host].name;
	}
	if (4 * (uint64_t)other_count > all)
		return;
	network->devices = most;
	network->device_count = most_count;
	network->others = others;
	network->other_count = other_count;
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
