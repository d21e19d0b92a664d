#include "cli/parameters.h"
#include "report/cost.h"

/* The owner that is shown when nothing is said of one. */
static const char preset_default[] = "ownership-h100-neocloud";

static bool load(const struct session *session, struct parameters *ret_parameters,
		 struct error *err)
{
	struct options options = *session->options;
	struct session filled = *session;

	if (!options.preset && options.argument_count == 0 && options.assignment_count == 0) {
		options.preset = preset_default;
		session_note(session, "no owner is given: as with --preset %s", preset_default);
	}
	filled.options = &options;
	return load_parameters(&filled, &ownership_table, ret_parameters, err) &&
	       ownership_check(ret_parameters, err);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct ownership_report report;
	struct parameters parameters;
	bool listed = false;

	if (!list_presets(session, ownership_table.name, &listed, err))
		return STATUS_ERROR;
	if (listed)
		return STATUS_GOOD;
	if (!load(session, &parameters, err))
		return STATUS_ERROR;
	ownership_report_make(&parameters, options->seed, options->draws, session->arena, &report);
	ownership_write(&report, options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_model_ownership = {
	.name = "model ownership",
	.arguments = "[FILE]",
	.summary = "what an hour costs whoever owns the GPU",
	.text = "Adds up what an hour of one GPU costs its owner, from the bill of materials and "
		"its "
		"maker's margin to power, cooling, hall, staff and hours that nobody rents, and "
		"says "
		"whether a market price (--set price=USD) can last, and what moves the cost most. "
		"Where nothing is given it is one of H100 servers in a rented hall. "
		"Values come from --preset, from FILE in the form of a preset, and from --set, the "
		"later the stronger; ranges widen the result.",
	.options = TAKES_MODEL | TAKES_DRAWS | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = 1,
	.run = run,
};
