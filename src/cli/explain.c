#include "cli/load.h"
#include "report/report.h"

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	const struct provider *provider = NULL;
	struct explanation explanation;
	int32_t criterion = -1;
	SCOPED_LOADED(loaded);

	if (!load_rating(session, &loaded, err) ||
	    !load_provider(&loaded.rating, options->arguments[0], &provider, err))
		return STATUS_ERROR;
	if (options->argument_count > 1 &&
	    !load_criterion(&loaded.standard, options->arguments[1], &criterion, err))
		return STATUS_ERROR;
	explanation_make(&loaded.rating, provider, session->arena, &explanation);
	explain_write(&explanation, criterion, options->format, &style, session->output);
	return explanation.unit->rated ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_explain = {
	.name = "explain",
	.arguments = "PROVIDER [CRITERION]",
	.summary = "say why a provider has its grade and what would change it",
	.text = "Says why a provider has its grade: what each category brings, which gates cap it "
		"and "
		"on which evidence, the cheapest way to the next grade, outlook and trend, and "
		"what is "
		"not known. With a criterion, shows that one with its records.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_STORE | TAKES_RATING | TAKES_FORMAT |
		   TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = 2,
	.run = run,
};
