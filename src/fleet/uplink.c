#include "fleet/uplink.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "host/curl.h"

enum {
	URL_MAXIMUM = 2048,
	CONNECT_MS = 10000,
	WHOLE_S = 300,
	STALL_S = 30,
	ACCEPTED = 202,
	GOOD = 200,
	UNAUTHORIZED = 401,
	NOT_FOUND = 404,
	CONFLICT = 409,
	PIN_MINIMUM = 52, /* "sha256//" and 44 characters */
};

static bool is_here(const char *host)
{
	return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
	       strcmp(host, "[::1]") == 0;
}

static bool check_parts(const struct curl *curl, CURLU *parts, const char *url, struct error *err)
{
	char *scheme = NULL, *host = NULL, *path = NULL;
	bool good;

	if (curl->url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
	    curl->url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl->url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    curl->url_get(parts, CURLUPART_PATH, &path, 0) != CURLUE_OK)
		good = fail(err, ERROR_INVALID, "'%s' is no address of a server", url);
	else if (strcmp(scheme, "http") == 0 && !is_here(host))
		good = fail(err, ERROR_INVALID, "'%s' is not https: others could read along", url);
	else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		good = fail(err, ERROR_INVALID, "'%s' is neither https nor http", url);
	else if (strcmp(path, "/") != 0)
		good = fail(err, ERROR_INVALID, "'%s' has a path; give the server alone", url);
	else
		good = true;
	curl->free(scheme);
	curl->free(host);
	curl->free(path);
	return good;
}

bool uplink_check(const struct uplink *uplink, struct error *err)
{
	struct curl curl;
	CURLU *parts;
	bool good;

	if (strlen(uplink->url) > URL_MAXIMUM)
		return fail(err, ERROR_LIMIT, "the address of the server is too long");
	if (strchr(uplink->url, '@') || strchr(uplink->url, '?') || strchr(uplink->url, '#'))
		return fail(err, ERROR_INVALID,
			    "the address of the server holds more than scheme, host and port");
	if (uplink->pin && (strncmp(uplink->pin, "sha256//", 8) != 0 ||
			    strlen(uplink->pin) != PIN_MINIMUM || strchr(uplink->pin, ';')))
		return fail(err, ERROR_INVALID,
			    "'%s' is no pin; it is sha256// and 44 characters, as the server says",
			    uplink->pin);
	if (!curl_find(&curl, err))
		return false;
	parts = curl.url();
	if (!parts)
		memory_exhausted(sizeof(parts));
	good = check_parts(&curl, parts, uplink->url, err);
	curl.url_cleanup(parts);
	return good;
}

/* One request while it is on its way. */
struct flight {
	const struct curl *curl;
	CURL *easy;
	struct curl_slist *fields;
	struct text answer;
	char said[CURL_ERROR_SIZE];
};

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
	struct flight *flight = context;

	text_add_span(&flight->answer, (struct span){ bytes, size * count });
	return flight->answer.overflowed ? 0 : size * count;
}

static void add_field(struct flight *flight, const char *field)
{
	struct curl_slist *longer = flight->curl->slist_append(flight->fields, field);

	if (!longer)
		memory_exhausted(strlen(field));
	flight->fields = longer;
}

static void set_identity(struct flight *flight, const struct uplink *uplink, struct arena *arena)
{
	const struct curl *curl = flight->curl;
	CURL *easy = flight->easy;

	if (uplink->token)
		add_field(flight, arena_format(arena, "Authorization: Bearer %s", uplink->token));
	if (uplink->certificate) {
		(void)curl->easy_setopt(easy, CURLOPT_SSLCERT, uplink->certificate);
		(void)curl->easy_setopt(easy, CURLOPT_SSLKEY, uplink->key);
	}
	if (uplink->pin) {
		/* The key itself is known: nobody else has to vouch for it. */
		(void)curl->easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, uplink->pin);
		(void)curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0l);
		(void)curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0l);
	}
}

static void set_request(struct flight *flight, const char *url, struct span body)
{
	const struct curl *curl = flight->curl;
	CURL *easy = flight->easy;

	add_field(flight, "Content-Type: application/json");
	add_field(flight, "Accept: application/json");
	(void)curl->easy_setopt(easy, CURLOPT_URL, url);
	(void)curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0l);
	(void)curl->easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl->easy_setopt(easy, CURLOPT_TIMEOUT, (long)WHOLE_S);
	(void)curl->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	(void)curl->easy_setopt(easy, CURLOPT_POST, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_POSTFIELDS, body.at);
	(void)curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length);
	(void)curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	(void)curl->easy_setopt(easy, CURLOPT_WRITEDATA, flight);
	(void)curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, flight->said);
	(void)curl->easy_setopt(easy, CURLOPT_HTTPHEADER, flight->fields);
}

/* What the server's error says, in its own form or in none. */
static bool refuse(long status, struct span answer, struct arena *arena, struct error *err)
{
	const struct node *root = NULL, *said = NULL, *hint = NULL;
	enum error_code code = status == CONFLICT    ? ERROR_CONFLICT
			       : status == NOT_FOUND ? ERROR_MISSING
			       : status >= 500       ? ERROR_IO
						     : ERROR_INVALID;

	if (json_read(answer, "the answer", 1, arena, &root, NULL) && root->kind == NODE_MAP) {
		said = node_find(root, "error");
		hint = node_find(root, "hint");
	}
	if (!said)
		return fail(err, code, "the server answers with %ld", status);
	return fail(err, code, "the server refuses (%ld): %.*s%s%.*s", status,
		    SPAN_ARGS(said->text), hint ? "; " : "", hint ? (int)hint->text.length : 0,
		    hint ? hint->text.at : "");
}

bool uplink_post(const struct uplink *uplink, const char *path, struct span body,
		 struct arena *arena, struct span *ret_answer, struct error *err)
{
	struct curl curl;
	struct flight flight = { .curl = &curl, .answer = { .maximum = UPLINK_ANSWER_MAXIMUM } };
	struct span server = span_of(uplink->url), answer;
	CURLcode code;
	long status = 0;

	if (!curl_find(&curl, err))
		return false;
	flight.easy = curl.easy_init();
	if (!flight.easy)
		memory_exhausted(sizeof(flight));
	while (server.length > 0 && server.at[server.length - 1] == '/')
		server.length--;
	set_identity(&flight, uplink, arena);
	set_request(&flight, arena_format(arena, "%.*s%s", SPAN_ARGS(server), path), body);
	code = curl.easy_perform(flight.easy);
	(void)curl.easy_getinfo(flight.easy, CURLINFO_RESPONSE_CODE, &status);
	answer = (struct span){ arena_string(arena, text_span(&flight.answer)),
				flight.answer.length };
	curl.slist_free_all(flight.fields);
	curl.easy_cleanup(flight.easy);
	text_release(&flight.answer);
	if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return fail(err, ERROR_INVALID,
			    "the server at %s has another key than the pin says: it may be "
			    "somebody else",
			    uplink->url);
	if (code != CURLE_OK)
		return fail(err, ERROR_IO, "asking %s: %s", uplink->url,
			    flight.said[0] ? flight.said : curl.easy_strerror(code));
	if (status < GOOD || status > ACCEPTED)
		return refuse(status, answer, arena, err);
	*ret_answer = answer;
	return true;
}
