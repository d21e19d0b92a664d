#include "report/fabric_lint.h"

#include "cli/fabric_place.h"
#include "cli/fabric_records.h"
#include "cli/node.h"

/* Writes the bundle of --bundle. */
static bool tell(const struct session *session, const struct slurm_file *file,
		 const struct placement *placement, struct error *err)
{
	struct fabric_records records;

	if (!fabric_records_start(session, "lint", &records, err))
		return false;
	slurm_tell(file, &file->findings, placement, &records);
	return fabric_records_write(session, &records, err);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct slurm_file file = { 0 };
	struct placement placement;
	bool is_compared = options->argument_count > 0;
	struct span text;

	if (!options->against) {
		(void)fail(err, ERROR_INVALID,
			   "--against is missing: the topology.conf or "
			   "topology.yaml that is judged");
		return STATUS_ERROR;
	}
	if (!node_check_bundle(session, err) ||
	    !host_read(session->host, options->against, SLURM_FILE_MAXIMUM, session->arena, &text,
		       err) ||
	    !slurm_topology_read(text, options->against, session->arena, &file, err) ||
	    (is_compared && !fabric_place(session, options->arguments, options->argument_count,
					  &placement, NULL, err)))
		return STATUS_ERROR;
	slurm_lint(&file, &file.findings);
	if (is_compared)
		slurm_lint_against(&file, &placement, &file.findings);
	slurm_findings_sort(&file.findings);
	if (!tell(session, &file, is_compared ? &placement : NULL, err))
		return STATUS_ERROR;
	fabric_lint_write(
		&(struct fabric_lint){
			.file = &file,
			.findings = &file.findings,
			.placement = is_compared ? &placement : NULL,
		},
		options->format, &style, session->output);
	if (file.findings.counts[SLURM_FAILS] > 0)
		return STATUS_FAILS;
	return file.findings.counts[SLURM_UNKNOWN] > 0 || (is_compared && placement.is_partial)
		       ? STATUS_UNKNOWN
		       : STATUS_GOOD;
}

const struct command command_fabric_lint = {
	.name = "fabric lint",
	.arguments = "[FABRIC-FILE...]",
	.summary = "hold existing topology files against the fabric",
	.text = "Says what is wrong with the topology.conf or topology.yaml that --against names: "
		"by Slurm's own rules, and, with files that tell of the fabric, where it places "
		"hosts otherwise than they are cabled: nodes in the wrong switch or block, "
		"switches below the wrong one, leaf groups merged or split, hosts that are "
		"missing and nodes that the fabric does not show.",
	.options = TAKES_FABRIC_LINT | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
