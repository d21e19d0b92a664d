#include "base/error.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"

enum {
	CHARACTER_BYTES = 4, /* the longest in UTF-8 */
	DELETE = 0x7f,
	CONTROL_LAST = 0x9f, /* U+0080 to U+009F move a terminal's cursor as well */
};

static bool is_control(uint32_t character)
{
	return character < ' ' || (character >= DELETE && character <= CONTROL_LAST);
}

/* Makes `text` what struct error promises; `cut` tells that bytes are missing at its end. */
static void tidy(char *text, bool cut)
{
	struct span rest = span_of(text);

	while (rest.length > 0) {
		char *at = text + (rest.at - text);
		uint32_t character = 0;
		size_t length = span_character(rest, &character);

		if (length == 0 && cut && rest.length < CHARACTER_BYTES) {
			*at = '\0';
			return;
		}
		if (length == 0)
			length = 1;
		if (is_control(character))
			memset(at, '?', length);
		rest = (struct span){ .at = rest.at + length, .length = rest.length - length };
	}
}

bool fail(struct error *err, enum error_code code, const char *format, ...)
{
	if (!err)
		return false;

	va_list args;
	va_start(args, format);
	int length = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);

	if (length < 0)
		err->text[0] = '\0';
	err->code = code;
	tidy(err->text, length >= (int)sizeof(err->text));
	return false;
}

bool fail_while(struct error *err, const char *format, ...)
{
	if (!err)
		return false;

	struct error inner = *err;
	va_list args;
	va_start(args, format);
	int length = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);

	if (length < 0)
		length = 0;
	if (length >= (int)sizeof(err->text)) {
		tidy(err->text, true);
		return false;
	}

	size_t room = sizeof(err->text) - (size_t)length;
	int more = snprintf(err->text + length, room, ": %s", inner.text);
	tidy(err->text, more >= (int)room);
	return false;
}
