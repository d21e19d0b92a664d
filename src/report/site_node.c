/* One node: its life, what its checks say, when each was last run, its curves. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "report/checkup.h"
#include "report/figure.h"
#include "report/html.h"
#include "report/node_page.h"
#include "report/plot.h"

/* ---- life ---- */

static void add_life(const struct site_page *page, const struct node_view *view)
{
	enum {
		HEIGHT = 18,
	};
	struct arena *arena = page->context->arena;
	double span;

	site_heading(page, "life", "Life");
	if (view->life_count == 0) {
		text_add(page->into, "<p>Nothing of its life is known.</p>\n");
		return;
	}
	span = (double)(view->now - view->life[0].from);
	svg_open(page->into, "life", HEIGHT, "The node's life, oldest at the left",
		 "the table below says the same");
	for (uint32_t i = 0; span > 0 && i < view->life_count; i++) {
		int64_t until = i + 1 < view->life_count ? view->life[i + 1].from : view->now;

		svg_box(page->into,
			arena_format(arena, "life-%s", node_life_names[view->life[i].life]),
			(struct svg_box){ .x = (double)(view->life[i].from - view->life[0].from) /
					       span,
					  .width = (double)(until - view->life[i].from) / span,
					  .height = HEIGHT });
	}
	svg_close(page->into);
	site_table_open(page, "periods", "Periods of its life");
	text_add(page->into, "<thead><tr><th scope=\"col\">Life</th><th scope=\"col\">Since</th>"
			     "<th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = view->life_count; i-- > 0;) {
		char time[TIME_TEXT_SIZE];

		text_add(page->into, "<tr><td>");
		site_life(page, view->life[i].life);
		html_add(page->into,
			 "</td><td><time datetime=\"%s\">%s</time></td><td>%s</td></tr>\n",
			 time_format(view->life[i].from, time), time, view->life[i].reason);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- findings ---- */

static void add_finding(const struct site_page *page, const struct node_view *view,
			const struct checkup_line *line, const struct finding *finding)
{
	struct arena *arena = page->context->arena;

	html_add(page->into, "<tr><th scope=\"row\">%s<span class=\"minor\">%s</span></th><td>",
		 line->entry->check->title, line->entry->name);
	site_verdict(page, finding->verdict);
	html_add(page->into, "</td><td>%s</td><td>%s",
		 finding->about ? device_label(view->checkup->machine, finding->about, arena)
				: "the node",
		 finding->text);
	if (finding->bar)
		html_add(page->into, "<span class=\"minor\">%s</span>", finding->bar);
	if (finding->action)
		html_add(page->into, "<p class=\"next\">%s</p>",
			 site_sentence(finding->action, arena));
	text_add(page->into, "</td></tr>\n");
}

static bool is_trouble(enum verdict verdict)
{
	return verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE;
}

static void add_findings(const struct site_page *page, const struct node_view *view)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_STALE,
					      VERDICT_WARN };
	const struct checkup *checkup = view->checkup;
	size_t shown = 0;

	site_heading(page, "findings", "What its checks found");
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		if (is_trouble((enum verdict)i))
			shown += checkup->findings[i];
	if (shown == 0) {
		text_add(page->into, "<p>Every check that applies passed.</p>\n");
		return;
	}
	site_table_open(page, "findings", "Findings that are no pass, the worst first");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Verdict</th>"
		 "<th scope=\"col\">About</th><th scope=\"col\">Seen</th></tr></thead>\n"
		 "<tbody>\n");
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < checkup->line_count; i++)
			for (size_t j = 0; j < checkup->lines[i].count; j++)
				if (checkup->lines[i].findings[j].verdict == order[k])
					add_finding(page, view, &checkup->lines[i],
						    &checkup->lines[i].findings[j]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* The newest moment that a check's findings rest on; 0 when none has a time. */
static int64_t run_at(const struct checkup_line *line)
{
	int64_t newest = 0;

	for (size_t i = 0; i < line->count; i++)
		for (unsigned j = 0; j < 4 && line->findings[i].evidence[j]; j++)
			if (line->findings[i].evidence[j]->time > newest)
				newest = line->findings[i].evidence[j]->time;
	return newest;
}

static void add_runs(const struct site_page *page, const struct node_view *view)
{
	const struct checkup *checkup = view->checkup;

	site_heading(page, "checks", "Last run of each check");
	html_add(page->into, "<details><summary>%zu checks</summary>\n", checkup->line_count);
	site_table_open(page, "checks", "Checks with the age of what they rest on");
	text_add(page->into, "<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Verdict</th>"
			     "<th scope=\"col\" class=\"number\">Age</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < checkup->line_count; i++) {
		const struct checkup_line *line = &checkup->lines[i];
		int64_t time = run_at(line);

		html_add(page->into, "<tr><th scope=\"row\">%s</th><td>",
			 line->entry->check->title);
		site_verdict(page, line->worst);
		html_add(page->into, "</td><td class=\"number\">%s</td></tr>\n",
			 time > 0 ? site_elapsed_text(time, view->now, page->context->arena) : "–");
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
	text_add(page->into, "</details>\n");
}

/* ---- curves ---- */

static void range_of(const struct node_curve *curve, double *ret_most)
{
	*ret_most = 0;
	for (size_t i = 0; i < curve->count; i++) {
		if (curve->y[i] > *ret_most)
			*ret_most = curve->y[i];
		if (curve->high && curve->high[i] > *ret_most)
			*ret_most = curve->high[i];
	}
}

static double place(const struct node_curve *curve, double x)
{
	return curve->by_size ? log2(x > 1 ? x : 1) : x;
}

/* What is known of one place stands as a bar behind its dot. */
static void draw_band(const struct site_page *page, const struct node_curve *curve,
		      const struct plot *plot, double most)
{
	const double width = 0.012;

	for (size_t i = 0; curve->low && i < curve->count; i++) {
		double top = plot_y(plot, curve->high[i] / most);

		if (isnan(curve->low[i]))
			continue;
		svg_box(page->into, "band",
			(struct svg_box){ .x = plot_x(plot, place(curve, curve->x[i])) - width / 2,
					  .width = width,
					  .y = top,
					  .height = plot_y(plot, curve->low[i] / most) - top });
	}
}

static const char *x_text(const struct node_curve *curve, double x, struct arena *arena)
{
	char time[TIME_TEXT_SIZE];

	if (curve->by_size)
		return figure_text(x, "B", arena);
	return arena_format(arena, "%s", time_format((int64_t)x, time));
}

/* What the ends of the width stand for, below it. */
static void draw_ends(const struct site_page *page, const struct node_curve *curve,
		      const struct plot *plot, double y)
{
	struct arena *arena = page->context->arena;

	svg_text(page->into, (struct svg_label){ .class = "label",
						 .x = plot->left,
						 .y = y,
						 .text = x_text(curve, curve->x[0], arena) });
	svg_text(page->into,
		 (struct svg_label){ .class = "label",
				     .x = plot->right,
				     .y = y,
				     .anchor = SVG_END,
				     .text = x_text(curve, curve->x[curve->count - 1], arena) });
}

static void draw_curve(const struct site_page *page, const struct node_curve *curve)
{
	enum {
		LABELS = 206,
	};
	struct arena *arena = page->context->arena;
	struct plot plot = { .left = 0.14, .right = 0.98, .top = 12, .bottom = 188 };
	double most;

	range_of(curve, &most);
	plot.from = place(curve, curve->x[0]);
	plot.to = place(curve, curve->x[curve->count - 1]);
	svg_open(page->into, "curve", LABELS + 8, curve->title, "the table below has the figures");
	plot_grid(page->into, &plot, 0, "0");
	plot_grid(page->into, &plot, 1, figure_text(most, curve->unit, arena));
	draw_ends(page, curve, &plot, LABELS);
	if (most > 0)
		draw_band(page, curve, &plot, most);
	for (size_t i = 0; most > 0 && i < curve->count; i++) {
		double x = plot_x(&plot, place(curve, curve->x[i]));

		svg_dot(page->into, "point", x, plot_y(&plot, curve->y[i] / most), 2.5);
		if (i > 0)
			svg_line(page->into, "trend",
				 (struct svg_line){ plot_x(&plot, place(curve, curve->x[i - 1])), x,
						    plot_y(&plot, curve->y[i - 1] / most),
						    plot_y(&plot, curve->y[i] / most) });
	}
	svg_close(page->into);
}

static void add_values(const struct site_page *page, const struct node_curve *curve)
{
	struct arena *arena = page->context->arena;

	site_table_open(page, "values", arena_format(arena, "Values of %s", curve->title));
	html_add(page->into,
		 "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"number\">value</th>"
		 "<th scope=\"col\" class=\"number\">reference</th></tr></thead>\n<tbody>\n",
		 curve->by_size ? "message" : "time");
	for (size_t i = 0; i < curve->count; i++) {
		bool known = curve->low && !isnan(curve->low[i]);

		html_add(page->into,
			 "<tr><th scope=\"row\">%s</th><td class=\"number\">%s</td>"
			 "<td class=\"number\">%s%s%s</td></tr>\n",
			 x_text(curve, curve->x[i], arena),
			 figure_text(curve->y[i], curve->unit, arena),
			 known ? figure_text(curve->low[i], curve->unit, arena) : "not known",
			 known ? "–" : "",
			 known ? figure_text(curve->high[i], curve->unit, arena) : "");
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_curve(const struct site_page *page, const struct node_curve *curve)
{
	html_add(page->into, "<figure class=\"curve\" data-curve=\"%s\">\n", curve->address);
	draw_curve(page, curve);
	html_add(page->into, "<figcaption>%s. ", curve->title);
	if (curve->reference)
		html_add(page->into,
			 "Bars: what others measured on this model with as many ranks, from the "
			 "share below which it fails; %s.",
			 curve->reference);
	else
		text_add(page->into, "No reference of this model with as many ranks is known.");
	html_add(page->into, "</figcaption>\n<details><summary>%zu values</summary>\n",
		 curve->count);
	add_values(page, curve);
	text_add(page->into, "</details></figure>\n");
}

void site_node(const struct site_page *page, const struct node_view *view)
{
	const struct node_brief *brief = view->brief;
	struct arena *arena = page->context->arena;
	const struct site_head head = {
		.title = arena_format(arena, "%s | assay", brief->node),
		.description = "One node: its life, what its checks found, its curves.",
		.section = SECTION_NODES,
		.twin = arena_format(arena, "%snodes/%s/%s/%s.json", page->root, brief->provider,
				     brief->cluster[0] ? brief->cluster : "*", brief->node),
	};

	site_open(page, &head);
	html_add(page->into,
		 "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><a href=\"%snodes\">Nodes</a>"
		 "</nav>\n<h1>%s</h1>\n"
		 "<p class=\"lead\">Life: ",
		 page->root, brief->node);
	site_life(page, brief->life);
	text_add(page->into, ". Gate of its checks: ");
	site_verdict(page, brief->gate);
	html_add(page->into, ". %s%s%s, last look %s%s.</p>\n", brief->provider,
		 brief->cluster[0] ? ", " : "", brief->cluster,
		 site_elapsed_text(brief->time, view->now, arena),
		 view->now - brief->time >= 2 ? " ago" : "");
	add_life(page, view);
	if (view->checkup) {
		add_findings(page, view);
		add_runs(page, view);
	}
	if (view->curve_count > 0)
		site_heading(page, "curves", "Curves");
	for (uint32_t i = 0; i < view->curve_count; i++)
		if (view->curves[i].count > 0)
			add_curve(page, &view->curves[i]);
	site_close(page, &head);
}

/* ---- twins ---- */

static void pair_values(struct json_writer *json, const char *key, const double *values,
			size_t count)
{
	json_key(json, key);
	json_open_array(json);
	for (size_t i = 0; i < count; i++)
		json_put_number(json, values[i]);
	json_close_array(json);
}

void node_curve_json(const struct node_curve *curve, struct text *into)
{
	struct json_writer json = { .into = into };

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/curve/v1");
	json_key(&json, "x");
	json_open_object(&json);
	json_pair_string(&json, "unit", curve->by_size ? "B" : "s");
	pair_values(&json, "values", curve->x, curve->count);
	json_close_object(&json);
	json_key(&json, "lines");
	json_open_array(&json);
	json_open_object(&json);
	json_pair_string(&json, "name", curve->title);
	json_pair_string(&json, "unit", curve->unit);
	pair_values(&json, "values", curve->y, curve->count);
	json_close_object(&json);
	json_close_array(&json);
	if (curve->low) {
		json_key(&json, "band");
		json_open_object(&json);
		json_pair_string(&json, "name", "reference");
		pair_values(&json, "low", curve->low, curve->count);
		pair_values(&json, "high", curve->high, curve->count);
		json_close_object(&json);
	}
	json_close_object(&json);
	text_add(into, "\n");
}

static void pair_life(struct json_writer *json, const struct node_view *view)
{
	json_key(json, "periods");
	json_open_array(json);
	for (uint32_t i = 0; i < view->life_count; i++) {
		char time[TIME_TEXT_SIZE];

		json_open_object(json);
		json_pair_string(json, "life", node_life_names[view->life[i].life]);
		json_pair_string(json, "from", time_format(view->life[i].from, time));
		json_pair_string(json, "reason", view->life[i].reason);
		json_close_object(json);
	}
	json_close_array(json);
}

void node_view_json(const struct node_view *view, const struct handbook *handbook,
		    struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };
	SCOPED_TEXT(part);

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/node-view/v1");
	json_key(&json, "node");
	node_brief_write(view->brief, &part);
	json_put_document(&json, text_span(&part));
	pair_life(&json, view);
	json_key(&json, "curves");
	json_open_array(&json);
	for (uint32_t i = 0; i < view->curve_count; i++) {
		json_open_object(&json);
		json_pair_string(&json, "title", view->curves[i].title);
		json_pair_string(&json, "address", view->curves[i].address);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_key(&json, "checkup");
	if (view->checkup) {
		const struct checkup_report report = {
			.checkup = view->checkup,
			.handbook = handbook,
			.provider = view->brief->provider,
			.time = view->brief->time,
		};

		text_clear(&part);
		checkup_write_json(&report, &part);
		json_put_document(&json, text_span(&part));
	} else {
		json_put_null(&json);
	}
	json_close_object(&json);
	text_add(into, "\n");
}
