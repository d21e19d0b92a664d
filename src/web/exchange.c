/* The gates that a request passes, and its handler. */
#include <stdio.h>
#include <string.h>

#include "host/file.h"
#include "host/system.h"
#include "web/network.h"
#include "web/parts.h"

enum {
	NS_PER_MS = 1000000,
};

const struct web_limits web_limits_default = {
	.connections = 512,
	.connections_each = 64,
	.head_bytes = 8 << 10,
	.body_bytes = 16 << 20,
	.bodies_bytes = 32 << 20,
	.idle_s = 10,
	.request_s = 60,
	.anonymous_per_s = 50,
	.caller_per_s = 200,
};

int64_t web_now_ms(void)
{
	return host_boot_ns(NULL) / NS_PER_MS;
}

/* The header fields in the order in which they were sent. */
struct gathering {
	struct header headers[INSPECT_HEADERS_MAXIMUM + 1];
	size_t count;
};

static enum MHD_Result gather(void *context, enum MHD_ValueKind kind, const char *key, size_t size,
			      const char *value, size_t value_size)
{
	struct gathering *gathering = context;

	(void)kind;
	if (gathering->count > INSPECT_HEADERS_MAXIMUM)
		return MHD_NO;
	gathering->headers[gathering->count++] = (struct header){
		.name = { key, size },
		.value = { value ? value : "", value_size },
	};
	return MHD_YES;
}

static bool refuse(struct exchange *exchange, unsigned status, const char *why)
{
	exchange->closes = true;
	web_refuse(&exchange->answer, &exchange->request, status, NULL, "%s", why);
	return false;
}

static bool look_at_head(struct exchange *exchange, const char *method, const char *version)
{
	struct gathering gathering = { .count = 0 };
	struct head head = {
		.headers = gathering.headers,
		.is_http11 = strcmp(version, "HTTP/1.0") != 0,
		.takes_body = strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0,
		.bytes_maximum = exchange->web->how->limits.head_bytes,
	};
	const char *why = "";
	unsigned status;

	(void)exchange->web->http.get_connection_values(exchange->connection, MHD_HEADER_KIND,
							gather, &gathering);
	head.count = gathering.count;
	status = inspect(&head, &exchange->inspected, &why);
	if (status)
		return refuse(exchange, status, why);
	if (!layout_is_strict(exchange, method, version, gathering.headers, gathering.count))
		return refuse(exchange, MHD_HTTP_BAD_REQUEST,
			      "the head is not lines that end with CR and LF, each whole");
	/* Nothing behind a request that may have a body and says of none is read. */
	exchange->is_last = head.takes_body && !exchange->inspected.has_length;
	exchange->request.content_type = exchange->inspected.content_type;
	exchange->request.wants_html = accepts_html(exchange->inspected.accept);
	return true;
}

static bool look_at_target(struct exchange *exchange)
{
	struct target target = { 0 };
	const char *why = "";
	unsigned status = target_read(span_of(exchange->raw), &exchange->arena, &target, &why);

	if (status)
		return refuse(exchange, status, why);
	exchange->request.path = target.path;
	exchange->request.query = target.query;
	return true;
}

static bool look_at_method(struct exchange *exchange, const char *method)
{
	if (strcmp(method, "HEAD") == 0) {
		exchange->is_head = true;
		exchange->request.method = WEB_GET;
		return true;
	}
	for (unsigned i = 0; i < WEB_METHOD_COUNT; i++) {
		if (strcmp(method, web_method_names[i]) == 0) {
			exchange->request.method = (enum web_method)i;
			return true;
		}
	}
	return refuse(exchange, MHD_HTTP_NOT_IMPLEMENTED, "this method is not known");
}

static bool take_permit(struct exchange *exchange, struct span who, double per_s)
{
	struct web *web = exchange->web;
	unsigned wait_s = 0;
	bool taken;

	lock_take(&web->lock);
	taken = bucket_take(web->buckets, who, per_s, exchange->began_ms, &wait_s);
	lock_give(&web->lock);
	if (taken)
		return true;
	web_refuse(&exchange->answer, &exchange->request, MHD_HTTP_TOO_MANY_REQUESTS,
		   "Retry-After says how many seconds to wait", "too many requests");
	exchange->answer.retry_after_s = wait_s > 0 ? wait_s : 1;
	exchange->closes = exchange_leaves_body(exchange);
	return false;
}

static struct span name_of_caller(const struct exchange *exchange)
{
	const struct web_caller *caller = exchange->request.caller;

	return span_of(
		arena_format(exchange->request.arena, "%s\n%s", caller->party, caller->name));
}

/* The pages of the snapshot stand beside the routes; "/" is the first of them. */
static const char *page_of(const struct exchange *exchange)
{
	const char *path = exchange->request.path + 1;

	return path[0] == '\0' ? "index.html" : path;
}

static bool find_route(struct exchange *exchange)
{
	const struct web_request *request = &exchange->request;
	struct web_answer *answer = &exchange->answer;

	exchange->closes = exchange_leaves_body(exchange);
	switch (route_find(web_route_tables, request->method, request->path, &exchange->arena,
			   &exchange->match)) {
	case ROUTE_FOUND:
		exchange->closes = false;
		return true;
	case ROUTE_OTHER_METHOD:
		web_refuse(answer, request, MHD_HTTP_METHOD_NOT_ALLOWED,
			   "Allow says which methods are there", "%s is not for this path",
			   exchange->method);
		answer->allow = route_allow(exchange->match.allowed, &exchange->arena);
		return false;
	case ROUTE_NONE:
		break;
	}
	if (!snapshot_find(exchange->snapshot, page_of(exchange))) {
		web_refuse(answer, request, MHD_HTTP_NOT_FOUND, NULL, "there is nothing here");
		return false;
	}
	if (request->method != WEB_GET) {
		web_refuse(answer, request, MHD_HTTP_METHOD_NOT_ALLOWED,
			   "Allow says which methods are there", "%s is not for this path",
			   exchange->method);
		answer->allow = "GET, HEAD";
		return false;
	}
	answer->file = page_of(exchange);
	return true;
}

static bool look_at_right(struct exchange *exchange)
{
	const struct web_route *route = exchange->match.route;
	const struct web_request *request = &exchange->request;

	if (!route || route->scope == ACCESS_PUBLIC)
		return true;
	exchange->answer.is_private = true;
	exchange->closes = exchange_leaves_body(exchange);
	if (!request->caller && request->wants_html && request->method == WEB_GET) {
		SCOPED_TEXT(place);

		text_add_percent(&place, span_of(exchange->raw));
		exchange->answer.status = MHD_HTTP_SEE_OTHER;
		exchange->answer.location =
			arena_format(request->arena, "/login?to=%s", text_string(&place));
		return false;
	}
	if (!request->caller) {
		web_refuse(&exchange->answer, request, MHD_HTTP_UNAUTHORIZED,
			   "give a token as 'Authorization: Bearer …', or the certificate that "
			   "was enrolled",
			   "this needs to be known who asks");
		return false;
	}
	if (!(request->caller->scopes & route->scope)) {
		web_refuse(&exchange->answer, request, MHD_HTTP_FORBIDDEN,
			   "ask whoever keeps this server for a token of that scope",
			   "what was shown does not give this right");
		return false;
	}
	exchange->closes = false;
	return true;
}

static bool take_body(struct exchange *exchange)
{
	struct web *web = exchange->web;
	const struct web_route *route = exchange->match.route;
	size_t most = route && route->body_maximum > 0 ? route->body_maximum : BODY_MAXIMUM_DEFAULT;
	size_t length = exchange->inspected.length;
	bool has_room;

	if (length == 0)
		return true;
	if (most > web->how->limits.body_bytes)
		most = web->how->limits.body_bytes;
	if (length > most)
		return refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large");
	lock_take(&web->lock);
	has_room = web->bodies_bytes + length <= web->how->limits.bodies_bytes;
	if (has_room) {
		web->bodies_bytes += length;
		exchange->body_counted = length;
	}
	lock_give(&web->lock);
	exchange->body.maximum = length + 1;
	if (has_room)
		return true;
	(void)refuse(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "too much is being taken in at once");
	exchange->answer.retry_after_s = 1;
	return false;
}

bool exchange_admit(struct exchange *exchange, const char *method, const char *version)
{
	struct web *web = exchange->web;
	const struct web_limits *limits = &web->how->limits;
	char network[NETWORK_SIZE];

	exchange->method = arena_string(&exchange->arena, span_of(method));
	exchange->request.arena = &exchange->arena;
	exchange->request.now = host_unix_time(NULL);
	if (!look_at_head(exchange, method, version) || !look_at_method(exchange, method) ||
	    !look_at_target(exchange))
		return false;
	if (!take_permit(exchange, network_of(exchange->request.address, network),
			 limits->anonymous_per_s) ||
	    !exchange_identify(exchange))
		return false;
	if (exchange->request.caller &&
	    !take_permit(exchange, name_of_caller(exchange), limits->caller_per_s))
		return false;
	lock_take(&web->lock);
	exchange->snapshot = web->snapshot ? snapshot_use(web->snapshot) : NULL;
	lock_give(&web->lock);
	return find_route(exchange) && look_at_right(exchange) && take_body(exchange);
}

void exchange_handle(struct exchange *exchange)
{
	const struct web_route *route = exchange->match.route;

	exchange->request.body = text_span(&exchange->body);
	if (route)
		route->handle(exchange->web, &exchange->request, exchange->match.segments,
			      &exchange->answer);
}
