#include "cli/node.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/capture.h"
#include "host/system.h"

enum {
	NODE_NAME_MAXIMUM = 64,
	WORKER_CALLS_LIMIT = 10, /* a worker may take so many times the limit of one call */
};

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

static bool read_golden(const struct session *session, const struct handbook *handbook,
			const struct machine **ret_machine, struct error *err)
{
	const char *path = session->options->golden;
	const struct record **records;
	struct record *kept;
	struct machine *machines;
	struct span text;
	size_t count;
	SCOPED_EVIDENCE(set);

	if (!path)
		return true;
	if (!host_read(session->host, path, EVIDENCE_LINES_BYTES_MAXIMUM, session->arena, &text,
		       err) ||
	    !evidence_set_add_lines(&set, text, path, err) || !evidence_set_finish(&set, err))
		return false;
	kept = ARENA_ARRAY(session->arena, struct record, set.count);
	records = ARENA_ARRAY(session->arena, const struct record *, set.count);
	for (size_t i = 0; i < set.count; i++) {
		kept[i] = set.records[i];
		records[i] = &kept[i];
	}
	arena_join(session->arena, &set.arena);
	machines_make(records, set.count, handbook, session->arena, &machines, &count);
	if (count != 1)
		return fail(
			err, ERROR_INVALID,
			"%s: holds %zu nodes; a golden node is one, as assay inventory --output "
			"writes it with --format jsonl",
			path, count);
	*ret_machine = machines;
	return true;
}

static bool prepare(const struct session *session, struct node_look *look, struct error *err)
{
	struct sightings *sightings = &look->sightings;
	const struct record **records =
		ARENA_ARRAY(session->arena, const struct record *, sightings->count);
	const struct machine *golden = NULL;

	for (size_t i = 0; i < sightings->count; i++)
		records[i] = &sightings->items[i];
	look->input = (struct check_input){
		.records = records,
		.count = sightings->count,
		.handbook = &look->handbook,
		.today = sightings->observed,
		.not_before = DATE_NONE,
	};
	if (!read_golden(session, &look->handbook, &golden, err))
		return false;
	check_prepare(&look->input, session->arena);
	if (look->input.machine_count != 1)
		return fail(err, ERROR_IO, "nothing at all could be seen of this machine");
	look->input.machine = &look->input.machines[0];
	look->input.golden = golden;
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
	return prepare(session, ret_look, err);
}
