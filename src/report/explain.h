/* The parts of explain_write, each in its own file. */
#pragma once

#include "report/page.h"

/* The waterfall: what each category won, lost and leaves open. */
void waterfall_add(const struct page *page, const struct explanation *explanation);

/* Gates, each with its state and, where it is not passed, its evidence. */
void gates_add(const struct page *page, const struct explanation *explanation);

/* One criterion with what it asks, what is known, and its records. */
void criterion_view_add(const struct page *page, const struct explanation *explanation,
			uint32_t criterion);

/* What the standard says of a criterion; `settlement` may be NULL. */
void criterion_add(const struct page *page, const struct standard *standard, uint32_t index,
		   const struct settlement *settlement);

/* Records as a table, in their order; `with_what` says of each what it bears on. */
void records_table_add(const struct page *page, const struct record *const *records, size_t count,
		       bool with_what);
