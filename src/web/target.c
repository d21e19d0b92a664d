#include "web/target.h"

#include <string.h>

#include "base/text.h"

enum {
	STATUS_MALFORMED = 400,
	STATUS_TOO_LONG = 414,
};

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that the escape at `at` ("%2e") stands for, or -1. */
static int escaped_byte(struct span text, size_t at)
{
	if (at + 2 >= text.length)
		return -1;

	int high = digit_of(text.at[at + 1]);
	int low = digit_of(text.at[at + 2]);

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_visible(char c)
{
	return c > ' ' && c <= '~';
}

/* Why these bytes of a path may not be decoded; NULL when they may. */
static const char *decode_path(struct span raw, char *into, size_t *ret_length)
{
	size_t length = 0;

	for (size_t i = 0; i < raw.length; i++) {
		int byte = (unsigned char)raw.at[i];

		if (!is_visible(raw.at[i]))
			return "the path holds a byte that is no visible ASCII character";
		if (strchr("\\#<>\"^`{|}", raw.at[i]))
			return "the path holds a character that has to be escaped";
		if (raw.at[i] == '%') {
			byte = escaped_byte(raw, i);
			i += 2;
			if (byte < 0)
				return "the path holds an escape that is none";
			if (byte == '/' || byte == '\\')
				return "the path holds an escaped slash";
			if (byte < ' ' || byte == 0x7f)
				return "the path holds an escaped control character";
		}
		into[length++] = (char)byte;
	}
	*ret_length = length;
	return span_is_utf8((struct span){ into, length }, NULL) ? NULL : "the path is no UTF-8";
}

static const char *check_segments(struct span path)
{
	struct span rest = { path.at + 1, path.length - 1 };
	struct span segment;
	unsigned count = 0;

	while (span_cut(&rest, '/', &segment)) {
		if (span_is(segment, ".") || span_is(segment, ".."))
			return "the path holds a segment of dots";
		/* A slash at the end cuts nothing off behind it, so an empty one is in between. */
		if (segment.length == 0)
			return "the path holds an empty segment";
		if (++count > TARGET_SEGMENTS_MAXIMUM)
			return "the path has too many segments";
	}
	return NULL;
}

static unsigned refuse(unsigned status, const char *why, const char **ret_why)
{
	*ret_why = why;
	return status;
}

unsigned target_read(struct span raw, struct arena *arena, struct target *ret_target,
		     const char **ret_why)
{
	struct span path = { raw.at, 0 }, query = { raw.at, 0 };
	const char *why;
	size_t length = 0;
	char *decoded;

	if (raw.length == 0 || raw.at[0] != '/')
		return refuse(STATUS_MALFORMED, "the target does not begin with a slash", ret_why);
	while (path.length < raw.length && raw.at[path.length] != '?')
		path.length++;
	if (path.length < raw.length)
		query = (struct span){ raw.at + path.length + 1, raw.length - path.length - 1 };
	if (path.length > TARGET_PATH_MAXIMUM || query.length > TARGET_QUERY_MAXIMUM)
		return refuse(STATUS_TOO_LONG, "the target is too long", ret_why);
	for (size_t i = 0; i < query.length; i++)
		if (!is_visible(query.at[i]) || query.at[i] == '#')
			return refuse(STATUS_MALFORMED,
				      "the query holds a byte that has to be escaped", ret_why);

	decoded = arena_take(arena, path.length + 1);
	why = decode_path(path, decoded, &length);
	if (!why)
		why = check_segments((struct span){ decoded, length });
	if (why)
		return refuse(STATUS_MALFORMED, why, ret_why);
	*ret_target = (struct target){ .path = decoded, .query = arena_string(arena, query) };
	return 0;
}

/* False when it is malformed. `into` has room for the bytes of `encoded` and a NUL. */
static bool decode_field(struct span encoded, char *into)
{
	size_t length = 0;

	for (size_t i = 0; i < encoded.length; i++) {
		int byte = (unsigned char)encoded.at[i];

		if (byte == '+') {
			byte = ' ';
		} else if (byte == '%') {
			byte = escaped_byte(encoded, i);
			i += 2;
		}
		if (byte < 0 || byte == 0x7f || (byte < ' ' && !strchr("\t\r\n", byte)) ||
		    byte == 0)
			return false;
		into[length++] = (char)byte;
	}
	into[length] = '\0';
	return span_is_utf8((struct span){ into, length }, NULL);
}

static const char *decoded(struct span encoded, struct arena *arena)
{
	char *plain = arena_take(arena, encoded.length + 1);

	return decode_field(encoded, plain) ? plain : NULL;
}

bool fields_read(struct span encoded, struct arena *arena, struct fields *ret_fields,
		 struct error *err)
{
	struct field *items = ARENA_ARRAY(arena, struct field, FIELDS_MAXIMUM);
	struct span pair, key;
	unsigned count = 0, pairs = 0;

	while (span_cut(&encoded, '&', &pair)) {
		struct span value = pair;

		if (++pairs > FIELDS_MAXIMUM)
			return fail(err, ERROR_LIMIT, "there are more than %d fields",
				    FIELDS_MAXIMUM);
		if (!span_cut(&value, '=', &key))
			continue;
		items[count].name = decoded(key, arena);
		if (!items[count].name)
			return fail(err, ERROR_PARSE, "the name of a field is malformed");
		items[count++].value = decoded(value, arena);
	}
	*ret_fields = (struct fields){ items, count };
	return true;
}

bool fields_get(const struct fields *fields, const char *name, const char **ret_value,
		struct error *err)
{
	const struct field *found = NULL;

	for (unsigned i = 0; i < fields->count; i++) {
		if (strcmp(fields->items[i].name, name) != 0)
			continue;
		if (found)
			return fail(err, ERROR_CONFLICT, "the field '%s' is given twice", name);
		found = &fields->items[i];
	}
	if (found && !found->value)
		return fail(err, ERROR_PARSE, "the field '%s' is malformed", name);
	*ret_value = found ? found->value : NULL;
	return true;
}

bool fields_find(struct span encoded, const char *name, struct arena *arena, const char **ret_value,
		 struct error *err)
{
	struct fields fields = { 0 };

	return fields_read(encoded, arena, &fields, err) &&
	       fields_get(&fields, name, ret_value, err);
}
