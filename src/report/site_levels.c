/* Levels of prices as tables: what an hour costs by rental model, and the values behind a curve. */
#include <math.h>

#include "report/html.h"
#include "report/site_market.h"
#include "report/site_page.h"

static void add_band(const struct site_page *page, const struct index_value *value)
{
	if (!isnan(value->interval.low))
		html_add(page->into, "%.2f–%.2f", value->interval.low, value->interval.high);
	else
		text_add(page->into, "not known");
}

static void add_flags(const struct site_page *page, unsigned flags)
{
	const char *between = "";

	for (unsigned i = 0; i < INDEX_FLAG_COUNT; i++) {
		if (!(flags & 1u << i))
			continue;
		html_add(page->into, "%s%s", between, index_flag_reasons[i]);
		between = "; ";
	}
}

/* ---- the values behind a curve ---- */

static void add_day(const struct site_page *page, const struct index_value *value, const char *name)
{
	char day[DATE_TEXT_SIZE];

	if (!page->context->serves) {
		site_date(page, value->day);
		return;
	}
	html_add(page->into, "<a href=\"%smarket/quotes?key=%s&amp;day=%s\">", page->root, name,
		 date_format(value->day, day));
	site_date(page, value->day);
	text_add(page->into, "</a>");
}

void site_values(const struct site_page *page, const struct trend_key *key, const char *name)
{
	struct arena *arena = page->context->arena;
	size_t shown = key->value_count < SITE_VALUES_SHOWN ? key->value_count : SITE_VALUES_SHOWN;

	html_add(page->into, "<details><summary>%zu value%s</summary>\n", key->value_count,
		 key->value_count == 1 ? "" : "s");
	site_table_open(page, "values", arena_format(arena, "Level of %s", name));
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Day</th><th scope=\"col\" class=\"number\">USD</th>"
		 "<th scope=\"col\" class=\"number\">90%</th>"
		 "<th scope=\"col\" class=\"number\">Providers</th>"
		 "<th scope=\"col\" class=\"number\">Quotes</th><th scope=\"col\">Low confidence"
		 "</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < shown; i++) {
		const struct index_value *value = &key->values[key->value_count - 1 - i];

		text_add(page->into, "<tr><th scope=\"row\">");
		add_day(page, value, name);
		html_add(page->into, "</th><td class=\"number\">%.2f</td><td class=\"number\">",
			 value->usd);
		add_band(page, value);
		html_add(page->into,
			 "</td><td class=\"number\">%zu</td><td class=\"number\">%u</td><td>",
			 value->votes.count - value->votes.dropped, value->votes.quotes);
		add_flags(page, value->flags);
		text_add(page->into, "</td></tr>\n");
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
	if (shown < key->value_count)
		html_add(page->into, "<p>The newest %zu; all are in the JSON of this page.</p>\n",
			 shown);
	text_add(page->into, "</details>\n");
}

/* ---- by rental model ---- */

static bool same_machine(const struct key *a, const struct key *b)
{
	return a->gpu == b->gpu && a->memory_gb == b->memory_gb && a->form == b->form;
}

/* The newest value of each key of the machine and rental model: one, or one a term. */
static void add_model(const struct site_page *page, const struct key *machine, enum rental rental)
{
	const struct trend_report *report = page->context->market->trend;
	const char *between = "";

	for (size_t i = 0; i < report->count; i++) {
		const struct trend_key *key = &report->keys[i];
		const struct index_value *value;

		if (key->value_count == 0 || key->key.rental != rental ||
		    !same_machine(&key->key, machine))
			continue;
		value = &key->values[key->value_count - 1];
		text_add(page->into, between);
		if (key->key.term_months > 0)
			html_add(page->into, "%u months: ", (unsigned)key->key.term_months);
		html_add(page->into, "<b>%.2f</b> <span class=\"minor\">", value->usd);
		add_band(page, value);
		html_add(page->into, ", %zu provider%s, ", value->votes.count,
			 value->votes.count == 1 ? "" : "s");
		site_date(page, value->day);
		text_add(page->into, "</span>");
		between = "<br>";
	}
	if (between[0] == '\0')
		text_add(page->into, "not known");
}

/* Whether the machine of this key has a key with a value before it in the report. */
static bool is_first(const struct trend_report *report, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (report->keys[i].value_count > 0 &&
		    same_machine(&report->keys[i].key, &report->keys[at].key))
			return false;
	return report->keys[at].value_count > 0;
}

static void add_machine(const struct site_page *page, const struct key *key)
{
	const struct catalogue *catalogue = page->context->market->trend->book->catalogue;

	html_add(page->into, "<tr><th scope=\"row\">%s<span class=\"minor\">",
		 catalogue->gpus[key->gpu].title);
	if (key->memory_gb > 0)
		html_add(page->into, "%u GB, ", (unsigned)key->memory_gb);
	html_add(page->into, "%s</span></th>",
		 key->form == FORM_UNKNOWN ? "form not known" : form_names[key->form]);
	for (unsigned k = 0; k < MODEL_COUNT; k++) {
		text_add(page->into, "<td>");
		add_model(page, key, model_rentals[k]);
		text_add(page->into, "</td>");
	}
	text_add(page->into, "</tr>\n");
}

void site_rentals(const struct site_page *page)
{
	const struct trend_report *report = page->context->market->trend;

	if (!report || report->count == 0)
		return;
	site_heading(page, "index", "The index");
	text_add(page->into,
		 "<p>What an hour of one GPU costs in USD, one provider one vote, with the 90% "
		 "interval: what it might as well have been with other providers of the same "
		 "kind.</p>\n");
	site_table_open(page, "prices", "Level by GPU and rental model");
	text_add(page->into, "<thead><tr><th scope=\"col\">GPU</th>");
	for (unsigned k = 0; k < MODEL_COUNT; k++)
		html_add(page->into, "<th scope=\"col\">%s</th>", rental_names[model_rentals[k]]);
	text_add(page->into, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < report->count; i++)
		if (is_first(report, i))
			add_machine(page, &report->keys[i].key);
	text_add(page->into, "</tbody>");
	site_table_close(page);
	if (page->context->serves)
		html_add(page->into,
			 "<p><a href=\"%sprices\">Every quote as it was taken in</a>, with its "
			 "source.</p>\n",
			 page->root);
}
