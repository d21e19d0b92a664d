#include "fabric/hostlist.h"

#include <string.h>

enum {
	DIGITS_MAXIMUM = 9, /* of a number that folds; what stands before belongs to the prefix */
	ROOM_FIRST = 64,
	BRACKETS_MAXIMUM = 5, /* of one name; Slurm's own */
};

/* A name that ends in a number. */
struct tail {
	size_t prefix; /* bytes before it */
	uint64_t number;
	unsigned width; /* its digits, with leading zeros */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool hostlist_can_hold(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";
	size_t length = strlen(name);

	return length > 0 && length <= HOSTLIST_NAME_MAXIMUM && strspn(name, allowed) == length;
}

static unsigned digits_of(uint64_t number)
{
	unsigned digits = 1;

	while (number >= 10) {
		number /= 10;
		digits++;
	}
	return digits;
}

/* A name that is a number and nothing else has no prefix and stays as it is. */
static bool cut_tail(const char *name, struct tail *ret_tail)
{
	size_t length = strlen(name);
	size_t at = length;

	while (at > 1 && length - at < DIGITS_MAXIMUM && is_digit(name[at - 1]))
		at--;
	*ret_tail = (struct tail){ .prefix = at, .width = (unsigned)(length - at) };
	return at < length &&
	       span_to_u64((struct span){ name + at, length - at }, &ret_tail->number);
}

/* How many names from the first on are one range: numbers that follow each other, as Slurm writes
 * them with the width of the first. */
static uint32_t range_length(const char *const *names, uint32_t count, const struct tail *first)
{
	uint32_t length = 1;

	while (length < count && length < HOSTLIST_RANGE_MAXIMUM) {
		uint64_t number = first->number + length;
		unsigned digits = digits_of(number);
		struct tail tail;

		if (!cut_tail(names[length], &tail) || tail.prefix != first->prefix ||
		    tail.number != number ||
		    tail.width != (digits > first->width ? digits : first->width))
			break;
		length++;
	}
	return length;
}

/* How many names from the first on have its prefix and a number. */
static uint32_t group_length(const char *const *names, uint32_t count, const struct tail *first)
{
	uint32_t length = 1;
	struct tail tail;

	while (length < count && cut_tail(names[length], &tail) && tail.prefix == first->prefix &&
	       memcmp(names[length], names[0], first->prefix) == 0)
		length++;
	return length;
}

static void add_group(struct text *into, const char *const *names, uint32_t count,
		      const struct tail *first)
{
	text_add_span(into, (struct span){ names[0], first->prefix });
	text_add_char(into, '[');
	for (uint32_t i = 0; i < count;) {
		struct tail tail;
		uint32_t length;

		if (!cut_tail(names[i], &tail))
			break;
		length = range_length(names + i, count - i, &tail);
		text_format(into, "%s%s", i > 0 ? "," : "", names[i] + tail.prefix);
		if (length > 1)
			text_format(into, "-%s", names[i + length - 1] + tail.prefix);
		i += length;
	}
	text_add_char(into, ']');
}

void hostlist_add(struct text *into, const char *const *names, uint32_t count)
{
	for (uint32_t i = 0; i < count;) {
		struct tail tail;
		uint32_t length =
			cut_tail(names[i], &tail) ? group_length(names + i, count - i, &tail) : 1;

		if (i > 0)
			text_add_char(into, ',');
		if (length > 1)
			add_group(into, names + i, length, &tail);
		else
			text_add(into, names[i]);
		i += length;
	}
}

/* ---- reading ---- */

/* `made` counts what is made on the way too. */
static bool push(struct arena *arena, struct hostlist *list, const char *name, uint32_t *made,
		 struct error *err)
{
	if (list->count >= HOSTLIST_NAMES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d names", HOSTLIST_NAMES_MAXIMUM);
	if (++*made > HOSTLIST_MADE_MAXIMUM)
		return fail(err, ERROR_LIMIT, "brackets that multiply to more than %d names",
			    HOSTLIST_MADE_MAXIMUM);
	if (strlen(name) > HOSTLIST_NAME_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a name of more than %d characters",
			    HOSTLIST_NAME_MAXIMUM);
	if (list->count == list->room) {
		uint32_t room = list->room > 0 ? list->room * 2 : ROOM_FIRST;
		const char **names = ARENA_ARRAY(arena, const char *, room);

		if (list->count > 0)
			memcpy(names, list->names, list->count * sizeof(*names));
		list->names = names;
		list->room = room;
	}
	list->names[list->count++] = name;
	return true;
}

/* One range of a bracket, "07" or "01-12", behind each of the heads. */
static bool read_range(struct span range, struct arena *arena, const char *head,
		       struct hostlist *into, uint32_t *made, struct error *err)
{
	struct span first, last = range;
	uint64_t from, to = 0;

	if (!span_cut(&last, '-', &first) || !span_to_u64(first, &from) ||
	    first.length > DIGITS_MAXIMUM * 2 ||
	    (first.length < range.length && (!span_to_u64(last, &to) || to < from)))
		return fail(err, ERROR_PARSE, "'%.*s' in brackets is no number and no range",
			    SPAN_ARGS(range));
	if (first.length == range.length)
		to = from;
	if (to - from >= HOSTLIST_RANGE_MAXIMUM)
		return fail(err, ERROR_LIMIT, "range '%.*s' holds more than %d names",
			    SPAN_ARGS(range), HOSTLIST_RANGE_MAXIMUM);
	for (uint64_t number = from; number <= to; number++) {
		if (!push(arena, into,
			  arena_format(arena, "%s%0*llu", head, (int)first.length,
				       (unsigned long long)number),
			  made, err))
			return false;
	}
	return true;
}

/* What stands between brackets, behind each of the heads. */
static bool read_bracket(struct span inside, const struct hostlist *heads, struct arena *arena,
			 struct hostlist *into, uint32_t *made, struct error *err)
{
	for (uint32_t i = 0; i < heads->count; i++) {
		struct span rest = inside, range;

		if (inside.length == 0 || inside.at[inside.length - 1] == ',')
			return fail(err, ERROR_PARSE, "a bracket with an empty range");
		while (span_cut(&rest, ',', &range)) {
			if (!read_range(range, arena, heads->names[i], into, made, err))
				return false;
		}
	}
	return true;
}

/* One item of the list: a name, or prefixes and brackets by turns. */
static bool read_item(struct span item, struct arena *arena, struct hostlist *list,
		      struct error *err)
{
	const char *empty = "";
	struct hostlist heads = { .names = &empty, .count = 1, .room = 1 };
	struct span rest = item;

	if (!memchr(item.at, '[', item.length))
		return push(arena, list, arena_string(arena, item), &list->made, err);
	for (unsigned brackets = 0; rest.length > 0; brackets++) {
		const char *open = memchr(rest.at, '[', rest.length);
		const char *close = memchr(rest.at, ']', rest.length);
		struct hostlist with = { 0 };
		struct hostlist next = { 0 };
		struct span prefix;

		if (!open || !close || close < open || brackets == BRACKETS_MAXIMUM)
			return fail(err, ERROR_PARSE,
				    "'%.*s': nothing may stand behind a bracket, and each needs "
				    "its other half; %d brackets are the most",
				    SPAN_ARGS(item), BRACKETS_MAXIMUM);
		prefix = (struct span){ rest.at, (size_t)(open - rest.at) };
		for (uint32_t i = 0; i < heads.count; i++) {
			if (!push(arena, &with,
				  arena_format(arena, "%s%.*s", heads.names[i], SPAN_ARGS(prefix)),
				  &list->made, err))
				return false;
		}
		if (!read_bracket((struct span){ open + 1, (size_t)(close - open - 1) }, &with,
				  arena, &next, &list->made, err))
			return false;
		heads = next;
		rest.length -= (size_t)(close + 1 - rest.at);
		rest.at = close + 1;
	}
	for (uint32_t i = 0; i < heads.count; i++) {
		if (!push(arena, list, heads.names[i], &list->made, err))
			return false;
	}
	return true;
}

/* Up to the next comma that stands in no bracket. */
static struct span cut_item(struct span *rest)
{
	struct span item = { rest->at, 0 };
	bool is_inside = false;

	while (item.length < rest->length) {
		char c = rest->at[item.length];

		if (c == ',' && !is_inside)
			break;
		is_inside = c == '[' || (is_inside && c != ']');
		item.length++;
	}
	rest->at += item.length;
	rest->length -= item.length;
	if (rest->length > 0) {
		rest->at++;
		rest->length--;
	}
	return item;
}

bool hostlist_read(struct span text, struct arena *arena, struct hostlist *list, struct error *err)
{
	struct span rest = text;

	while (rest.length > 0) {
		struct span item = span_trim(cut_item(&rest));

		if (item.length > 0 && !read_item(item, arena, list, err))
			return false;
	}
	return true;
}
