#include "report/svg.h"

#include <assert.h>

#include "report/html.h"

void svg_open(struct text *into, const char *class, unsigned height, const char *title,
	      const char *description)
{
	html_add(into, "<svg class=\"%s\" height=\"%u\" role=\"img\"><title>%s</title>", class,
		 height, title);
	if (description)
		html_add(into, "<desc>%s</desc>", description);
}

void svg_close(struct text *into)
{
	text_add(into, "</svg>");
}

/* A place outside the drawing is drawn on its edge; so is one that is not a number. */
static double percent(double share)
{
	if (!(share > 0))
		return 0;
	return share < 1 ? share * 100 : 100;
}

void svg_box(struct text *into, const char *class, struct svg_box box)
{
	double left = percent(box.x);
	double width = percent(box.x + box.width) - left;

	if (!(width > 0))
		return;
	html_add(into,
		 "<rect class=\"%s\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"%.1f\"/>",
		 class, left, box.y, width, box.height);
}

void svg_line(struct text *into, const char *class, struct svg_line line)
{
	html_add(into, "<line class=\"%s\" x1=\"%.2f%%\" y1=\"%.1f\" x2=\"%.2f%%\" y2=\"%.1f\"/>",
		 class, percent(line.x1), line.y1, percent(line.x2), line.y2);
}

void svg_dot(struct text *into, const char *class, double x, double y, double radius)
{
	html_add(into, "<circle class=\"%s\" cx=\"%.2f%%\" cy=\"%.1f\" r=\"%.1f\"/>", class,
		 percent(x), y, radius);
}

void svg_text(struct text *into, struct svg_label label)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	static_assert(sizeof(anchors) / sizeof(anchors[0]) == SVG_ANCHOR_COUNT, "one for each");
	html_add(into, "<text class=\"%s\" x=\"%.2f%%\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
		 label.class, percent(label.x), label.y, anchors[label.anchor], label.text);
}
