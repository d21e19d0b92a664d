#include <string.h>

#include "base/yaml.h"
#include "cli/parameters.h"
#include "model/training_file.h"
#include "report/model_training.h"

enum {
	NETWORKS_MAXIMUM = 2,
	CHANGES_SHOWN = 3,
};

static const char model_prefix[] = "model-";
static const char network_prefix[] = "network-";
static const char usual_network[] = "h100-8x400";

/* Without a file, --preset or --network: the two models of which a cost was published, on the usual
 * network and on half of it. */
static const char *const usual_models[] = { "llama-70b", "mixtral-8x7b" };
static const char half_network[] = "h100-8x200";

/* Which of the three parts of a case --set is meant for. */
enum part {
	PART_MODEL,
	PART_A,
	PART_B,
};

static bool is_row(const struct parameter_table *table, struct span name)
{
	for (unsigned i = 0; i < table->count; i++) {
		if (span_is(name, table->rows[i].name))
			return true;
	}
	return false;
}

/* "a.rate=200" is of network a alone, "rate=200" of both, all else of the model. */
static const char *assignment_of(const char *assignment, enum part part)
{
	static const char *const starts[] = { [PART_MODEL] = "", [PART_A] = "a.", [PART_B] = "b." };
	struct span rest = span_of(assignment);
	struct span name = { 0 };
	bool has_part = assignment[0] == 'a' || assignment[0] == 'b';

	has_part = has_part && assignment[1] == '.';
	if (has_part)
		return span_starts(rest, starts[part]) && part != PART_MODEL ? assignment + 2
									     : NULL;
	(void)span_cut(&rest, '=', &name);
	return is_row(&network_table, name) == (part != PART_MODEL) ? assignment : NULL;
}

static bool assign(const struct session *session, enum part part, struct parameters *parameters,
		   struct error *err)
{
	const struct options *options = session->options;

	for (size_t i = 0; i < options->assignment_count; i++) {
		const char *assignment = assignment_of(options->assignments[i], part);

		if (assignment && !parameters_assign(parameters, assignment, err))
			return fail_while(err, "--set");
	}
	return true;
}

/* "llama-70b" and "model-llama-70b" name the same. */
static const char *full_name(const char *name, const char *prefix, struct arena *arena)
{
	bool is_path = strchr(name, '/') || strchr(name, '.');

	return is_path || strncmp(name, prefix, strlen(prefix)) == 0
		       ? name
		       : arena_format(arena, "%s%s", prefix, name);
}

/* What stands elsewhere in the result. */
static bool is_told_elsewhere(const char *name)
{
	static const char *const names[] = { "gpus", "share", "price_a", "price_b" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* "h100-8x200, rails 0": the preset and what differs from it, so that two of one name are told
 * apart. */
static const char *shown_name(const char *preset, const char *prefix,
			      const struct parameters *parameters, struct arena *arena)
{
	SCOPED_TEXT(name);
	unsigned changed = 0;
	char value[100];

	text_add(&name,
		 strncmp(preset, prefix, strlen(prefix)) == 0 ? preset + strlen(prefix) : preset);
	for (unsigned i = 0; i < parameters->table->count; i++) {
		const char *row = parameters->table->rows[i].name;
		bool is_changed = parameters->origins[i] == ORIGIN_FILE ||
				  parameters->origins[i] == ORIGIN_OPTION;

		if (!is_changed || is_told_elsewhere(row))
			continue;
		if (++changed <= CHANGES_SHOWN)
			text_format(&name, ", %s %s", row,
				    quantity_format(parameters->values[i], value));
	}
	if (changed > CHANGES_SHOWN)
		text_format(&name, " and %u more", changed - CHANGES_SHOWN);
	return arena_string(arena, text_span(&name));
}

/* What one part of a case became. */
struct chosen {
	const struct parameters *parameters;
	const char *name;
};

/* Defaults, the preset, what the file sets, --set. */
static bool choose(const struct session *session, const struct training_choice *choice,
		   enum part part, const char *file, struct chosen *ret_chosen, struct error *err)
{
	struct arena *arena = session->arena;
	struct parameters *parameters = ARENA_NEW(arena, struct parameters);
	const char *prefix = part == PART_MODEL ? model_prefix : network_prefix;
	struct preset preset = { .name = "default" };

	parameters_init(parameters, part == PART_MODEL ? &training_table : &network_table);
	if (choice->preset &&
	    (!load_preset(session, parameters->table->name,
			  full_name(choice->preset, prefix, arena), &preset, err) ||
	     !preset_apply(&preset, ORIGIN_PRESET, arena, parameters, err)))
		return false;
	if (choice->set && !parameters_read(parameters, choice->set, file, ORIGIN_FILE, arena, err))
		return false;
	if (!assign(session, part, parameters, err))
		return false;
	ret_chosen->parameters = parameters;
	ret_chosen->name = shown_name(preset.name, prefix, parameters, arena);
	return true;
}

static bool run_case(const struct session *session, const struct training_file *file,
		     const struct training_case *one, struct training_row *row, struct error *err)
{
	struct chosen model;
	struct chosen a;
	struct chosen b;

	if (!choose(session, &one->model, PART_MODEL, file->name, &model, err) ||
	    !choose(session, &one->a, PART_A, file->name, &a, err) ||
	    !choose(session, &one->b, PART_B, file->name, &b, err))
		return false;
	row->model = model.name;
	row->network_a = a.name;
	row->network_b = b.name;
	row->training = model.parameters;
	row->parameters_a = a.parameters;
	row->parameters_b = b.parameters;
	if (training_compare(model.parameters, a.parameters, b.parameters, &row->comparison, err))
		return true;
	return fail_while(err, "%s", model.name);
}

static bool run_curve(const struct session *session, const struct training_file *file,
		      const struct training_curve *curve, struct training_fit *fit,
		      struct error *err)
{
	double factor = collective_factor(curve->collective, curve->gpus);
	struct chosen chosen;
	struct network network;

	if (!choose(session, &curve->network, PART_A, file->name, &chosen, err) ||
	    !network_make(chosen.parameters, &network, err) ||
	    !network_holds(&network, curve->gpus, err) ||
	    !alpha_beta_fit(curve->timings, curve->timing_count, factor, &fit->fit, err))
		return fail_while(err, "%s: '%s'", file->name, curve->title);

	struct rank_group group = network_group(&network, curve->gpus, 1);

	fit->title = curve->title;
	fit->network = chosen.name;
	fit->collective = curve->collective;
	fit->gpus = curve->gpus;
	fit->timings = curve->timings;
	alpha_beta_explain(&fit->fit, curve->timings, &network, &group, curve->collective,
			   &fit->meaning);
	return true;
}

/* What the options ask for: --preset, or the usual models; --network, or the usual pair. */
static void make_usual(const struct session *session, struct training_file *ret_file)
{
	const struct options *options = session->options;
	unsigned count = options->preset ? 1 : sizeof(usual_models) / sizeof(usual_models[0]);
	struct training_case *cases = ARENA_ARRAY(session->arena, struct training_case, count);
	bool has_two = options->network_count == NETWORKS_MAXIMUM;

	for (unsigned i = 0; i < count; i++) {
		cases[i].model.preset = options->preset ? options->preset : usual_models[i];
		cases[i].a.preset = has_two ? options->networks[0] : usual_network;
		cases[i].b.preset = options->network_count > 0
					    ? options->networks[options->network_count - 1]
					    : half_network;
	}
	*ret_file = (struct training_file){ .name = "", .cases = cases, .case_count = count };
}

static bool check_usage(const struct options *options, struct error *err)
{
	if (options->network_count > NETWORKS_MAXIMUM)
		return fail(err, ERROR_INVALID, "--network is given %zu times; two are compared",
			    options->network_count);
	if (options->argument_count > 0 && (options->preset || options->network_count > 0))
		return fail(err, ERROR_INVALID,
			    "'%s' says itself which models and networks; leave --preset and "
			    "--network out",
			    options->arguments[0]);
	return true;
}

static bool load_file(const struct session *session, struct training_file *ret_file,
		      struct error *err)
{
	const struct options *options = session->options;
	const char *name = options->argument_count > 0 ? options->arguments[0] : NULL;
	struct span text;

	if (!name) {
		make_usual(session, ret_file);
		return true;
	}
	return host_read(session->host, name, YAML_BYTES_MAXIMUM, session->arena, &text, err) &&
	       training_file_read(text, name, session->arena, ret_file, err);
}

/* What the file asks for, in the session's arena. */
static bool run_file(const struct session *session, const struct training_file *file,
		     struct training_result *ret_result, struct error *err)
{
	struct training_row *rows =
		ARENA_ARRAY(session->arena, struct training_row, file->case_count);
	struct training_fit *fits =
		ARENA_ARRAY(session->arena, struct training_fit, file->curve_count);

	for (unsigned i = 0; i < file->case_count; i++) {
		if (!run_case(session, file, &file->cases[i], &rows[i], err))
			return false;
	}
	for (unsigned i = 0; i < file->curve_count; i++) {
		if (!run_curve(session, file, &file->curves[i], &fits[i], err))
			return false;
	}
	*ret_result = (struct training_result){
		.rows = rows,
		.row_count = file->case_count,
		.fits = fits,
		.fit_count = file->curve_count,
	};
	return true;
}

static int run(const struct session *session, struct error *err)
{
	const struct report_style style = options_style(session->options);
	struct training_result result;
	struct training_file file;
	bool listed = false;

	if (!list_presets(session, training_table.name, &listed, err) ||
	    (listed && !list_presets(session, network_table.name, &listed, err)))
		return STATUS_ERROR;
	if (listed)
		return STATUS_GOOD;
	if (!check_usage(session->options, err))
		return STATUS_USAGE;
	if (!load_file(session, &file, err) || !run_file(session, &file, &result, err))
		return STATUS_ERROR;
	training_write(&result, session->options->format, &style, session->output);
	return STATUS_GOOD;
}

const struct command command_model_training = {
	.name = "model training",
	.arguments = "[FILE]",
	.summary = "what a network does to the cost of training",
	.text = "Compares two networks by what they do to training: how long a step waits for "
		"each, "
		"the ratio of MFU, and so the price that the second is worth at most beside the "
		"first. Without arguments, a dense 70B model and a mixture of 8x7B on 8 x 400 Gb/s "
		"a node and on half of it. FILE names models, networks and measured curves of "
		"collectives. --set a.rate=200 is of the first network alone, b.rate=200 of the "
		"second; `--preset list` lists models and networks.",
	.options = TAKES_MODEL | TAKES_NETWORK | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = 1,
	.run = run,
};
