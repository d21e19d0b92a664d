#include "active/active.h"
#include "active/import.h"
#include "active/network.h"
#include "active/start_commands.h"
#include "check/checkup.h"
#include "cli/derived.h"
#include "cli/interrupt.h"
#include "cli/node.h"
#include "host/system.h"
#include "host/worker.h"
#include "host/writer.h"
#include "report/active.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_S 1000000000ll
/* For a look at a folder that was named; a mount may take a while to wake up. */
#define FOLDER_LIMIT_NS (10 * NS_PER_S)
/* Between two times that the samples are written; it doubles. */
#define KEEP_FIRST_NS (5 * NS_PER_S)
#define KEEP_MOST_NS (300 * NS_PER_S)

enum {
	SHOW_EVERY_NS = 200000000,
};

static const uint64_t usual_seconds[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = 60,
	[ACTIVE_WEEKLY] = 1800,
	[ACTIVE_BURN_IN] = 28800,
};

/* One run of the command. */
struct trial {
	const struct session *session;
	struct host host;
	struct active_targets targets;
	struct active_request request;
	struct active_plan plan;
	struct node_look look;
	struct heat *heat;
	int64_t started_ns; /* host_boot_ns of the session's host */
	struct active_outcome *outcomes;
	const struct active_importer **importers; /* of the files that were imported */
	size_t importer_count;
	struct checkup checkup;
	int64_t shown_ns;
	int64_t keep_ns, keep_every_ns; /* when the samples are written next, and after how long */
	bool shows;
};

/* Writes the samples that have come so far, now and then: a node that dies in the middle leaves
 * them. What cannot be written is told by the last time. */
static void keep_samples(struct trial *trial, int64_t now_ns)
{
	struct error ignored;

	if (!trial->targets.samples || !trial->heat || now_ns < trial->keep_ns)
		return;
	(void)heat_write(trial->heat, trial->request.here, trial->targets.samples, &ignored);
	trial->keep_ns = now_ns + trial->keep_every_ns;
	if (trial->keep_every_ns < KEEP_MOST_NS)
		trial->keep_every_ns *= 2;
}

static void show(void *context, const char *test, const char *what, double share, int64_t left_ns)
{
	struct trial *trial = context;
	int64_t now_ns = host_boot_ns(trial->session->host);
	char done[16] = "";

	keep_samples(trial, now_ns);
	if (!trial->shows || now_ns - trial->shown_ns < SHOW_EVERY_NS)
		return;
	trial->shown_ns = now_ns;
	if (share >= 0)
		(void)snprintf(done, sizeof(done), " %3.0f %%", share * 100);
	(void)fprintf(stderr, "\r\033[K%s:%s %.80s (%lld s left at most)", test, done, what,
		      (long long)(left_ns / NS_PER_S));
}

static void show_nothing(const struct trial *trial)
{
	if (trial->shows)
		(void)fputs("\r\033[K", stderr);
}

static bool choose_profile(const struct options *options, enum active_profile *ret_profile,
			   struct error *err)
{
	const char *name = options->profile ? options->profile : "quick";

	for (unsigned i = 0; i < ACTIVE_PROFILE_COUNT; i++) {
		if (strcmp(name, active_profile_names[i]) != 0)
			continue;
		*ret_profile = (enum active_profile)i;
		return true;
	}
	return fail(err, ERROR_INVALID, "--profile %s: it is quick, weekly or burnin", name);
}

static bool choose_consent(const struct options *options, enum consent *ret_consent,
			   struct error *err)
{
	*ret_consent = CONSENT_READ;
	if (!options->consent)
		return true;
	for (unsigned i = CONSENT_LOAD; i < CONSENT_COUNT; i++) {
		if (strcmp(options->consent, consent_names[i]) != 0)
			continue;
		*ret_consent = (enum consent)i;
		return true;
	}
	return fail(err, ERROR_INVALID, "--consent %s: it is load or destructive",
		    options->consent);
}

static bool check_groups(const struct options *options, struct error *err)
{
	SCOPED_TEXT(known);

	for (size_t i = 0; i < options->argument_count; i++) {
		if (active_group_exists(options->arguments[i]))
			continue;
		active_groups_write(&known);
		return fail(err, ERROR_INVALID, "there is no group '%s' of tests; there are %s",
			    options->arguments[i], text_string(&known));
	}
	return true;
}

/* The child's side: a mount that does not answer would hold the program for ever. */
static void tell_kind(struct worker_port *port, const char *request, void **state,
		      const void *context)
{
	const struct host *host = context;

	(void)state;
	worker_calls(port, "stat");
	switch (host_kind(host, request)) {
	case HOST_NOTHING:
		worker_answers(port, "there is no such folder");
		break;
	case HOST_FOLDER:
		break;
	case HOST_FILE:
	case HOST_OTHER:
		worker_answers(port, "this is no folder");
		break;
	}
}

/* One whose mount does not answer is left to the tests, which say so. */
static bool check_folder(const struct session *session, const char *folder, struct error *err)
{
	struct worker worker = {
		.host = session->host,
		.function = tell_kind,
		.context = session->host,
		.call_limit_ns = FOLDER_LIMIT_NS,
		.total_limit_ns = FOLDER_LIMIT_NS,
		.name = "folder",
		.is_for_once = true,
	};
	struct worker_result result;
	bool asked;

	if (folder[0] != '/')
		return fail(err, ERROR_INVALID, "--folder %s: give an absolute path", folder);
	asked = worker_ask(&worker, folder, session->arena, &result, err);
	worker_end(&worker);
	if (!asked)
		return fail_while(err, "--folder %s", folder);
	if (result.answer_count > 0)
		return fail(err, ERROR_MISSING, "--folder %s: %.*s", folder,
			    SPAN_ARGS(result.answers[0]));
	return true;
}

static bool check_folders(const struct session *session, struct error *err)
{
	for (size_t i = 0; i < session->options->folder_count; i++)
		if (!check_folder(session, session->options->folders[i], err))
			return false;
	return true;
}

/* A file with a fault is told at once, not when its turn has come. */
static bool check_commands(const struct session *session, struct error *err)
{
	const char *file = session->options->commands;
	struct start_commands commands;
	struct span text;

	return !file ||
	       (host_read(session->host, file, START_BYTES_OF_FILE, session->arena, &text, err) &&
		start_commands_read(text, file, session->arena, &commands, err));
}

static bool check_ranks(const struct options *options, struct error *err)
{
	if (options->rank > 0 && options->rank >= options->ranks)
		return fail(err, ERROR_INVALID, "--rank %llu needs --ranks above it",
			    (unsigned long long)options->rank);
	if (options->ranks > 1 && !options->meeting)
		return fail(err, ERROR_INVALID, "--ranks needs --meet HOST:PORT, the same for all");
	return true;
}

/* What the command line says, as the tests take it. */
static bool read_request(struct trial *trial, struct error *err)
{
	const struct options *options = trial->session->options;
	struct active_request *request = &trial->request;
	const char *peer = NULL;
	unsigned peer_port = 0;

	if (!choose_profile(options, &request->profile, err) ||
	    !choose_consent(options, &request->consent, err) || !check_groups(options, err) ||
	    !check_folders(trial->session, err) || !check_ranks(options, err) ||
	    !node_check_bundle(trial->session, err))
		return false;
	if (options->peer && !network_peer_read(span_of(options->peer), trial->session->arena,
						&peer, &peer_port, err))
		return false;
	trial->targets = (struct active_targets){
		.folders = options->folders,
		.folder_count = options->folder_count,
		.bucket = options->bucket,
		.peer = peer,
		.peer_port = peer_port,
		.commands = options->commands,
		.meeting = options->meeting,
		.rank = (unsigned)options->rank,
		.ranks = (unsigned)options->ranks,
		.heat_limit_c = (double)options->heat_limit_c,
		.samples = options->samples,
	};
	request->limit_ns = (int64_t)(options->duration_s ? options->duration_s
							  : usual_seconds[request->profile]) *
			    NS_PER_S;
	request->call_limit_ns = (int64_t)options->timeout_ms * 1000000;
	request->host = &trial->host;
	request->here = trial->session->host;
	request->seen = &trial->look.sightings;
	request->targets = &trial->targets;
	request->is_stopped = interrupted;
	request->show = show;
	request->context = trial;
	return true;
}

static int list(const struct session *session, enum active_profile profile)
{
	for (size_t i = 0; i < active_test_count; i++) {
		const struct active_test *test = active_tests[i];

		if (test->profiles & (1u << profile) || session->options->all)
			text_format(session->output, "%-12s %-24s %s (%s)\n", test->group,
				    test->name, test->title, consent_names[test->consent]);
	}
	return STATUS_GOOD;
}

/* The verdict on one test as soon as it has ended: a long run is not waited for in the dark. */
static void say_verdict(struct trial *trial, size_t which)
{
	const struct active_step *step = &trial->plan.steps[which];
	const struct active_outcome *outcome = &trial->outcomes[which];
	struct error err;
	struct checkup checkup;

	show_nothing(trial);
	if (!node_prepare(trial->session, &trial->look, &err))
		return;
	checkup_run(&trial->look.input, PROFILE_ACTIVE, step->test->checks, trial->session->arena,
		    &checkup);
	session_note(trial->session, "%s: %s (%.1f s): %s%s%s", step->test->name,
		     active_end_names[outcome->end], outcome->took_s,
		     step->test->checks[0] ? verdict_names[checkup.gate] : "nothing judges it",
		     outcome->reason ? ": " : "", outcome->reason ? outcome->reason : "");
}

/* Why a test ended as it did, among its records; NULL when nothing says so. */
static const char *reason_of(const struct record *records, size_t count, const char *test)
{
	for (size_t i = count; i > 0; i--) {
		const struct record *one = &records[i - 1];
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, measures[NODE_TEST_REASON].name) == 0 && device &&
		    span_starts(span_of(device), "test:") &&
		    strcmp(device + strlen("test:"), test) == 0)
			return one->text;
	}
	return NULL;
}

static void run_tests(struct trial *trial)
{
	struct arena *arena = trial->session->arena;
	const struct active_request *request = &trial->request;
	struct sightings *sightings = &trial->look.sightings;

	for (size_t i = 0; i < trial->plan.count; i++) {
		struct active_outcome *outcome = &trial->outcomes[i];
		int64_t step_ns = host_boot_ns(request->here);

		outcome->first = sightings->count;
		outcome->end = active_run_step(request, &trial->plan.steps[i], trial->started_ns,
					       trial->heat, sightings, arena);
		outcome->took_s = (double)(host_boot_ns(request->here) - step_ns) / NS_PER_S;
		outcome->count = sightings->count - outcome->first;
		outcome->reason = reason_of(sightings->items + outcome->first, outcome->count,
					    trial->plan.steps[i].test->name);
		if (trial->outcomes[i].end != ACTIVE_NOT_RUN)
			say_verdict(trial, i);
		if (trial->outcomes[i].end == ACTIVE_TOO_HOT)
			break;
	}
}

/* A file that cannot be written is told before hours have passed, not after them. */
static bool try_samples(const struct trial *trial, struct error *err)
{
	SCOPED_FILE_WRITER(writer);

	return !trial->targets.samples ||
	       file_writer_open(&writer, trial->request.here, trial->targets.samples, false, err);
}

static bool run_watched(struct trial *trial, struct error *err)
{
	bool is_kept = true;

	trial->heat =
		heat_start(trial->request.host, trial->targets.heat_limit_c, trial->session->arena);
	if (trial->heat && trial->targets.samples)
		heat_keep(trial->heat);
	trial->keep_every_ns = KEEP_FIRST_NS;
	run_tests(trial);
	if (trial->targets.samples)
		is_kept = heat_write(trial->heat, trial->request.here, trial->targets.samples, err);
	if (trial->targets.samples && heat_is_full(trial->heat))
		session_note(trial->session, "--samples %s: full, what came last is not in it",
			     trial->targets.samples);
	heat_end(trial->heat);
	return is_kept;
}

/* A run that goes past midnight is one run: all of it was observed on its last day. */
static void join_days(struct sightings *sightings)
{
	for (size_t i = 0; i < sightings->count; i++)
		sightings->items[i].observed = sightings->observed;
}

struct check_names {
	const char **at;
	size_t count;
};

static void add_checks(struct check_names *names, const char *const *checks)
{
	for (; *checks; checks++) {
		size_t at = 0;

		while (at < names->count && strcmp(names->at[at], *checks) != 0)
			at++;
		if (at == names->count && names->count < check_catalogue_count)
			names->at[names->count++] = *checks;
	}
}

/* The checks of the tests that were chosen, of what was imported and, with --claims, of what was
 * sold, each once, NULL-terminated. */
static const char *const *checks_of(const struct trial *trial, struct arena *arena)
{
	static const char *const of_claims[] = { "claim-delivered", "gpu-genuine", NULL };
	struct check_names names = {
		.at = ARENA_ARRAY(arena, const char *, check_catalogue_count + 1),
	};

	for (size_t i = 0; i < trial->plan.count; i++)
		if (!trial->plan.steps[i].is_absent)
			add_checks(&names, trial->plan.steps[i].test->checks);
	for (size_t i = 0; i < trial->importer_count; i++)
		add_checks(&names, trial->importers[i]->checks);
	if (trial->look.input.claims)
		add_checks(&names, of_claims);
	return names.at;
}

/* Takes what other tools have measured. */
static bool import_all(struct trial *trial, struct error *err)
{
	const struct options *options = trial->session->options;
	struct arena *arena = trial->session->arena;

	trial->importers =
		ARENA_ARRAY(arena, const struct active_importer *, options->import_count + 1);
	for (size_t i = 0; i < options->import_count; i++)
		if (!active_import_file(trial->session->host, options->imports[i], arena,
					&trial->look.sightings,
					&trial->importers[trial->importer_count++], err))
			return false;
	return true;
}

/* Files alone are judged without loading anything. */
static bool only_imports(const struct options *options)
{
	return options->import_count > 0 && options->argument_count == 0;
}

static int status_of(const struct trial *trial)
{
	if (trial->session->options->format == FORMAT_NAGIOS)
		return checkup_nagios_status(&trial->checkup);
	for (size_t i = 0; i < trial->plan.count; i++)
		if (trial->outcomes[i].end == ACTIVE_TOO_HOT)
			return STATUS_FAILS;
	return node_status(&trial->checkup);
}

static void answer(struct trial *trial, bool is_plan)
{
	const struct options *options = trial->session->options;
	struct report_style style = options_style(options);
	struct text *into = trial->session->output;
	const struct active_report report = {
		.request = &trial->request,
		.plan = &trial->plan,
		.outcomes = is_plan ? NULL : trial->outcomes,
		.sightings = &trial->look.sightings,
		.found = {
			.checkup = is_plan ? NULL : &trial->checkup,
			.handbook = &trial->look.handbook,
			.provider = options->provider,
			.time = trial->look.sightings.time,
			.all = options->all,
		},
	};

	switch (is_plan && options->format != FORMAT_JSON ? FORMAT_TABLE : options->format) {
	case FORMAT_JSON:
		active_write_json(&report, into);
		break;
	case FORMAT_JUNIT:
		checkup_write_junit(&report.found, into);
		break;
	case FORMAT_PROMETHEUS:
		checkup_write_prometheus(&report.found, into);
		break;
	case FORMAT_NAGIOS:
		checkup_write_nagios(&report.found, into);
		break;
	case FORMAT_TABLE:
	case FORMAT_CSV:
	case FORMAT_MARKDOWN:
	case FORMAT_LINES:
	case FORMAT_HTML:
	case FORMAT_YAML:
	case FORMAT_SVG:
	case FORMAT_TEXT:
	case FORMAT_COUNT:
		active_write_table(&report, &style, into);
		break;
	}
}

static bool open_machine(struct trial *trial, struct error *err)
{
	if (!node_open(trial->session, &trial->host, err))
		return false;
	if (trial->host.capture)
		return fail(err, ERROR_INVALID, "--root: a recorded machine cannot be loaded");
	return true;
}

static int run(const struct session *session, struct error *err)
{
	struct trial trial = {
		.session = session,
		.shows = !session->options->quiet && isatty(STDERR_FILENO),
		.started_ns = host_boot_ns(session->host),
	};
	const struct options *options = session->options;
	struct error unkept = { 0 };
	bool is_watched;

	if (!read_request(&trial, err))
		return err->code == ERROR_MISSING ? STATUS_ERROR : STATUS_USAGE;
	if (options->list)
		return list(session, trial.request.profile);
	if (!check_commands(session, err))
		return STATUS_ERROR;
	if (!open_machine(&trial, err) ||
	    !node_see(session, &trial.host, PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS, &trial.look,
		      err))
		return STATUS_ERROR;
	if (!import_all(&trial, err))
		return STATUS_ERROR;
	if (!only_imports(options))
		active_plan(&trial.request, options->argument_count > 0 ? options->arguments : NULL,
			    session->arena, &trial.plan);
	if (trial.request.consent == CONSENT_READ && !only_imports(options)) {
		answer(&trial, true);
		return STATUS_UNKNOWN;
	}
	if (!try_samples(&trial, err))
		return STATUS_ERROR;
	interrupts_catch();
	trial.outcomes = ARENA_ARRAY(session->arena, struct active_outcome, trial.plan.count + 1);
	is_watched = run_watched(&trial, &unkept);
	join_days(&trial.look.sightings);
	if (!node_prepare(session, &trial.look, err))
		return STATUS_ERROR;
	derived_add(&trial.look, session->arena);
	if (!node_prepare(session, &trial.look, err))
		return STATUS_ERROR;
	checkup_run(&trial.look.input, PROFILE_ACTIVE, checks_of(&trial, session->arena),
		    session->arena, &trial.checkup);
	if (!node_write_bundle(session, &trial.look.sightings, err))
		return STATUS_ERROR;
	answer(&trial, false);
	if (!is_watched) {
		*err = unkept;
		return STATUS_ERROR;
	}
	return status_of(&trial);
}

const struct command command_test = {
	.name = "test",
	.arguments = "[GROUP...]",
	.summary = "load this machine: is it what was sold",
	.text = "Loads this machine under a consent and a limit of time, measures what it can do, "
		"and "
		"judges it by published figures, by other nodes and by what was claimed. Without "
		"--consent it prints what it would load, for how long and what it would write "
		"where, and stops. The exit status is 0 when all is well, 1 when a check fails, 2 "
		"when it could not be told.",
	.options = TAKES_MACHINE | TAKES_SUBJECT | TAKES_TEST | TAKES_CHECK_FORMAT | TAKES_GOLDEN |
		   TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON | 1u << FORMAT_JUNIT |
		   1u << FORMAT_PROMETHEUS | 1u << FORMAT_NAGIOS,
	.arguments_minimum = 0,
	.arguments_maximum = 100,
	.run = run,
};
