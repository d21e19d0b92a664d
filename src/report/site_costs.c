/* Sections of the market page: the trend of prices, effective prices, the three rental models. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "report/chart_price.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_market.h"
#include "report/site_page.h"

/* ---- trend ---- */

const char *site_key_name(const struct trend_report *report, const struct key *key,
			  struct arena *arena)
{
	SCOPED_TEXT(text);

	key_format(key, report->book->catalogue, &text);
	return arena_string(arena, text_span(&text));
}

struct price_point *site_trend_points(const struct trend_key *key, struct arena *arena,
				      size_t *ret_count)
{
	struct price_point *points = ARENA_ARRAY(arena, struct price_point, key->value_count);
	size_t count = 0;

	for (size_t i = 0; i < key->value_count; i++) {
		const struct index_value *value = &key->values[i];
		double scale = key->usd[i] / value->usd;

		if (isnan(scale))
			continue;
		points[count++] = (struct price_point){
			.day = value->day,
			.value = key->usd[i],
			.low = value->interval.low * scale,
			.high = value->interval.high * scale,
			.weak = value->flags != 0,
		};
	}
	*ret_count = count;
	return points;
}

/* The points on or before which each turn lies. */
static size_t *turns_of(const struct trend *trend, const struct price_point *points, size_t count,
			struct arena *arena)
{
	size_t *turns = ARENA_ARRAY(arena, size_t, TREND_TURNS_MAXIMUM);

	for (unsigned i = 0; i < trend->turn_count; i++) {
		while (turns[i] + 1 < count && points[turns[i] + 1].day <= trend->turns[i].day)
			turns[i]++;
	}
	return turns;
}

static void add_direction(const struct site_page *page, const struct trend *trend)
{
	const struct piece *last;

	if (trend->direction == DIRECTION_UNKNOWN || trend->piece_count == 0) {
		text_add(page->into, "<p>No direction can be told from these values.</p>\n");
		return;
	}
	last = &trend->pieces[trend->piece_count - 1];
	html_add(page->into, "<p>Since ");
	site_date(page, last->from);
	html_add(page->into, " it is heading <b>%s</b>: %s.</p>\n",
		 direction_names[trend->direction],
		 arena_format(page->context->arena, "%+.0f%% a year, between %+.0f and %+.0f%%",
			      100 * last->per_year, 100 * last->per_year_low,
			      100 * last->per_year_high));
}

static void add_pieces(const struct site_page *page, const struct trend *trend, const char *name)
{
	struct arena *arena = page->context->arena;

	if (trend->piece_count == 0)
		return;
	site_table_open(page, "prices", arena_format(arena, "Pieces of the trend of %s", name));
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">From</th><th scope=\"col\">To</th>"
		 "<th scope=\"col\" class=\"number\">USD</th><th scope=\"col\">Heading</th>"
		 "<th scope=\"col\" class=\"number\">A year</th></tr></thead>\n<tbody>\n");
	for (unsigned i = 0; i < trend->piece_count; i++) {
		const struct piece *piece = &trend->pieces[i];

		text_add(page->into, "<tr><th scope=\"row\">");
		site_date(page, piece->from);
		text_add(page->into, "</th><td>");
		site_date(page, piece->to);
		html_add(page->into,
			 "</td><td class=\"number\">%.2f–%.2f</td><td>%s</td>"
			 "<td class=\"number\">%s</td></tr>\n",
			 piece->from_usd, piece->to_usd, direction_names[piece->direction],
			 arena_format(arena, "%+.0f%%", 100 * piece->per_year));
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_trend(const struct site_page *page, const struct trend_key *key)
{
	const struct trend_report *report = page->context->market->trend;
	struct arena *arena = page->context->arena;
	const char *name = site_key_name(report, &key->key, arena);
	size_t count = 0;
	const struct price_point *points = site_trend_points(key, arena, &count);

	html_add(page->into, "<h3>%s</h3>\n", name);
	add_direction(page, &key->trend);
	if (page->context->serves)
		html_add(page->into,
			 "<figure class=\"curve\" data-curve=\"%smarket/curve.json?key=%s\">\n",
			 page->root, name);
	else
		text_add(page->into, "<figure class=\"curve\">\n");
	chart_price_trend(page->into, arena_format(arena, "USD for an hour of one GPU, %s", name),
			  points, count, turns_of(&key->trend, points, count, arena),
			  key->trend.turn_count);
	site_values(page, key, name);
	text_add(page->into, "</figure>\n");
	add_pieces(page, &key->trend, name);
}

/* The most values first, of equal ones in the order of the report. */
static int by_values(const void *left, const void *right)
{
	const struct trend_key *a = *(const struct trend_key *const *)left;
	const struct trend_key *b = *(const struct trend_key *const *)right;

	if (a->value_count != b->value_count)
		return a->value_count < b->value_count ? 1 : -1;
	return (a > b) - (a < b);
}

void site_trends(const struct site_page *page)
{
	const struct trend_report *report = page->context->market->trend;
	const struct trend_key **keys;
	size_t count = 0;

	if (!report)
		return;
	keys = ARENA_ARRAY(page->context->arena, const struct trend_key *, report->count);
	for (size_t i = 0; i < report->count; i++) {
		if (report->keys[i].value_count > 0)
			keys[count++] = &report->keys[i];
	}
	if (count > 0)
		qsort(keys, count, sizeof(const struct trend_key *), by_values);
	site_heading(page, "trend", "Where prices are heading");
	html_add(page->into,
		 "<p>%s, every %u days; the band holds 90%% of the draws of providers. A dotted "
		 "line is of low confidence. Rings are turning points.</p>\n",
		 report->matched
			 ? "What the same offers cost, one provider one vote, on the level of "
			   "the last day: providers that join or leave do not move it"
			 : index_methods[report->request->method].version,
		 report->step_days);
	for (size_t i = 0; i < count && i < SITE_TRENDS_MAXIMUM; i++)
		add_trend(page, keys[i]);
	if (count > SITE_TRENDS_MAXIMUM)
		html_add(page->into, "<p>%zu more are in the JSON of this page.</p>\n",
			 count - SITE_TRENDS_MAXIMUM);
}

/* ---- effective price ---- */

static void add_effective(const struct site_page *page, const struct effective_price *price)
{
	struct price_step steps[EFFECTIVE_COUNT + 2];
	size_t count = 0;
	const char *title = arena_format(page->context->arena,
					 "From the quote to the effective price of %s, USD for a "
					 "GPU-hour",
					 price->offer->name);

	steps[count++] = (struct price_step){ .label = "quote",
					      .amount = price->offer->quote.value,
					      .low = NAN,
					      .high = NAN,
					      .whole = true };
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		steps[count++] = (struct price_step){
			.label = arena_format(page->context->arena, "%s%s",
					      effective_factor_names[i],
					      price->steps[i].known ? "" : " (not known)"),
			.amount = price->steps[i].adds.value,
			.low = price->steps[i].adds.low,
			.high = price->steps[i].adds.high,
		};
	steps[count++] = (struct price_step){ .label = "effective",
					      .amount = price->usd.value,
					      .low = price->usd.low,
					      .high = price->usd.high,
					      .whole = true };
	html_add(page->into, "<h3>%s</h3>\n", price->offer->name);
	chart_price_steps(page->into, title, steps, count);
}

void site_effective(const struct site_page *page)
{
	const struct effective_report *report = page->context->market->effective;

	if (!report)
		return;
	site_heading(page, "effective", "What an hour is worth");
	text_add(page->into, "<p>The quote, corrected step by step by what is paid beside it and "
			     "by what it delivers. What nobody told is a range.</p>\n");
	if (report->offers->note)
		html_add(page->into, "<p>%s</p>\n", report->offers->note);
	for (unsigned i = 0; i < report->offers->count; i++)
		add_effective(page, &report->prices[i]);
	site_table_open(page, "prices", "What may be paid at most");
	text_add(page->into, "<thead><tr><th scope=\"col\">For</th><th scope=\"col\">Beside</th>"
			     "<th scope=\"col\" class=\"number\">of its price</th>"
			     "<th scope=\"col\" class=\"number\">80%</th></tr></thead>\n<tbody>\n");
	for (unsigned i = 0; i < report->pair_count; i++) {
		const struct effective_pair *pair = &report->pairs[i];

		html_add(page->into,
			 "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%.0f%%</td>"
			 "<td class=\"number\">%.0f–%.0f%%</td></tr>\n",
			 pair->offer->offer->name, pair->other->offer->name,
			 100 * pair->pay_at_most.value, 100 * pair->pay_at_most.low,
			 100 * pair->pay_at_most.high);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- rental models ---- */

static void add_costs(const struct site_page *page, const struct models *models)
{
	site_table_open(page, "prices", "Cost of the job in USD by rental model");
	text_add(page->into, "<thead><tr><th scope=\"col\" class=\"number\">Hours</th>");
	for (unsigned k = 0; k < MODEL_COUNT; k++)
		html_add(page->into, "<th scope=\"col\" class=\"number\">%s</th>",
			 rental_names[model_rentals[k]]);
	text_add(page->into, "</tr></thead>\n<tbody>\n");
	for (unsigned i = 0; i < CURVE_POINTS; i++) {
		html_add(page->into, "<tr><th scope=\"row\" class=\"number\">%.0f</th>",
			 models->curve[i].hours);
		for (unsigned k = 0; k < MODEL_COUNT; k++) {
			if (isnan(models->curve[i].usd[k]))
				text_add(page->into, "<td class=\"number\">–</td>");
			else
				html_add(page->into, "<td class=\"number\">%.0f</td>",
					 models->curve[i].usd[k]);
		}
		text_add(page->into, "</tr>\n");
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

void site_models(const struct site_page *page)
{
	const struct advice *advice = page->context->market->advice;
	double hours[CURVE_POINTS];
	double costs[MODEL_COUNT][CURVE_POINTS];
	struct cost_line lines[MODEL_COUNT];

	if (!advice)
		return;
	for (unsigned i = 0; i < CURVE_POINTS; i++) {
		hours[i] = advice->models.curve[i].hours;
		for (unsigned k = 0; k < MODEL_COUNT; k++)
			costs[k][i] = advice->models.curve[i].usd[k];
	}
	for (unsigned k = 0; k < MODEL_COUNT; k++)
		lines[k] = (struct cost_line){ .name = rental_names[model_rentals[k]],
					       .cost = costs[k] };
	site_heading(page, "models", "On demand, spot or contract");
	html_add(page->into,
		 "<p>What a job of %.0f GPUs costs at the cheapest offer of each rental model, by "
		 "the hours of useful work.</p>\n",
		 advice->bench.need->gpus);
	chart_cost_hours(page->into, "Cost of the job against its hours", hours, CURVE_POINTS,
			 lines, MODEL_COUNT);
	add_costs(page, &advice->models);
}
