/* From an answer to bytes: form, tag, and the header fields that all answers carry. */
#include <stdio.h>
#include <string.h>

#include "evidence/digest.h"
#include "web/parts.h"

enum {
	PACK_FROM = 1024, /* bytes; less is not worth it */
	PACK_LEVEL = 6,
	TAG_SIZE = 40,
	TAG_DIGITS = 24,
};

/* No script or style stands in a page; what a page loads comes from here. Nobody frames a page. */
static const char policy[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
	"frame-ancestors 'none'";

static const struct {
	const char *name, *value;
} fixed[] = {
	{ "Content-Security-Policy", policy },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), geolocation=(), microphone=()" },
	{ "Server", "assay" },
};

/* What is sent and how it is called. */
struct form {
	struct span bytes;
	const char *type;
	char etag[TAG_SIZE]; /* "" without */
	bool is_packed, varies;
};

static void form_of_file(struct exchange *exchange, const struct snapshot_file *file,
			 struct form *form)
{
	form->type = file->type;
	form->varies = true;
	form->is_packed = accepts_gzip(exchange->inspected.accept_encoding);
	(void)snprintf(form->etag, sizeof(form->etag), "%s",
		       form->is_packed ? file->packed_etag : file->etag);
	form->bytes = form->is_packed ? file->packed : (struct span){ "", file->length };
}

static void form_of_body(struct exchange *exchange, struct form *form)
{
	struct web_answer *answer = &exchange->answer;
	char digits[DIGEST_HEX_SIZE];

	form->type = answer->type ? answer->type : snapshot_type(".json");
	form->bytes = text_span(&answer->body);
	form->varies = answer->status < MHD_HTTP_BAD_REQUEST && form->bytes.length >= PACK_FROM;
	form->is_packed = form->varies && accepts_gzip(exchange->inspected.accept_encoding);
	if (answer->status == MHD_HTTP_OK && exchange->request.method == WEB_GET) {
		digest_hex(form->bytes, digits);
		(void)snprintf(form->etag, sizeof(form->etag), "\"%.*s%s\"", TAG_DIGITS, digits,
			       form->is_packed ? "-gz" : "");
	}
	if (form->is_packed)
		form->bytes = snapshot_pack(form->bytes, PACK_LEVEL, &exchange->arena);
}

/* A response that is being put together. */
struct reply {
	const struct microhttpd *http;
	struct MHD_Response *response;
};

static void add(const struct reply *reply, const char *name, const char *value)
{
	if (value)
		(void)reply->http->add_response_header(reply->response, name, value);
}

static void add_form(const struct reply *reply, const struct form *form, bool has_body)
{
	if (has_body)
		add(reply, "Content-Type", form->type);
	if (has_body && form->is_packed)
		add(reply, "Content-Encoding", "gzip");
	if (form->varies)
		add(reply, "Vary", "Accept-Encoding");
	if (form->etag[0] != '\0')
		add(reply, "ETag", form->etag);
}

static void add_said(const struct reply *reply, const struct exchange *exchange)
{
	const struct web_answer *answer = &exchange->answer;
	struct arena *arena = exchange->request.arena;

	add(reply, "Cache-Control", answer->is_private ? "no-store" : "no-cache");
	add(reply, "Location", answer->location);
	add(reply, "Allow", answer->allow);
	add(reply, "Set-Cookie", answer->cookie);
	if (answer->next)
		add(reply, "Link", arena_format(arena, "<%s>; rel=\"next\"", answer->next));
	if (answer->retry_after_s > 0)
		add(reply, "Retry-After", arena_format(arena, "%u", answer->retry_after_s));
	if (answer->status == MHD_HTTP_UNAUTHORIZED)
		add(reply, "WWW-Authenticate", "Bearer realm=\"assay\"");
	if (answer->attachment)
		add(reply, "Content-Disposition",
		    arena_format(arena, "attachment; filename=\"%s\"", answer->attachment));
	if (exchange->closes || exchange->is_last)
		add(reply, "Connection", "close");
}

enum MHD_Result exchange_respond(struct exchange *exchange)
{
	struct web_answer *answer = &exchange->answer;
	const struct snapshot_file *file = NULL;
	struct form form = { 0 };
	const struct microhttpd *http = &exchange->web->http;
	struct reply reply = { .http = http };
	enum MHD_Result done;

	if (answer->status == 0)
		answer->status = MHD_HTTP_OK;
	if (answer->body.overflowed)
		web_refuse(answer, &exchange->request, MHD_HTTP_INTERNAL_SERVER_ERROR,
			   "ask for less at once", "the answer is too long");
	if (answer->file)
		file = snapshot_find(exchange->snapshot, answer->file);
	if (answer->file && !file)
		web_refuse(answer, &exchange->request, MHD_HTTP_NOT_FOUND, NULL,
			   "there is nothing here");
	if (file)
		form_of_file(exchange, file, &form);
	else
		form_of_body(exchange, &form);
	if (answer->status == MHD_HTTP_OK && form.etag[0] != '\0' &&
	    etag_matches(exchange->inspected.if_none_match, form.etag))
		answer->status = MHD_HTTP_NOT_MODIFIED;

	bool has_body = answer->status != MHD_HTTP_NOT_MODIFIED;
	if (!has_body)
		form.bytes = SPAN("");
	else if (file && !form.is_packed && !exchange->is_head)
		form.bytes = snapshot_plain(file, &exchange->arena);
	exchange->sent = form.bytes;
	exchange->status = answer->status;
	/* The bytes stay with the exchange until the library says that it is completed. */
	reply.response = http->create_response(form.bytes.length, (void *)(uintptr_t)form.bytes.at,
					       MHD_RESPMEM_PERSISTENT);
	if (!reply.response)
		return MHD_NO;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		add(&reply, fixed[i].name, fixed[i].value);
	add_form(&reply, &form, has_body);
	add_said(&reply, exchange);
	done = http->queue_response(exchange->connection, answer->status, reply.response);
	http->destroy_response(reply.response);
	exchange->is_answered = true;
	return done;
}
