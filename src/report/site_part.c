/* The small parts that look the same on every page. */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "report/chart.h"
#include "report/html.h"
#include "report/site_page.h"

void site_heading(const struct site_page *page, const char *id, const char *title)
{
	html_add(page->into, "<h2 id=\"%s\"><a class=\"self\" href=\"#%s\">%s</a></h2>\n", id, id,
		 title);
}

void site_grade(const struct site_page *page, bool rated, enum grade grade, const char *look)
{
	html_add(page->into, "<span class=\"chip %s%s\">%s</span>",
		 rated ? grade_class(grade) : "unrated", look,
		 rated ? grade_names[grade] : "Not rated");
}

void site_provider_link(const struct site_page *page, const char *provider)
{
	html_add(page->into, "<a href=\"%sprovider/%s.html\">%s</a>", page->root, provider,
		 provider);
}

void site_criterion_link(const struct site_page *page, uint32_t criterion)
{
	const struct criterion *one = &page->context->standard->criteria[criterion];

	html_add(page->into, "<a href=\"%scriterion/%s.html\">%s</a>", page->root, one->id,
		 one->title);
}

void site_date(const struct site_page *page, date_t date)
{
	char text[DATE_TEXT_SIZE];

	date_format(date, text);
	if (text[0] == '\0')
		text_add(page->into, "–");
	else
		html_add(page->into, "<time datetime=\"%s\">%s</time>", text, text);
}

const char *site_sentence(const char *clause, struct arena *arena)
{
	if (!clause || clause[0] == '\0')
		return "";

	char first = clause[0];
	char last = clause[strlen(clause) - 1];
	bool ends = last == '.' || last == '?' || last == '!';

	if (first >= 'a' && first <= 'z')
		first = (char)(first - 'a' + 'A');
	return arena_format(arena, "%c%s%s", first, clause + 1, ends ? "" : ".");
}

const char *site_age_text(date_t then, date_t now, struct arena *arena)
{
	enum {
		DAYS_SHOWN = 60,
		MONTHS_SHOWN = 24,
	};
	const double days_per_month = 365.25 / 12;
	const double days_per_year = 365.25;
	long days = (long)now - then;
	SCOPED_TEXT(text);

	if (days <= DAYS_SHOWN)
		text_format(&text, "%ld day%s", days, days == 1 ? "" : "s");
	else if ((double)days < MONTHS_SHOWN * days_per_month)
		html_add(&text, "%.0f months", (double)days / days_per_month);
	else
		html_add(&text, "%.1f years", (double)days / days_per_year);
	return arena_string(arena, text_span(&text));
}

/* A word with a sign, so that neither colour nor shape alone carries the meaning. */
struct mark {
	const char *class, *sign, *word;
};

static void add_mark(const struct site_page *page, const struct mark *mark)
{
	html_add(page->into,
		 "<span class=\"state %s\"><span class=\"sign\" aria-hidden=\"true\">%s</span>"
		 "%s</span>",
		 mark->class, mark->sign, mark->word);
}

void site_state(const struct site_page *page, enum state state)
{
	static const struct mark marks[] = {
		[STATE_UNSETTLED] = { "unknown", "?", "not known" },
		[STATE_STALE] = { "unknown", "?", "stale" },
		[STATE_WITHHELD] = { "bad", "✕", "withheld" },
		[STATE_CONFLICT] = { "warn", "≠", "in conflict" },
		[STATE_SETTLED] = { "good", "✓", "settled" },
		[STATE_NOT_APPLICABLE] = { "away", "–", "not applicable" },
		[STATE_OUT_OF_PROFILE] = { "away", "–", "out of profile" },
	};

	static_assert(sizeof(marks) / sizeof(marks[0]) == STATE_COUNT, "one for each");
	add_mark(page, &marks[state]);
}

void site_gate_state(const struct site_page *page, enum gate_state state)
{
	static const struct mark marks[] = {
		[GATE_PASSED] = { "good", "✓", "passed" },
		[GATE_OPEN] = { "unknown", "?", "open" },
		[GATE_FAILED] = { "bad", "✕", "failed" },
		[GATE_SILENT] = { "warn", "!", "not shown" },
		[GATE_AWAY] = { "away", "–", "does not apply" },
	};

	static_assert(sizeof(marks) / sizeof(marks[0]) == GATE_STATE_COUNT, "one for each");
	add_mark(page, &marks[state]);
}

void site_table_open(const struct site_page *page, const char *class, const char *caption)
{
	html_add(page->into,
		 "<div class=\"scroll\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">"
		 "<table class=\"%s\">\n<caption>%s</caption>\n",
		 caption, class, caption);
}

void site_table_close(const struct site_page *page)
{
	text_add(page->into, "</table></div>\n");
}

const char *site_worth_text(uint16_t worth, struct arena *arena)
{
	char number[32];

	return arena_format(arena, "%s", number_format(worth / (double)WORTH_ONE, number));
}

const char *site_effort_text(uint8_t effort)
{
	static const char *const efforts[] = {
		"none",
		"a setting",
		"a week's work",
		"a project",
		"a programme of months",
		"new hardware or sites",
	};

	static_assert(sizeof(efforts) / sizeof(efforts[0]) == EFFORT_MAXIMUM + 1, "one for each");
	assert(effort <= EFFORT_MAXIMUM);
	return efforts[effort];
}

void site_strength(const struct site_page *page, enum strength strength)
{
	html_add(page->into, "<abbr title=\"%s\">%s</abbr>",
		 page->context->standard->strengths[strength].title, strength_names[strength]);
}
