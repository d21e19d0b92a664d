#include "report/wrap.h"

#include <assert.h>
#include <string.h>

enum {
	LINE_MINIMUM = 20, /* columns that a wrapped line keeps, however deep it is indented */
	DELETE = 0x7f,
	CONTROL_LAST = 0x9f,
};

static const char *const tint_codes[] = {
	[TINT_NONE] = "",
	[TINT_DIM] = "2",
	[TINT_STRONG] = "1",
	[TINT_GOOD] = "32",
	[TINT_WARN] = "33",
	[TINT_BAD] = "31",
	[TINT_UNDERPERFORM] = "97;48;5;160",
	[TINT_BRONZE] = "30;48;5;173",
	[TINT_SILVER] = "30;48;5;250",
	[TINT_GOLD] = "30;48;5;220",
	[TINT_PLATINUM] = "30;48;5;159",
};
static_assert(sizeof(tint_codes) / sizeof(tint_codes[0]) == TINT_COUNT, "a code for each tint");
static_assert(TINT_PLATINUM - TINT_UNDERPERFORM == GRADE_COUNT - 1, "a chip for each grade");

enum tint grade_tint(enum grade grade)
{
	return (enum tint)(TINT_UNDERPERFORM + (int)grade);
}

bool tint_is_chip(enum tint tint)
{
	return tint >= TINT_UNDERPERFORM;
}

static void shown_add(struct text *into, struct span text)
{
	while (text.length > 0) {
		uint32_t character = 0;
		size_t length = span_character(text, &character);
		bool hidden = length == 0 || character < ' ' ||
			      (character >= DELETE && character <= CONTROL_LAST);

		if (hidden)
			text_add_char(into, '?');
		else
			text_add_span(into, (struct span){ .at = text.at, .length = length });
		length = length > 0 ? length : 1;
		text.at += length;
		text.length -= length;
	}
}

void tinted_add(struct text *into, const struct report_style *style, enum tint tint,
		struct span text)
{
	bool colored = style->color && tint != TINT_NONE && text.length > 0;

	if (colored)
		text_format(into, "\x1b[%sm", tint_codes[tint]);
	shown_add(into, text);
	if (colored)
		text_add(into, "\x1b[0m");
}

static void skip(struct span *rest, size_t length)
{
	rest->at += length;
	rest->length -= length;
}

static void skip_blanks(struct span *rest)
{
	while (rest->length > 0 && rest->at[0] == ' ')
		skip(rest, 1);
}

static struct span without_end_blanks(struct span line)
{
	while (line.length > 0 && line.at[line.length - 1] == ' ')
		line.length--;
	return line;
}

struct span wrap_next(struct span *rest, size_t columns)
{
	struct span line = { .at = rest->at };
	struct span last_blank = { 0 }; /* the line as it would be cut at its last blank */
	struct span ahead = *rest;
	size_t taken = 0;

	while (ahead.length > 0 && ahead.at[0] != '\n') {
		size_t length = span_character(ahead, NULL);
		struct span one = { .at = ahead.at, .length = length > 0 ? length : 1 };

		if (one.at[0] == ' ')
			last_blank = line;
		taken += span_columns(one);
		if (taken > columns && line.length > 0 && one.at[0] != ' ') {
			if (last_blank.length > 0)
				line = last_blank;
			skip(rest, line.length);
			skip_blanks(rest);
			return without_end_blanks(line);
		}
		line.length += one.length;
		skip(&ahead, one.length);
	}

	skip(rest, line.length);
	if (rest->length > 0)
		skip(rest, 1); /* the newline */
	return without_end_blanks(line);
}

void wrapped_add(struct text *into, const struct report_style *style, enum tint tint,
		 unsigned first, unsigned indent, struct span text)
{
	unsigned left = first;

	do {
		unsigned room =
			style->columns > left + LINE_MINIMUM ? style->columns - left : LINE_MINIMUM;
		struct span line = wrap_next(&text, room);

		text_add_repeated(into, ' ', line.length > 0 ? left : 0);
		tinted_add(into, style, tint, line);
		text_add_char(into, '\n');
		left = indent;
	} while (text.length > 0);
}
