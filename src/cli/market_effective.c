#include "base/yaml.h"
#include "cli/command.h"
#include "report/cost.h"

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	const struct effective_draws draws = { .seed = options->seed, .count = options->draws };
	struct report_style style = options_style(options);
	const char *path = options->arguments[0];
	struct effective_offers offers;
	struct effective_report report;
	struct span text;

	if (!host_read(session->host, path, YAML_BYTES_MAXIMUM, session->arena, &text, err) ||
	    !effective_read(text, path, session->arena, &offers, err))
		return STATUS_ERROR;
	effective_report_make(&offers, &draws, session->arena, &report);
	effective_write(&report, options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_market_effective = {
	.name = "market effective",
	.arguments = "FILE",
	.summary = "what an hour is worth: quotes corrected by what they deliver",
	.text = "Corrects each quote of FILE by what is paid beside it and by what it delivers: "
		"storage, egress, support, set-up, measured performance, network, lost work. Each "
		"step is shown with its interval, what nobody told is a range and named, and for "
		"each pair it says what may be paid at most for one of the price of the other.",
	.options = TAKES_TABLE_FORMAT | TAKES_DRAWS | TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = 1,
	.run = run,
};
