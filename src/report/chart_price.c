#include "report/chart_price.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "report/plot.h"

enum {
	GRID_LINES = 4,
	LINE_CLASSES = 3,
};

/* Smallest of 1, 2, 4, 5 and ten times these that is no less than the value. */
static double round_up(double value)
{
	static const double steps[] = { 1, 2, 4, 5, 10 };
	double unit = value > 0 ? pow(10, floor(log10(value))) : 1;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (value <= steps[i] * unit)
			return steps[i] * unit;
	}
	return 10 * unit;
}

/* Lines from 0 to `top` with their values. */
static void draw_scale(struct text *into, const struct plot *plot, double top)
{
	for (unsigned i = 0; i <= GRID_LINES; i++) {
		char number[32];

		plot_grid(into, plot, (double)i / GRID_LINES,
			  number_format(top * i / GRID_LINES, number));
	}
}

static void draw_ends(struct text *into, const struct plot *plot, double y, const char *first,
		      const char *last)
{
	svg_text(into,
		 (struct svg_label){ .class = "label", .x = plot->left, .y = y, .text = first });
	svg_text(into, (struct svg_label){ .class = "label",
					   .x = plot->right,
					   .y = y,
					   .anchor = SVG_END,
					   .text = last });
}

/* ---- over time ---- */

static double highest(const struct price_point *points, size_t count)
{
	double top = 0;

	for (size_t i = 0; i < count; i++) {
		top = fmax(top, points[i].value);
		top = fmax(top, points[i].high); /* fmax passes over NAN */
	}
	return round_up(top);
}

/* The band as one box from each point to the next. */
static void draw_band(struct text *into, const struct plot *plot, const struct price_point *points,
		      size_t count, double top)
{
	for (size_t i = 0; i < count; i++) {
		double x = plot_x(plot, points[i].day);
		double end = i + 1 < count ? plot_x(plot, points[i + 1].day) : x;
		double upper = plot_y(plot, points[i].high / top);
		double lower = plot_y(plot, points[i].low / top);

		if (isnan(points[i].low) || isnan(points[i].high))
			continue;
		svg_box(into, "band",
			(struct svg_box){
				.x = x, .width = end - x, .y = upper, .height = lower - upper });
	}
}

static void draw_turns(struct text *into, const struct plot *plot, const struct price_point *points,
		       double top, const size_t *turns, size_t turn_count)
{
	const double above = 10;

	for (size_t i = 0; i < turn_count; i++) {
		const struct price_point *point = &points[turns[i]];
		double x = plot_x(plot, point->day);
		double y = plot_y(plot, point->value / top);
		char number[32];

		svg_dot(into, "turn", x, y, 6);
		(void)snprintf(number, sizeof(number), "%.2f", point->value);
		svg_text(into, (struct svg_label){ .class = "label strong",
						   .x = x,
						   .y = y - above,
						   .anchor = SVG_MIDDLE,
						   .text = number });
	}
}

void chart_price_trend(struct text *into, const char *title, const struct price_point *points,
		       size_t count, const size_t *turns, size_t turn_count)
{
	enum {
		HEIGHT = 230,
		LABELS = 220,
	};
	assert(count > 0);
	const struct plot plot = { .left = 0.08,
				   .right = 0.97,
				   .top = 20,
				   .bottom = 200,
				   .from = points[0].day,
				   .to = points[count - 1].day };
	double top = highest(points, count);
	char first[DATE_TEXT_SIZE];
	char last[DATE_TEXT_SIZE];

	svg_open(into, "plot", HEIGHT, title,
		 "A line over time with the band of its uncertainty; turning points are marked.");
	draw_scale(into, &plot, top);
	draw_band(into, &plot, points, count, top);
	for (size_t i = 0; i < count; i++) {
		double x = plot_x(&plot, points[i].day);
		double y = plot_y(&plot, points[i].value / top);

		if (i > 0)
			svg_line(into, points[i].weak ? "curve third" : "curve",
				 (struct svg_line){ .x1 = plot_x(&plot, points[i - 1].day),
						    .y1 = plot_y(&plot, points[i - 1].value / top),
						    .x2 = x,
						    .y2 = y });
		if (count == 1)
			svg_dot(into, points[i].weak ? "hollow" : "point", x, y, 3);
	}
	draw_turns(into, &plot, points, top, turns, turn_count);
	draw_ends(into, &plot, LABELS, date_format(points[0].day, first),
		  date_format(points[count - 1].day, last));
	svg_close(into);
}

/* ---- beside the grade ---- */

void chart_price_grade(struct text *into, const char *title, const struct price_offer *offers,
		       size_t count)
{
	enum {
		HEIGHT = 230,
		LABELS = 220,
	};
	const double beside = 9;
	double dearest = 0;
	char number[32];

	assert(count > 0);
	for (size_t i = 0; i < count; i++)
		dearest = fmax(dearest, offers[i].usd);

	const struct plot plot = { .left = 0.08,
				   .right = 0.9,
				   .top = 16,
				   .bottom = 200,
				   .from = 0,
				   .to = round_up(dearest) };
	svg_open(
		into, "plot", HEIGHT, title,
		"Each provider by its price, to the right, and its score, upwards; hollow: another "
		"one is no worse and no dearer.");
	plot_grid(into, &plot, 0, "0");
	plot_grid(into, &plot, 0.5, "50");
	plot_grid(into, &plot, 1, "100");
	for (size_t i = 0; i < count; i++) {
		double x = plot_x(&plot, offers[i].usd);
		double y = plot_y(&plot, isnan(offers[i].score) ? 0 : offers[i].score / 100);

		svg_dot(into, offers[i].dominated ? "hollow" : offers[i].class, x, y, 5);
		svg_text(into, (struct svg_label){ .class = "label",
						   .x = x + beside / 1000,
						   .y = y - beside,
						   .text = offers[i].name });
	}
	draw_ends(into, &plot, LABELS, "0 USD", number_format(plot.to, number));
	svg_close(into);
}

/* ---- step by step ---- */

struct steps_scale {
	double left, right; /* shares of the width */
	double top;         /* USD at the right end */
};

static double step_x(const struct steps_scale *scale, double usd)
{
	return scale->left + (scale->right - scale->left) * usd / scale->top;
}

static void draw_step(struct text *into, const struct steps_scale *scale,
		      const struct price_step *step, double start, double y)
{
	const double bar = 16;
	const double text_down = 12;
	double end = step->whole ? step->amount : start + step->amount;
	double from = step->whole ? 0 : fmin(start, end);
	double to = step->whole ? end : fmax(start, end);
	const char *class = step->whole ? "likely" : step->amount < 0 ? "won" : "lost";
	char number[32];

	(void)snprintf(number, sizeof(number), step->whole ? "%.3f" : "%+.3f", step->amount);
	svg_text(into, (struct svg_label){
			       .class = "label", .x = 0, .y = y + text_down, .text = step->label });
	svg_box(into, class,
		(struct svg_box){ .x = step_x(scale, from),
				  .width = step_x(scale, to) - step_x(scale, from),
				  .y = y,
				  .height = bar });
	if (!isnan(step->low) && !isnan(step->high)) {
		double base = step->whole ? 0 : start;

		svg_line(into, "whisker",
			 (struct svg_line){ .x1 = step_x(scale, base + step->low),
					    .x2 = step_x(scale, base + step->high),
					    .y1 = y + bar / 2,
					    .y2 = y + bar / 2 });
	}
	svg_text(into, (struct svg_label){ .class = "label",
					   .x = 1,
					   .y = y + text_down,
					   .anchor = SVG_END,
					   .text = number });
}

void chart_price_steps(struct text *into, const char *title, const struct price_step *steps,
		       size_t count)
{
	enum {
		ROW = 24,
	};
	struct steps_scale scale = { .left = 0.3, .right = 0.86 };
	double start = 0;
	double most = 0;

	assert(count > 0);
	for (size_t i = 0; i < count; i++) {
		start = steps[i].whole ? steps[i].amount : start + steps[i].amount;
		most = fmax(most, start);
		most = fmax(most, steps[i].whole ? steps[i].high : start);
	}
	scale.top = most > 0 ? most : 1;
	svg_open(into, "plot", (unsigned)(ROW * count), title,
		 "One bar a step; a line across a bar is its uncertainty.");
	start = 0;
	for (size_t i = 0; i < count; i++) {
		draw_step(into, &scale, &steps[i], start, (double)(ROW * i) + 4);
		start = steps[i].whole ? steps[i].amount : start + steps[i].amount;
	}
	svg_close(into);
}

/* ---- against the time that is rented ---- */

struct cost_scale {
	struct plot plot;
	const double *hours;
	size_t count;
	double top; /* USD at the top */
};

static void draw_cost(struct text *into, const struct cost_scale *scale,
		      const struct cost_line *line, const char *class)
{
	const struct plot *plot = &scale->plot;
	const double *hours = scale->hours;
	const double above = 6;
	double top = scale->top;

	for (size_t i = 1; i < scale->count; i++) {
		if (isnan(line->cost[i]) || isnan(line->cost[i - 1]))
			continue;
		svg_line(into, class,
			 (struct svg_line){ .x1 = plot_x(plot, hours[i - 1]),
					    .y1 = plot_y(plot, line->cost[i - 1] / top),
					    .x2 = plot_x(plot, hours[i]),
					    .y2 = plot_y(plot, line->cost[i] / top) });
	}
	for (size_t i = scale->count; i-- > 0;) {
		if (isnan(line->cost[i]))
			continue;
		svg_text(into, (struct svg_label){ .class = "label",
						   .x = plot_x(plot, hours[i]),
						   .y = plot_y(plot, line->cost[i] / top) - above,
						   .anchor = SVG_END,
						   .text = line->name });
		break;
	}
}

void chart_cost_hours(struct text *into, const char *title, const double *hours, size_t count,
		      const struct cost_line *lines, size_t line_count)
{
	enum {
		HEIGHT = 240,
		LABELS = 230,
	};
	static const char *const classes[LINE_CLASSES] = { "curve", "curve second", "curve third" };
	double most = 0;
	char first[48];
	char last[48];

	assert(count > 0);
	for (size_t i = 0; i < line_count; i++) {
		for (size_t k = 0; k < count; k++)
			most = fmax(most, lines[i].cost[k]);
	}

	const struct cost_scale scale = { .plot = { .left = 0.12,
						    .right = 0.97,
						    .top = 20,
						    .bottom = 210,
						    .from = hours[0],
						    .to = hours[count - 1] },
					  .hours = hours,
					  .count = count,
					  .top = round_up(most) };
	svg_open(into, "plot", HEIGHT, title,
		 "One line a rental model; where they cross is the "
		 "break-even.");
	draw_scale(into, &scale.plot, scale.top);
	for (size_t i = 0; i < line_count; i++)
		draw_cost(into, &scale, &lines[i], classes[i % LINE_CLASSES]);
	(void)snprintf(first, sizeof(first), "%.0f h", hours[0]);
	(void)snprintf(last, sizeof(last), "%.0f h", hours[count - 1]);
	draw_ends(into, &scale.plot, LABELS, first, last);
	svg_close(into);
}
