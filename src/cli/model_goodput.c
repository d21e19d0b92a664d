#include "report/model_goodput.h"
#include "cli/load.h"
#include "cli/parameters.h"
#include "model/causes.h"
#include "model/observed.h"

struct causes {
	const struct failure_cause *items;
	unsigned count;
};

static bool take_causes(const struct session *session, const struct preset *preset,
			struct causes *causes, struct error *err)
{
	return !preset->causes || causes_read(preset->causes, preset->file, session->arena,
					      &causes->items, &causes->count, err);
}

/* Those of the file, else those of the preset. */
static bool load_causes(const struct session *session, struct causes *causes, struct error *err)
{
	const struct options *options = session->options;
	struct preset preset;

	if (options->preset &&
	    (!load_preset(session, goodput_table.name, options->preset, &preset, err) ||
	     !take_causes(session, &preset, causes, err)))
		return false;
	return options->argument_count == 0 ||
	       (load_preset_file(session, options->arguments[0], &preset, err) &&
		take_causes(session, &preset, causes, err));
}

/* Without --evidence nothing is asked of evidence: what is installed is of many clouds. */
static bool observe(const struct session *session, struct parameters *parameters, struct error *err)
{
	SCOPED_EVIDENCE(evidence);
	struct standard standard;

	if (session->options->evidence_count == 0)
		return true;
	return load_standard(session, &standard, err) &&
	       load_evidence(session, &standard, &evidence, err) &&
	       observed_apply(&evidence, evidence_set_newest(&evidence), session->arena, parameters,
			      err);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct goodput_request request = { .seed = options->seed,
					   .runs = options->draws,
					   .threads = options->threads };
	struct parameters parameters;
	struct causes causes = { 0 };
	struct goodput_study study;
	bool listed = false;

	if (!list_presets(session, goodput_table.name, &listed, err))
		return STATUS_ERROR;
	if (listed)
		return STATUS_GOOD;
	if (!load_parameters(session, &goodput_table, &parameters, err) ||
	    !load_causes(session, &causes, err) || !observe(session, &parameters, err) ||
	    !goodput_settle(&parameters, err))
		return STATUS_ERROR;
	goodput_study(&parameters, causes.items, causes.count, &study);
	if (request.runs > 0 && !goodput_simulate(&study, &request, session->arena, err))
		return STATUS_ERROR;
	model_goodput_write(&study, &request, options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_model_goodput = {
	.name = "model goodput",
	.arguments = "[FILE]",
	.summary = "what failures cost: useful share of the hours that are paid",
	.text = "Says what share of the hours that are paid a large job cannot use, in closed "
		"forms "
		"and "
		"by simulation, from parameters, presets or evidence; how often to write "
		"checkpoints, how many spares to keep, and whether preemptible nodes pay. FILE has "
		"the form of a preset.",
	.options = TAKES_MODEL | TAKES_EVIDENCE | TAKES_DRAWS | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = 1,
	.run = run,
};
