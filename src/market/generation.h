/*
 * The same work on another generation of GPUs: what one GPU would have to cost so that the work
 * costs as much as on the other. data/market/generation.tsv has cited ratios of performance; beside
 * them stand what the makers' peak figures would make of it. docs/index-method.md, section 8.
 */
#pragma once

#include "base/table.h"
#include "market/catalogue.h"

enum {
	GENERATION_RATIOS_MAXIMUM = 16,
};

/* How much work a GPU of `against` does, of one of `gpu`. */
struct generation_row {
	uint16_t gpu, against; /* rows of the catalogue */
	const char *work;      /* "training" */
	double low, value, high;
	const char *software; /* what it was measured or foretold with */
	const char *source;
	date_t date;
};

struct generations {
	struct generation_row *rows;
	size_t count;
};

/* A TSV table "assay/generation/v1". A GPU that the catalogue does not have is a fault. */
bool generation_read(struct span text, const char *file, const struct catalogue *catalogue,
		     struct arena *arena, struct generations *ret_generations, struct error *err);

struct generation_price {
	const char *work; /* "training"; "dense peak", "memory bandwidth" for those of the makers */
	bool cited;       /* somebody's figure for the work; else a ratio of peaks */
	double low, value, high;       /* the ratio */
	double usd, usd_low, usd_high; /* what `gpu` has to cost */
	double gap;                    /* of its price now: -0.3 is 30 % less than it costs */
	const char *software, *source; /* NULL for peaks */
	date_t date;                   /* DATE_NONE for peaks */
};

struct generation_side {
	uint16_t gpu; /* row of the catalogue */
	double usd;   /* of one GPU and hour, positive */
};

/* Cited ratios first, either way round, then those of peaks that the catalogue has. */
void generation_compare(const struct generations *generations, const struct catalogue *catalogue,
			const struct generation_side *of, const struct generation_side *against,
			struct generation_price ret_prices[static GENERATION_RATIOS_MAXIMUM],
			size_t *ret_count);
