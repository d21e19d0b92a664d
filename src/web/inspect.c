#include "web/inspect.h"

#include <string.h>
#include <strings.h>

enum {
	MALFORMED = 400,
	LENGTH_REQUIRED = 411,
	TYPE_UNSUPPORTED = 415,
	EXPECTATION_FAILED = 417,
	HEADERS_TOO_LARGE = 431,
	NOT_IMPLEMENTED = 501,
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static bool is_same_word(struct span a, const char *word)
{
	return a.length == strlen(word) && strncasecmp(a.at, word, a.length) == 0;
}

static bool holds_only(struct span text, const char *characters)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] == '\0' ||
		    (!strchr(letters, text.at[i]) && !strchr(characters, text.at[i])))
			return false;
	return true;
}

static bool is_plain_value(struct span value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char byte = (unsigned char)value.at[i];

		if ((byte < ' ' && byte != '\t') || byte == 0x7f)
			return false;
	}
	return true;
}

/* What is looked at besides what is kept. */
struct framing {
	struct span length, coding, expect, packing, trailer;
	const char *twice; /* a name that may stand once and stands again */
};

static void keep(const struct header *header, struct inspected *inspected, struct framing *framing)
{
	const struct {
		const char *name;
		struct span *place;
	} places[] = {
		{ "Host", &inspected->host },
		{ "Content-Type", &inspected->content_type },
		{ "Authorization", &inspected->authorization },
		{ "Cookie", &inspected->cookie },
		{ "If-None-Match", &inspected->if_none_match },
		{ "Accept", &inspected->accept },
		{ "Accept-Encoding", &inspected->accept_encoding },
		{ "User-Agent", &inspected->user_agent },
		{ "Content-Length", &framing->length },
		{ "Transfer-Encoding", &framing->coding },
		{ "Expect", &framing->expect },
		{ "Content-Encoding", &framing->packing },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!is_same_word(header->name, places[i].name))
			continue;
		if (places[i].place->at)
			framing->twice = places[i].name;
		*places[i].place = span_trim(header->value);
		if (!places[i].place->at)
			places[i].place->at = "";
	}
}

static unsigned refuse(unsigned status, const char *why, const char **ret_why)
{
	*ret_why = why;
	return status;
}

static unsigned read_length(struct span text, struct inspected *inspected, const char **ret_why)
{
	if (!text.at)
		return 0;
	/* Digits alone: "+5", "5, 5" and "0x5" are read differently by others. */
	if (text.length == 0 || text.length > 18 || !span_to_u64(text, &inspected->length))
		return refuse(MALFORMED, "Content-Length is no number", ret_why);
	inspected->has_length = true;
	return 0;
}

static unsigned check_framing(const struct head *head, const struct framing *framing,
			      struct inspected *inspected, const char **ret_why)
{
	unsigned refused = read_length(framing->length, inspected, ret_why);

	if (refused)
		return refused;
	if (framing->coding.at && framing->length.at)
		return refuse(MALFORMED, "both Transfer-Encoding and Content-Length are given",
			      ret_why);
	if (framing->coding.at && (!is_same_word(framing->coding, "chunked") || !head->is_http11))
		return refuse(NOT_IMPLEMENTED, "this Transfer-Encoding is not known", ret_why);
	if (framing->coding.at)
		return refuse(LENGTH_REQUIRED, "a body needs its Content-Length", ret_why);
	if (!head->takes_body && inspected->length > 0)
		return refuse(MALFORMED, "this method takes no body", ret_why);
	if (framing->expect.at && !is_same_word(framing->expect, "100-continue"))
		return refuse(EXPECTATION_FAILED, "this expectation is not known", ret_why);
	inspected->waits_for_leave = framing->expect.at != NULL;
	if (framing->packing.length > 0 && !is_same_word(framing->packing, "identity"))
		return refuse(TYPE_UNSUPPORTED, "a packed body is not taken", ret_why);
	return 0;
}

unsigned inspect(const struct head *head, struct inspected *ret_inspected, const char **ret_why)
{
	struct inspected inspected = { 0 };
	struct framing framing = { 0 };
	size_t bytes = 0;
	unsigned refused;

	if (head->count > INSPECT_HEADERS_MAXIMUM)
		return refuse(HEADERS_TOO_LARGE, "there are too many header fields", ret_why);
	for (size_t i = 0; i < head->count; i++) {
		const struct header *header = &head->headers[i];

		bytes += header->name.length + header->value.length + 4;
		if (bytes > head->bytes_maximum)
			return refuse(HEADERS_TOO_LARGE, "the header fields are too long", ret_why);
		if (header->name.length == 0 || !holds_only(header->name, "!#$%&'*+-.^_`|~"))
			return refuse(MALFORMED, "the name of a header field is malformed",
				      ret_why);
		if (!is_plain_value(header->value))
			return refuse(MALFORMED, "a header field holds a control character",
				      ret_why);
		keep(header, &inspected, &framing);
	}
	if (framing.twice)
		return refuse(MALFORMED, "a header field that may stand once is given twice",
			      ret_why);
	if (head->is_http11 && inspected.host.length == 0)
		return refuse(MALFORMED, "there is no Host", ret_why);
	if (!holds_only(inspected.host, "-._~%:[]"))
		return refuse(MALFORMED, "Host is malformed", ret_why);
	refused = check_framing(head, &framing, &inspected, ret_why);
	if (refused)
		return refused;
	*ret_inspected = inspected;
	return 0;
}

bool bearer_read(struct span authorization, struct span *ret_secret)
{
	struct span rest = authorization, scheme;

	if (!span_cut(&rest, ' ', &scheme) || !is_same_word(scheme, "Bearer"))
		return false;
	rest = span_trim(rest);
	if (rest.length == 0 || rest.length > INSPECT_TOKEN_MAXIMUM || !holds_only(rest, "-._~+/="))
		return false;
	*ret_secret = rest;
	return true;
}

bool etag_matches(struct span if_none_match, const char *etag)
{
	struct span rest = if_none_match, one;

	if (span_is(span_trim(if_none_match), "*"))
		return true;
	while (span_cut(&rest, ',', &one)) {
		one = span_trim(one);
		if (span_starts(one, "W/"))
			one = (struct span){ one.at + 2, one.length - 2 };
		if (span_is(one, etag))
			return true;
	}
	return false;
}

/* Whether the parameters of one coding say that it is not wanted: "q=0", "q=0.000". */
static bool is_unwanted(struct span parameters)
{
	struct span one;

	while (span_cut(&parameters, ';', &one)) {
		one = span_trim(one);
		if (one.length < 3 || (one.at[0] != 'q' && one.at[0] != 'Q') || one.at[1] != '=')
			continue;
		for (size_t i = 2; i < one.length; i++)
			if (one.at[i] != '0' && one.at[i] != '.')
				return false;
		return true;
	}
	return false;
}

bool accepts_gzip(struct span accept_encoding)
{
	struct span rest = accept_encoding, one, name;
	bool all = false;

	while (span_cut(&rest, ',', &one)) {
		struct span parameters = one;

		if (!span_cut(&parameters, ';', &name))
			continue;
		name = span_trim(name);
		if (is_same_word(name, "gzip") || is_same_word(name, "x-gzip"))
			return !is_unwanted(parameters);
		if (span_is(name, "*"))
			all = !is_unwanted(parameters);
	}
	return all;
}

bool accepts_html(struct span accept)
{
	struct span rest = accept, one, name;

	while (span_cut(&rest, ',', &one)) {
		struct span parameters = one;

		if (span_cut(&parameters, ';', &name) && is_same_word(span_trim(name), "text/html"))
			return true;
	}
	return false;
}

bool cookie_read(struct span cookies, const char *name, struct span *ret_value)
{
	struct span rest = cookies, pair, key;

	while (span_cut(&rest, ';', &pair)) {
		struct span value = pair = span_trim(pair);

		if (!span_cut(&value, '=', &key) || key.length == pair.length ||
		    !span_is(key, name))
			continue;
		*ret_value = value;
		return true;
	}
	return false;
}
