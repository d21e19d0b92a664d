/*
 * The grades that were published from the store, for the history on a provider's page.
 */
#pragma once

#include "report/report.h"
#include "store/store.h"

enum {
	GRADES_SHOWN_MAXIMUM = 20000, /* the newest of all providers */
};

/* By provider, then the day that was rated, then when it was published. Rows that are not
 * understood are left out. In the arena. */
bool grades_published(struct store *store, struct arena *arena,
		      const struct published_grade **ret_grades, uint32_t *ret_count,
		      struct error *err);
