#include <string.h>

#include "cli/identity.h"
#include "cli/load.h"
#include "evidence/bundle.h"
#include "fleet/uplink.h"

enum {
	TOKEN_FILE_MAXIMUM = 4096,
};

static bool read_token(const struct session *session, const char **ret_token, struct error *err)
{
	struct span text;

	if (!host_read(session->host, session->options->token_file, TOKEN_FILE_MAXIMUM,
		       session->arena, &text, err))
		return false;
	while (text.length > 0 && strchr(" \t\r\n", text.at[text.length - 1]))
		text.length--;
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~')
			text.length = 0;
	if (text.length == 0)
		return fail(err, ERROR_INVALID, "'%s' holds no token, which is one word",
			    session->options->token_file);
	*ret_token = arena_string(session->arena, text);
	return true;
}

/* Where it goes and who says it. */
static bool choose(const struct session *session, struct uplink *uplink, struct error *err)
{
	const struct options *options = session->options;

	*uplink = (struct uplink){ .url = options->to, .pin = options->pin };
	if (options->token_file && options->identity)
		return fail(err, ERROR_CONFLICT, "give --token-file or --identity, not both");
	if (options->token_file) {
		if (!read_token(session, &uplink->token, err))
			return false;
	} else if (options->identity) {
		if (!identity_read(session, options->identity, uplink, err))
			return false;
	} else {
		return fail(err, ERROR_MISSING,
			    "say who pushes: --token-file FILE, or --identity DIR of an agent "
			    "that is enrolled");
	}
	if (!uplink->url)
		return fail(err, ERROR_MISSING, "say where to: --to URL");
	return uplink_check(uplink, err);
}

/* A bundle that does not hold together is not sent. */
static bool read_bundle(const struct session *session, struct span *ret_text, struct error *err)
{
	const char *path = session->options->arguments[0];
	SCOPED_EVIDENCE(set);

	return host_read(session->host, path, EVIDENCE_LINES_BYTES_MAXIMUM, session->arena,
			 ret_text, err) &&
	       evidence_set_add_bundle(&set, *ret_text, path, err);
}

static int run(const struct session *session, struct error *err)
{
	struct uplink uplink;
	struct span body, answer;

	if (!choose(session, &uplink, err) || !read_bundle(session, &body, err) ||
	    !uplink_post(&uplink, "/api/v1/bundles", body, session->arena, &answer, err))
		return STATUS_ERROR;
	text_add_span(session->output, answer);
	return STATUS_GOOD;
}

const struct command command_push = {
	.name = "push",
	.arguments = "BUNDLE",
	.summary = "send a bundle of evidence to a server",
	.text = "Sends what a run wrote with --bundle to `assay serve` elsewhere and prints what "
		"was taken. Sent again it changes nothing.",
	.options = TAKES_REMOTE,
	.arguments_minimum = 1,
	.arguments_maximum = 1,
	.run = run,
};
