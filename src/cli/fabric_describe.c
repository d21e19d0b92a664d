#include <string.h>

#include "cli/fabric_load.h"
#include "cli/fabric_records.h"
#include "cli/node.h"
#include "report/fabric.h"

enum {
	/* Leaf groups from which all others are looked at; of more, so many evenly chosen. */
	SOURCES_MAXIMUM = 128,
};

static bool find_host(const struct fabric_hosts *hosts, struct span name, uint32_t *ret_host,
		      struct error *err)
{
	uint32_t host = fabric_hosts_find(hosts, span_trim(name));

	if (host == GRAPH_NONE)
		return fail(err, ERROR_MISSING,
			    "--between: no host of this fabric is called '%.*s'; it has %u, the "
			    "first called '%s'",
			    SPAN_ARGS(name), hosts->host_count,
			    hosts->host_count > 0 ? hosts->hosts[0].name : "nothing");
	*ret_host = host;
	return true;
}

static unsigned count_rails(const struct layout *layout, uint32_t host)
{
	unsigned count = 0;

	for (uint32_t i = layout->first_link[host]; i < layout->first_link[host + 1]; i++)
		if (layout->links[i].rail != HOST_RAIL_UNKNOWN &&
		    layout->links[i].rail + 1u > count)
			count = layout->links[i].rail + 1u;
	return count < FABRIC_HOPS_RAILS ? count : FABRIC_HOPS_RAILS;
}

static bool look_between(const struct layout *layout, const char *pair,
			 struct fabric_between *between, struct error *err)
{
	struct span rest = span_of(pair), first;
	uint32_t from = 0, to = 0;

	(void)span_cut(&rest, ',', &first);
	if (first.length == 0 || rest.length == 0)
		return fail(err, ERROR_INVALID, "--between takes two hosts, as n1,n2");
	if (!find_host(layout->hosts, first, &from, err) ||
	    !find_host(layout->hosts, rest, &to, err))
		return false;
	*between = (struct fabric_between){
		.from = layout->hosts->hosts[from].name,
		.to = layout->hosts->hosts[to].name,
		.hops = layout_hops(layout, from, to, HOST_RAIL_UNKNOWN),
		.rail_count = count_rails(layout, from),
	};
	for (unsigned i = 0; i < between->rail_count; i++)
		between->rails[i] = layout_hops(layout, from, to, (uint8_t)i);
	return true;
}

static int status_of(const struct layout *layout)
{
	switch (layout_worst(layout)) {
	case WEIGHT_FAIL:
		return STATUS_FAILS;
	case WEIGHT_PARTIAL:
		return STATUS_UNKNOWN;
	case WEIGHT_WARN:
	case WEIGHT_COUNT:
		break;
	}
	return layout->is_partial || layout->fabric_count == 0 ? STATUS_UNKNOWN : STATUS_GOOD;
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct fabric_records records;
	struct fabric_input input;
	struct layout layout;

	if (!node_check_bundle(session, err) ||
	    !fabric_load_graph(session, options->arguments, options->argument_count, &input, err))
		return STATUS_ERROR;
	layout_find(&input.graph, &input.hosts, session->arena, &layout);
	if (!fabric_records_start(session, "describe", &records, err))
		return STATUS_ERROR;
	layout_tell(&layout, &records);

	struct fabric_view view = {
		.layout = &layout,
		.source = input.source,
		.records = &records,
		.all = options->all,
	};

	layout_distances(&layout, SOURCES_MAXIMUM, &view.distances);
	if ((options->between && !look_between(&layout, options->between, &view.between, err)) ||
	    !fabric_records_write(session, &records, err))
		return STATUS_ERROR;
	fabric_write(&view, options->format, &style, session->arena, session->output);
	return status_of(&layout);
}

const struct command command_fabric_describe = {
	.name = "fabric describe",
	.arguments = "FILE...",
	.summary = "say how a fabric is built, and what is wrong with it",
	.text = "Reads what ibnetdiscover or assay fabric discover wrote, with evidence of hosts "
		"or "
		"lists of their GUIDs if there are any, and says how the fabric is built: separate "
		"fabrics, tiers, leaf groups, rails, the bandwidth below and above each tier, and "
		"how far hosts are from each other. Against no plan, but against what most of the "
		"like do, it names cables at each other's place, missing uplinks, slow links, ends "
		"that disagree, lost and unnamed adapters. The exit status is 1 when a finding "
		"fails, 2 when nothing fails and not everything was seen.",
	.options = TAKES_FABRIC_DESCRIBE | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_MARKDOWN |
		   1u << FORMAT_LINES | 1u << FORMAT_SVG | 1u << FORMAT_HTML,
	.arguments_minimum = 1,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
