#include "host/metadata.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/curl.h"

enum {
	CONNECT_MS = 1000,
	WHOLE_MS = 2000,
	GOOD = 200,
};

bool metadata_address_is_local(const char *address)
{
	struct span rest = span_of(address), host;
	char text[INET_ADDRSTRLEN];
	struct in_addr number;
	uint64_t port = 1;

	if (!span_cut(&rest, ':', &host) || host.length >= sizeof(text))
		return false;
	if (rest.length > 0 && (!span_to_u64(rest, &port) || port == 0 || port > UINT16_MAX))
		return false;
	(void)snprintf(text, sizeof(text), "%.*s", SPAN_ARGS(host));
	if (inet_pton(AF_INET, text, &number) != 1)
		return false;
	uint32_t bits = ntohl(number.s_addr);

	return bits >> 16 == (169u << 8 | 254) || bits >> 24 == 127;
}

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
	struct text *answer = context;

	text_add_span(answer, (struct span){ bytes, size * count });
	return answer->overflowed ? 0 : size * count;
}

static void set_limits(const struct curl *curl, CURL *easy)
{
	(void)curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
	(void)curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0l);
	(void)curl->easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1l);
	(void)curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	(void)curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
}

static bool judge(const struct curl *curl, CURLcode code, long status, bool is_long,
		  const struct metadata_question *question, struct error *err)
{
	if (is_long)
		return fail(err, ERROR_LIMIT, "%s answers with more than %d bytes",
			    question->address, METADATA_ANSWER_MAXIMUM);
	if (code != CURLE_OK)
		return fail(err, ERROR_IO, "%s does not answer: %s", question->address,
			    curl->easy_strerror(code));
	if (status != GOOD)
		return fail(err, ERROR_MISSING, "%s answers with status %ld to %s",
			    question->address, status, question->path);
	return true;
}

bool metadata_ask(const struct metadata_question *question, struct arena *arena,
		  struct span *ret_answer, struct error *err)
{
	struct text answer = { .maximum = METADATA_ANSWER_MAXIMUM };
	struct curl_slist *headers;
	struct curl curl;
	CURLcode code;
	CURL *easy;
	long status = 0;
	bool is_good;

	if (!metadata_address_is_local(question->address))
		return fail(err, ERROR_INVALID,
			    "'%s' is no address of this link or machine (169.254.0.0/16, "
			    "127.0.0.0/8): a metadata address is",
			    question->address);
	if (!curl_find(&curl, err))
		return false;
	easy = curl.easy_init();
	headers = curl.slist_append(NULL, question->header);
	if (!easy || !headers)
		memory_exhausted(METADATA_ANSWER_MAXIMUM);
	set_limits(&curl, easy);
	(void)curl.easy_setopt(
		easy, CURLOPT_URL,
		arena_format(arena, "http://%s%s", question->address, question->path));
	(void)curl.easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	(void)curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	(void)curl.easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
	code = curl.easy_perform(easy);
	(void)curl.easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl.slist_free_all(headers);
	curl.easy_cleanup(easy);
	is_good = judge(&curl, code, status, answer.overflowed, question, err);
	if (is_good)
		*ret_answer =
			(struct span){ arena_string(arena, text_span(&answer)), answer.length };
	text_release(&answer);
	return is_good;
}
