#include "probe/look.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The file's text; false when nothing was read, and then unknown has been added where it is due. */
static bool take(const struct look *look, const char *path, enum measure measure,
		 struct span *ret_text)
{
	struct error err = { 0 };

	if (host_value(look->host, path, look->sightings->arena, ret_text, &err))
		return true;
	if (err.code != ERROR_MISSING || look->missing == MISSING_IS_UNKNOWN)
		saw_unknown(look->sightings, measure, look->device, "%s", err.text);
	return false;
}

bool look_state(const struct look *look, const char *path, enum measure measure)
{
	struct span text;

	if (!take(look, path, measure, &text))
		return false;
	return saw_state(look->sightings, measure, look->device,
			 arena_string(look->sightings->arena, text))
		       ->says == SAYS_STATE;
}

static bool hexadecimal_to_double(struct span text, double *ret_value)
{
	double value = 0.0;

	if (text.length < 3 || text.length > 18 || !span_starts(text, "0x"))
		return false;
	for (size_t i = 2; i < text.length; i++) {
		char c = text.at[i];

		if (c >= '0' && c <= '9')
			value = 16.0 * value + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = 16.0 * value + ((c | 32) - 'a' + 10);
		else
			return false;
	}
	*ret_value = value;
	return true;
}

bool look_value(const struct look *look, const char *path, enum measure measure, double scale)
{
	struct span text, head;
	double value;
	uint64_t whole;

	if (!take(look, path, measure, &text))
		return false;
	head = text;
	for (size_t i = 0; i < head.length; i++)
		if (head.at[i] == ' ' || head.at[i] == '\t' || head.at[i] == '\n')
			head.length = i;
	if (span_to_u64(head, &whole)) {
		value = (double)whole;
	} else if (!span_to_double(head, &value) && !hexadecimal_to_double(head, &value)) {
		saw_unknown(look->sightings, measure, look->device, "'%s' is no number: '%.*s'",
			    path, (int)(text.length < 60 ? text.length : 60), text.at);
		return false;
	}
	saw_value(look->sightings, measure, look->device, value * scale);
	return true;
}

const char *look_path(const struct look *look, const char *format, ...)
{
	char path[1024];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= sizeof(path))
		path[0] = '\0'; /* no file has so long a name; reading it says so */
	return arena_string(look->sightings->arena, span_of(path));
}

struct span look_text(const struct host *host, struct arena *arena, const char *path)
{
	struct span text;

	if (!host_value(host, path, arena, &text, NULL))
		return SPAN("");
	return text;
}

size_t look_names(const struct host *host, struct arena *arena, const char *path,
		  const char *const **ret_names)
{
	size_t count = 0;

	*ret_names = NULL;
	if (!host_list(host, path, arena, ret_names, &count, NULL))
		return 0;
	return count;
}

struct span line_value(struct span text, char separator, const char *key)
{
	struct span line, head;

	while (span_cut(&text, '\n', &line)) {
		size_t length = line.length;

		/* A line that ends before any separator has no value, and is none of these. */
		if (!span_cut(&line, separator, &head) || head.length == length ||
		    !span_is(span_trim(head), key))
			continue;
		line = span_trim(line);
		if (line.length >= 2 && (line.at[0] == '"' || line.at[0] == '\'') &&
		    line.at[line.length - 1] == line.at[0])
			line = (struct span){ line.at + 1, line.length - 2 };
		return line;
	}
	return SPAN("");
}
