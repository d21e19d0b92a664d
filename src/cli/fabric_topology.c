#include "cli/fabric_place.h"

static bool find_form(const struct session *session, enum topology_form *ret_form,
		      struct error *err)
{
	const char *name = session->options->form;
	SCOPED_TEXT(known);

	if (name && topology_form_find(span_of(name), ret_form))
		return true;
	for (unsigned i = 0; i < TOPOLOGY_FORM_COUNT; i++)
		text_format(&known, "%s%s", i > 0 ? ", " : "", topology_form_names[i]);
	return fail(err, ERROR_INVALID, "--for %s: it is one of %s",
		    name ? name : "WHAT is missing", text_string(&known));
}

/* What is wrong with the wiring does not show in the file, and jobs suffer of it all the same. */
static void say_faults(const struct session *session, const struct layout *layout)
{
	SCOPED_TEXT(found);

	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (layout->found[i] > 0)
			text_format(&found, "%s%u %s", found.length > 0 ? ", " : "",
				    layout->found[i], layout_fault_name(i));
	if (found.length > 0)
		session_note(session, "found in the wiring: %s; assay fabric describe says where",
			     text_string(&found));
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct topology_options wanted = {
		.label_prefix = options->label_prefix,
		.block_size = (uint32_t)options->block_size,
		.join = options->join,
	};
	enum topology_form form = TOPOLOGY_SLURM_CONF;
	struct fabric_wiring wiring;
	struct placement placement;
	struct topology_notes notes = { .arena = session->arena };

	if (!find_form(session, &form, err) ||
	    !fabric_place(session, options->arguments, options->argument_count, &placement, &wiring,
			  err))
		return STATUS_ERROR;
	wanted.network = wiring.network;
	if (!topology_write(form, &placement, &wanted, &notes, session->output, err))
		return STATUS_ERROR;
	for (uint32_t i = 0; i < notes.count; i++)
		session_note(session, "%s", notes.lines[i]);
	if (wiring.layout)
		say_faults(session, wiring.layout);
	return notes.left_out > 0 || notes.unplaced > 0 || placement.is_partial ? STATUS_UNKNOWN
										: STATUS_GOOD;
}

const struct command command_fabric_topology = {
	.name = "fabric topology",
	.arguments = "FILE...",
	.summary = "write topology.conf, labels and hints that place jobs",
	.text = "Writes what makes a scheduler place jobs by the fabric: Slurm's topology.conf "
		"(slurm-conf, and slurm-block of NVLink domains) or topology.yaml (slurm-yaml), "
		"labels of Kubernetes nodes (kubernetes), Kueue's Topology (kueue), Volcano's "
		"HyperNodes (volcano), settings of NCCL (nccl), or the hosts with neighbours "
		"together (hosts). FILEs tell of a fabric, of hosts, or of both; a leaf group is "
		"one switch, whatever its rails. Nothing is written but the output, and no host is "
		"left out unsaid: the status is 2 when one has no place or the source is partial. "
		"What is wrong with the wiring is counted on standard error, and changes no "
		"status.",
	.options = TAKES_FABRIC_TOPOLOGY | TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
