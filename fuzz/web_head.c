/*
 * Whatever the header fields say, a head that is taken has one length and one host, and no value of
 * it could end a line.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "web/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines "name:value", taken apart as they stand. */
static size_t cut(struct span text, struct header headers[static INSPECT_HEADERS_MAXIMUM + 1])
{
	struct span line;
	size_t count = 0;

	while (count <= INSPECT_HEADERS_MAXIMUM && span_cut(&text, '\n', &line)) {
		struct header *header = &headers[count++];

		*header = (struct header){ .name = SPAN(""), .value = line };
		(void)span_cut(&header->value, ':', &header->name);
		if (!header->value.at)
			header->value = SPAN("");
	}
	return count;
}

static void check_lists(const struct inspected *inspected)
{
	struct span secret = { 0 };

	if (inspected->authorization.at && bearer_read(inspected->authorization, &secret))
		assert(secret.length > 0 && secret.length <= INSPECT_TOKEN_MAXIMUM &&
		       !memchr(secret.at, ' ', secret.length));
	(void)etag_matches(inspected->if_none_match, "\"x\"");
	(void)accepts_gzip(inspected->accept_encoding);
	(void)accepts_html(inspected->accept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct header headers[INSPECT_HEADERS_MAXIMUM + 1];
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct head head = { .headers = headers,
			     .count = cut(text, headers),
			     .is_http11 = size % 2 == 0,
			     .takes_body = size % 3 == 0,
			     .bytes_maximum = 8192 };
	struct inspected inspected;
	const char *why = NULL;

	if (inspect(&head, &inspected, &why) != 0) {
		assert(why);
		return 0;
	}
	assert(!head.is_http11 || inspected.host.length > 0);
	assert(head.takes_body == inspected.has_length || inspected.length == 0);
	for (size_t i = 0; i < head.count; i++)
		assert(!memchr(headers[i].value.at, '\r', headers[i].value.length) &&
		       !memchr(headers[i].value.at, '\0', headers[i].value.length));
	check_lists(&inspected);
	return 0;
}
