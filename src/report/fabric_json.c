#include <math.h>

#include "base/json.h"
#include "report/fabric_parts.h"
#include "report/json_parts.h"

static void pair_number(struct json_writer *writer, const char *key, double value)
{
	json_key(writer, key);
	json_put_number(writer, value);
}

static void pair_guid(struct json_writer *writer, const struct layout *layout, uint32_t node,
		      struct arena *arena)
{
	json_pair_string(
		writer, "guid",
		node == GRAPH_NONE
			? NULL
			: arena_format(arena, "0x%016llx",
				       (unsigned long long)layout->graph->nodes[node].guid));
}

static void pair_tiers(struct json_writer *writer, const struct layout_fabric *fabric)
{
	json_key(writer, "tiers");
	json_open_array(writer);
	for (unsigned i = 0; i < fabric->tier_count; i++) {
		const struct layout_tier *tier = &fabric->tiers[i];

		json_open_object(writer);
		json_pair_integer(writer, "tier", i);
		json_pair_integer(writer, "switches", tier->switches);
		json_pair_integer(writer, "down", tier->down);
		json_pair_integer(writer, "up", tier->up);
		json_pair_integer(writer, "across", tier->across / 2);
		pair_number(writer, "blocking_least", tier->blocking_least);
		pair_number(writer, "blocking_middle", tier->blocking_middle);
		pair_number(writer, "blocking_most", tier->blocking_most);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void put_fabric(struct json_writer *writer, const struct layout_fabric *fabric)
{
	json_open_object(writer);
	json_pair_string(writer, "name", fabric->name);
	json_pair_string(writer, "role", layout_role_names[fabric->role]);
	json_pair_string(writer, "style", layout_style_names[fabric->style]);
	pair_number(writer, "score", fabric->score);
	json_pair_integer(writer, "hosts", fabric->host_count);
	json_pair_integer(writer, "links", fabric->link_count);
	json_pair_integer(writer, "links_of_host", fabric->host_links);
	json_key(writer, "mbit_per_s");
	if (fabric->mbit > 0)
		json_put_integer(writer, fabric->mbit);
	else
		json_put_null(writer);
	json_pair_integer(writer, "switches", fabric->switch_count);
	json_pair_integer(writer, "aggregators", fabric->aggregator_count);
	json_pair_integer(writer, "routers", fabric->router_count);
	json_pair_integer(writer, "planes", fabric->planes);
	json_pair_bool(writer, "seen_above_leaves", !fabric->is_blind);
	json_key(writer, "leaf_groups");
	json_open_object(writer);
	json_pair_integer(writer, "count", fabric->group_count);
	json_pair_integer(writer, "hosts_least", fabric->group_least);
	json_pair_integer(writer, "hosts_middle", fabric->group_middle);
	json_pair_integer(writer, "hosts_most", fabric->group_most);
	json_close_object(writer);
	pair_tiers(writer, fabric);
	json_close_object(writer);
}

static void pair_distances(struct json_writer *writer, const struct layout_distances *distances)
{
	json_key(writer, "distances");
	json_open_array(writer);
	for (unsigned i = 0; i < sizeof(distances->share) / sizeof(distances->share[0]); i++) {
		if (!(distances->share[i] > 0))
			continue;
		json_open_object(writer);
		json_pair_integer(writer, "switches", i);
		pair_number(writer, "share", distances->share[i]);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_between(struct json_writer *writer, const struct fabric_between *between)
{
	json_key(writer, "between");
	if (!between->from) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_string(writer, "from", between->from);
	json_pair_string(writer, "to", between->to);
	json_pair_integer(writer, "switches", between->hops);
	json_key(writer, "rails");
	json_open_array(writer);
	for (unsigned i = 0; i < between->rail_count; i++)
		json_put_integer(writer, between->rails[i]);
	json_close_array(writer);
	json_close_object(writer);
}

static void put_switch(struct json_writer *writer, const struct layout *layout, uint32_t at,
		       struct arena *arena)
{
	const struct layout_switch *one = &layout->switches[at];

	json_open_object(writer);
	json_pair_string(writer, "name", layout_node_name(layout, one->node, arena));
	pair_guid(writer, layout, one->node, arena);
	json_pair_string(writer, "fabric", layout->fabrics[one->fabric].name);
	json_pair_integer(writer, "tier", one->tier);
	json_pair_string(writer, "group",
			 one->group == LAYOUT_NONE ? NULL : layout->groups[one->group].name);
	json_key(writer, "rail");
	if (one->rail == HOST_RAIL_UNKNOWN)
		json_put_null(writer);
	else
		json_put_integer(writer, one->rail);
	json_pair_integer(writer, "down", one->down);
	json_pair_integer(writer, "up", one->up);
	json_pair_integer(writer, "across", one->across);
	json_pair_integer(writer, "missing_up", one->missing_up);
	pair_number(writer, "blocking",
		    one->up_mbit > 0 ? (double)one->down_mbit / (double)one->up_mbit : (double)NAN);
	json_close_object(writer);
}

static void pair_groups(struct json_writer *writer, const struct layout *layout)
{
	json_key(writer, "groups");
	json_open_array(writer);
	for (uint32_t i = 0; i < layout->group_count; i++) {
		const struct layout_group *group = &layout->groups[i];

		json_open_object(writer);
		json_pair_string(writer, "name", group->name);
		json_pair_string(writer, "fabric", layout->fabrics[group->fabric].name);
		json_pair_integer(writer, "pod", group->pod + 1);
		json_pair_integer(writer, "leaves", group->leaf_count);
		pair_number(writer, "ports_agree", group->agreement);
		json_key(writer, "hosts");
		json_open_array(writer);
		for (uint32_t j = layout->first_member[i]; j < layout->first_member[i + 1]; j++)
			json_put_string(writer, layout->hosts->hosts[layout->members[j]].name);
		json_close_array(writer);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void put_finding(struct json_writer *writer, const struct layout *layout,
			const struct layout_finding *finding, struct arena *arena)
{
	json_open_object(writer);
	json_pair_string(writer, "fault", layout_fault_name(finding->fault));
	json_pair_string(writer, "weight", layout_weight_names[finding->weight]);
	json_pair_string(writer, "place", finding->place);
	json_pair_string(writer, "text", finding->text);
	json_pair_string(writer, "action", finding->action);
	pair_guid(writer, layout, finding->node, arena);
	json_key(writer, "port");
	if (finding->port == GRAPH_NONE)
		json_put_null(writer);
	else
		json_put_integer(writer, layout->graph->ports[finding->port].number);
	json_pair_string(writer, "other",
			 finding->other == GRAPH_NONE
				 ? NULL
				 : layout_port_name(layout, finding->other, arena));
	json_pair_string(writer, "host",
			 finding->host == LAYOUT_NONE ? NULL
						      : layout->hosts->hosts[finding->host].name);
	pair_number(writer, "size", finding->size);
	pair_number(writer, "expected", finding->expected);
	json_close_object(writer);
}

static void pair_findings(struct json_writer *writer, const struct layout *layout,
			  struct arena *arena)
{
	json_key(writer, "findings");
	json_open_array(writer);
	for (uint32_t i = 0; i < layout->finding_count; i++)
		put_finding(writer, layout, &layout->findings[i], arena);
	json_close_array(writer);
	json_key(writer, "found");
	json_open_object(writer);
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (layout->found[i] > 0)
			json_pair_integer(writer, layout_fault_name((enum layout_fault)i),
					  layout->found[i]);
	json_close_object(writer);
}

void fabric_write_json(const struct fabric_view *view, struct arena *arena, struct text *into)
{
	const struct layout *layout = view->layout;
	struct json_writer writer = { .into = into, .indent = 2 };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/fabric/v1");
	json_pair_string(&writer, "source", view->source);
	json_pair_bool(&writer, "partial", layout->is_partial);
	json_pair_integer(&writer, "hosts", layout->hosts->host_count);
	json_pair_integer(&writer, "unnamed_hosts", layout->hosts->unnamed);
	json_pair_integer(&writer, "unlinked_hosts", layout->unlinked_hosts);
	json_pair_integer(&writer, "direct_links", layout->direct_links);
	json_key(&writer, "fabrics");
	json_open_array(&writer);
	for (uint32_t i = 0; i < layout->fabric_count; i++)
		put_fabric(&writer, &layout->fabrics[i]);
	json_close_array(&writer);
	pair_distances(&writer, &view->distances);
	pair_between(&writer, &view->between);
	pair_groups(&writer, layout);
	json_key(&writer, "switches");
	json_open_array(&writer);
	for (uint32_t i = 0; i < layout->switch_count; i++)
		put_switch(&writer, layout, i, arena);
	json_close_array(&writer);
	pair_findings(&writer, layout, arena);
	json_close_object(&writer);
	text_add_char(into, '\n');
}
