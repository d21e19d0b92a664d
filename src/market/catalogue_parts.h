/*
 * What the files of the catalogue share; private to this room.
 */
#pragma once

#include "market/catalogue.h"

enum {
	SPELLING_MAXIMUM = 64, /* of a spelling, once cases and marks are gone */
};

/* A spelling of a GPU's name, letters and digits alone. */
struct gpu_alias {
	struct span text;
	uint16_t gpu;
};

/* Letters and digits alone, the letters small: how spellings of a name are compared. False when it
 * is longer than any that is known. */
bool spelling_plain(struct span text, char into[static SPELLING_MAXIMUM], size_t *ret_length);

/* By provider, then by product, capitals and small letters alike. */
int product_compare(const struct product_row *row, struct span provider, struct span product);
