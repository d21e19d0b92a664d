/*
 * What is shown of a rating, on a terminal, as JSON, CSV or Markdown. Writers append to a text
 * and never print; the same rating gives the same bytes. JSON carries "schema" with a version;
 * data/schema/ describes each.
 */
#pragma once

#include "base/text.h"
#include "rating/rating.h"

enum report_format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_MARKDOWN,
	FORMAT_JUNIT,      /* of checks only, as the next two */
	FORMAT_PROMETHEUS, /* text exposition, for a node exporter's text file collector */
	FORMAT_NAGIOS,     /* one line and the plug-in's exit status */
	FORMAT_LINES,      /* records as JSON Lines */
	FORMAT_HTML,       /* a page, or a piece of one */
	FORMAT_YAML,       /* a form to fill in */
	FORMAT_SVG,        /* a drawing */
	FORMAT_TEXT,       /* the usual text of another program */
	FORMAT_COUNT,
};

extern const char *const report_format_names[FORMAT_COUNT];

/* How a terminal wants it. */
struct report_style {
	bool color;
	unsigned columns; /* of the terminal; lines are wrapped or cut to it, at least 60 */
};

/* Everything that is said about one provider beyond its numbers, gathered once and shown by all
 * forms alike. */
struct explanation {
	const struct rating *rating;
	const struct provider *provider;
	const struct unit *unit;      /* the one that stands for the provider */
	bool at_top;                  /* holds the best grade: no path */
	enum grade next;              /* the next grade up */
	struct shortfall *shortfalls; /* to `next` */
	uint32_t shortfall_count;
	struct path path; /* to `next` */
	struct dated_grade *outlook;
	uint32_t outlook_count;
	struct dated_grade *trend;
	uint32_t trend_count;
	/* Settled criteria: worth more than half by points won, the others by points lost. */
	uint32_t *strong, *weak;
	uint32_t strong_count, weak_count;
	uint32_t *unknown; /* unsettled criteria by the points they could bring, most first */
	uint32_t unknown_count;
};

void explanation_make(const struct rating *rating, const struct provider *provider,
		      struct arena *arena, struct explanation *ret_explanation);

/* In a few words, why the grade is what it is and what would change it; for the league table:
 * "capped by active-checks; needs weekly active checks, burn-in". */
const char *explanation_line(const struct explanation *explanation, struct arena *arena);

/* The league table: rank with its interval, provider, grade with P(grade), score with its
 * interval, coverage, and why. Markdown and CSV have one row a provider, CSV one a unit too. */
void league_write(const struct rating *rating, enum report_format format,
		  const struct report_style *style, struct text *into);

/* One provider: grade, waterfall by category, binding constraint, caps with their evidence, path
 * up, outlook, trend, what is not known. `criterion` >= 0 shows that criterion alone with its
 * records. */
void explain_write(const struct explanation *explanation, int32_t criterion,
		   enum report_format format, const struct report_style *style, struct text *into);

/* Two providers side by side, by category and by the criteria that tell them apart. */
void compare_write(const struct rating *rating, const struct provider *a, const struct provider *b,
		   enum report_format format, const struct report_style *style, struct text *into);

/* Agreement with a reference: confusion matrix, exact, within one, tau-b, each disagreement. */
void agreement_write(const struct rating *rating, const struct reference *reference,
		     enum report_format format, const struct report_style *style,
		     struct text *into);

/* All criteria (index -1) or one. */
void criteria_write(const struct standard *standard, int32_t criterion, enum report_format format,
		    const struct report_style *style, struct text *into);

/* Records: those given, in their order. */
void evidence_write(const struct record *const *records, size_t count, enum report_format format,
		    const struct report_style *style, struct text *into);

/* ---- the report site, report/site.c ---- */

/* One file of the site: a relative path ("provider/crusoe.html") and its bytes. */
struct site_file {
	const char *path;
	struct span content;
};

struct site {
	struct site_file *files; /* sorted by path */
	size_t count, room;
};

struct site_market;  /* report/site_market.h */
struct site_context; /* report/site_page.h */

/* What a server answers besides files: pages then have forms and scripts, and its headers say what
 * may run (report/site_served.h). None: files that nobody answers for. */
enum site_serves {
	SITE_SERVES = 1 << 0, /* views */
	SITE_SERVES_GUIDE = 1 << 1,
	SITE_SERVES_NODES = 1 << 2,
	SITE_SERVES_FEEDBACK = 1 << 3,
};

/* A grade as it was once published. */
struct published_grade {
	const char *provider, *league; /* which league table it stood in */
	date_t day;                    /* that was rated */
	int64_t taken;                 /* when it was published */
	bool rated;
	enum grade grade;
	double score, low, high; /* of 100 */
	uint32_t rank;           /* 0: none */
};

/* What the pages are made from, in the arena; `market` may be NULL. `serves` are bits. */
struct site_context *site_context_new(const struct rating *rating, const struct site_market *market,
				      unsigned serves, struct arena *arena);

/* The whole site in memory: HTML that needs no script, its style sheet, SVG inline, and a JSON twin
 * beside each page. Nothing is fetched from anywhere else. The caller writes or serves it. */
void site_make(const struct site_context *context, struct site *ret_site);

/* The same file by file, in no certain order, for who does not hold all of it: `path` and `content`
 * are there during the call of `keep`. */
void site_each(const struct site_context *context,
	       void (*keep)(void *keeper, const char *path, struct span content), void *keeper);
