#include <math.h>

#include "base/json.h"
#include "report/feedback.h"
#include "report/page.h"
#include "report/phrase.h"

const char *opinion_text(const struct standard *standard, const struct opinion *opinion,
			 struct arena *arena)
{
	char number[32];

	if (opinion->says == SAYS_NOT_APPLICABLE)
		return "does not apply";
	if (opinion->says == SAYS_ANSWER)
		return opinion->text;
	return arena_format(arena, "%s %s", number_format(opinion->value, number),
			    standard->criteria[opinion->criterion].unit);
}

static void add_opinion(struct table *table, const struct opinion_report *report,
			const struct opinion *opinion)
{
	struct arena *arena = table->arena;

	table_cell(table, subject_name(&opinion->subject, SUBJECT_UNIT_PARTS, arena));
	table_cell(table, report->standard->criteria[opinion->criterion].id);
	table_cell(table, opinion_text(report->standard, opinion, arena));
	table_cell(table, score_text(opinion->worth, arena));
	table_cell(table, interval_text(opinion->low, opinion->high, arena));
	table_format(table, "%u", opinion->voice_count);
	table_format(table, "%u", opinion->proven_count);
	table_cell(table, decimal_text(opinion->weight, 2, arena));
	table_cell(table, opinion->settles ? "yes" : "no");
}

static void fill_opinions(struct table *table, const struct opinion_report *report)
{
	for (uint32_t i = 0; i < report->opinions->count; i++)
		add_opinion(table, report, &report->opinions->items[i]);
}

static void add_flags(const struct page *page, const struct opinion_report *report)
{
	static const struct column columns[] = {
		{ .title = "submission" },
		{ .title = "flag" },
		{ .title = "reason" },
	};
	TABLE(table, columns, page->arena);

	page_heading(page, "%u flags: these weigh less, and are counted all the same",
		     report->opinions->flag_count);
	for (uint32_t i = 0; i < report->opinions->flag_count; i++) {
		const struct flag *flag = &report->opinions->flags[i];

		table_cell(&table, report->submissions[flag->submission].id);
		table_cell(&table, suspicion_names[flag->suspicion]);
		table_cell(&table, flag->reason);
	}
	page_table(page, &table);
}

void opinions_write(const struct opinion_report *report, enum report_format format,
		    const struct report_style *style, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "subject" },
		{ .title = "question" },
		{ .title = "customers say" },
		{ .title = "worth", .right = true },
		{ .title = "90 %", .right = true },
		{ .title = "voices", .right = true },
		{ .title = "proven", .right = true },
		{ .title = "weight", .right = true },
		{ .title = "settles" },
	};
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};
	char day[DATE_TEXT_SIZE];

	if (format == FORMAT_JSON) {
		opinions_json(report, into);
		return;
	}
	fill_opinions(&table, report);
	if (format == FORMAT_CSV) {
		table_write(&table, FORMAT_CSV, style, into);
		return;
	}
	page_title(&page, "What customers say on %s: %s on %s", date_format(report->day, day),
		   count_text(report->submission_count, "submission", &arena),
		   count_text(report->opinions->count, "question", &arena));
	page_table(&page, &table);
	if (report->opinions->flag_count > 0)
		add_flags(&page, report);
}

static void write_said(struct json_writer *json, const struct standard *standard,
		       const struct opinion *opinion)
{
	const struct criterion *criterion = &standard->criteria[opinion->criterion];

	if (opinion->says == SAYS_VALUE) {
		json_key(json, "value");
		json_put_number(json, opinion->value);
		json_pair_string(json, "unit", criterion->unit);
	} else {
		json_pair_string(json, record_says_names[opinion->says], opinion->text);
	}
	json_key(json, "answers");
	json_open_object(json);
	for (uint32_t i = 0; i < criterion->answer_count; i++)
		json_pair_integer(json, criterion->answers[i].name, opinion->tally[i]);
	json_close_object(json);
}

static void write_opinion(struct json_writer *json, const struct standard *standard,
			  const struct opinion *opinion)
{
	char day[DATE_TEXT_SIZE];

	json_open_object(json);
	json_key(json, "subject");
	json_open_object(json);
	for (unsigned i = 0; i < SUBJECT_UNIT_PARTS; i++)
		if (opinion->subject.parts[i])
			json_pair_string(json, subject_part_names[i], opinion->subject.parts[i]);
	json_close_object(json);
	json_pair_string(json, "criterion", standard->criteria[opinion->criterion].id);
	write_said(json, standard, opinion);
	json_pair_decimal(json, "worth", opinion->worth, 3);
	json_pair_decimal(json, "low", opinion->low, 3);
	json_pair_decimal(json, "high", opinion->high, 3);
	json_pair_integer(json, "voices", opinion->voice_count);
	json_pair_integer(json, "proven", opinion->proven_count);
	json_pair_integer(json, "independent", opinion->independent_count);
	json_pair_decimal(json, "weight", opinion->weight, 3);
	json_pair_bool(json, "settles", opinion->settles);
	json_pair_string(json, "newest", date_format(opinion->newest, day));
	json_pair_string(json, "lapses",
			 opinion->lapses == DATE_NONE ? NULL : date_format(opinion->lapses, day));
	json_close_object(json);
}

void opinions_json(const struct opinion_report *report, struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };
	char day[DATE_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/opinions/v1");
	json_pair_string(&json, "day", date_format(report->day, day));
	json_pair_integer(&json, "submissions", report->submission_count);
	json_key(&json, "opinions");
	json_open_array(&json);
	for (uint32_t i = 0; i < report->opinions->count; i++)
		write_opinion(&json, report->standard, &report->opinions->items[i]);
	json_close_array(&json);
	json_key(&json, "flags");
	json_open_array(&json);
	for (uint32_t i = 0; i < report->opinions->flag_count; i++) {
		const struct flag *flag = &report->opinions->flags[i];

		json_open_object(&json);
		json_pair_string(&json, "submission", report->submissions[flag->submission].id);
		json_pair_string(&json, "flag", suspicion_names[flag->suspicion]);
		json_pair_string(&json, "reason", flag->reason);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_close_object(&json);
	text_add_char(into, '\n');
}
