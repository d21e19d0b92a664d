#include "report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static bool is_within(uint32_t code, uint32_t first, uint32_t last)
{
	return first <= code && code <= last;
}

/* Characters that HTML does not allow or that move other text about. */
static bool is_refused(uint32_t code)
{
	return (code < ' ' && code != '\t' && code != '\n') || is_within(code, 0x7f, 0x9f) ||
	       is_within(code, 0x200e, 0x200f) || is_within(code, 0x2028, 0x202e) ||
	       is_within(code, 0x2066, 0x2069) || is_within(code, 0xfdd0, 0xfdef) ||
	       (code & 0xfffe) == 0xfffe;
}

static const char *entity_of(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(struct text *into, struct span content)
{
	while (content.length > 0) {
		uint32_t code = 0;
		size_t length = span_character(content, &code);
		const char *entity = entity_of(code);

		if (length == 0 || is_refused(code))
			text_add(into, replacement);
		else if (entity)
			text_add(into, entity);
		else
			text_add_span(into, (struct span){ .at = content.at, .length = length });
		content.at += length > 0 ? length : 1;
		content.length -= length > 0 ? length : 1;
	}
}

/* As printf's %.*f, with a point; what rounds to zero has no sign. */
static void add_decimal(struct text *into, int decimals, double value)
{
	char local[352];
	int length = snprintf(local, sizeof(local), "%.*f", decimals, value);

	assert(length > 0 && (size_t)length < sizeof(local));
	if (local[0] == '-' && strcspn(local, "123456789") == (size_t)length) {
		memmove(local, local + 1, (size_t)length);
		length--;
	}
	if (decimals > 0)
		local[length - decimals - 1] = '.';
	text_add(into, local);
}

/* One conversion; `at` stands behind the %. Returns what follows it. */
static const char *add_value(struct text *into, const char *at, va_list *values)
{
	int decimals = 0;

	switch (*at) {
	case '%':
		text_add_char(into, '%');
		return at + 1;
	case 's':
		html_text(into, span_of(va_arg(*values, const char *)));
		return at + 1;
	case 'd':
		text_format(into, "%d", va_arg(*values, int));
		return at + 1;
	case 'u':
		text_format(into, "%u", va_arg(*values, unsigned));
		return at + 1;
	case 'z':
		assert(at[1] == 'u');
		text_format(into, "%zu", va_arg(*values, size_t));
		return at + 2;
	default:
		assert(at[0] == '.' && at[1] >= '0' && at[1] <= '9' && at[2] == 'f');
		decimals = at[1] - '0';
		add_decimal(into, decimals, va_arg(*values, double));
		return at + 3;
	}
}

void html_add(struct text *into, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	while (*format != '\0') {
		size_t plain = strcspn(format, "%");

		text_add_span(into, (struct span){ .at = format, .length = plain });
		format += plain;
		if (*format == '%')
			format = add_value(into, format + 1, &values);
	}
	va_end(values);
}

bool html_is_web_address(const char *url)
{
	struct span address = span_of(url);

	if (!span_starts(address, "https://") && !span_starts(address, "http://"))
		return false;
	for (size_t i = 0; i < address.length; i++) {
		if (address.at[i] <= ' ' || address.at[i] > '~')
			return false;
	}
	return true;
}
