/*
 * The few words and figures that all forms for people share, so that a table, a comparison and a
 * page say the same thing in the same way. Nothing here depends on the locale.
 */
#pragma once

#include "report/report.h"

/* `value` with so many decimals, rounded half away from zero. */
const char *decimal_text(double value, unsigned decimals, struct arena *arena);

/* A share from 0 to 1 as a score from 0 to 100 with one decimal: "45.7". */
const char *score_text(double share, struct arena *arena);

/* A share as "46%"; "<1%" and ">99%" rather than a certainty that is none. */
const char *percent_text(double share, struct arena *arena);

/* "[38-52]" of two shares. */
const char *interval_text(double low, double high, struct arena *arena);

/* "3", or "3 [2-5]" when the rank is not certain; "-" without a rank. */
const char *rank_text(const struct provider *provider, struct arena *arena);

/* "1 provider", "12 providers"; `noun` takes a plain s. */
const char *count_text(uint64_t count, const char *noun, struct arena *arena);

/* "Gold", or "not rated". */
const char *unit_grade_text(const struct unit *unit);

/* "active-checks" of "monitoring.active-checks". */
const char *criterion_tail(const struct criterion *criterion);

/* The same where that is a name by itself, unique and of two words; else the whole id. */
const char *criterion_short(const struct standard *standard, uint32_t index);

/* What would be worth the most: "weekly", "30 s". */
const char *best_text(const struct criterion *criterion, struct arena *arena);

/* How it is settled: "document: a published review; check claim-consistent". */
const char *ways_text(const struct criterion *criterion, struct arena *arena);

/* A worth in two-hundredths as "35%". */
const char *worth_text(unsigned worth, struct arena *arena);

/* What the record says: "weekly", "30 s", "does not apply: …", "withheld: …", the remark. */
const char *record_text(const struct record *record, struct arena *arena);

/* What the unit shows of the criterion: "weekly", "not known", "weekly or none (in conflict)". */
const char *settlement_text(const struct settlement *settlement, struct arena *arena);

/* Why the grade is what it is, and what would change it: the two halves of
 * explanation_line. `announced_text` is "" when nothing announced changes the grade. */
const char *why_text(const struct explanation *explanation, struct arena *arena);
const char *next_text(const struct explanation *explanation, struct arena *arena);
const char *announced_text(const struct explanation *explanation, struct arena *arena);

/* Up to `maximum` of the criteria with what the unit shows of them: "kubernetes (managed), slurm
 * (scripts)". */
const char *shown_text(const struct explanation *explanation, const uint32_t *criteria,
		       uint32_t count, uint32_t maximum, struct arena *arena);

/* One shortfall: "score 31.0 of 33.5", "monitoring 18.4 of 25.0", "6.1% known of 8.0%", for a
 * gate what the unit shows: "active-checks (none)". */
const char *shortfall_text(const struct standard *standard, const struct unit *unit,
			   const struct shortfall *shortfall, struct arena *arena);
