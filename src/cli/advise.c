#include "base/parallel.h"
#include "cli/advice.h"
#include "cli/parameters.h"

enum {
	LOADED_PARTS = 2,
	DRAWS_OF_GRADES = 400, /* a probability to a few in a hundred; more would take longer
				* than all the rest */
};

/* The program ships no prices: what to do is said where they are missed. */
static bool fail_without_market(struct error *err)
{
	SCOPED_TEXT(known);

	for (const struct importer *const *at = importers; *at; at++)
		text_format(&known, "%s%s", known.length > 0 ? ", " : "", (*at)->name);
	return fail(
		err, ERROR_MISSING,
		"no prices are given, and none are shipped; give --market with a file of `assay "
		"market import --to`, or with files of a source that it reads: %s",
		text_string(&known));
}

static bool set_flags(const struct session *session, struct need *need, struct error *err)
{
	const struct options *options = session->options;
	const struct {
		const char *field, *value;
	} flags[] = {
		{ "gpus", options->gpus },      { "gpu", options->gpu },
		{ "hours", options->hours },    { "deadline", options->deadline },
		{ "regions", options->region }, { "minimum_grade", options->minimum_grade },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (flags[i].value && !need_set(need, span_of(flags[i].field),
						span_of(flags[i].value), session->arena, err))
			return false;
	}
	return true;
}

/* --set is of the need where it has such a field, else of what is presumed. */
static bool set_assignments(const struct session *session, struct need *need,
			    struct parameters *assumptions, struct error *err)
{
	const struct options *options = session->options;

	for (size_t i = 0; i < options->assignment_count; i++) {
		struct span rest = span_of(options->assignments[i]);
		struct span name = { 0 };
		bool fine;

		(void)span_cut(&rest, '=', &name);
		fine = need_has_field(name)
			       ? need_set(need, name, rest, session->arena, err)
			       : parameters_assign(assumptions, options->assignments[i], err);
		if (!fine)
			return fail_while(err, "--set");
	}
	return true;
}

/* The file, then the flags, then --set. */
static bool load_whole_need(const struct session *session, struct need *need,
			    struct parameters *assumptions, struct error *err)
{
	const struct options *options = session->options;
	struct preset preset;

	need_init(need);
	assumptions_init(assumptions);
	if (options->preset &&
	    (!load_preset(session, assumption_table.name, options->preset, &preset, err) ||
	     !preset_apply(&preset, ORIGIN_PRESET, session->arena, assumptions, err)))
		return false;
	if (options->argument_count > 0 && !load_need(session, options->arguments[0], need, err))
		return false;
	return set_flags(session, need, err) && set_assignments(session, need, assumptions, err);
}

static bool rate_providers(const struct session *session, struct loaded *loaded, struct error *err)
{
	struct options options = *session->options;
	struct session rating = *session;

	if (options.draws > DRAWS_OF_GRADES)
		options.draws = DRAWS_OF_GRADES;
	rating.options = &options;
	return load_rating(&rating, loaded, err);
}

/* Prices and the rating do not need each other and are loaded side by side, each into an arena of
 * its own. */
struct loading {
	const struct session *session;
	struct market *market;
	struct loaded *loaded;
	struct arena arenas[LOADED_PARTS];
	struct error errors[LOADED_PARTS];
	bool fine[LOADED_PARTS];
};

static void load_part(void *context, size_t part, unsigned worker)
{
	struct loading *loading = context;
	const struct options *options = loading->session->options;
	struct session session = *loading->session;
	struct error *err = &loading->errors[part];

	(void)worker;
	session.arena = &loading->arenas[part];
	loading->fine[part] =
		part == 0 ? rate_providers(&session, loading->loaded, err)
			  : load_market(&session, &options->market, 1, loading->market, err);
}

static bool load_both(const struct session *session, struct market *market, struct loaded *loaded,
		      struct error *err)
{
	struct loading loading = { .session = session, .market = market, .loaded = loaded };
	bool fine = true;

	parallel_for(LOADED_PARTS, session->options->threads, load_part, &loading);
	for (unsigned part = 0; part < LOADED_PARTS; part++) {
		arena_join(session->arena, &loading.arenas[part]);
		if (fine && !loading.fine[part])
			*err = loading.errors[part];
		fine = fine && loading.fine[part];
	}
	return fine;
}

static int status_of(const struct advice *advice)
{
	if (advice->fit_count > 0)
		return STATUS_GOOD;
	return advice->unknown_count > 0 ? STATUS_UNKNOWN : STATUS_FAILS;
}

static int advise(const struct session *session, struct need *need,
		  const struct parameters *assumptions, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	struct advice advice;
	SCOPED_MARKET(market);
	SCOPED_LOADED(loaded);

	const struct asking asking = {
		.need = need, .assumptions = assumptions, .market = &market, .loaded = &loaded
	};
	if (!load_both(session, &market, &loaded, err) ||
	    !advice_on(session, &asking, &advice, err))
		return STATUS_ERROR;
	advice_write(&advice, options->format, &style, session->output);
	return status_of(&advice);
}

static int run(const struct session *session, struct error *err)
{
	struct parameters assumptions;
	struct need need;
	bool listed;

	if (!list_presets(session, assumption_table.name, &listed, err))
		return STATUS_ERROR;
	if (listed)
		return STATUS_GOOD;
	if (!load_whole_need(session, &need, &assumptions, err))
		return STATUS_ERROR;
	if (!session->options->market) {
		(void)fail_without_market(err);
		return STATUS_ERROR;
	}
	return advise(session, &need, &assumptions, err);
}

const struct command command_advise = {
	.name = "advise",
	.arguments = "[NEED]",
	.summary = "which cloud and which rental model fit a job, and why",
	.text = "Holds the offers of --market against what a job needs, which the file NEED or the "
		"options say, and ranks those that fit by what the job is expected to cost there: "
		"with the time it takes, the risk of interruptions and of missing the deadline, "
		"why "
		"the second is second and what would have to change, from when a contract or spot "
		"pays, what to test first, and what stands in the way of every other offer. The "
		"exit status is 1 when nothing fits, 2 when something would if it were known.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_QUOTES | TAKES_NEED | TAKES_DRAWS |
		   TAKES_MODEL | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = 1,
	.run = run,
};
