/*
 * Lines for a terminal: cut at blanks to a width, freed of what could move a cursor, and
 * coloured only when the terminal wants it.
 */
#pragma once

#include "report/report.h"

enum tint {
	TINT_NONE,
	TINT_DIM,
	TINT_STRONG,
	TINT_GOOD,
	TINT_WARN,
	TINT_BAD,
	TINT_UNDERPERFORM, /* from here chips: the background is coloured too */
	TINT_BRONZE,
	TINT_SILVER,
	TINT_GOLD,
	TINT_PLATINUM,
	TINT_COUNT,
};

/* The chip of a grade. */
enum tint grade_tint(enum grade grade);
bool tint_is_chip(enum tint tint);

/* Appends the text with control characters replaced by '?', in the tint when style->color. */
void tinted_add(struct text *into, const struct report_style *style, enum tint tint,
		struct span text);

/* Cuts the next line off *rest: up to a newline or what fits into `columns` (at least 1), at a
 * blank where there is one. Leading blanks of a continued line are dropped. */
struct span wrap_next(struct span *rest, size_t columns);

/* Appends the text as lines of at most style->columns, the first indented by `first`, the others
 * by `indent`; each ends with a newline. */
void wrapped_add(struct text *into, const struct report_style *style, enum tint tint,
		 unsigned first, unsigned indent, struct span text);
