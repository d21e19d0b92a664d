#include "cli/load.h"
#include "report/report.h"

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	const struct provider *a = NULL;
	const struct provider *b = NULL;
	SCOPED_LOADED(loaded);

	if (!load_rating(session, &loaded, err) ||
	    !load_provider(&loaded.rating, options->arguments[0], &a, err) ||
	    !load_provider(&loaded.rating, options->arguments[1], &b, err))
		return STATUS_ERROR;
	compare_write(&loaded.rating, a, b, options->format, &style, session->output);
	return provider_unit(a)->rated && provider_unit(b)->rated ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_compare = {
	.name = "compare",
	.arguments = "PROVIDER PROVIDER",
	.summary = "put two providers side by side",
	.text = "Puts two providers side by side: grade, score by category, and the criteria that "
		"tell "
		"them apart.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_STORE | TAKES_RATING | TAKES_FORMAT |
		   TAKES_OUTPUT,
	.arguments_minimum = 2,
	.arguments_maximum = 2,
	.run = run,
};
