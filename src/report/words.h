/* What is said of each provider in a table of all: made once, on several threads. */
#pragma once

#include "report/report.h"

struct words {
	const char *why, *next, *announced; /* as in report/phrase.h */
	const char *strong, *weak; /* facts for and against, beside those that `why` names */
};

/* One for each provider, in the rating's order. */
struct words *words_make(const struct rating *rating, struct arena *arena);
