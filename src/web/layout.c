#include <string.h>

#include "web/parts.h"

/*
 * The library ends a line at a bare LF too, joins folded lines and stops a value at a NUL, and
 * tells nobody. It parses in place, though: it writes NULs where the ends of lines were, and what
 * it gives out points into what was sent. So each piece has to begin exactly where the one before
 * ended with two bytes. Later releases refuse these by themselves when asked to.
 */
enum {
	END_BYTES = 2, /* of CR and LF */
};

#if MHD_VERSION < 0x00097701

static bool is_zero(const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (at[i] != '\0')
			return false;
	return true;
}

/* Whether only blanks stand between a header's colon and its value. */
static bool is_beside(const struct header *header)
{
	const char *at = header->name.at + header->name.length;

	if (*at++ != '\0')
		return false;
	while (at < header->value.at && (*at == ' ' || *at == '\t'))
		at++;
	return at == header->value.at;
}

bool layout_is_strict(const struct exchange *exchange, const char *method, const char *version,
		      const struct header *headers, size_t count)
{
	const union MHD_ConnectionInfo *info = exchange->web->http.get_connection_info(
		exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	const char *at = method + strlen(method) + 1;

	if (exchange->raw_at != at || version != at + strlen(exchange->raw) + 1)
		return false;
	at = version + strlen(version);
	for (size_t i = 0; i < count; i++) {
		if (!is_zero(at, END_BYTES) || headers[i].name.at != at + END_BYTES ||
		    !is_beside(&headers[i]))
			return false;
		at = headers[i].value.at + headers[i].value.length;
	}
	/* The last line and the empty one behind it. */
	return info && at + 2 * END_BYTES == method + info->header_size &&
	       is_zero(at, 2 * END_BYTES);
}

#else

bool layout_is_strict(const struct exchange *exchange, const char *method, const char *version,
		      const struct header *headers, size_t count)
{
	(void)exchange;
	(void)method;
	(void)version;
	(void)headers;
	(void)count;
	return true;
}

#endif
