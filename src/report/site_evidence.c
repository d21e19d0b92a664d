/* On a provider's page: its records, what is not known, and every criterion. */
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"

enum {
	UNKNOWN_SHOWN = 12,
};

/* One record with the place at which it stands. */
struct entry {
	const struct record *record;
	int32_t criterion; /* -1: about none */
	bool concerns;     /* the unit that stands for the provider */
};

/* What a record does for the grade. */
struct use {
	const char *class, *word;
	const char *day_of; /* a word before the day on which it is due; NULL without */
};

/* ---- collecting ---- */

static int by_place(const void *a, const void *b)
{
	const struct entry *one = a;
	const struct entry *other = b;

	if (one->criterion != other->criterion) {
		/* What is about no criterion stands last: -1 is the largest without a sign. */
		return (uint32_t)one->criterion < (uint32_t)other->criterion ? -1 : 1;
	}
	if (one->concerns != other->concerns)
		return one->concerns ? -1 : 1;
	if (one->record->observed != other->record->observed)
		return one->record->observed > other->record->observed ? -1 : 1;
	return strcmp(one->record->id, other->record->id);
}

static bool has_record(const struct unit *unit, const struct record *record)
{
	for (uint32_t i = 0; i < unit->record_count; i++) {
		if (unit->records[i] == record)
			return true;
	}
	return false;
}

/* All records about the provider's units, each once, in the order shown. */
static struct entry *collect(const struct site_page *page, const struct explanation *explanation,
			     uint32_t *ret_count)
{
	const struct provider *provider = explanation->provider;
	uint32_t room = 0;
	uint32_t count = 0;

	for (uint32_t i = 0; i < provider->unit_count; i++)
		room += provider->units[i].record_count;

	struct entry *entries = ARENA_ARRAY(page->context->arena, struct entry, room);
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const struct unit *unit = &provider->units[i];

		for (uint32_t j = 0; j < unit->record_count; j++) {
			const struct record *record = unit->records[j];

			entries[count++] = (struct entry){
				.record = record,
				.criterion = standard_find_criterion(page->context->standard,
								     span_of(record->what)),
				.concerns = has_record(explanation->unit, record),
			};
		}
	}
	if (count > 0)
		qsort(entries, count, sizeof(*entries), by_place);

	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (kept == 0 || entries[kept - 1].record != entries[i].record)
			entries[kept++] = entries[i];
	}
	*ret_count = kept;
	return entries;
}

/* ---- what a record does ---- */

static bool decides(const struct settlement *settlement, const struct record *record)
{
	for (uint32_t i = 0; i < settlement->record_count; i++) {
		if (settlement->records[i] == record)
			return true;
	}
	return false;
}

static bool is_expired(const struct record *record, const struct criterion *criterion, date_t day)
{
	if (record->expires != DATE_NONE)
		return record->expires < day;
	return (int64_t)record->observed + criterion->expiry_days < day;
}

/* Of a record that is about no criterion. */
static const char *other_use_of(const struct record *record)
{
	if (record->says == SAYS_WITHHELD)
		return "asked for and not shown";
	if (strcmp(record->what, "share") == 0)
		return "tells which unit counts";
	if (strcmp(record->what, "volume") == 0)
		return "tells the size";
	return "read by checks";
}

static struct use use_of(const struct site_page *page, const struct explanation *explanation,
			 const struct entry *entry)
{
	const struct record *record = entry->record;
	date_t day = explanation->rating->request.as_of;

	if (record->announced)
		return record->due == DATE_NONE
			       ? (struct use){ "away", "announced, no day given", NULL }
			       : (struct use){ "away", "announced for ", "due" };
	if (!entry->concerns)
		return (struct use){ "away", "about another unit", NULL };
	if (record->says == SAYS_TEXT)
		return (struct use){ "away", "remark", NULL };
	if (entry->criterion < 0)
		return (struct use){ "away", other_use_of(record), NULL };

	const struct criterion *criterion = &page->context->standard->criteria[entry->criterion];
	const struct settlement *settlement = &explanation->unit->settlements[entry->criterion];

	if (record->observed > day)
		return (struct use){ "away", "after the day", NULL };
	if (record->strength < criterion->strength)
		return (struct use){ "away", "too weak to settle it", NULL };
	if (is_expired(record, criterion, day))
		return (struct use){ "unknown", "too old to count", NULL };
	if (!decides(settlement, record))
		return (struct use){ "away", "outweighed", NULL };
	if (settlement->state == STATE_CONFLICT)
		return (struct use){ "warn", "in conflict", NULL };
	if (settlement->state == STATE_WITHHELD)
		return (struct use){ "bad", "withheld", NULL };
	return (struct use){ "good", "decides", NULL };
}

/* ---- the table of records ---- */

static void add_source(const struct site_page *page, const struct source *source)
{
	if (html_is_web_address(source->url))
		html_add(page->into, "<a rel=\"nofollow noreferrer\" href=\"%s\">%s</a>",
			 source->url, source->name);
	else
		html_add(page->into, "%s", source->name);
	if (source->publisher)
		html_add(page->into, "<span class=\"minor\">%s</span>", source->publisher);
	if (source->tool)
		html_add(page->into, "<span class=\"minor\">%s%s%s</span>", source->tool,
			 source->version ? " " : "", source->version ? source->version : "");
}

static void add_says(const struct site_page *page, const struct entry *entry)
{
	struct arena *arena = page->context->arena;
	uint16_t worth;

	html_add(page->into, "<td data-label=\"Says\">%s", record_text(entry->record, arena));
	if (entry->criterion >= 0 &&
	    criterion_worth(&page->context->standard->criteria[entry->criterion], entry->record,
			    &worth))
		html_add(page->into, "<span class=\"minor\">worth %s</span>",
			 site_worth_text(worth, arena));
	text_add(page->into, "</td>");
}

static void add_about(const struct site_page *page, const struct entry *entry)
{
	const struct record *record = entry->record;
	bool narrow = subject_depth(&record->subject, SUBJECT_PART_COUNT) > 1;

	html_add(page->into, "<tr id=\"record-%s\"><th scope=\"row\" class=\"about\">", record->id);
	if (entry->criterion >= 0)
		site_criterion_link(page, (uint32_t)entry->criterion);
	else
		html_add(page->into, "%s", record->what);
	if (narrow)
		html_add(page->into, "<span class=\"minor\">%s</span>",
			 subject_name(&record->subject, SUBJECT_PART_COUNT, page->context->arena));
	if (record->excerpt)
		html_add(page->into, "<q class=\"excerpt\">%s</q>", record->excerpt);
	if (page->context->serves)
		html_add(page->into,
			 "<span class=\"minor\"><a href=\"%srecord/%s\">the record as it is</a>"
			 "</span>",
			 page->root, record->id);
	text_add(page->into, "</th>");
}

static void add_record(const struct site_page *page, const struct explanation *explanation,
		       const struct entry *entry)
{
	const struct record *record = entry->record;
	struct use use = use_of(page, explanation, entry);

	add_about(page, entry);
	add_says(page, entry);
	html_add(page->into, "<td data-label=\"Use\"><span class=\"state %s\">%s", use.class,
		 use.word);
	if (use.day_of)
		site_date(page, record->due);
	text_add(page->into, "</span></td><td data-label=\"Strength\">");
	site_strength(page, record->strength);
	html_add(page->into, "<span class=\"minor\">%s%s</span></td><td data-label=\"Observed\">",
		 evidence_kind_names[record->kind],
		 site_is_reply(record) ? " of the provider" : "");
	site_date(page, record->observed);
	html_add(page->into, "<span class=\"minor\">%s old</span></td><td data-label=\"Source\">",
		 site_age_text(record->observed, explanation->rating->request.as_of,
			       page->context->arena));
	add_source(page, &record->source);
	text_add(page->into, "</td></tr>\n");
}

/* The category's index; the number of categories for what is about none. */
static uint32_t category_of(const struct site_page *page, const struct entry *entry)
{
	const struct standard *standard = page->context->standard;

	return entry->criterion < 0 ? standard->category_count
				    : standard->criteria[entry->criterion].category;
}

static void add_records(const struct site_page *page, const struct explanation *explanation)
{
	const struct standard *standard = page->context->standard;
	uint32_t count;
	const struct entry *entries = collect(page, explanation, &count);
	uint32_t open = UINT32_MAX;

	site_heading(page, "evidence", "Evidence");
	if (count == 0) {
		text_add(page->into, "<p>There is no evidence.</p>\n");
		return;
	}
	site_table_open(page, "evidence cards",
			"All records, with their age on the day of the rating");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">About</th><th scope=\"col\">Says</th>"
		 "<th scope=\"col\">Use</th><th scope=\"col\">Strength</th>"
		 "<th scope=\"col\">Observed</th><th scope=\"col\">Source</th></tr></thead>\n");
	for (uint32_t i = 0; i < count; i++) {
		uint32_t category = category_of(page, &entries[i]);

		if (category != open) {
			text_add(page->into, open == UINT32_MAX ? "" : "</tbody>");
			html_add(page->into,
				 "<tbody>\n<tr class=\"band\"><th colspan=\"6\" "
				 "scope=\"rowgroup\">%s</th></tr>\n",
				 category < standard->category_count
					 ? standard->categories[category].title
					 : "About no single criterion");
			open = category;
		}
		add_record(page, explanation, &entries[i]);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- what is not known ---- */

static void add_unknown_row(const struct site_page *page, const struct explanation *explanation,
			    uint32_t index)
{
	const struct standard *standard = page->context->standard;
	const struct settlement *settlement = &explanation->unit->settlements[index];
	double leverage = criterion_leverage(standard, explanation->unit, index);

	text_add(page->into, "<tr><th scope=\"row\">");
	site_criterion_link(page, index);
	html_add(page->into, "<span class=\"minor\">%s</span></th><td>",
		 standard->categories[standard->criteria[index].category].title);
	site_state(page, settlement->state);
	html_add(page->into,
		 "</td><td class=\"number\">+%.2f</td><td class=\"number\">−%.2f</td></tr>\n",
		 leverage * (WORTH_ONE - settlement->point), leverage * settlement->point);
}

static void add_unknown(const struct site_page *page, const struct explanation *explanation)
{
	uint32_t count = explanation->unknown_count;

	site_heading(page, "unknown", "What is not known");
	if (count == 0) {
		text_add(page->into, "<p>Every criterion is settled.</p>\n");
		return;
	}
	html_add(page->into,
		 "<p>Nothing settles %u of the %u criteria. Until something does, each counts as "
		 "what it is presumed to be. These could move the score the most.</p>\n",
		 count, page->context->standard->criterion_count);
	site_table_open(page, "unknown", "Criteria that nothing settles, by what they could bring");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">State</th>"
		 "<th scope=\"col\" class=\"number\">Could bring</th>"
		 "<th scope=\"col\" class=\"number\">Could cost</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < count && i < UNKNOWN_SHOWN; i++)
		add_unknown_row(page, explanation, explanation->unknown[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
	if (count > UNKNOWN_SHOWN)
		text_add(page->into, "<p><a href=\"#criteria\">All of them, by category</a></p>\n");
}

/* ---- every criterion ---- */

static void add_criterion_row(const struct site_page *page, const struct unit *unit, uint32_t index)
{
	const struct settlement *settlement = &unit->settlements[index];
	struct arena *arena = page->context->arena;
	bool counts = settlement->state != STATE_NOT_APPLICABLE &&
		      settlement->state != STATE_OUT_OF_PROFILE;

	text_add(page->into, "<tr><th scope=\"row\">");
	site_criterion_link(page, index);
	text_add(page->into, "</th><td>");
	site_state(page, settlement->state);
	html_add(page->into, "</td><td>%s",
		 settlement->record_count > 0 || settlement->check
			 ? settlement_text(settlement, arena)
			 : "");
	if (settlement->reason)
		html_add(page->into, "<span class=\"minor\">%s</span>", settlement->reason);
	html_add(page->into, "</td><td class=\"number\">%s</td><td class=\"number\">%u</td></tr>\n",
		 counts ? site_worth_text(settlement->point, arena) : "–",
		 page->context->standard->criteria[index].weight);
}

static void add_category(const struct site_page *page, const struct unit *unit, uint32_t index)
{
	const struct category *category = &page->context->standard->categories[index];
	const struct category_score *score = &unit->categories[index];

	html_add(page->into,
		 "<details><summary><span>%s</span><span class=\"minor\">score %.1f, %s of the "
		 "weight is settled</span></summary>\n",
		 category->title, score->point * 100,
		 percent_text(score->coverage, page->context->arena));
	site_table_open(page, "criteria", category->title);
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">State</th>"
		 "<th scope=\"col\">Shown</th><th scope=\"col\" class=\"number\">Worth</th>"
		 "<th scope=\"col\" class=\"number\">Weight</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < category->criteria_count; i++)
		add_criterion_row(page, unit, category->criteria_first + i);
	text_add(page->into, "</tbody>");
	site_table_close(page);
	text_add(page->into, "</details>\n");
}

void site_evidence(const struct site_page *page, const struct explanation *explanation)
{
	add_records(page, explanation);
	add_unknown(page, explanation);
	site_heading(page, "criteria", "Every criterion");
	for (uint32_t i = 0; i < page->context->standard->category_count; i++)
		add_category(page, explanation->unit, i);
}
