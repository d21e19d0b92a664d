/*
 * Drawings inside a page. Everything is placed in shares of the width (0 to 1) and in pixels of
 * the height, so that a drawing fits a phone and a printed page without distorting its text.
 * Colours are classes of the style sheet.
 */
#pragma once

#include "base/text.h"

/* Opens a drawing `height` pixels high that is an image to a screen reader: `title` is its name,
 * `description`, which may be NULL, what there is to be seen in it. `class` decides its width. */
void svg_open(struct text *into, const char *class, unsigned height, const char *title,
	      const char *description);
void svg_close(struct text *into);

struct svg_box {
	double x, width;  /* shares of the width */
	double y, height; /* pixels */
};

struct svg_line {
	double x1, x2; /* shares of the width */
	double y1, y2; /* pixels */
};

enum svg_anchor {
	SVG_START,
	SVG_MIDDLE,
	SVG_END,
	SVG_ANCHOR_COUNT,
};

/* A box without width is left out. */
void svg_box(struct text *into, const char *class, struct svg_box box);
void svg_line(struct text *into, const char *class, struct svg_line line);
void svg_dot(struct text *into, const char *class, double x, double y, double radius);

/* One line of text whose baseline is at `y`. */
struct svg_label {
	const char *class;
	double x, y;
	enum svg_anchor anchor;
	const char *text;
};

void svg_text(struct text *into, struct svg_label label);
