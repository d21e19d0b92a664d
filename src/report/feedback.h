/*
 * What customers are asked, and what their answers come to.
 */
#pragma once

#include "feedback/feedback.h"
#include "report/report.h"

/* The questions of the list. FORMAT_YAML is a form to fill in, FORMAT_JSON the document
 * assay/questionnaire/v1 with a form in it; a form is about `provider`, NULL leaves it open. */
struct questions {
	const struct standard *standard;
	const uint32_t *criteria;
	uint32_t count;
	const char *provider;
};

void questions_write(const struct questions *questions, enum report_format format,
		     const struct report_style *style, struct text *into);
void questions_json(const struct questions *questions, struct text *into);

/* Opinions and flags of submissions, as on `day`; FORMAT_JSON is assay/opinions/v1. */
struct opinion_report {
	const struct standard *standard;
	const struct submission *submissions;
	uint32_t submission_count;
	const struct opinions *opinions;
	date_t day;
};

void opinions_write(const struct opinion_report *report, enum report_format format,
		    const struct report_style *style, struct text *into);
void opinions_json(const struct opinion_report *report, struct text *into);

/* "good", "12 s", "does not apply": what an opinion says. */
const char *opinion_text(const struct standard *standard, const struct opinion *opinion,
			 struct arena *arena);
