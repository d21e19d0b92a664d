#include "cli/load.h"
#include "cli/stored.h"
#include "report/report.h"

enum {
	REFERENCE_MAXIMUM = 1 << 20,
};

static int show_agreement(const struct session *session, const struct rating *rating,
			  struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct reference reference;
	struct span text;

	if (!host_read(session->host, options->against, REFERENCE_MAXIMUM, session->arena, &text,
		       err) ||
	    !reference_load(text, options->against, session->arena, &reference, err))
		return STATUS_ERROR;
	agreement_write(rating, &reference, options->format, &style, session->output);
	return STATUS_GOOD;
}

static int run(const struct session *session, struct error *err)
{
	struct report_style style = options_style(session->options);
	SCOPED_LOADED(loaded);

	if (!load_rating(session, &loaded, err))
		return STATUS_ERROR;
	if (session->options->against)
		return show_agreement(session, &loaded.rating, err);
	if (session->options->publish && !stored_publish(session, &loaded, err))
		return STATUS_ERROR;
	league_write(&loaded.rating, session->options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_rate = {
	.name = "rate",
	.summary = "rate all providers and print the league table",
	.text = "Rates every provider of which evidence is known and prints the league table: "
		"rank, "
		"grade, how certain it is, why, and what would change it.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_STORE | TAKES_RATING | TAKES_FORMAT |
		   TAKES_AGAINST | TAKES_OUTPUT,
	.run = run,
};
