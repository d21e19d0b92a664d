#include "web/web.h"

#include <math.h>
#include <stdio.h>

#include "cli/advice.h"
#include "cli/stored.h"
#include "market/selection.h"
#include "report/cost.h"
#include "web/tls.h"

/* What evidence is loaded with. */
struct serving {
	const struct session *session;
	struct standard standard;
	struct handbook handbook;
	struct tls_identity identity; /* all NULL: plain HTTP */
	struct market market;
	struct effective_offers offers;
	struct effective_report effective;
	struct generations generations;
	struct parameters assumptions;
	struct web_market shown;
};

static bool load(void *context, struct evidence_set *set, struct error *err)
{
	const struct serving *serving = context;

	return load_evidence(serving->session, &serving->standard, set, err);
}

/* The line that a program reads the address from. */
static void ready(void *context, const char *url)
{
	const struct serving *serving = context;

	if (serving->identity.pin)
		(void)printf("assay: pin %s\n", serving->identity.pin);
	(void)printf("assay: serving at %s\n", url);
	(void)fflush(stdout);
}

static bool read_files(const struct session *session, struct serving *serving, struct error *err)
{
	const struct options *options = session->options;
	struct span certificate, key;

	if (!host_read(session->host, options->tls_certificate, TLS_FILE_MAXIMUM, session->arena,
		       &certificate, err) ||
	    !host_read(session->host, options->tls_key, TLS_FILE_MAXIMUM, session->arena, &key,
		       err))
		return false;
	if (!tls_read(certificate, key, session->arena, &serving->identity, err))
		return fail_while(err, "'%s' and '%s'", options->tls_certificate, options->tls_key);
	return true;
}

/* Leaves the identity empty when TLS is not asked for. */
static bool find_identity(const struct session *session, const char *address,
			  struct serving *serving, struct error *err)
{
	const struct options *options = session->options;
	const struct tls_wish wish = { .name = "assay",
				       .address = address,
				       .now = host_unix_time(session->host) };

	if (!options->tls_certificate != !options->tls_key)
		return fail(err, ERROR_MISSING, "--tls-certificate and --tls-key go together");
	if (options->tls_make && options->tls_key)
		return fail(err, ERROR_CONFLICT,
			    "give --tls-make, or a certificate and its key, not both");
	if (options->tls_key)
		return read_files(session, serving, err);
	return !options->tls_make || tls_open_folder(session->host, options->tls_make, &wish,
						     session->arena, &serving->identity, err);
}

/* Offers to correct, of --effective. */
static bool find_effective(const struct session *session, struct serving *serving,
			   struct error *err)
{
	const struct options *options = session->options;
	const struct effective_draws draws = { .seed = options->seed, .count = options->draws };
	struct span text;

	if (!options->effective)
		return true;
	if (!host_read(session->host, options->effective, YAML_BYTES_MAXIMUM, session->arena, &text,
		       err) ||
	    !effective_read(text, options->effective, session->arena, &serving->offers, err))
		return false;
	effective_report_make(&serving->offers, &draws, session->arena, &serving->effective);
	serving->shown.effective = &serving->effective;
	return true;
}

/* The prices of --market, or what those of the store are read with. */
static bool find_market(const struct session *session, struct serving *serving, struct error *err)
{
	const struct options *options = session->options;
	struct market *market = &serving->market;

	assumptions_init(&serving->assumptions);
	serving->shown = (struct web_market){ .book = &market->book,
					      .catalogue = &market->catalogue,
					      .assumptions = &serving->assumptions,
					      .generations = &serving->generations };
	if (options->market && !load_market(session, &options->market, 1, market, err))
		return false;
	if (!options->market &&
	    !load_catalogue(session, &market->catalogue, &market->exchange, err))
		return false;
	market->book.catalogue = &market->catalogue;
	market->book.exchange = &market->exchange;
	book_arrange(&market->book, options->threads);
	return load_generations(session, &market->catalogue, &serving->generations, err) &&
	       find_effective(session, serving, err);
}

static void set_limits(const struct options *options, struct web_limits *limits)
{
	if (!isnan(options->rate))
		limits->anonymous_per_s = limits->caller_per_s = options->rate;
	if (options->patience_s > 0)
		limits->request_s = (unsigned)options->patience_s;
	if (limits->idle_s > limits->request_s)
		limits->idle_s = limits->request_s;
}

static struct web_settings settings_of(const struct session *session, struct serving *serving)
{
	const struct options *options = session->options;

	return (struct web_settings){
		.store = stored_place(session),
		.address = options->address ? options->address : "127.0.0.1",
		.port = (unsigned)options->port,
		.limits = web_limits_default,
		.standard = &serving->standard,
		.handbook = &serving->handbook,
		.as_of = options->as_of,
		.seed = options->seed,
		.draws = options->draws,
		.threads = options->threads,
		.log_requests = options->log_requests,
		.load = load,
		.ready = ready,
		.context = serving,
	};
}

static int serve(const struct session *session, struct serving *serving, struct error *err)
{
	const struct options *options = session->options;
	struct web_settings how = settings_of(session, serving);

	if (options->store && options->evidence_count > 0) {
		(void)fail(err, ERROR_CONFLICT,
			   "--store and --evidence are two places for the same; `assay store "
			   "import` adds files to a store");
		return STATUS_ERROR;
	}
	if (!load_standard(session, &serving->standard, err) ||
	    !load_handbook(session, &serving->handbook, err) ||
	    !load_profile(&serving->standard, options->profile, &how.profile, err))
		return STATUS_ERROR;
	if (!find_identity(session, how.address, serving, err))
		return STATUS_ERROR;
	if (options->effective && !options->market && !how.store) {
		(void)fail(err, ERROR_MISSING,
			   "--effective is shown beside prices; give --market, or a --store");
		return STATUS_ERROR;
	}
	if (options->market || how.store) {
		if (!find_market(session, serving, err))
			return STATUS_ERROR;
		how.market = &serving->shown;
	}
	how.certificate = serving->identity.certificate;
	how.key = serving->identity.key;
	set_limits(options, &how.limits);
	return web_serve(&how, err) ? STATUS_GOOD : STATUS_ERROR;
}

static int run(const struct session *session, struct error *err)
{
	struct serving *serving = ARENA_NEW(session->arena, struct serving);
	int status;

	serving->session = session;
	status = serve(session, serving, err);
	market_release(&serving->market);
	return status;
}

const struct command command_serve = {
	.name = "serve",
	.arguments = "",
	.summary = "serve ratings, evidence and prices over HTTP",
	.text = "Serves the pages, their JSON twins and the API from a store, or read-only from "
		"files of evidence when none is given. It listens on loopback unless told "
		"otherwise, and then with TLS only. SIGTERM ends it.",
	.options = TAKES_STANDARD | TAKES_EVIDENCE | TAKES_RATING | TAKES_SERVE,
	.arguments_minimum = 0,
	.arguments_maximum = 0,
	.run = run,
};
