/*
 * What texts of price lists mean: the same few stand in a million rows, so each is looked up in the
 * catalogue once. Private to the book.
 */
#pragma once

#include "market/catalogue.h"
#include "market/names.h"

enum {
	GLOSSARY_TERMS_MAXIMUM = 1 << 12, /* one more begins anew */
};

/* A text, and what of it was asked for so far. */
struct term {
	bool has_provider, has_said, has_form, has_product;
	const struct provider_row *provider; /* NULL: not in the catalogue */
	struct gpu_said said;
	bool is_form;
	enum form form;
	const struct provider_row *product_of; /* whose product was asked for */
	const struct product_row *product;
};

struct glossary {
	const struct catalogue *catalogue;
	struct names texts;
	struct term *terms; /* by number of the text */
};

void glossary_release(struct glossary *glossary);

/* Texts are at most NAME_LENGTH_MAXIMUM long. */
const struct provider_row *glossary_provider(struct glossary *glossary, struct span text);
const struct gpu_said *glossary_gpu(struct glossary *glossary, struct span text);

/* False when it is no form. */
bool glossary_form(struct glossary *glossary, struct span text, enum form *ret_form);

const struct product_row *glossary_product(struct glossary *glossary,
					   const struct provider_row *provider, struct span text);
