#include "fabric/hostlist.h"

#include <assert.h>
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

/* "07" or "01-12". */
struct range {
	uint64_t from, to;
	unsigned width;
};

/* A prefix and the bracket behind it, of which `at` and `number` are what a name has now. */
struct wheel {
	struct span prefix;
	struct range *ranges;
	uint32_t count, at;
	uint64_t size, number; /* names that the ranges stand for */
};

static bool fail_full(struct error *err)
{
	return fail(err, ERROR_LIMIT, "more than %d names", HOSTLIST_NAMES_MAXIMUM);
}

static bool push(struct arena *arena, struct hostlist *list, struct span name, struct error *err)
{
	if (list->count >= HOSTLIST_NAMES_MAXIMUM)
		return fail_full(err);
	if (name.length > HOSTLIST_NAME_MAXIMUM)
		return fail(err, ERROR_INVALID, "a name of more than %d characters",
			    HOSTLIST_NAME_MAXIMUM);
	if (list->count == list->room) {
		uint32_t room = list->room > 0 ? list->room * 2 : ROOM_FIRST;
		const char **names = ARENA_ARRAY(arena, const char *, room);

		if (list->count > 0)
			memcpy(names, list->names, list->count * sizeof(*names));
		list->names = names;
		list->room = room;
	}
	list->names[list->count++] = arena_string(arena, name);
	return true;
}

static bool read_range(struct span text, struct range *ret_range, struct error *err)
{
	struct span first, last = text;
	uint64_t from, to = 0;

	if (!span_cut(&last, '-', &first) || !span_to_u64(first, &from) ||
	    first.length > DIGITS_MAXIMUM * 2 ||
	    (first.length < text.length && (!span_to_u64(last, &to) || to < from)))
		return fail(err, ERROR_PARSE, "'%.*s' in brackets is no number and no range",
			    SPAN_ARGS(text));
	if (first.length == text.length)
		to = from;
	if (to - from >= HOSTLIST_RANGE_MAXIMUM)
		return fail(err, ERROR_INVALID, "range '%.*s' holds more than %d names",
			    SPAN_ARGS(text), HOSTLIST_RANGE_MAXIMUM);
	*ret_range = (struct range){ from, to, (unsigned)first.length };
	return true;
}

/* What stands between brackets. */
static bool read_ranges(struct span inside, struct arena *scratch, struct wheel *wheel,
			struct error *err)
{
	struct span rest = inside, range;
	uint32_t room = 1;

	if (inside.length == 0 || inside.at[inside.length - 1] == ',')
		return fail(err, ERROR_PARSE, "a bracket with an empty range");
	for (size_t i = 0; i < inside.length; i++)
		room += inside.at[i] == ',';
	wheel->ranges = ARENA_ARRAY(scratch, struct range, room);
	while (span_cut(&rest, ',', &range)) {
		struct range *into = &wheel->ranges[wheel->count++];

		if (!read_range(range, into, err))
			return false;
		wheel->size += into->to - into->from + 1;
	}
	wheel->number = wheel->ranges[0].from;
	return true;
}

/* Prefixes and brackets by turns; 0 when they are not. */
static unsigned read_wheels(struct span item, struct arena *scratch,
			    struct wheel wheels[static BRACKETS_MAXIMUM], struct error *err)
{
	struct span rest = item;
	unsigned count = 0;

	while (rest.length > 0) {
		const char *open = memchr(rest.at, '[', rest.length);
		const char *close = memchr(rest.at, ']', rest.length);
		struct wheel *wheel = &wheels[count];

		if (!open || !close || close < open || count == BRACKETS_MAXIMUM) {
			(void)fail(err, ERROR_PARSE,
				   "'%.*s': nothing may stand behind a bracket, and each needs its "
				   "other half; %d brackets are the most",
				   SPAN_ARGS(item), BRACKETS_MAXIMUM);
			return 0;
		}
		*wheel = (struct wheel){ .prefix = { rest.at, (size_t)(open - rest.at) } };
		if (!read_ranges((struct span){ open + 1, (size_t)(close - open - 1) }, scratch,
				 wheel, err))
			return 0;
		count++;
		rest.length -= (size_t)(close + 1 - rest.at);
		rest.at = close + 1;
	}
	return count;
}

/* The next name's numbers, the last wheel first; false when all are through. */
static bool turn(struct wheel *wheels, unsigned count)
{
	while (count-- > 0) {
		struct wheel *wheel = &wheels[count];

		assert(wheel->ranges);
		if (wheel->number < wheel->ranges[wheel->at].to) {
			wheel->number++;
			return true;
		}
		wheel->at = wheel->at + 1 < wheel->count ? wheel->at + 1 : 0;
		wheel->number = wheel->ranges[wheel->at].from;
		if (wheel->at > 0)
			return true;
	}
	return false;
}

/* With leading zeros up to the width of the range's first number. */
static void add_number(struct text *into, const struct wheel *wheel)
{
	char digits[DIGITS_MAXIMUM * 2 + 2];
	unsigned length = digits_of(wheel->number);
	uint64_t rest = wheel->number;

	assert(wheel->ranges);
	if (length < wheel->ranges[wheel->at].width)
		length = wheel->ranges[wheel->at].width;
	for (unsigned i = length; i-- > 0; rest /= 10)
		digits[i] = (char)('0' + rest % 10);
	text_add_span(into, (struct span){ digits, length });
}

/* What they multiply to is known before the first name is made. */
static bool check_product(const struct hostlist *list, const struct wheel *wheels, unsigned count,
			  struct error *err)
{
	uint64_t names = 1;

	for (unsigned i = 0; i < count; i++)
		if (__builtin_mul_overflow(names, wheels[i].size, &names) ||
		    names > HOSTLIST_NAMES_MAXIMUM)
			return fail(err, ERROR_INVALID,
				    "brackets that multiply to more than %d names",
				    HOSTLIST_NAMES_MAXIMUM);
	return names <= HOSTLIST_NAMES_MAXIMUM - list->count || fail_full(err);
}

/* One item of the list: a name, or prefixes and brackets by turns. */
static bool read_item(struct span item, struct arena *arena, struct hostlist *list,
		      struct error *err)
{
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(name);
	struct wheel wheels[BRACKETS_MAXIMUM];
	unsigned count;

	if (!memchr(item.at, '[', item.length))
		return push(arena, list, item, err);
	count = read_wheels(item, &scratch, wheels, err);
	if (count == 0 || !check_product(list, wheels, count, err))
		return false;
	do {
		text_clear(&name);
		for (unsigned i = 0; i < count; i++) {
			text_add_span(&name, wheels[i].prefix);
			add_number(&name, &wheels[i]);
		}
		if (!push(arena, list, text_span(&name), err))
			return false;
	} while (turn(wheels, count));
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
