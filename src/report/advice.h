/*
 * The guide's answer, for people, as JSON, CSV or Markdown: ranked offers, why they rank so, the
 * three rental models against each other, what to test first, when to decide anew, and what stands
 * in the way of every other offer.
 */
#pragma once

#include "advise/advice.h"
#include "base/json.h"
#include "report/report.h"

void advice_write(const struct advice *advice, enum report_format format,
		  const struct report_style *style, struct text *into);

/* The two forms for programs: "assay/advice/v1", and one row an offer. */
void advice_json(const struct advice *advice, struct text *into);
void advice_rows(const struct advice *advice, const struct report_style *style, struct text *into);

/* "12,345 USD", "0.42 USD" below ten. */
const char *usd_text(double usd, struct arena *arena);
