/* All criteria, by category. */
#include "report/chart.h"
#include "report/html.h"
#include "report/site_page.h"

static uint32_t count_settled(const struct site_page *page, uint32_t index)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < page->context->rating->provider_count; i++) {
		const struct unit *unit = page->context->explanations[i].unit;

		count += unit->settlements[index].state == STATE_SETTLED ||
			 unit->settlements[index].state == STATE_CONFLICT;
	}
	return count;
}

static void add_listed(const struct site_page *page, uint32_t index, uint16_t heaviest)
{
	const struct site_context *context = page->context;
	const struct criterion *criterion = &context->standard->criteria[index];
	int32_t gate = standard_gate_of(context->standard, index);

	html_add(page->into, "<tr><th scope=\"row\" class=\"%s\">",
		 criterion->parent >= 0 ? "detail" : "headline");
	site_criterion_link(page, index);
	html_add(page->into, "<span class=\"minor\">%s</span></th><td>", criterion->id);
	if (gate >= 0)
		site_grade(page, true, context->standard->gates[gate].cap, "");
	html_add(page->into, "</td><td class=\"number\">%u</td><td>", criterion->weight);
	chart_worth(page->into, criterion->weight / (double)heaviest,
		    arena_format(context->arena, "weight %u", criterion->weight));
	html_add(page->into, "</td><td class=\"number\">%u of %u</td></tr>\n",
		 count_settled(page, index), context->rating->provider_count);
}

/* A criterion and its details, which are of the same category. */
static void add_family(const struct site_page *page, const struct category *category,
		       uint32_t headline, uint16_t heaviest)
{
	const struct criterion *criteria = page->context->standard->criteria;

	add_listed(page, headline, heaviest);
	for (uint32_t i = 0; i < category->criteria_count; i++) {
		if (criteria[category->criteria_first + i].parent == (int32_t)headline)
			add_listed(page, category->criteria_first + i, heaviest);
	}
}

static void add_listing(const struct site_page *page, const struct category *category)
{
	const struct criterion *criteria = page->context->standard->criteria;
	uint16_t heaviest = 1;

	for (uint32_t i = 0; i < category->criteria_count; i++) {
		uint16_t weight = criteria[category->criteria_first + i].weight;

		heaviest = weight > heaviest ? weight : heaviest;
	}
	site_heading(page, category->id, category->title);
	html_add(page->into, "<p>Weight %u: %s.</p>\n", category->weight, category->reason);
	site_table_open(page, "listing", category->title);
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">Gate caps at</th>"
		 "<th scope=\"col\" class=\"number\">Weight</th><th scope=\"col\"></th>"
		 "<th scope=\"col\" class=\"number\">Settled for</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < category->criteria_count; i++) {
		if (criteria[category->criteria_first + i].parent < 0)
			add_family(page, category, category->criteria_first + i, heaviest);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

void site_criteria(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;
	const struct site_head head = {
		.title = "Criteria | assay",
		.description = "Every question that a GPU cloud is asked, with its weight.",
		.section = SECTION_CRITERIA,
		.twin = "criteria.json",
	};

	site_open(page, &head);
	html_add(page->into,
		 "<h1>Criteria</h1>\n<p class=\"lead\">%u questions in %u categories. Each has a "
		 "weight with its reason, and says what settles it and what each answer is "
		 "worth.</p>\n<nav class=\"contents\" aria-label=\"Categories\"><ul>",
		 standard->criterion_count, standard->category_count);
	for (uint32_t i = 0; i < standard->category_count; i++)
		html_add(page->into,
			 "<li><a href=\"#%s\">%s</a> <span class=\"minor\">%u</span></li>",
			 standard->categories[i].id, standard->categories[i].title,
			 standard->categories[i].criteria_count);
	text_add(page->into, "</ul></nav>\n");
	for (uint32_t i = 0; i < standard->category_count; i++)
		add_listing(page, &standard->categories[i]);
	site_close(page, &head);
}
