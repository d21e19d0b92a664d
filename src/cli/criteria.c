#include "check/check.h"
#include "cli/load.h"
#include "report/report.h"

static int lint(const struct session *session, const struct standard *standard, struct error *err)
{
	struct complaints complaints = { 0 };
	const char **checks = ARENA_ARRAY(session->arena, const char *, check_catalogue_count);

	for (size_t i = 0; i < check_catalogue_count; i++)
		checks[i] = check_catalogue[i].name;
	standard_lint(standard, checks, check_catalogue_count, session->arena, &complaints);
	for (size_t i = 0; i < complaints.count; i++)
		text_format(session->output, "%s: %s\n",
			    complaints.items[i].fatal ? "fault" : "remark",
			    complaints.items[i].text);
	if (complaints.fatal_count == 0) {
		text_format(session->output, "%s %s: %u criteria, no fault, %zu remark%s\n",
			    standard->name, standard->version, standard->criterion_count,
			    complaints.count, complaints.count == 1 ? "" : "s");
		return STATUS_GOOD;
	}
	(void)fail(err, ERROR_INVALID, "the standard has %zu fault%s, listed on standard output",
		   complaints.fatal_count, complaints.fatal_count == 1 ? "" : "s");
	return STATUS_DATA;
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct standard standard;
	int32_t criterion = -1;

	if (!load_standard(session, &standard, err))
		return STATUS_ERROR;
	if (options->lint)
		return lint(session, &standard, err);
	if (options->argument_count > 0 &&
	    !load_criterion(&standard, options->arguments[0], &criterion, err))
		return STATUS_ERROR;
	criteria_write(&standard, criterion, options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_criteria = {
	.name = "criteria",
	.arguments = "[CRITERION]",
	.summary = "print the standard: what is asked, and what each answer is worth",
	.text = "Prints all criteria of the standard, or one with its answers, weight, gate and "
		"what "
		"settles it. With --lint, says what is wrong with the standard.",
	.options = TAKES_STANDARD | TAKES_FORMAT | TAKES_LINT | TAKES_OUTPUT,
	.arguments_maximum = 1,
	.run = run,
};
