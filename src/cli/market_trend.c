#include "cli/trends.h"

static bool any_known(const struct trend_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (report->keys[i].trend.direction != DIRECTION_UNKNOWN)
			return true;
	return false;
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct trend_report report;
	SCOPED_MARKET(market);

	if (!load_trends(session, options->arguments, options->argument_count, &market, &report,
			 err))
		return STATUS_ERROR;
	trend_write(&report, options->format, &style, session->output);
	return any_known(&report) ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_market_trend = {
	.name = "market trend",
	.arguments = "[FILE...]",
	.summary = "where prices are heading, with turning points",
	.text = "Where the level of prices is heading: pieces of steady change, the turning points "
		"between them and how sure each is; with --against what another generation of GPUs "
		"makes of the price.",
	.options = TAKES_QUOTES | TAKES_STORE | TAKES_KEY | TAKES_INDEX | TAKES_DRAWS |
		   TAKES_RIVAL | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
