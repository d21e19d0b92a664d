/*
 * The plain formats, CSV and YAML of the schema assay/quotes/v1: one set of fields, each set from
 * its text. Private to this room.
 */
#pragma once

#include "market/quote.h"

enum plain_field {
	PLAIN_PROVIDER,
	PLAIN_PRODUCT,
	PLAIN_REGION,
	PLAIN_GPU,
	PLAIN_FORM,
	PLAIN_MEMORY,
	PLAIN_GPUS,
	PLAIN_RENTAL,
	PLAIN_TERM,
	PLAIN_PRICE,
	PLAIN_CURRENCY,
	PLAIN_UNIT,
	PLAIN_PER,
	PLAIN_UPFRONT,
	PLAIN_INCLUDES,
	PLAIN_EXCLUDES,
	PLAIN_NETWORK,
	PLAIN_GBIT,
	PLAIN_NVLINK,
	PLAIN_STOCK,
	PLAIN_RELIABILITY,
	PLAIN_PERFORMANCE,
	PLAIN_STORAGE,
	PLAIN_EGRESS,
	PLAIN_MINIMUM_GPUS,
	PLAIN_BOOT,
	PLAIN_OBSERVED,
	PLAIN_UNTIL,
	PLAIN_LISTINGS,
	PLAIN_MACHINE,
	PLAIN_HOST,
	PLAIN_SOURCE,
	PLAIN_LICENCE,
	PLAIN_WRITTEN, /* those before are columns of what is written, in this order */
	PLAIN_PRICE_PER_GPU = PLAIN_WRITTEN,
	PLAIN_COUNT,
};

enum {
	INCLUDED_COUNT = 6,
};

extern const char *const included_names[INCLUDED_COUNT]; /* "host", "storage"; bits in order */

/* "provider" */
struct span plain_name(enum plain_field field);

/* By name or another common one, case, blanks, '_' and '-' not counted. */
bool plain_find(struct span name, enum plain_field *ret_field);

/* Sets the draft's field from its text; an empty one says nothing. The reason when the text is none
 * for this field. Spans of the draft then point into the text. */
enum refusal plain_read(enum plain_field field, struct span text, struct draft *draft);
