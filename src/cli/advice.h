/* What a job needs, held against quotes and a rating. */
#pragma once

#include "cli/load.h"
#include "cli/quotes.h"
#include "report/advice.h"

/* Adds what the file says to the need. */
bool load_need(const struct session *session, const char *path, struct need *need,
	       struct error *err);

/* Ratios between generations of GPUs; empty where the installed table is not there. */
bool load_generations(const struct session *session, const struct catalogue *catalogue,
		      struct generations *ret_generations, struct error *err);

/* What an advice rests on; all of it stays in place as long as the advice. */
struct asking {
	struct need *need; /* completed by advice_on */
	const struct parameters *assumptions;
	const struct market *market;
	const struct loaded *loaded;
};

/* The advice on --as-of or today. */
bool advice_on(const struct session *session, const struct asking *asking,
	       struct advice *ret_advice, struct error *err);
