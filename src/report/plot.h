/* A plot inside a drawing of svg.h: labels stand left of it and below. */
#pragma once

#include "report/svg.h"

struct plot {
	double left, right; /* shares of the width */
	double top, bottom; /* pixels */
	double from, to;    /* what the width stands for */
};

/* The place of a value on the width; in the middle when the width stands for nothing. */
double plot_x(const struct plot *plot, double value);

/* `share` 0 to 1 upwards. */
double plot_y(const struct plot *plot, double share);

/* A line across at `share`, with its label at the left. */
void plot_grid(struct text *into, const struct plot *plot, double share, const char *label);
