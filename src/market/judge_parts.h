/*
 * What the files of the judge share; private to it.
 */
#pragma once

#include "market/judge.h"

/* A draft while it is judged. */
struct judging {
	const struct book *book;
	struct glossary *glossary;
	const struct draft *draft;
	struct quote *quote;
	const struct provider_row *provider; /* NULL: not in the catalogue */
	const struct product_row *product;   /* NULL: not in the catalogue */
	const struct gpu_row *gpu;
};

/* The price as it was asked, and in USD for one GPU and an hour. Rental model, term, number of GPUs
 * and day are known by then. */
enum refusal judge_price(struct judging *judging);

/* Whether that can be a price of this GPU. */
enum refusal judge_band(struct judging *judging);
