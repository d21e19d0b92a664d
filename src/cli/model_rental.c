#include "base/yaml.h"
#include "cli/load.h"
#include "cli/parameters.h"
#include "report/cost.h"

/* Values of --preset, before those of a file. */
static bool load_base(const struct session *session, struct parameters *ret_base, struct error *err)
{
	const char *name = session->options->preset;
	struct preset preset;

	parameters_init(ret_base, &rental_table);
	return !name || (load_preset(session, rental_table.name, name, &preset, err) &&
			 preset_apply(&preset, ORIGIN_PRESET, session->arena, ret_base, err));
}

/* Those of the file, or the one that --preset and --set describe. */
static bool load_offers(const struct session *session, struct rental_offers *ret_offers,
			struct error *err)
{
	const struct options *options = session->options;
	const char *path = options->argument_count > 0 ? options->arguments[0] : NULL;
	struct parameters base;
	struct span text;

	if (!load_base(session, &base, err))
		return false;
	if (!path && !options->preset && options->assignment_count == 0) {
		path = find_installed(session, "example/rental-default.yaml");
		if (path)
			session_note(session, "no offers are given: as with '%s'", path);
	}
	if (!path) {
		*ret_offers = (struct rental_offers){
			.title = "What a rented cluster costs",
			.offers = { { .name = "offer", .parameters = base } },
			.count = 1,
		};
		return true;
	}
	return host_read(session->host, path, YAML_BYTES_MAXIMUM, session->arena, &text, err) &&
	       rental_read(text, path, &base, session->arena, ret_offers, err);
}

static bool finish(const struct session *session, struct rental_offer *offer, struct error *err)
{
	const struct options *options = session->options;

	for (size_t i = 0; i < options->assignment_count; i++) {
		if (!parameters_assign(&offer->parameters, options->assignments[i], err))
			return fail_while(err, "--set");
	}
	return rental_check(&offer->parameters, err) || fail_while(err, "offer '%s'", offer->name);
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct rental_offers *offers = ARENA_NEW(session->arena, struct rental_offers);
	struct rental_report *report = ARENA_NEW(session->arena, struct rental_report);
	bool listed = false;

	if (!list_presets(session, rental_table.name, &listed, err))
		return STATUS_ERROR;
	if (listed)
		return STATUS_GOOD;
	if (!load_offers(session, offers, err))
		return STATUS_ERROR;
	for (unsigned i = 0; i < offers->count; i++) {
		if (!finish(session, &offers->offers[i], err))
			return STATUS_ERROR;
	}
	rental_report_make(offers, options->seed, options->draws, report);
	rental_write(report, options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_model_rental = {
	.name = "model rental",
	.arguments = "[FILE]",
	.summary = "what an hour costs whoever rents it, in eight lines",
	.text = "Adds up what a rented cluster costs: GPUs, storage, network, control plane, "
		"support, lost work, set-up and debugging, for up to eight offers of FILE side by "
		"side, or for the one that --preset and --set describe. --set counts for all "
		"offers. Where nothing is given it is the installed example.",
	.options = TAKES_MODEL | TAKES_DRAWS | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = 1,
	.run = run,
};
