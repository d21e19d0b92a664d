#include "report/plot.h"

double plot_x(const struct plot *plot, double value)
{
	double span = plot->to - plot->from;
	double share = span > 0 ? (value - plot->from) / span : 0.5;

	return plot->left + share * (plot->right - plot->left);
}

double plot_y(const struct plot *plot, double share)
{
	return plot->bottom - share * (plot->bottom - plot->top);
}

void plot_grid(struct text *into, const struct plot *plot, double share, const char *label)
{
	const double below_middle = 4;
	double y = plot_y(plot, share);

	svg_line(into, "grid",
		 (struct svg_line){ .x1 = plot->left, .x2 = plot->right, .y1 = y, .y2 = y });
	svg_text(into, (struct svg_label){
			       .class = "label", .x = 0, .y = y + below_middle, .text = label });
}
