#include "host/capture.h"

#include <string.h>

#include "cli/node.h"
#include "evidence/random.h"

/* Each kind of look, because a library is asked otherwise in each; the last sees the most. */
static bool see_all(const struct session *session, const struct host *recording,
		    struct node_look *ret_look, struct error *err)
{
	static const unsigned shares[] = {
		PROBE_QUICK,
		PROBE_COUNTERS,
		PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS | PROBE_LAYOUT,
	};

	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		if (!node_see(session, recording, shares[i], ret_look, err))
			return false;
	return true;
}

/* Without the slashes that a shell completes: a draft beside 'DIR/' would lie in it. */
static const char *without_slash(const char *folder, struct arena *arena)
{
	size_t length = strlen(folder);

	while (length > 1 && folder[length - 1] == '/')
		length--;
	return arena_string(arena, (struct span){ .at = folder, .length = length });
}

static int run(const struct session *session, struct error *err)
{
	const char *folder = without_slash(session->options->arguments[0], session->arena);
	struct redaction redaction;
	struct node_look look;
	struct host host, recording;

	if (host_kind(session->host, folder) != HOST_NOTHING) {
		(void)fail(err, ERROR_CONFLICT, "'%s' is there already; name a new folder", folder);
		return STATUS_ERROR;
	}
	if (!node_open(session, &host, err))
		return STATUS_ERROR;
	recorder_start(&host, session->arena, &recording);
	random_secret(redaction.salt, sizeof(redaction.salt));
	if (!see_all(session, &recording, &look, err) ||
	    !recorder_write(&recording, folder, &redaction, err))
		return STATUS_ERROR;
	text_format(
		session->output,
		"%s: %zu facts of this machine, names and serial numbers redacted; look through it "
		"before you give it away.\nReplay it with: assay check --root %s\n",
		folder, look.sightings.count, folder);
	return STATUS_GOOD;
}

const struct command command_capture = {
	.name = "capture",
	.arguments = "DIR",
	.summary = "record this machine, so that it can be checked elsewhere",
	.text = "Writes everything that assay check and assay inventory read from this machine "
		"into "
		"the new folder DIR: files, answers of vendor libraries, refusals. Serial numbers, "
		"UUIDs, addresses, host and user names become hashes of the same form; what looks "
		"like "
		"a secret is left out.",
	.options = TAKES_MACHINE,
	.arguments_minimum = 1,
	.arguments_maximum = 1,
	.run = run,
};
