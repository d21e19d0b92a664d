/* The guide as a form: what a job needs, and which offers fit it. */
#include <string.h>

#include "report/advice.h"
#include "report/html.h"
#include "report/site_served.h"

const char *guide_value(const struct guide *guide, const char *field)
{
	for (size_t i = 0; i < guide->count; i++)
		if (strcmp(guide->fields[i].name, field) == 0)
			return guide->fields[i].value;
	return "";
}

struct input {
	const char *field, *label, *hint;
};

static void add_input(const struct site_page *page, const struct guide *guide,
		      const struct input *input)
{
	html_add(page->into,
		 "<p><label for=\"%s\">%s</label> <input id=\"%s\" name=\"%s\" type=\"text\" "
		 "value=\"%s\" placeholder=\"%s\"></p>\n",
		 input->field, input->label, input->field, input->field,
		 guide_value(guide, input->field), input->hint);
}

static void add_select(const struct site_page *page, const struct guide *guide,
		       const struct input *input, const char *const *values, size_t count)
{
	const char *chosen = guide_value(guide, input->field);

	html_add(page->into, "<p><label for=\"%s\">%s</label> <select id=\"%s\" name=\"%s\">",
		 input->field, input->label, input->field, input->field);
	html_add(page->into, "<option value=\"\">%s</option>", input->hint);
	for (size_t i = 0; i < count; i++)
		html_add(page->into,
			 strcmp(chosen, values[i]) == 0 ? "<option selected>%s</option>"
							: "<option>%s</option>",
			 values[i]);
	text_add(page->into, "</select></p>\n");
}

static void add_form(const struct site_page *page, const struct guide *guide)
{
	static const struct input inputs[] = {
		{ "gpus", "GPUs at once", "64" },
		{ "gpu", "GPU, the first is the yardstick", "H100, H200" },
		{ "hours", "Hours of work on all of them", "720" },
		{ "deadline", "Deadline, hours or a day", "none" },
		{ "regions", "Regions", "any" },
		{ "budget_usd", "Budget, USD", "none" },
	};
	static const struct input grade = { "minimum_grade", "Grade at least", "any, none too" };
	static const struct input stop = { "interruption", "May it be interrupted", "never" };
	static const struct input talk = { "communication.kind", "Communication", "of the work" };

	html_add(page->into,
		 "<form class=\"choose\" method=\"get\" action=\"%sguide\" aria-label=\"What the "
		 "job "
		 "needs\">\n",
		 page->root);
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		add_input(page, guide, &inputs[i]);
	add_select(page, guide, &stop, tolerance_names, TOLERANCE_COUNT);
	add_select(page, guide, &talk, traffic_names, TRAFFIC_COUNT);
	add_select(page, guide, &grade, grade_names, GRADE_COUNT);
	text_add(page->into, "<p><button type=\"submit\">Which cloud</button></p>\n</form>\n");
}

void site_guide(const struct site_page *page, const struct guide *guide)
{
	const struct report_style style = { .columns = 100 };
	const struct site_head head = {
		.title = "Which cloud fits | assay",
		.description = "Holds offers and grades against what a job needs.",
		.section = SECTION_GUIDE,
		/* Where nothing was asked yet, what is chosen among. */
		.twin = guide->query[0] != '\0'
				? arena_format(page->context->arena, "%sguide.json?%s", page->root,
					       guide->query)
				: arena_format(page->context->arena, "%smarket.json", page->root),
	};

	site_open(page, &head);
	text_add(page->into, "<h1>Which cloud, and which rental model</h1>\n"
			     "<p class=\"lead\">What the job needs is held against the prices that "
			     "are known and "
			     "the grades. What nobody told of an offer is charged at its dear end, "
			     "so that silence "
			     "never pays.</p>\n");
	if (guide->complaint)
		html_add(page->into, "<p class=\"verdict\" role=\"alert\">%s</p>\n",
			 site_sentence(guide->complaint, page->context->arena));
	add_form(page, guide);
	if (guide->advice)
		advice_write(guide->advice, FORMAT_HTML, &style, page->into);
	site_close(page, &head);
}
