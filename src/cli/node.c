#include "cli/node.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "evidence/bundle.h"
#include "host/capture.h"
#include "host/system.h"
#include "report/checkup.h"

enum {
	NODE_NAME_MAXIMUM = 64,
	WORKER_CALLS_LIMIT = 10, /* a worker may take so many times the limit of one call */
};

int node_write_audit(const struct session *session, const struct node_look *look,
		     const struct checkup *checkup, bool all)
{
	struct report_style style = options_style(session->options);
	const struct checkup_report report = {
		.checkup = checkup,
		.handbook = &look->handbook,
		.provider = session->options->provider,
		.time = look->sightings.time,
		.all = all,
	};

	if (session->options->format == FORMAT_JSON)
		checkup_write_json(&report, session->output);
	else
		checkup_write_table(&report, &style, session->output);
	return node_status(checkup);
}

bool node_open(const struct session *session, struct host *ret_host, struct error *err)
{
	if (!session->options->root) {
		*ret_host = *session->host;
		return true;
	}
	if (host_kind(session->host, session->options->root) != HOST_FOLDER)
		return fail(err, ERROR_MISSING,
			    "'%s' is not a folder; --root is the root of a "
			    "machine, or what assay capture wrote",
			    session->options->root);
	return capture_open(session->options->root, session->arena, ret_host, err);
}

/* A host name as the name of a subject: lower case, without the domain. */
static const char *name_of(const struct host *host, struct arena *arena)
{
	struct span text = span_of(host_name(host, arena));
	char name[NODE_NAME_MAXIMUM];
	size_t length = 0;

	for (size_t i = 0; i < text.length && length < sizeof(name) - 1; i++) {
		char c = text.at[i];

		if (c == '.')
			break;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    (length > 0 && (c == '-' || c == '_')))
			name[length++] = c;
	}
	if (length == 0)
		return "node";
	return arena_string(arena, (struct span){ name, length });
}

static bool take_name(const char *option, const char *given, const char **ret_name,
		      struct error *err)
{
	size_t length = given ? strlen(given) : 0;

	if (!given)
		return true;
	if (length == 0 || length > 120 ||
	    strspn(given, "abcdefghijklmnopqrstuvwxyz0123456789-._+") != length ||
	    !strchr("abcdefghijklmnopqrstuvwxyz0123456789_", given[0]))
		return fail(
			err, ERROR_INVALID,
			"--%s '%s' is not a name; use lower-case letters, digits and '-' '.' '_'",
			option, given);
	*ret_name = given;
	return true;
}

bool node_subject(const struct session *session, const struct host *host,
		  struct subject *ret_subject, struct error *err)
{
	const struct options *options = session->options;
	struct subject subject = { { [SUBJECT_PROVIDER] = "unnamed" } };

	subject.parts[SUBJECT_NODE] = name_of(host, session->arena);
	if (!take_name("provider", options->provider, &subject.parts[SUBJECT_PROVIDER], err) ||
	    !take_name("product", options->product, &subject.parts[SUBJECT_PRODUCT], err) ||
	    !take_name("region", options->region, &subject.parts[SUBJECT_REGION], err) ||
	    !take_name("gpu", options->gpu, &subject.parts[SUBJECT_GPU], err) ||
	    !take_name("cluster", options->cluster, &subject.parts[SUBJECT_CLUSTER], err) ||
	    !take_name("node", options->node, &subject.parts[SUBJECT_NODE], err))
		return false;
	*ret_subject = subject;
	return true;
}

static void show(const struct session *session, const char *what)
{
	if (!session->options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[Klooking: %s", what);
}

static void show_nothing(const struct session *session)
{
	if (!session->options->quiet && isatty(STDERR_FILENO))
		(void)fputs("\r\033[K", stderr);
}

static void look_once(const struct session *session, const struct probe_request *request,
		      struct sightings *sightings)
{
	for (size_t i = 0; i < probe_count; i++) {
		if (!(probes[i]->shares & request->shares))
			continue;
		show(session, probes[i]->title);
		probes[i]->look(request, sightings);
	}
	show_nothing(session);
}

static void wait_between(const struct session *session)
{
	char text[64];

	for (uint64_t left = session->options->interval_s; left > 0; left--) {
		(void)snprintf(text, sizeof(text), "again in %llu s", (unsigned long long)left);
		show(session, text);
		(void)sleep(1);
	}
}

bool node_prepare(const struct session *session, struct node_look *look, struct error *err)
{
	struct sightings *sightings = &look->sightings;
	const struct record **records =
		ARENA_ARRAY(session->arena, const struct record *, sightings->count);

	for (size_t i = 0; i < sightings->count; i++)
		records[i] = &sightings->items[i];
	look->input = (struct check_input){
		.records = records,
		.count = sightings->count,
		.handbook = &look->handbook,
		.today = sightings->observed,
		.not_before = DATE_NONE,
	};
	check_prepare(&look->input, session->arena);
	if (look->input.machine_count != 1)
		return fail(err, ERROR_IO, "nothing at all could be seen of this machine");
	look->input.machine = &look->input.machines[0];
	look->input.golden = look->against.golden;
	look->input.cohort = look->against.cohort;
	look->input.cohort_count = look->against.cohort_count;
	look->input.claims = look->against.claims;
	return true;
}

bool node_see(const struct session *session, const struct host *host, unsigned shares,
	      struct node_look *ret_look, struct error *err)
{
	const struct options *options = session->options;
	struct probe_request request = {
		.host = host,
		.shares = shares,
		.call_limit_ns = (int64_t)options->timeout_ms * 1000000,
		.total_limit_ns = (int64_t)options->timeout_ms * 1000000 * WORKER_CALLS_LIMIT,
		.trust_user_space = options->trust_user_space,
		.run_programs = options->run_programs,
	};
	struct subject subject;

	if (!load_handbook(session, &ret_look->handbook, err) ||
	    !against_read(session, &ret_look->handbook, &ret_look->against, err) ||
	    !node_subject(session, host, &subject, err))
		return false;
	sightings_start(&ret_look->sightings, &subject, host, session->arena);
	if (options->interval_s > 0) {
		request.shares = PROBE_COUNTERS;
		look_once(session, &request, &ret_look->sightings);
		wait_between(session);
		sightings_again(&ret_look->sightings, host);
		request.shares = shares | PROBE_COUNTERS;
	}
	look_once(session, &request, &ret_look->sightings);
	return node_prepare(session, ret_look, err);
}

/* The key of --key, made and kept for its owner alone when there is none. */
static bool load_key(const struct session *session, struct bundle_key *ret_key, struct error *err)
{
	const char *path = session->options->key;
	struct span text;
	SCOPED_TEXT(made);

	if (host_kind(session->host, path) != HOST_NOTHING)
		return host_read(session->host, path, BUNDLE_KEY_FILE_MAXIMUM, session->arena,
				 &text, err) &&
		       bundle_key_read(text, path, ret_key, err);
	bundle_key_make(ret_key);
	bundle_key_write(ret_key, &made);
	return host_write_private(session->host, path, text_span(&made), err);
}

bool node_check_bundle(const struct session *session, struct error *err)
{
	const struct options *options = session->options;

	if (!options->bundle && (options->key || options->nonce))
		return fail(err, ERROR_INVALID,
			    "--key and --nonce sign a bundle: name its file with --bundle");
	if (!options->bundle)
		return true;
	if (!options->provider)
		return fail(err, ERROR_INVALID,
			    "--bundle needs --provider: a rating has to know whose machine it is");
	if ((options->key != NULL) != (options->nonce != NULL))
		return fail(err, ERROR_INVALID,
			    "--key and --nonce go together: a signature without "
			    "a nonce could be old");
	return true;
}

bool node_write_bundle(const struct session *session, const struct sightings *sightings,
		       struct error *err)
{
	return node_write_records(session, sightings->items, sightings->count, sightings->time,
				  err);
}

bool node_write_records(const struct session *session, struct record *records, size_t count,
			int64_t created, struct error *err)
{
	const struct options *options = session->options;
	struct bundle bundle = {
		.records = records,
		.count = count,
		.created = created,
		.nonce = options->nonce,
	};
	struct bundle_key key;
	SCOPED_TEXT(text);

	if (!options->bundle)
		return true;
	if (!node_check_bundle(session, err))
		return false;
	if (options->key) {
		if (!load_key(session, &key, err))
			return false;
		bundle.key = &key;
	}
	bundle_write(&bundle, &text);
	return host_write(session->host, options->bundle, text_span(&text), err);
}

int node_status(const struct checkup *checkup)
{
	switch (checkup->gate) {
	case VERDICT_FAIL:
		return STATUS_FAILS;
	case VERDICT_PASS:
	case VERDICT_WARN:
		return STATUS_GOOD;
	case VERDICT_UNKNOWN:
	case VERDICT_NOT_APPLICABLE:
	case VERDICT_STALE:
	case VERDICT_COUNT:
		break;
	}
	return STATUS_UNKNOWN;
}
