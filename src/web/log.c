#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "host/file.h"
#include "web/parts.h"

enum {
	LINE_MAXIMUM = 4096,
	SHOWN_MAXIMUM = 200, /* bytes of a path */
	FAILURE = 400,
};

static void open_line(struct json_writer *writer, const char *event)
{
	char time[TIME_TEXT_SIZE];

	json_open_object(writer);
	json_pair_string(writer, "time", time_format(host_unix_time(NULL), time));
	json_pair_string(writer, "event", event);
}

/* Whole lines at once, so that threads do not mix theirs. */
static void close_line(struct web *web, struct json_writer *writer)
{
	json_close_object(writer);
	text_add_char(writer->into, '\n');
	lock_take(&web->logging);
	(void)fwrite(text_string(writer->into), 1, writer->into->length, stderr);
	lock_give(&web->logging);
}

void log_event(struct web *web, const char *event, ...)
{
	struct text line = { .maximum = LINE_MAXIMUM };
	struct json_writer writer = { .into = &line };
	const char *key;
	va_list args;

	open_line(&writer, event);
	va_start(args, event);
	while ((key = va_arg(args, const char *)) != NULL) {
		const char *value = va_arg(args, const char *);

		if (value)
			json_pair_string(&writer, key, value);
	}
	va_end(args);
	close_line(web, &writer);
	text_release(&line);
}

/* Neither query nor header fields are written: they may hold secrets. */
void log_exchange(const struct exchange *exchange)
{
	struct web *web = exchange->web;
	struct text line = { .maximum = LINE_MAXIMUM };
	struct json_writer writer = { .into = &line };
	const struct web_request *request = &exchange->request;
	struct span path = span_of(request->path ? request->path : exchange->raw);

	if (!web->how->log_requests && exchange->status < FAILURE && request->method == WEB_GET)
		return;
	if (path.length > SHOWN_MAXIMUM)
		path.length = SHOWN_MAXIMUM;
	if (!request->path && path.at && memchr(path.at, '?', path.length))
		path.length = (size_t)((const char *)memchr(path.at, '?', path.length) - path.at);
	open_line(&writer, "request");
	json_pair_string(&writer, "address", request->address);
	json_pair_string(&writer, "method", exchange->method);
	json_key(&writer, "path");
	json_put_span(&writer, path);
	json_pair_integer(&writer, "status", exchange->status);
	json_pair_integer(&writer, "bytes", (int64_t)exchange->sent.length);
	json_pair_integer(&writer, "ms", web_now_ms() - exchange->began_ms);
	if (request->caller) {
		json_pair_string(&writer, "party", request->caller->party);
		json_pair_string(&writer, "caller", request->caller->name);
	}
	if (exchange->answer.why)
		json_pair_string(&writer, "why", exchange->answer.why);
	close_line(web, &writer);
	text_release(&line);
}
