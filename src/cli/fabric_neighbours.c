#include "cli/command.h"
#include "host/metadata.h"
#include "probe/neighbours.h"
#include "report/neighbours.h"

static bool look(const struct session *session, struct neighbourhood *ret_seen, struct error *err)
{
	const struct options *options = session->options;
	const char *address = options->address ? options->address : METADATA_ADDRESS;
	unsigned seconds = options->duration_s ? (unsigned)options->duration_s : LISTEN_DEFAULT_S;

	if (seconds > LISTEN_MAXIMUM_S)
		return fail(err, ERROR_LIMIT, "--duration: %d seconds are the most",
			    LISTEN_MAXIMUM_S);
	if (!metadata_address_is_local(address))
		return fail(err, ERROR_INVALID,
			    "--address %s: it is one of 169.254.0.0/16 or 127.0.0.0/8", address);
	if (!neighbourhood_see(session->host, options->node, session->arena, ret_seen, err))
		return false;
	if (options->metadata || options->address)
		neighbourhood_ask(address, ret_seen);
	session_note(session, "listening to LLDP for %u s at most", seconds);
	return neighbourhood_listen(session->host, seconds, ret_seen, err);
}

static int run(const struct session *session, struct error *err)
{
	struct report_style style = options_style(session->options);
	struct neighbourhood seen = { .host = NULL };

	if (!look(session, &seen, err))
		return STATUS_ERROR;
	const struct neighbours_report report = {
		.host = seen.host,
		.time = seen.time,
		.listened_s = seen.listened_s,
		.links = &seen.links,
		.heard = seen.heard,
		.broken = seen.broken,
		.broken_why = seen.broken_why,
		.place = seen.place.count > 0 ? &seen.place.items[0] : NULL,
		.place_source = seen.place.source,
		.place_why = seen.place_why,
	};

	neighbours_write(&report, session->options->format, &style, session->output);
	return seen.heard > 0 || report.place ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_fabric_neighbours = {
	.name = "fabric neighbours",
	.arguments = "",
	.summary = "listen to the switches beside this node (LLDP)",
	.text = "Listens at every interface for what switches say of themselves by LLDP, until "
		"each "
		"interface with a carrier heard one or --duration is over, and lists which port of "
		"which switch each hangs on, with its RDMA device. With --metadata it also asks "
		"the "
		"cloud's metadata address where this node lies. Nothing else is sent. --format "
		"json "
		"is what assay fabric describe and topology take, one file of each node; the "
		"output "
		"of `lldpcli -f json0 show neighbors` does as well, in a file named for its node. "
		"Needs CAP_NET_RAW. The exit status is 2 when nothing was heard: many clouds, and "
		"the firmware of some adapters, keep LLDP to themselves.",
	.options = TAKES_FABRIC_NEIGHBOURS | TAKES_PLAIN_FORMAT | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON,
	.arguments_minimum = 0,
	.arguments_maximum = 0,
	.run = run,
};
