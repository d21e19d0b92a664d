#include "active/object_request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "evidence/digest.h"
#include "host/curl.h"

enum {
	URL_SIZE = 4096,
	HEADER_SIZE = 2048,
	BUFFER_SIZE = 512 << 10,
	CONNECT_MS = 10000,
	WAIT_MS = 50,
	STALL_S = 30, /* without a byte */
};

/* A request while it is on its way. */
struct flight {
	const struct curl *curl;
	CURL *easy;
	struct curl_slist *headers;
	struct object_request *request; /* NULL: free */
	size_t sent;                    /* bytes of the body */
};

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct object_request *request = context;
	size_t length = size * count;

	if (request->answer.length + length > request->most)
		return 0;
	text_add_span(&request->answer, (struct span){ bytes, length });
	return length;
}

static size_t give_body(char *into, size_t size, size_t count, void *context)
{
	struct flight *flight = context;
	struct span body = flight->request->body;
	size_t length = size * count;

	if (length > body.length - flight->sent)
		length = body.length - flight->sent;
	memcpy(into, body.at + flight->sent, length);
	flight->sent += length;
	return length;
}

/* A kept connection may turn out to be closed: then the body is sent again. */
static int rewind_body(void *context, curl_off_t offset, int origin)
{
	struct flight *flight = context;

	if (origin != SEEK_SET || offset < 0 || (size_t)offset > flight->request->body.length)
		return CURL_SEEKFUNC_FAIL;
	flight->sent = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static void keep_header(struct span line, const char *name, char into[static OBJECT_WORDS])
{
	size_t length = strlen(name);

	if (line.length <= length || strncasecmp(line.at, name, length) != 0)
		return;
	line.at += length;
	line.length -= length;
	while (line.length > 0 && (unsigned char)line.at[line.length - 1] <= ' ')
		line.length--;
	line = span_trim(line);
	if (line.length < OBJECT_WORDS)
		(void)snprintf(into, OBJECT_WORDS, "%.*s", SPAN_ARGS(line));
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct object_request *request = context;
	struct span line = { bytes, size * count };

	keep_header(line, "etag:", request->tag);
	keep_header(line, "x-amz-version-id:", request->version);
	return line.length;
}

static void add_header(struct flight *flight, const char *header)
{
	struct curl_slist *longer = flight->curl->slist_append(flight->headers, header);

	if (!longer)
		memory_exhausted(strlen(header));
	flight->headers = longer;
}

static void set_headers(struct flight *flight, const struct object_store *store)
{
	const struct object_request *request = flight->request;
	char hash[DIGEST_HEX_SIZE], header[HEADER_SIZE];

	/* The body is signed too: a store that takes another one breaks its own rule. */
	if (!request->is_unsigned)
		digest_hex(request->body, hash);
	(void)snprintf(header, sizeof(header), "x-amz-content-sha256: %s",
		       request->is_unsigned ? "UNSIGNED-PAYLOAD" : hash);
	add_header(flight, header);
	if (store->token) {
		(void)snprintf(header, sizeof(header), "x-amz-security-token: %s", store->token);
		add_header(flight, header);
	}
	for (size_t i = 0; request->headers[i]; i++)
		add_header(flight, request->headers[i]);
	/* The library would wait a second for a permission that few stores give. */
	add_header(flight, "Expect:");
	add_header(flight, "Content-Type:");
}

static void set_verb(struct flight *flight)
{
	struct object_request *request = flight->request;
	const struct curl *curl = flight->curl;
	CURL *easy = flight->easy;

	switch (request->verb) {
	case OBJECT_GET:
		(void)curl->easy_setopt(easy, CURLOPT_HTTPGET, 1l);
		break;
	case OBJECT_DELETE:
		(void)curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
		break;
	case OBJECT_POST:
		(void)curl->easy_setopt(easy, CURLOPT_POST, 1l);
		(void)curl->easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.at);
		(void)curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
					(curl_off_t)request->body.length);
		break;
	case OBJECT_PUT:
		(void)curl->easy_setopt(easy, CURLOPT_UPLOAD, 1l);
		(void)curl->easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
					(curl_off_t)request->body.length);
		(void)curl->easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
		(void)curl->easy_setopt(easy, CURLOPT_READDATA, flight);
		(void)curl->easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
		(void)curl->easy_setopt(easy, CURLOPT_SEEKDATA, flight);
		break;
	}
	if (request->range)
		(void)curl->easy_setopt(easy, CURLOPT_RANGE, request->range);
}

static void set_signature(const struct curl *curl, CURL *easy, const struct object_store *store)
{
	char form[OBJECT_WORDS];

	(void)snprintf(form, sizeof(form), "aws:amz:%.64s:s3", store->region);
	(void)curl->easy_setopt(easy, CURLOPT_AWS_SIGV4, form);
	(void)curl->easy_setopt(easy, CURLOPT_USERNAME, store->key);
	(void)curl->easy_setopt(easy, CURLOPT_PASSWORD, store->secret);
}

static void set_limits(const struct curl *curl, CURL *easy, const struct object_store *store)
{
	(void)curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0l);
	(void)curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)BUFFER_SIZE);
	(void)curl->easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)BUFFER_SIZE);
	/* The way that is measured is the direct one. */
	(void)curl->easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	(void)curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2l);
	if (store->authorities)
		(void)curl->easy_setopt(easy, CURLOPT_CAINFO, store->authorities);
}

static void prepare(struct flight *flight, const struct object_store *store)
{
	struct object_request *request = flight->request;
	const struct curl *curl = flight->curl;
	CURL *easy = flight->easy;
	char url[URL_SIZE];

	(void)snprintf(url, sizeof(url), "%s/%s%s%s%s%s", store->base, store->bucket,
		       request->key ? "/" : "", request->key ? request->key : "",
		       request->query ? "?" : "", request->query ? request->query : "");
	flight->sent = 0;
	flight->headers = NULL;
	request->answer.maximum = request->most + 1;
	curl->easy_reset(easy);
	(void)curl->easy_setopt(easy, CURLOPT_URL, url);
	(void)curl->easy_setopt(easy, CURLOPT_PRIVATE, flight);
	(void)curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl->easy_setopt(easy, CURLOPT_WRITEDATA, request);
	(void)curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	(void)curl->easy_setopt(easy, CURLOPT_HEADERDATA, request);
	set_limits(curl, easy, store);
	set_signature(curl, easy, store);
	set_verb(flight);
	set_headers(flight, store);
	(void)curl->easy_setopt(easy, CURLOPT_HTTPHEADER, flight->headers);
}

static void land(struct flight *flight, CURLcode code)
{
	struct object_request *request = flight->request;
	const struct curl *curl = flight->curl;
	curl_off_t us = 0;

	(void)curl->easy_getinfo(flight->easy, CURLINFO_TOTAL_TIME_T, &us);
	(void)curl->easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &request->status);
	request->seconds = (double)us / 1e6;
	if (code != CURLE_OK)
		(void)snprintf(request->error, sizeof(request->error), "%s",
			       curl->easy_strerror(code));
	curl->slist_free_all(flight->headers);
	flight->headers = NULL;
	flight->request = NULL;
}

/* Everything that is on its way. */
struct fleet {
	struct curl curl;
	CURLM *multi;
	struct flight flights[OBJECT_CONNECTIONS_MAXIMUM];
	unsigned connections, flying;
};

static void start_more(struct fleet *fleet, const struct object_store *store,
		       struct object_request *requests, size_t count, size_t *next)
{
	for (unsigned i = 0; i < fleet->connections && *next < count; i++) {
		struct flight *flight = &fleet->flights[i];

		if (flight->request)
			continue;
		flight->request = &requests[(*next)++];
		prepare(flight, store);
		(void)fleet->curl.multi_add_handle(fleet->multi, flight->easy);
		fleet->flying++;
	}
}

static void land_all(struct fleet *fleet)
{
	struct CURLMsg *message;
	int left;

	while ((message = fleet->curl.multi_info_read(fleet->multi, &left))) {
		struct flight *flight = NULL;
		CURLcode code = message->data.result;

		(void)fleet->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
					       (char **)&flight);
		(void)fleet->curl.multi_remove_handle(fleet->multi, message->easy_handle);
		land(flight, code);
		fleet->flying--;
	}
}

static bool open_fleet(struct fleet *fleet, unsigned connections)
{
	if (fleet->curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return false;
	fleet->connections =
		connections < OBJECT_CONNECTIONS_MAXIMUM ? connections : OBJECT_CONNECTIONS_MAXIMUM;
	fleet->multi = fleet->curl.multi_init();
	for (unsigned i = 0; i < fleet->connections; i++) {
		fleet->flights[i].curl = &fleet->curl;
		fleet->flights[i].easy = fleet->curl.easy_init();
		if (!fleet->flights[i].easy)
			return false;
	}
	return fleet->multi != NULL;
}

static void close_fleet(struct fleet *fleet)
{
	for (unsigned i = 0; i < fleet->connections; i++)
		fleet->curl.easy_cleanup(fleet->flights[i].easy);
	(void)fleet->curl.multi_cleanup(fleet->multi);
	fleet->curl.global_cleanup();
}

bool object_send(const struct object_store *store, struct object_request *requests, size_t count,
		 unsigned connections, object_pulse *pulse, void *context)
{
	struct fleet fleet = { .multi = NULL };
	size_t next = 0;
	int running;
	bool good;

	if (!curl_find(&fleet.curl, NULL))
		return false;
	good = open_fleet(&fleet, connections);
	while (good && (next < count || fleet.flying > 0)) {
		pulse(context);
		start_more(&fleet, store, requests, count, &next);
		good = fleet.curl.multi_perform(fleet.multi, &running) == CURLM_OK &&
		       fleet.curl.multi_poll(fleet.multi, NULL, 0, WAIT_MS, NULL) == CURLM_OK;
		land_all(&fleet);
	}
	close_fleet(&fleet);
	return good;
}

bool object_succeeded(const struct object_request *request)
{
	return request->error[0] == '\0' && request->status >= 200 && request->status < 300;
}

void object_release(struct object_request *request)
{
	text_release(&request->answer);
}
