#include "check/checkup.h"
#include "cli/node.h"
#include "report/checkup.h"

#include <string.h>

/* The checks that were named, NULL for all; each has to be one of a node. */
static bool choose(const struct session *session, const char *const **ret_only, struct error *err)
{
	const struct options *options = session->options;

	*ret_only = options->argument_count > 0 ? options->arguments : NULL;
	for (size_t i = 0; i < options->argument_count; i++) {
		const struct check_entry *entry = check_find(options->arguments[i]);

		if (!entry || entry->check->scope != SCOPE_NODE)
			return fail(err, ERROR_INVALID,
				    "there is no check '%s' of nodes; --list names them",
				    options->arguments[i]);
	}
	return true;
}

static bool choose_profile(const struct session *session, enum check_profile *ret_profile,
			   struct error *err)
{
	const char *name = session->options->profile ? session->options->profile : "full";

	*ret_profile = PROFILE_FULL;
	if (check_profile_parse(span_of(name), ret_profile) &&
	    (*ret_profile != PROFILE_ACTIVE || session->options->list))
		return true;
	if (*ret_profile == PROFILE_ACTIVE)
		return fail(err, ERROR_INVALID,
			    "--profile active: its checks judge what assay test measures; here "
			    "--list lists them");
	return fail(err, ERROR_INVALID, "--profile %s: it is quick, full or security", name);
}

static int list(const struct session *session, enum check_profile profile)
{
	for (size_t i = 0; i < check_catalogue_count; i++) {
		const struct check_entry *entry = &check_catalogue[i];

		if (entry->check->scope == SCOPE_NODE && (entry->check->profiles & profile))
			text_format(session->output, "%-28s %s%s\n", entry->name,
				    entry->check->title,
				    entry->check->required ? " (required)" : "");
	}
	return STATUS_GOOD;
}

/* The tables as they are today: known defects, and floors past their day. */
static int lint(const struct session *session, struct error *err)
{
	struct handbook handbook;
	size_t count;

	if (!load_handbook(session, &handbook, err))
		return STATUS_ERROR;
	count = handbook_lint(&handbook, today(session), session->output);
	text_format(session->output,
		    "%zu faults, %zu shapes, %zu figures, %zu floors: %zu complaints\n",
		    handbook.xid_count + handbook.nvlink5_count + handbook.sxid_count +
			    handbook.afid_count,
		    handbook.shape_count, handbook.figure_count, handbook.floor_count, count);
	return count > 0 ? STATUS_FAILS : STATUS_GOOD;
}

static int write(const struct session *session, const struct checkup_report *report)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct text *into = session->output;

	switch (options->format) {
	case FORMAT_JSON:
		checkup_write_json(report, into);
		break;
	case FORMAT_JUNIT:
		checkup_write_junit(report, into);
		break;
	case FORMAT_PROMETHEUS:
		checkup_write_prometheus(report, into);
		break;
	case FORMAT_NAGIOS:
		checkup_write_nagios(report, into);
		return checkup_nagios_status(report->checkup);
	case FORMAT_TABLE:
	case FORMAT_CSV:
	case FORMAT_MARKDOWN:
	case FORMAT_LINES:
	case FORMAT_HTML:
	case FORMAT_YAML:
	case FORMAT_SVG:
	case FORMAT_TEXT:
	case FORMAT_COUNT:
		checkup_write_table(report, &style, into);
		break;
	}
	return node_status(report->checkup);
}

static int run(const struct session *session, struct error *err)
{
	const char *const *only;
	enum check_profile profile;
	struct node_look look;
	struct checkup checkup;
	struct host host;
	unsigned shares;

	if (!choose(session, &only, err) || !choose_profile(session, &profile, err))
		return STATUS_USAGE;
	if (session->options->list)
		return list(session, profile);
	if (session->options->lint)
		return lint(session, err);
	shares = profile == PROFILE_QUICK && !only ? PROBE_QUICK
						   : PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS;
	if (!node_open(session, &host, err) || !node_see(session, &host, shares, &look, err))
		return STATUS_ERROR;
	checkup_run(&look.input, profile, only, session->arena, &checkup);
	if (!node_write_bundle(session, &look.sightings, err))
		return STATUS_ERROR;
	const struct checkup_report report = {
		.checkup = &checkup,
		.handbook = &look.handbook,
		.provider = session->options->provider,
		.time = look.sightings.time,
		.all = session->options->all,
	};
	return write(session, &report);
}

const struct command command_check = {
	.name = "check",
	.arguments = "[CHECK...]",
	.summary = "is this machine healthy, and what was sold",
	.text = "Looks at this machine, or at one below --root, without changing anything, and "
		"judges "
		"what it sees: all checks of the profile, or those that are named. The exit status "
		"is "
		"0 when the node passes, 1 when a check fails, 2 when a required one could not "
		"tell.",
	.options = TAKES_MACHINE | TAKES_SUBJECT | TAKES_CHECKUP | TAKES_CHECK_FORMAT |
		   TAKES_GOLDEN | TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_JUNIT |
		   1u << FORMAT_PROMETHEUS | 1u << FORMAT_NAGIOS,
	.arguments_minimum = 0,
	.arguments_maximum = 1000,
	.run = run,
};
