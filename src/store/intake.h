/*
 * A batch on its way into the store; private to append.c and append_ids.c.
 */
#pragma once

#include "store/store_parts.h"

/* An entry on its way in. */
struct intake {
	size_t index; /* in the batch */
	int64_t key, series, sequence;
	bool known;
};

/* One batch on its way in. */
struct intakes {
	struct store *store;
	const struct store_batch *batch;
	struct intake *items;
	size_t count;
	struct batch_row row;
	struct arena arena;
};

static inline const struct store_entry *entry_of(const struct intakes *intakes,
						 const struct intake *intake)
{
	return &intakes->batch->entries[intake->index];
}

/* Order by key, and by place in the batch where that is the same. */
int intake_by_key(const void *left, const void *right);

/* Marks what is known, in the store or before in the batch; the items are by key, those without an
 * id have the key 0. An id that is there with other bytes refuses the batch. */
bool intakes_check_ids(struct intakes *intakes, struct error *err);
