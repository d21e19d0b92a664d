/*
 * What the pages of the site share: their frame and the small parts that look the same wherever
 * they stand. The functions of site_*.c each append one kind of page.
 */
#pragma once

#include "report/report.h"

/* What all pages are made from. */
struct site_context {
	const struct rating *rating;
	const struct standard *standard;
	struct arena *arena;
	const struct explanation *explanations; /* one for each provider, in the rating's order */
	const struct site_market *market;       /* NULL: only what the evidence says of prices */
	const struct gap *gaps;                 /* the most lacked first */
	uint32_t gap_count;
	/* What was published, by provider, then day, then when; filled in by who has a store. */
	const struct published_grade *history;
	uint32_t history_count;
	unsigned serves; /* bits of enum site_serves, report/report.h */
};

enum site_section {
	SECTION_RATINGS,
	SECTION_MARKET,
	SECTION_GUIDE, /* only when a server answers, as the next */
	SECTION_NODES,
	SECTION_FEEDBACK,
	SECTION_CRITERIA,
	SECTION_METHOD,
	SECTION_COUNT,
};

/* One page while it is written. */
struct site_page {
	const struct site_context *context;
	struct text *into;
	const char *root; /* from this page to the top of the site: "" or "../" */
};

struct site_head {
	const char *title, *description;
	enum site_section section;
	const char *twin; /* the JSON beside the page: "crusoe.json" */
};

/* Everything before and after what stands in <main>. */
void site_open(const struct site_page *page, const struct site_head *head);
void site_close(const struct site_page *page, const struct site_head *head);

void site_index(const struct site_page *page);
void site_market(const struct site_page *page);
void site_provider(const struct site_page *page, const struct explanation *explanation);
void site_criterion(const struct site_page *page, uint32_t index);
void site_criteria(const struct site_page *page);
void site_method(const struct site_page *page);

/* ---- sections of the provider's page, in files of their own ---- */

/* What decides the grade, where the points are, gates, the way up. */
void site_reasons(const struct site_page *page, const struct explanation *explanation);

/* The grades that were published; nothing where no store is served. */
void site_history(const struct site_page *page, const struct explanation *explanation);
const struct published_grade *site_history_of(const struct site_context *context,
					      const char *provider, uint32_t *ret_count);

/* What the provider itself says beside the findings. A record is its reply when it is a statement
 * whose source or publisher has the provider's name. */
void site_reply(const struct site_page *page, const struct explanation *explanation);
bool site_is_reply(const struct record *record);

/* ---- sections of the market page ---- */

/* The level of prices over time, effective prices, and what a job costs by rental model: each that
 * the context has. */
void site_trends(const struct site_page *page);
void site_effective(const struct site_page *page);
void site_models(const struct site_page *page);

/* What an hour costs by the three rental models, from the newest value of each key. */
void site_rentals(const struct site_page *page);

/* Records, what is not known, every criterion. */
void site_evidence(const struct site_page *page, const struct explanation *explanation);

/* ---- parts ---- */

/* A heading with a link to itself: <h2 id="…">. */
void site_heading(const struct site_page *page, const char *id, const char *title);

/* The grade as a chip that says its name; `look` is "", " large", or
 * " quiet" for one that is not at stake. */
void site_grade(const struct site_page *page, bool rated, enum grade grade, const char *look);

void site_provider_link(const struct site_page *page, const char *provider);
void site_criterion_link(const struct site_page *page, uint32_t criterion);

/* <time>; a dash when there is no day. */
void site_date(const struct site_page *page, date_t date);

/* A clause of the standard as a sentence: a capital in front, a full stop behind. */
const char *site_sentence(const char *clause, struct arena *arena);

/* "35 days", "14 months", "3.2 years" from `then` to `now`. */
const char *site_age_text(date_t then, date_t now, struct arena *arena);

/* The state of a criterion as a word with a sign before it. */
void site_state(const struct site_page *page, enum state state);
void site_gate_state(const struct site_page *page, enum gate_state state);

/* Opens a table that scrolls inside its own box and can be reached with the keyboard. The
 * caption is the name of both. Ends with site_table_close. */
void site_table_open(const struct site_page *page, const char *class, const char *caption);
void site_table_close(const struct site_page *page);

/* A worth in two-hundredths as a number from 0 to 1. */
const char *site_worth_text(uint16_t worth, struct arena *arena);

/* "new hardware or sites" */
const char *site_effort_text(uint8_t effort);

/* "E1" with what it means as a tooltip. */
void site_strength(const struct site_page *page, enum strength strength);
