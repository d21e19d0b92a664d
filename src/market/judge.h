/*
 * What becomes of a draft: a quote, or a reason. The order of the questions decides which of
 * several reasons counts. Private to the book.
 */
#pragma once

#include "market/glossary.h"
#include "market/quote.h"

enum {
	HOURS_PER_MONTH = 730, /* 8,760 a year */
	HOURS_PER_YEAR = 8760,
	GPUS_MAXIMUM = 1 << 20,
	TERM_MAXIMUM_MONTHS = 120,
};

/* Fills the quote but for its names, or says why there is none. `ret_provider` is NULL when the
 * catalogue does not have the provider. */
enum refusal draft_judge(const struct book *book, struct glossary *glossary,
			 const struct draft *draft, struct quote *ret_quote,
			 const struct provider_row **ret_provider);

/* The nominal size in GB that a size in MB or MiB means, 10 % less (what software leaves of it) to
 * 5 % more; 0 when the GPU comes with none such. */
unsigned memory_match(const struct gpu_row *row, uint64_t memory_mb);
