/* What the parts of the guide's answer for people share. */
#pragma once

#include "report/advice.h"
#include "report/page.h"
#include "report/phrase.h"

/* What all parts are written with. */
struct advising {
	const struct advice *advice;
	const struct page *page;
	struct arena *arena;
};

const char *grouped_text(double value, struct arena *arena); /* "12,345" */
const char *hours_text(double hours, struct arena *arena);   /* "504 h", "2.5 h" */

/* The ranking and its reasons, advice_ranked.c. */
void advice_add_ranked(const struct advising *write);
void advice_add_why(const struct advising *write);

/* Where nothing fits: what is nearest. */
void advice_add_nearest(const struct advising *write);

/* The rental models, what to test, when to decide anew, and the offers that are not ranked,
 * advice_rest.c. */
void advice_add_models(const struct advising *write);
void advice_add_trials(const struct advising *write);
void advice_add_anew(const struct advising *write);
void advice_add_unknown(const struct advising *write);
void advice_add_excluded(const struct advising *write);
