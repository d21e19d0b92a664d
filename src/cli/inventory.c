#include "report/inventory.h"
#include "cli/node.h"

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct drift *drifts = NULL;
	size_t drift_count = 0;
	struct node_look look;
	struct host host;

	if (!node_open(session, &host, err) ||
	    !node_see(session, &host, PROBE_QUICK | PROBE_FULL | PROBE_LAYOUT, &look, err))
		return STATUS_ERROR;
	if (look.input.golden)
		drift_count =
			drift_find(look.input.machine, look.input.golden, session->arena, &drifts);
	const struct inventory inventory = {
		.machine = look.input.machine,
		.golden = look.input.golden,
		.drifts = drifts,
		.drift_count = drift_count,
		.records = look.sightings.items,
		.count = look.sightings.count,
		.provider = options->provider,
		.time = look.sightings.time,
	};
	inventory_write(&inventory, options->format, &style, session->output);
	return drift_count > 0 ? STATUS_FAILS : STATUS_GOOD;
}

const struct command command_inventory = {
	.name = "inventory",
	.arguments = "",
	.summary = "what this machine is made of, and how it differs from a good one",
	.text = "Lists board, firmware, processors, memory, GPUs and their links, the PCI tree "
		"with the state of each link, network adapters, disks, mounts, drivers and "
		"software of this machine or of one below --root, and what could not be read. "
		"With --format jsonl and --output it records a good node, which --golden compares "
		"with; the exit status is 1 when the machine differs.",
	.options = TAKES_MACHINE | TAKES_SUBJECT | TAKES_PLAIN_FORMAT | TAKES_GOLDEN | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_LINES,
	.arguments_minimum = 0,
	.arguments_maximum = 0,
	.run = run,
};
