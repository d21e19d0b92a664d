/*
 * The JSON documents, each with its schema in data/schema/. What a command prints with --format
 * json and what the site puts beside a page are the same bytes. Scores run from 0 to 100 with
 * three decimals, probabilities and shares from 0 to 1 with four, worths from 0 to 1 with three.
 * Each document ends with a newline.
 */
#pragma once

#include "report/report.h"

/* assay/league/v1: all providers with their units. */
void league_json(const struct rating *rating, struct text *into);

/* assay/provider/v1: one provider with everything that explains its grade. */
void provider_json(const struct explanation *explanation, struct text *into);

/* The same with the grades that were published; without when `history` is NULL. */
void provider_history_json(const struct explanation *explanation,
			   const struct published_grade *history, uint32_t count,
			   struct text *into);

/* assay/criterion/v1: one criterion and, when `rating` is given, how it stands for each
 * provider. */
void criterion_json(const struct standard *standard, const struct rating *rating,
		    uint32_t criterion, struct text *into);

/* assay/criteria/v1: the whole standard. */
void criteria_json(const struct standard *standard, struct text *into);

/* assay/method/v1: how answers became the grades of a rating, without the criteria. */
void method_json(const struct rating *rating, struct text *into);

/* assay/market/v1: what providers ask, beside the rating, and what the market page draws; `market`
 * may be NULL. */
void market_json(const struct rating *rating, const struct site_market *market, struct text *into);

/* assay/comparison/v1. */
void comparison_json(const struct rating *rating, const struct provider *a,
		     const struct provider *b, struct text *into);

/* assay/agreement/v1. */
void agreement_json(const struct rating *rating, const struct reference *reference,
		    struct text *into);

/* assay/evidence-list/v1. */
void evidence_json(const struct record *const *records, size_t count, struct text *into);
