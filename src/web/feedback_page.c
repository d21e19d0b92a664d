#include <string.h>

#include "base/json.h"
#include "report/feedback.h"
#include "report/html.h"
#include "report/phrase.h"
#include "web/feedback.h"
#include "web/pages.h"

static const char *moment(int64_t time, struct arena *arena)
{
	char text[TIME_TEXT_SIZE];

	return arena_string(arena, span_of(time_format(time, text)));
}

/* ---- what all of them come to ---- */

static void write_opinion(const struct said_part *page, const struct opinion *opinion,
			  struct arena *arena, struct text *into)
{
	const struct criterion *criterion = &page->standard->criteria[opinion->criterion];

	html_add(into,
		 "<tr><th scope=\"row\"><a href=\"/criterion/%s.html\">%s</a></th><td>%s</td>"
		 "<td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%u</td>"
		 "<td class=\"num\">%u</td><td>%s</td></tr>\n",
		 criterion->id, criterion->title, opinion_text(page->standard, opinion, arena),
		 score_text(opinion->worth, arena),
		 interval_text(opinion->low, opinion->high, arena), opinion->voice_count,
		 opinion->proven_count,
		 opinion->settles ? "counts in the rating" : "too few proven voices");
}

static void write_opinions(const struct said_part *page, struct arena *arena, struct text *into)
{
	html_add(into, "<h2 id=\"opinions\">What customers say</h2>\n");
	if (page->opinions->count == 0) {
		html_add(into, "<p>Nobody has answered yet.</p>\n");
		return;
	}
	html_add(
		into,
		"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"What customers "
		"say\">\n<table>\n<caption>By question: one tenant, one voice, weighed by proof"
		"</caption>\n<thead><tr><th scope=\"col\">question</th><th scope=\"col\">they say"
		"</th><th scope=\"col\" class=\"num\">worth</th><th scope=\"col\" class=\"num\">90 "
		"%% interval</th><th scope=\"col\" class=\"num\">voices</th><th scope=\"col\" "
		"class=\"num\">proven</th><th scope=\"col\">settled</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < page->opinions->count; i++)
		write_opinion(page, &page->opinions->items[i], arena, into);
	html_add(into, "</tbody>\n</table>\n</div>\n");
}

/* ---- each answer, its flags, what the provider says to it ---- */

static void write_flags(const struct said_part *page, uint32_t index, struct text *into)
{
	for (uint32_t i = 0; i < page->opinions->flag_count; i++) {
		const struct flag *flag = &page->opinions->flags[i];

		if (flag->submission == index)
			html_add(into,
				 "<p class=\"flag\"><strong>%s</strong>: %s; weighs less, and is "
				 "counted</p>\n",
				 suspicion_names[flag->suspicion], flag->reason);
	}
}

static void write_replies(const struct said_part *page, const char *about, struct arena *arena,
			  struct text *into)
{
	for (uint32_t i = 0; i < page->acts->count; i++) {
		const struct feedback_act *act = &page->acts->items[i];

		if (strcmp(act->act, "reply") == 0 && strcmp(act->about, about) == 0)
			html_add(into,
				 "<blockquote class=\"reply\"><p>%s replies, %s:</p>\n<p>%s</p>"
				 "</blockquote>\n",
				 act->provider, moment(act->time, arena), act->text);
	}
}

static const char *proof_text(const struct submission *one)
{
	static const char *const texts[PROOF_COUNT][2] = {
		[PROOF_NONE] = { "without proof", "without proof" },
		[PROOF_INVOICE] = { "an invoice, not shown yet", "an invoice, shown" },
		[PROOF_CODE] = { "a code that did not hold", "a code of the provider" },
		[PROOF_RUN] = { "a signed run, its cluster not shown yet",
				"a signed run of a cluster, shown" },
	};

	return texts[one->proof][one->is_proven];
}

static void write_answer(const struct said_part *page, const struct given_answer *answer,
			 struct text *into)
{
	const struct criterion *criterion = &page->standard->criteria[answer->criterion];
	char number[32];

	html_add(into, "<li>%s ", criterion->title);
	if (answer->says == SAYS_VALUE)
		html_add(into, "<strong>%s %s</strong>", number_format(answer->value, number),
			 criterion->unit);
	else
		html_add(into, "<strong>%s</strong>",
			 answer->says == SAYS_ANSWER ? answer->text : "does not concern them");
	if (answer->remark)
		html_add(into, "<br>\n<q>%s</q>", answer->remark);
	html_add(into, "</li>\n");
}

static void write_submission(const struct said_part *page, uint32_t index, struct arena *arena,
			     struct text *into)
{
	const struct submission *one = &page->said->items[index];

	html_add(into, "<article id=\"answer-%s\">\n<h3>%s</h3>\n<p>%s, %s</p>\n", one->id,
		 moment(one->time, arena), subject_name(&one->subject, SUBJECT_UNIT_PARTS, arena),
		 proof_text(one));
	write_flags(page, index, into);
	html_add(into, "<ul>\n");
	for (uint32_t i = 0; i < one->answer_count; i++)
		write_answer(page, &one->answers[i], into);
	html_add(into, "</ul>\n");
	if (one->remark)
		html_add(into, "<blockquote><p>%s</p></blockquote>\n", one->remark);
	write_replies(page, one->id, arena, into);
	html_add(into, "</article>\n");
}

static void write_said(const struct said_part *page, struct arena *arena, struct text *into)
{
	uint32_t count = page->said->count;
	uint32_t shown = count < ANSWERS_SHOWN_MAXIMUM ? count : ANSWERS_SHOWN_MAXIMUM;

	html_add(into,
		 "<h2 id=\"answers\">Their answers</h2>\n<p>%u of %u, the newest first. All of "
		 "them: <a href=\"/api/v1/feedback?provider=%s\">as JSON</a>. What was done "
		 "about any: <a href=\"/moderation\">the moderation log</a>.</p>\n",
		 shown, count, page->provider);
	write_replies(page, "", arena, into);
	for (uint32_t i = 0; i < shown; i++)
		write_submission(page, count - 1 - i, arena, into);
}

void said_part_write(const struct said_part *part, struct arena *arena, struct text *into)
{
	write_opinions(part, arena, into);
	write_said(part, arena, into);
}

void said_page_write(const struct site_page *page, const struct form *form,
		     const struct standard *standard, struct span said, bool is_taken)
{
	const char *provider = form->provider;
	struct arena *arena = page->context->arena;
	struct text *into = page->into;
	const struct site_head head = {
		.title = arena_format(arena, "Customers of %s | assay", provider),
		.description = "What customers say of a cloud, and the questions to them.",
		.section = SECTION_FEEDBACK,
		.twin = arena_format(arena, "/api/v1/opinions?provider=%s", provider),
	};

	site_open(page, &head);
	html_add(into, "<h1>Customers of %s</h1>\n", provider);
	if (is_taken)
		html_add(into, "<p role=\"status\" class=\"taken\"><strong>Thank you: your answers "
			       "were taken in</strong> and stand below. An answer that you gave "
			       "before is replaced by them. Of a question that enough proven "
			       "customers answer, what they say enters the rating.</p>\n");
	html_add(
		into,
		"<p><a href=\"/provider/%s.html\">The rating of %s</a>. <a href=\"#ask\">Answer as "
		"a customer</a>. Answers weigh by their proof, and nothing is left out for its "
		"tone.</p>\n",
		provider, provider);
	if (form->fault_count == 0)
		text_add_span(into, said);
	html_add(into,
		 "<h2 id=\"ask\">Questions to customers of %s</h2>\n<p>Answer what you know. ",
		 provider);
	if (form->all)
		html_add(into, "<a href=\"/feedback/%s#ask\">Only the first questions</a>.</p>\n",
			 provider);
	else
		html_add(into, "<a href=\"/feedback/%s?all=yes#ask\">All questions</a>.</p>\n",
			 provider);
	form_write(form, standard, into);
	site_close(page, &head);
}

/* What it is about, and of whom that speaks: only answers are sure to have a page of his. */
static void write_about(const struct feedback_act *act, struct text *into)
{
	static const char evidence[] = "evidence:";
	const char *about = act->about;

	if (strncmp(about, evidence, sizeof(evidence) - 1) == 0)
		html_add(into, "<td><a href=\"/record/%s\">%s</a></td>",
			 about + sizeof(evidence) - 1, about);
	else
		html_add(into, "<td>%s</td>", about[0] == '\0' ? "all" : about);
	if (strchr(about, ':'))
		html_add(into, "<td>%s</td>", act->provider);
	else
		html_add(into, "<td><a href=\"/feedback/%s\">%s</a></td>", act->provider,
			 act->provider);
}

void moderation_page_write(const struct site_page *page, const struct act_list *acts)
{
	struct arena *arena = page->context->arena;
	struct text *into = page->into;
	const struct site_head head = {
		.title = "Moderation log | assay",
		.description = "What was done about answers and evidence, with who and why.",
		.section = SECTION_FEEDBACK,
		.twin = "/api/v1/moderation",
	};

	site_open(page, &head);
	text_add(into, "<h1>Moderation log</h1>\n");
	html_add(into,
		 "<p>What was done about answers of customers, and about evidence and prices that "
		 "turned out wrong, with who and why, the newest first. What is withdrawn counts "
		 "no more and stays in the store; nothing is "
		 "withdrawn for its tone. Replies stand beside the answers. <a "
		 "href=\"/api/v1/moderation\">All acts as JSON</a>.</p>\n");
	if (acts->more)
		html_add(into, "<p>These are the newest %u; the older ones are in the JSON.</p>\n",
			 acts->count);
	if (acts->count == 0) {
		html_add(into, "<p>Nothing was done yet.</p>\n");
		site_close(page, &head);
		return;
	}
	html_add(
		into,
		"<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		"aria-label=\"Acts\">\n<table>\n"
		"<caption>Acts</caption>\n<thead><tr><th scope=\"col\">when</th><th "
		"scope=\"col\">act</th><th scope=\"col\">answer</th><th scope=\"col\">provider</th>"
		"<th scope=\"col\">by</th><th scope=\"col\">reason or text</th></tr></thead>\n"
		"<tbody>\n");
	for (uint32_t i = acts->count; i-- > 0;) {
		const struct feedback_act *act = &acts->items[i];

		html_add(into, "<tr><th scope=\"row\">%s</th><td>%s</td>", moment(act->time, arena),
			 act->act);
		write_about(act, into);
		html_add(into, "<td>%s</td><td>%s</td></tr>\n", act->party, act->text);
	}
	html_add(into, "</tbody>\n</table>\n</div>\n");
	site_close(page, &head);
}
