/* On a provider's page: the grades that were published, and what the provider itself says. */
#include <string.h>
#include <strings.h>

#include "report/chart.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"

/* ---- history ---- */

static void add_grades(const struct site_page *page, const struct published_grade *rows,
		       uint32_t count)
{
	site_table_open(page, "trend", "Grades as they were published, the newest first");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Published</th><th scope=\"col\">As of</th>"
		 "<th scope=\"col\">Grade</th><th scope=\"col\" class=\"number\">Score</th>"
		 "<th scope=\"col\" class=\"number\">Possible</th>"
		 "<th scope=\"col\" class=\"number\">Rank</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = count; i-- > 0;) {
		const struct published_grade *row = &rows[i];

		text_add(page->into, "<tr><th scope=\"row\">");
		site_date(page, date_from_unix(row->taken));
		html_add(page->into, "<span class=\"minor\">%s</span></th><td>", row->league);
		site_date(page, row->day);
		text_add(page->into, "</td><td>");
		site_grade(page, row->rated, row->grade, "");
		html_add(page->into,
			 "</td><td class=\"number\">%.1f</td><td class=\"number\">%.1f–%.1f</td>"
			 "<td class=\"number\">",
			 row->score, row->low, row->high);
		if (row->rank > 0)
			html_add(page->into, "%u", row->rank);
		else
			text_add(page->into, "–");
		text_add(page->into, "</td></tr>\n");
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* As steps over the days that were rated; of one day what was published last. */
static void draw_grades(const struct site_page *page, const struct published_grade *rows,
			uint32_t count)
{
	struct dated_grade *items = ARENA_ARRAY(page->context->arena, struct dated_grade, count);
	uint32_t days = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (days > 0 && items[days - 1].date == rows[i].day)
			days--;
		items[days++] = (struct dated_grade){ .date = rows[i].day,
						      .rated = rows[i].rated,
						      .grade = rows[i].grade,
						      .overall = rows[i].score / 100 };
	}
	if (days > 1)
		chart_trend(page->into, rows[count - 1].day, items, days);
}

void site_history(const struct site_page *page, const struct explanation *explanation)
{
	uint32_t count;
	const struct published_grade *rows =
		site_history_of(page->context, explanation->provider->name, &count);

	if (!(page->context->serves & SITE_SERVES_FEEDBACK))
		return;
	site_heading(page, "history", "Grades that were published");
	if (count == 0) {
		text_add(page->into, "<p>No rating of it was published from here yet.</p>\n");
		return;
	}
	draw_grades(page, rows, count);
	add_grades(page, rows, count);
}

const struct published_grade *site_history_of(const struct site_context *context,
					      const char *provider, uint32_t *ret_count)
{
	uint32_t first = 0, count = 0;

	while (first < context->history_count &&
	       strcmp(context->history[first].provider, provider) != 0)
		first++;
	while (first + count < context->history_count &&
	       strcmp(context->history[first + count].provider, provider) == 0)
		count++;
	*ret_count = count;
	return context->history ? context->history + first : NULL;
}

/* ---- the provider's own words ---- */

bool site_is_reply(const struct record *record)
{
	const char *provider = record->subject.parts[SUBJECT_PROVIDER];
	const struct source *source = &record->source;

	return record->kind == KIND_STATEMENT &&
	       (strcasecmp(source->name, provider) == 0 ||
		(source->publisher && strcasecmp(source->publisher, provider) == 0));
}

static void add_reply(const struct site_page *page, const struct explanation *explanation,
		      const struct record *record)
{
	const struct standard *standard = page->context->standard;
	int32_t criterion = standard_find_criterion(standard, span_of(record->what));

	text_add(page->into, "<tr><th scope=\"row\">");
	if (criterion >= 0)
		site_criterion_link(page, (uint32_t)criterion);
	else
		html_add(page->into, "%s", record->what);
	text_add(page->into, "</th><td>");
	if (criterion >= 0)
		site_state(page, explanation->unit->settlements[criterion].state);
	else
		text_add(page->into, "–");
	html_add(page->into, "</td><td><q class=\"excerpt\">%s</q>",
		 record_text(record, page->context->arena));
	if (record->excerpt)
		html_add(page->into, "<span class=\"minor\">%s</span>", record->excerpt);
	text_add(page->into, "</td><td>");
	site_date(page, record->observed);
	if (html_is_web_address(record->source.url))
		html_add(page->into,
			 "<span class=\"minor\"><a rel=\"nofollow noreferrer\" href=\"%s\">where "
			 "it says so</a></span>",
			 record->source.url);
	text_add(page->into, "</td></tr>\n");
}

void site_reply(const struct site_page *page, const struct explanation *explanation)
{
	const struct unit *unit = explanation->unit;
	const char *name = explanation->provider->name;
	uint32_t count = 0;

	site_heading(page, "reply", "What the provider says");
	html_add(page->into,
		 "<p>These are the words of %s and not ours. They stand beside what was found; a "
		 "remark changes no grade, and a claim counts as no more than one.</p>\n",
		 name);
	for (uint32_t i = 0; i < unit->record_count; i++)
		count += site_is_reply(unit->records[i]);
	if (count == 0) {
		html_add(page->into, "<p>%s has said nothing here.</p>\n", name);
		return;
	}
	site_table_open(page, "replies", arena_format(page->context->arena, "Replies of %s", name));
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">About</th><th scope=\"col\">Found</th>"
		 "<th scope=\"col\">In its own words</th><th scope=\"col\">Said</th></tr></thead>\n"
		 "<tbody>\n");
	for (uint32_t i = 0; i < unit->record_count; i++)
		if (site_is_reply(unit->records[i]))
			add_reply(page, explanation, unit->records[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}
