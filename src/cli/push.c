#include <string.h>

#include "cli/identity.h"
#include "cli/load.h"
#include "cli/quotes.h"
#include "evidence/bundle.h"
#include "fleet/uplink.h"
#include "market/quote_line.h"
#include "store/store.h"

enum {
	TOKEN_FILE_MAXIMUM = 4096,
	/* Of one request; the server takes five thousand and 16 MiB. */
	PUSHED_QUOTES = 2000,
	PUSHED_BYTES = 8 << 20,
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

static bool push_bundle(const struct session *session, const struct uplink *uplink,
			struct error *err)
{
	struct span body, answer;

	if (!read_bundle(session, &body, err) ||
	    !uplink_post(uplink, "/api/v1/bundles", body, session->arena, &answer, err))
		return false;
	text_add_span(session->output, answer);
	return true;
}

/* ---- prices ---- */

/* Quotes on their way to the server, some thousand in a request. */
struct quote_push {
	const struct session *session;
	const struct uplink *uplink;
	const struct catalogue *catalogue;
	struct text body;
	size_t count, bodies;
};

static bool send_quotes(struct quote_push *push, struct error *err)
{
	SCOPED_ARENA(arena);
	struct span answer;

	if (push->count == 0)
		return true;
	text_add(&push->body, "]}");
	if (!uplink_post(push->uplink, "/api/v1/prices", text_span(&push->body), &arena, &answer,
			 err))
		return fail_while(err, "%zu requests were taken before", push->bodies);
	text_add_span(push->session->output, answer);
	text_clear(&push->body);
	push->count = 0;
	push->bodies++;
	return true;
}

static bool add_quote(void *context, const struct names *names, const struct quote *quote,
		      struct error *err)
{
	struct quote_push *push = context;

	text_add(&push->body,
		 push->count == 0 ? "{\"schema\":\"assay/prices/v1\",\"quotes\":[" : ",");
	quote_line_write(&push->body, push->catalogue, names, quote);
	push->count++;
	return (push->count < PUSHED_QUOTES && push->body.length < PUSHED_BYTES) ||
	       send_quotes(push, err);
}

/* Price lists of any form that is known; a row that is no quote is refused here, and counted. */
static bool push_quotes(const struct session *session, const struct uplink *uplink,
			struct error *err)
{
	struct quote_push push = { .session = session, .uplink = uplink };
	SCOPED_MARKET(market);
	struct book *book = &market.book;
	bool good = load_catalogue(session, &market.catalogue, &market.exchange, err);

	push.catalogue = book->catalogue = &market.catalogue;
	book->exchange = &market.exchange;
	book->now = end_of_today(session);
	book->streaming = true;
	book->sink = (struct book_sink){ .keep = add_quote, .context = &push };
	good = good && load_quotes(session, session->options->arguments, 1, book, err) &&
	       send_quotes(&push, err);
	text_release(&push.body);
	if (!good)
		return false;
	note_refused(session, book);
	return book->kept > 0 ||
	       fail(err, ERROR_MISSING, "'%s' holds no quote", session->options->arguments[0]);
}

static int run(const struct session *session, struct error *err)
{
	const char *stream = session->options->stream;
	bool are_quotes = stream && strcmp(stream, store_stream_names[STORE_QUOTES]) == 0;
	struct uplink uplink;

	if (stream && !are_quotes && strcmp(stream, store_stream_names[STORE_EVIDENCE]) != 0) {
		(void)fail(err, ERROR_INVALID, "--stream %s: what is pushed is evidence or quotes",
			   stream);
		return STATUS_ERROR;
	}
	if (!choose(session, &uplink, err))
		return STATUS_ERROR;
	return (are_quotes ? push_quotes(session, &uplink, err)
			   : push_bundle(session, &uplink, err))
		       ? STATUS_GOOD
		       : STATUS_ERROR;
}

const struct command command_push = {
	.name = "push",
	.arguments = "PATH",
	.summary = "send a bundle of evidence, or prices, to a server",
	.text = "Sends what a run wrote with --bundle, or with --stream quotes price lists of any "
		"form, to `assay serve` elsewhere and prints what was taken. Sent again it changes "
		"nothing.",
	.options = TAKES_REMOTE | TAKES_QUOTES,
	.arguments_minimum = 1,
	.arguments_maximum = 1,
	.run = run,
};
