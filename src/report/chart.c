#include "report/chart.h"

#include <assert.h>

#include "base/json.h"
#include "report/html.h"
#include "report/plot.h"
#include "report/svg.h"

static const char *const grade_classes[] = {
	"underperform", "bronze", "silver", "gold", "platinum",
};
static const char *const grade_letters[] = { "U", "B", "S", "G", "P" };

static_assert(sizeof(grade_classes) / sizeof(grade_classes[0]) == GRADE_COUNT, "one for each");
static_assert(sizeof(grade_letters) / sizeof(grade_letters[0]) == GRADE_COUNT, "one for each");

const char *grade_class(enum grade grade)
{
	return grade_classes[grade];
}

/* What the grades demand overall of a cloud so well known, as upright lines. */
static void draw_thresholds(struct text *into, const struct standard *standard,
			    const struct unit *unit, unsigned height)
{
	for (unsigned grade = GRADE_BRONZE; grade < GRADE_COUNT; grade++) {
		double at = grade_overall(&standard->bars[grade], unit->depth);

		svg_line(into, "threshold",
			 (struct svg_line){ .x1 = at, .x2 = at, .y1 = 0, .y2 = height });
	}
}

void chart_likelihood(struct text *into, const char *class, const double probability[GRADE_COUNT])
{
	enum {
		HEIGHT = 20,
		BASELINE = 14,
	};
	/* A letter needs about this share of the strip's width. */
	const double room_for_letter = 0.12;
	double at = 0;
	SCOPED_TEXT(title);

	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
		if (probability[grade] > 0)
			html_add(&title, "%s%s %.0f%%", title.length > 0 ? ", " : "",
				 grade_names[grade], probability[grade] * 100);
	}
	svg_open(into, class, HEIGHT, text_string(&title), NULL);
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
		double share = probability[grade];

		svg_box(into, grade_classes[grade],
			(struct svg_box){ .x = at, .width = share, .height = HEIGHT });
		if (share >= room_for_letter) {
			svg_text(into, (struct svg_label){ .class = grade_classes[grade],
							   .x = at + share / 2,
							   .y = BASELINE,
							   .anchor = SVG_MIDDLE,
							   .text = grade_letters[grade] });
		}
		at += share;
	}
	svg_close(into);
}

void chart_score(struct text *into, const struct standard *standard, const struct unit *unit)
{
	enum {
		HEIGHT = 24,
		MIDDLE = HEIGHT / 2,
		LIKELY = 10,
	};
	const double radius = 4.5;
	bool drawn = unit->score_p90 > 0;
	SCOPED_TEXT(title);

	html_add(&title, "Score %.1f of 100", unit->overall * 100);
	if (drawn)
		html_add(&title, "; 80%% of the draws lie from %.1f to %.1f", unit->score_p10 * 100,
			 unit->score_p90 * 100);
	html_add(&title, "; %.1f to %.1f is possible", unit->low * 100, unit->high * 100);

	svg_open(into, "score", HEIGHT, text_string(&title), NULL);
	draw_thresholds(into, standard, unit, HEIGHT);
	svg_line(into, "axis", (struct svg_line){ .x2 = 1, .y1 = MIDDLE, .y2 = MIDDLE });
	svg_line(
		into, "possible",
		(struct svg_line){ .x1 = unit->low, .x2 = unit->high, .y1 = MIDDLE, .y2 = MIDDLE });
	if (drawn) {
		svg_box(into, "likely",
			(struct svg_box){ .x = unit->score_p10,
					  .width = unit->score_p90 - unit->score_p10,
					  .y = MIDDLE - LIKELY / 2.0,
					  .height = LIKELY });
	}
	svg_dot(into, "point", unit->overall, MIDDLE, radius);
	svg_close(into);
}

static void draw_letters(struct text *into, const struct standard *standard,
			 const struct unit *unit, double baseline)
{
	const double room_for_letter = 0.05;
	double last = 0;

	for (unsigned grade = GRADE_BRONZE; grade < GRADE_COUNT; grade++) {
		double at = grade_overall(&standard->bars[grade], unit->depth);

		if (at - last < room_for_letter || at > 1 - 2 * room_for_letter)
			continue;
		last = at;
		svg_text(into, (struct svg_label){ .class = "label strong",
						   .x = at,
						   .y = baseline,
						   .anchor = SVG_MIDDLE,
						   .text = grade_letters[grade] });
	}
}

void chart_scale(struct text *into, const struct standard *standard, const struct unit *unit)
{
	enum {
		HEIGHT = 14,
		BASELINE = 11,
	};
	SCOPED_TEXT(title);

	text_add(&title, "Scale from 0 to 100");
	for (unsigned grade = GRADE_BRONZE; unit && grade < GRADE_COUNT; grade++)
		html_add(&title, "%s %s asks for %.1f", grade > GRADE_BRONZE ? "," : ";",
			 grade_names[grade],
			 grade_overall(&standard->bars[grade], unit->depth) * 100);
	svg_open(into, "scale", HEIGHT, text_string(&title), NULL);
	svg_text(into, (struct svg_label){ .class = "label", .y = BASELINE, .text = "0" });
	if (unit)
		draw_letters(into, standard, unit, BASELINE);
	svg_text(into, (struct svg_label){ .class = "label",
					   .x = 1,
					   .y = BASELINE,
					   .anchor = SVG_END,
					   .text = "100" });
	svg_close(into);
}

void chart_points(struct text *into, const struct standard *standard, const struct unit *unit,
		  const struct points *points, const char *title)
{
	enum {
		HEIGHT = 26,
		TOP = 5,
		BAR = 16,
	};
	const struct {
		const char *class;
		double width;
	} parts[] = {
		{ "won", points->won },
		{ "presumed", points->presumed },
		{ "open", points->open },
		{ "lost", points->lost },
	};
	double at = points->start;
	double end = points->start + points->won + points->presumed;

	svg_open(into, "points", HEIGHT, title, NULL);
	draw_thresholds(into, standard, unit, HEIGHT);
	svg_line(into, "step", (struct svg_line){ .x1 = at, .x2 = at, .y1 = 0, .y2 = TOP });
	svg_line(into, "step", (struct svg_line){ .x1 = end, .x2 = end, .y1 = TOP, .y2 = HEIGHT });
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		svg_box(into, parts[i].class,
			(struct svg_box){
				.x = at, .width = parts[i].width, .y = TOP, .height = BAR });
		at += parts[i].width;
	}
	svg_close(into);
}

void chart_need(struct text *into, double has, double needs, const char *title)
{
	enum {
		HEIGHT = 16,
		TOP = 4,
		BAR = 8,
	};

	svg_open(into, "need", HEIGHT, title, NULL);
	svg_box(into, "track", (struct svg_box){ .width = 1, .y = TOP, .height = BAR });
	svg_box(into, "won", (struct svg_box){ .width = has, .y = TOP, .height = BAR });
	svg_line(into, "goal", (struct svg_line){ .x1 = needs, .x2 = needs, .y2 = HEIGHT });
	svg_close(into);
}

void chart_worth(struct text *into, double worth, const char *title)
{
	enum {
		HEIGHT = 8,
	};

	svg_open(into, "worth", HEIGHT, title, NULL);
	svg_box(into, "track", (struct svg_box){ .width = 1, .height = HEIGHT });
	svg_box(into, "won", (struct svg_box){ .width = worth, .height = HEIGHT });
	svg_close(into);
}

void chart_gap(struct text *into, const struct gap *gap, const char *title)
{
	enum {
		HEIGHT = 16,
	};
	double all = (double)gap->lacking + gap->unknown + gap->good;
	double lacking = all > 0 ? gap->lacking / all : 0;
	double unknown = all > 0 ? gap->unknown / all : 0;
	double good = all > 0 ? gap->good / all : 0;

	svg_open(into, "gap", HEIGHT, title, NULL);
	svg_box(into, "lost", (struct svg_box){ .width = lacking, .height = HEIGHT });
	svg_box(into, "open", (struct svg_box){ .x = lacking, .width = unknown, .height = HEIGHT });
	svg_box(into, "won",
		(struct svg_box){ .x = lacking + unknown, .width = good, .height = HEIGHT });
	svg_close(into);
}

void chart_curve(struct text *into, const struct criterion *criterion)
{
	enum {
		HEIGHT = 160,
		LABELS = 150,
	};
	const struct measure_point *points = criterion->points;
	uint32_t last = criterion->point_count - 1;
	const struct plot plot = { .left = 0.1,
				   .right = 0.94,
				   .top = 14,
				   .bottom = 128,
				   .from = points[0].at,
				   .to = points[last].at };
	const double labels_apart = 0.12; /* closer ones would overlap on a phone */
	double labelled = -1;
	SCOPED_TEXT(title);

	html_add(&title, "Worth of %s in %s", criterion->title, criterion->unit);
	svg_open(into, "plot", HEIGHT, text_string(&title),
		 "A line from point to point; beyond the ends the worth stays.");
	plot_grid(into, &plot, 0, "0");
	plot_grid(into, &plot, 0.5, "0.5");
	plot_grid(into, &plot, 1, "1");
	for (uint32_t i = 0; i <= last; i++) {
		char number[32];
		double x = plot_x(&plot, points[i].at);
		double y = plot_y(&plot, points[i].worth / (double)WORTH_ONE);

		if (i > 0) {
			svg_line(into, "curve",
				 (struct svg_line){ .x1 = plot_x(&plot, points[i - 1].at),
						    .y1 = plot_y(&plot, points[i - 1].worth /
										(double)WORTH_ONE),
						    .x2 = x,
						    .y2 = y });
		}
		svg_dot(into, "point", x, y, 4);
		if (x - labelled < labels_apart)
			continue;
		labelled = x;
		svg_text(into, (struct svg_label){ .class = "label",
						   .x = x,
						   .y = LABELS,
						   .anchor = SVG_MIDDLE,
						   .text = number_format(points[i].at, number) });
	}
	svg_close(into);
}

static void draw_trend(struct text *into, const struct plot *plot, const struct dated_grade *items,
		       uint32_t count)
{
	const double above = 10;

	for (uint32_t i = 0; i < count; i++) {
		double x = plot_x(plot, items[i].date);
		double end = i + 1 < count ? plot_x(plot, items[i + 1].date) : plot->right;
		double y = plot_y(plot, items[i].overall);
		const char *class = items[i].rated ? grade_classes[items[i].grade] : "unrated";
		bool changes = i == 0 || items[i].rated != items[i - 1].rated ||
			       items[i].grade != items[i - 1].grade;

		svg_line(into, "curve", (struct svg_line){ .x1 = x, .x2 = end, .y1 = y, .y2 = y });
		if (i > 0) {
			double before = plot_y(plot, items[i - 1].overall);

			svg_line(into, "curve",
				 (struct svg_line){ .x1 = x, .x2 = x, .y1 = before, .y2 = y });
		}
		svg_dot(into, class, x, y, 5);
		if (!changes)
			continue;
		svg_text(into,
			 (struct svg_label){ .class = "label strong",
					     .x = x,
					     .y = y - above,
					     .text = items[i].rated ? grade_names[items[i].grade]
								    : "not rated" });
	}
}

void chart_trend(struct text *into, date_t as_of, const struct dated_grade *items, uint32_t count)
{
	enum {
		HEIGHT = 190,
		LABELS = 180,
	};
	const struct plot plot = { .left = 0.1,
				   .right = 0.97,
				   .top = 16,
				   .bottom = 160,
				   .from = items[0].date,
				   .to = as_of };
	char first[DATE_TEXT_SIZE];
	char last[DATE_TEXT_SIZE];

	assert(count > 0);
	svg_open(into, "plot", HEIGHT, "Score over time",
		 "A step on each day on which something was observed; the grade stands where it "
		 "changes.");
	plot_grid(into, &plot, 0, "0");
	plot_grid(into, &plot, 0.5, "50");
	plot_grid(into, &plot, 1, "100");
	draw_trend(into, &plot, items, count);
	svg_text(into, (struct svg_label){ .class = "label",
					   .x = plot.left,
					   .y = LABELS,
					   .text = date_format(items[0].date, first) });
	svg_text(into, (struct svg_label){ .class = "label",
					   .x = plot.right,
					   .y = LABELS,
					   .anchor = SVG_END,
					   .text = date_format(as_of, last) });
	svg_close(into);
}
