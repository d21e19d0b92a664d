#include "base/json.h"
#include "feedback/submission.h"
#include "report/feedback.h"
#include "report/page.h"

/* ---- a form in YAML ---- */

static void write_comment(struct text *into, const char *indent, const char *text)
{
	text_format(into, "%s# ", indent);
	/* A line end in the standard's text must not end the comment. */
	for (; *text; text++)
		text_add_char(into, *text == '\n' || *text == '\r' ? ' ' : *text);
	text_add_char(into, '\n');
}

static void write_question_yaml(const struct criterion *criterion, struct text *into)
{
	text_add_char(into, '\n');
	write_comment(into, "  ", criterion->title);
	write_comment(into, "  ", criterion->question);
	for (uint32_t i = 0; i < criterion->answer_count; i++)
		text_format(into, "  #   %s: %s\n", criterion->answers[i].name,
			    criterion->answers[i].means);
	if (criterion->unit)
		text_format(into, "  #   a number in %s\n", criterion->unit);
	if (criterion->not_applicable)
		text_format(into, "  #   or { not_applicable: why }, as: %s\n",
			    criterion->not_applicable);
	text_format(into, "  %s:\n", criterion->id);
}

static void write_yaml(const struct questions *questions, struct text *into)
{
	text_format(into,
		    "# Questions to customers, by %s %s. Answer what you know and leave the rest "
		    "empty.\n"
		    "# A remark: { answer: good, remark: \"what happened\" }. "
		    "Then: assay feedback check FILE\n"
		    "schema: %s\n"
		    "subject:\n"
		    "  provider: %s\n"
		    "  product:\n"
		    "  region:\n"
		    "  gpu:\n"
		    "# What tells you from other customers; whoever takes the form in keeps only a "
		    "hash of it.\n"
		    "tenant:\n"
		    "# When you answered: YYYY-MM-DDTHH:MM:SSZ.\n"
		    "time:\n"
		    "# That you rent there: none, invoice, code or run, and its mark (a hash).\n"
		    "proof: { kind: none, mark: }\n"
		    "# Whom you work for, if it is a provider; whether it competes with this one; "
		    "whether you\n"
		    "# get anything for answering.\n"
		    "employer:\n"
		    "competes: false\n"
		    "paid_for: false\n"
		    "# About how many GPU hours you have rented.\n"
		    "gpu_hours:\n"
		    "# On the whole, in your own words.\n"
		    "remark:\n"
		    "answers:\n",
		    questions->standard->name, questions->standard->version, FEEDBACK_SCHEMA,
		    questions->provider ? questions->provider : "");
	for (uint32_t i = 0; i < questions->count; i++)
		write_question_yaml(&questions->standard->criteria[questions->criteria[i]], into);
}

/* ---- JSON ---- */

static void write_question_json(struct json_writer *json, const struct standard *standard,
				const struct criterion *criterion)
{
	json_open_object(json);
	json_pair_string(json, "criterion", criterion->id);
	json_pair_string(json, "category", standard->categories[criterion->category].id);
	json_pair_string(json, "title", criterion->title);
	json_pair_string(json, "question", criterion->question);
	json_pair_string(json, "why", criterion->why);
	json_key(json, "answers");
	json_open_array(json);
	for (uint32_t i = 0; i < criterion->answer_count; i++) {
		json_open_object(json);
		json_pair_string(json, "answer", criterion->answers[i].name);
		json_pair_string(json, "means", criterion->answers[i].means);
		json_close_object(json);
	}
	json_close_array(json);
	json_pair_string(json, "unit", criterion->unit);
	json_pair_string(json, "not_applicable", criterion->not_applicable);
	json_close_object(json);
}

static void write_form_json(struct json_writer *json, const struct questions *questions)
{
	json_key(json, "form");
	json_open_object(json);
	json_pair_string(json, "schema", FEEDBACK_SCHEMA);
	json_key(json, "subject");
	json_open_object(json);
	json_pair_string(json, "provider", questions->provider ? questions->provider : "");
	json_close_object(json);
	json_pair_string(json, "tenant", NULL);
	json_pair_string(json, "time", NULL);
	json_key(json, "proof");
	json_open_object(json);
	json_pair_string(json, "kind", proof_names[PROOF_NONE]);
	json_pair_string(json, "mark", NULL);
	json_close_object(json);
	json_pair_string(json, "employer", NULL);
	json_pair_bool(json, "competes", false);
	json_pair_bool(json, "paid_for", false);
	json_pair_string(json, "gpu_hours", NULL);
	json_pair_string(json, "remark", NULL);
	json_key(json, "answers");
	json_open_object(json);
	for (uint32_t i = 0; i < questions->count; i++)
		json_pair_string(json, questions->standard->criteria[questions->criteria[i]].id,
				 NULL);
	json_close_object(json);
	json_close_object(json);
}

void questions_json(const struct questions *questions, struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/questionnaire/v1");
	json_key(&json, "standard");
	json_open_object(&json);
	json_pair_string(&json, "name", questions->standard->name);
	json_pair_string(&json, "version", questions->standard->version);
	json_close_object(&json);
	json_key(&json, "questions");
	json_open_array(&json);
	for (uint32_t i = 0; i < questions->count; i++)
		write_question_json(&json, questions->standard,
				    &questions->standard->criteria[questions->criteria[i]]);
	json_close_array(&json);
	write_form_json(&json, questions);
	json_close_object(&json);
	text_add_char(into, '\n');
}

/* ---- for people ---- */

static void add_question(const struct page *page, const struct criterion *criterion)
{
	page_paragraph(page, "%s: %s", criterion->id, criterion->question);
	for (uint32_t i = 0; i < criterion->answer_count; i++)
		page_item(page, "%s: %s", criterion->answers[i].name, criterion->answers[i].means);
	if (criterion->unit)
		page_item(page, "a number in %s", criterion->unit);
	if (criterion->not_applicable)
		page_item(page, "does not concern us: %s", criterion->not_applicable);
	page_end_list(page);
}

static void write_page(const struct page *page, const struct questions *questions)
{
	const struct standard *standard = questions->standard;
	uint16_t category = UINT16_MAX;

	page_title(page, "%u questions to customers%s%s, by %s %s", questions->count,
		   questions->provider ? " of " : "",
		   questions->provider ? questions->provider : "", standard->name,
		   standard->version);
	for (uint32_t i = 0; i < questions->count; i++) {
		const struct criterion *criterion = &standard->criteria[questions->criteria[i]];

		if (criterion->category != category)
			page_heading(page, "%s", standard->categories[criterion->category].title);
		category = criterion->category;
		add_question(page, criterion);
	}
	page_paragraph(page, "A form to fill in: assay feedback questions --format=yaml");
}

static void write_rows(const struct questions *questions, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "criterion" },
		{ .title = "question" },
		{ .title = "answers" },
		{ .title = "unit" },
	};
	TABLE(table, columns, arena);

	for (uint32_t i = 0; i < questions->count; i++) {
		const struct criterion *criterion =
			&questions->standard->criteria[questions->criteria[i]];
		SCOPED_TEXT(answers);

		for (uint32_t k = 0; k < criterion->answer_count; k++)
			text_format(&answers, "%s%s", k ? " " : "", criterion->answers[k].name);
		table_cell(&table, criterion->id);
		table_cell(&table, criterion->question);
		table_cell(&table, arena_string(arena, text_span(&answers)));
		table_cell(&table, criterion->unit);
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void questions_write(const struct questions *questions, enum report_format format,
		     const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_YAML)
		write_yaml(questions, into);
	else if (format == FORMAT_JSON)
		questions_json(questions, into);
	else if (format == FORMAT_CSV)
		write_rows(questions, style, &arena, into);
	else
		write_page(&page, questions);
}
