#include "cli/fabric_load.h"
#include "cli/interrupt.h"
#include "fabric/ibnetdiscover.h"
#include "probe/sweep.h"
#include "report/fabric_found.h"

enum {
	NS_PER_SECOND = 1000000000,
};

static bool goes_on(void *self, const struct graph *graph, const struct exchange_tally *tally)
{
	(void)graph, (void)tally;
	return !interrupted(self);
}

static void tell(const struct mad_door *door, const struct sweep_result *result,
		 struct fabric_sweep_told *ret_told)
{
	*ret_told = (struct fabric_sweep_told){
		.device = door->device,
		.port = door->port,
		.is_split = door->is_split,
		.asked = result->tally.sent,
		.answered = result->tally.answered,
		.repeated = result->tally.repeated,
		.unanswered = result->tally.unanswered,
		.window_most = result->tally.window_most,
		.round_trip_us = result->round_trip_us,
		.duration_s = (double)result->duration_ns / NS_PER_SECOND,
		.silent_ports = result->unanswered_ports,
		.unread_ports = result->unread_ports,
		.keyed_nodes = result->keyed_nodes,
		.far_ports = result->far_ports,
		.manager_lid = result->manager_lid,
		.is_cut = result->is_cut,
	};
}

static bool ask(const struct session *session, const struct mad_door *door, struct graph *graph,
		struct sweep_result *ret_result, struct error *err)
{
	const struct options *options = session->options;
	const struct sweep_request request = {
		.door = door,
		.window = (unsigned)options->window,
		.hops_maximum = (unsigned)options->hops,
		.limit_ns = (int64_t)options->duration_s * NS_PER_SECOND,
		.goes_on = goes_on,
	};
	bool counts = options->counters || options->interval_s;

	/* Ctrl-C ends the sweep and keeps what is known by then. */
	interrupts_catch();
	if (!sweep(&request, graph, ret_result, err))
		return false;
	return !counts || ret_result->is_cut ||
	       sweep_read_counters(&request, graph, (int64_t)options->interval_s * NS_PER_SECOND,
				   ret_result, err);
}

/* A device that breaks in the middle leaves what was found by then. */
static bool sweep_live(const struct session *session, struct graph *graph,
		       struct fabric_found *found, struct error *err)
{
	const struct options *options = session->options;
	struct fabric_sweep_told *told = ARENA_NEW(session->arena, struct fabric_sweep_told);
	struct sweep_result result;
	struct mad_door door;

	if (!mad_open(options->device, (unsigned)options->port, session->arena, &door, err))
		return false;
	bool is_good = ask(session, &door, graph, &result, err);

	tell(&door, &result, told);
	*found = (struct fabric_found){
		.graph = graph,
		.source = arena_format(session->arena, "InfiniBand sweep over %s port %u",
				       door.device, door.port),
		.sweep = told,
		.counters = result.counters,
		.counted_ports = result.counted_ports,
		.uncounted_ports = result.uncounted_ports,
		.interval_s = options->interval_s,
	};
	door.close(door.self);
	if (is_good || graph->node_count < 2)
		return is_good;
	graph->is_partial = true;
	graph_note(graph, GRAPH_NOTE_CUT, GRAPH_NONE, GRAPH_NONE, "%s", err->text);
	return true;
}

static bool read_file(const struct session *session, struct fabric_input *input,
		      struct fabric_found *found, struct error *err)
{
	const struct options *options = session->options;

	if (options->counters || options->interval_s)
		return fail(err, ERROR_INVALID,
			    "'%s' is a recording, which has no counters to read: leave it out to "
			    "sweep, or leave out --counters and --interval",
			    options->arguments[0]);
	if (!fabric_load_graph(session, options->arguments, options->argument_count, input, err))
		return false;
	*found = (struct fabric_found){ .graph = &input->graph, .source = input->source };
	return true;
}

/* Reading them takes a while, and they would be lost. */
static bool check_form(const struct options *options, struct error *err)
{
	return options->format != FORMAT_TEXT || !(options->counters || options->interval_s) ||
	       fail(err, ERROR_INVALID,
		    "--format text has no place for counters: take table or json, or leave out "
		    "--counters and --interval");
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	const struct report_style style = options_style(options);
	struct graph graph = { .arena = session->arena };
	struct fabric_input input = { 0 };
	struct fabric_found found = { .graph = &graph };
	bool is_good = check_form(options, err) &&
		       (options->argument_count ? read_file(session, &input, &found, err)
						: sweep_live(session, &graph, &found, err));

	if (!is_good)
		return STATUS_ERROR;
	if (options->format == FORMAT_TEXT)
		ibnetdiscover_write(found.graph, session->output);
	else
		fabric_found_write(&found, options->format, &style, session->output);
	if (!found.graph->is_partial)
		return STATUS_GOOD;
	session_note(session, "not everything was seen, in %u places: %s", found.graph->note_count,
		     found.graph->note_count ? found.graph->notes[0].text : "the source says so");
	return STATUS_UNKNOWN;
}

const struct command command_fabric_discover = {
	.name = "fabric discover",
	.arguments = "[FILE]",
	.summary = "map a fabric: sweep InfiniBand, or read what was recorded",
	.text = "Asks every device that can be reached over this machine's InfiniBand adapter who "
		"it is and what hangs at its ports, with many questions under way at once, or "
		"reads what ibnetdiscover printed. Nothing of the fabric is changed. With --format "
		"text and --output it writes a file for the other commands of a fabric. What does "
		"not answer is named, and the rest is delivered all the same; the exit status is 2 "
		"then. Ctrl-C ends the sweep and keeps what is known.",
	.options = TAKES_FABRIC_DISCOVER | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_TEXT,
	.arguments_minimum = 0,
	.arguments_maximum = 1,
	.run = run,
};
